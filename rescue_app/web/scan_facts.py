"""What stands on the page of a scanned code, by who looks at it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, may, within
from gis.store.base import new_id
from hazards.checklists import repository as checklists
from hazards.checklists.repository import Checklist
from hazards.duty.models import Unit
from qr_codes.assets import repository as assets
from qr_codes.assets.models import PublicLine, RiskCode
from qr_codes.assets.rules import IN_FORCE
from qr_codes.findings import repository as findings
from qr_codes.findings.models import Finding
from qr_codes.findings.repository import Wanted
from rescue_app.http.scanning import as_anyone


@dataclass(frozen=True)
class Entered:
    """What was filled in before the page came back with a reason."""

    answers: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Scan:
    """Everything the page says. Without a checklist it is the resident's page."""

    label: RiskCode
    checklist: Checklist | None
    centres: Sequence[Unit]
    lines: Sequence[PublicLine]
    open_findings: Sequence[Finding]
    visit_id: str
    entered: Entered
    elsewhere: bool


@dataclass(frozen=True)
class Ended:
    """An ended label, and the one that took its place, if any."""

    label: RiskCode
    successor: RiskCode | None


def facts(
    session: Session, label: RiskCode, *, actor: Actor | None, entered: Entered | None = None
) -> Scan:
    """Gather what this person sees of a label that is in force."""
    asset = label.asset
    inspects = actor is not None and may(actor, Act.INSPECT, asset.area_path)
    mine = actor is not None and within(asset.area_path, actor.area_path)
    found: Sequence[Finding] = ()
    if mine:
        found, _ = findings.listing(session, Wanted(asset_id=asset.id))
    checklist = None
    if inspects:
        subject = f"asset:{asset.type_code}"
        checklist = checklists.for_subject(session, subject, area_path=asset.area_path)
    return Scan(
        label=label,
        checklist=checklist,
        centres=assets.centres_over(session, asset.area_path),
        lines=assets.lines(session),
        open_findings=found,
        visit_id=str(new_id()),
        entered=entered or Entered(),
        elsewhere=actor is not None and not mine,
    )


def ended(session: Session, label: RiskCode, *, actor: Actor | None) -> Ended | None:
    """Tell where to scan instead, when a label is not in force any more."""
    if label.state in IN_FORCE:
        return None
    with as_anyone(session, actor):
        return Ended(label, assets.in_force(session, label.asset_id))
