"""Who of a unit, a crew or a centre is called, and in which order.

Who is on duty comes before who is off, the leader before the others.
"""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from gis.store.base import among
from hazards.duty.models import CrewSeat, Member, Unit
from hazards.duty.rules import UnitKind
from hazards.duty.shifts import off_duty

MOST = 200


def still_there() -> ColumnElement[bool]:
    """Leave out who has left: nobody waits for an answer of his."""
    return or_(Member.until.is_(None), Member.until > func.current_date())


def is_off_duty(session: Session, account_id: UUID) -> bool:
    """Tell whether others of each unit of his are on duty now, and he is on in none."""
    query = select(func.bool_and(off_duty())).where(Member.account_id == account_id, still_there())
    return session.scalar(query) or False


def seated(session: Session, crew_ids: Collection[UUID]) -> dict[UUID, list[Member]]:
    """People of crews, the leader first."""
    query = (
        select(CrewSeat.crew_id, Member)
        .join(Member, Member.id == CrewSeat.member_id)
        .where(among(CrewSeat.crew_id, crew_ids), still_there())
        .order_by(off_duty(), CrewSeat.leads.desc(), Member.rank, Member.id)
    )
    found: dict[UUID, list[Member]] = defaultdict(list)
    for crew_id, member in session.execute(query):
        found[crew_id].append(member)
    return found


def staff(session: Session, unit_ids: Collection[UUID]) -> dict[UUID, list[Member]]:
    """People of units, the leader first."""
    query = select(Member).where(among(Member.unit_id, unit_ids), still_there())
    query = query.order_by(off_duty(), Member.rank, Member.id)
    found: dict[UUID, list[Member]] = defaultdict(list)
    for member in session.scalars(query):
        found[member.unit_id].append(member)
    return found


def centre_staff(session: Session, area_paths: Collection[str]) -> dict[str, list[Member]]:
    """People of the centres of exactly these areas, the leader first."""
    query = (
        select(Unit.area_path, Member)
        .join(Member, Member.unit_id == Unit.id)
        .where(Unit.kind == UnitKind.CENTRE, Unit.area_path.in_(area_paths), still_there())
        .order_by(off_duty(), Member.rank, Member.id)
    )
    found: dict[str, list[Member]] = defaultdict(list)
    for area_path, member in session.execute(query):
        found[area_path].append(member)
    return found


def listed(
    session: Session, area_path: str, *, words: str = "", page: int = 1
) -> tuple[list[tuple[Member, str]], int]:
    """Give a page of the people of an area's units with the unit's name, and how many they are.

    Those who have left are among them.
    """
    query = (
        select(Member, Unit.name)
        .join(Unit, Unit.id == Member.unit_id)
        .where(Member.area_path.startswith(area_path, autoescape=True))
    )
    if words:
        said = Member.name.icontains(words, autoescape=True)
        query = query.where(or_(said, Unit.name.icontains(words, autoescape=True)))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    in_order = (func.length(Member.area_path), Unit.name, Unit.id, Member.rank, Member.id)
    shown = query.order_by(*in_order).limit(MOST).offset((page - 1) * MOST)
    return [(member, unit) for member, unit in session.execute(shown)], total
