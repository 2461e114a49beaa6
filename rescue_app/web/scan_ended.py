"""What stands behind a label that does not hold any more."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from gis.authority import Actor
from qr_codes.assets import repository as assets
from qr_codes.assets.models import RiskCode
from qr_codes.assets.rules import IN_FORCE
from rescue_app.http.scanning import as_anyone


@dataclass(frozen=True)
class Ended:
    """An ended label, and the one that took its place, if any."""

    label: RiskCode
    successor: RiskCode | None


def ended(session: Session, label: RiskCode, *, actor: Actor | None) -> Ended | None:
    """Tell where to scan instead, when a label is not in force any more."""
    if label.state in IN_FORCE:
        return None
    with as_anyone(session, actor):
        return Ended(label, assets.in_force(session, label.asset_id))
