"""Which list is asked of an asset: that of its mode, or the one that was shown."""

from datetime import datetime

from sqlalchemy.orm import Session

from hazards.checklists import repository as checklists
from hazards.checklists.repository import Checklist
from hazards.modes import repository as modes
from hazards.modes.rules import Mode
from qr_codes.assets.models import Asset


def subject_of(asset: Asset) -> str:
    """Say for the checklists what kind of thing this is."""
    return f"asset:{asset.type_code}"


def in_mode(session: Session, asset: Asset, mode: Mode) -> Checklist:
    """Give the list of an asset in a mode."""
    return checklists.for_subject(session, subject_of(asset), area_path=asset.area_path, mode=mode)


def at(session: Session, asset: Asset, *, now: datetime) -> Checklist:
    """Give the list of an asset at a moment."""
    return in_mode(session, asset, modes.mode_at(session, asset.area_path, now))


def answered(
    session: Session, asset: Asset, shown: tuple[str, int] | None, *, now: datetime
) -> Checklist:
    """Give the list that was answered; where nobody says which was shown, that of the moment."""
    if shown is None:
        return at(session, asset, now=now)
    return checklists.shown_for(session, subject_of(asset), shown, area_path=asset.area_path)
