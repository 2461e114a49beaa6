"""Whose a finding is: by the responsibility list, and which offices it can be handed to."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.errors import Rejected
from hazards.calls.program import as_program
from hazards.duty import service as duty
from hazards.duty.models import Unit
from hazards.duty.responsibility import Matter, Post, above
from hazards.duty.rules import UnitKind
from qr_codes.assets.models import Asset

BY_LIST, BY_HAND = "list", "hand"
OFFICES = (UnitKind.CENTRE, UnitKind.DEPARTMENT)


def owner(session: Session, asset: Asset, *, on: date) -> Post | None:
    """Give the office that the list names for this kind of asset in this place, if one is there."""
    matter = Matter((f"asset:{asset.type_code}",))
    with as_program(session):
        return duty.owner_of(session, matter=matter, area_path=asset.area_path, on=on).unit


def offices(session: Session, area_path: str) -> Sequence[Unit]:
    """Give the offices that can have a matter of this place: its own and those above."""
    query = (
        select(Unit)
        .where(Unit.area_path.in_(list(above(area_path))), Unit.kind.in_(OFFICES))
        .order_by(Unit.area_path.desc(), Unit.kind != UnitKind.CENTRE, Unit.name)
    )
    with as_program(session):
        return session.scalars(query).all()


def office(session: Session, unit_id: UUID | None, *, area_path: str) -> Unit:
    """Give one of those offices."""
    found = next((one for one in offices(session, area_path) if one.id == unit_id), None)
    if found is None:
        raise Rejected("Choose the office that it belongs to: one of this place, or one above.")
    return found


def own_centre(session: Session, *, area_path: str, of: str) -> Unit | None:
    """Give the centre of whoever acts, if he acts for one of this place."""
    there = offices(session, area_path)
    return next((one for one in there if (one.kind, one.area_path) == (UnitKind.CENTRE, of)), None)
