"""SQL for units, members and crews; registering is one statement per table, however many rows."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select, text
from sqlalchemy.orm import Session, load_only, selectinload

from gis.store.base import among
from hazards.duty.models import Crew, CrewSeat, Member, Unit
from hazards.duty.rules import CrewEntry, MemberEntry, UnitEntry, UnitKind

UNITS = text("""
    INSERT INTO unit (id, name, name_en, kind, level, area_path, phone, place, synthetic)
    SELECT id, name, name_en, kind, level, area_path, phone,
           ST_SetSRID(ST_MakePoint(lon, lat), 4326), :synthetic
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (
        id uuid, name text, name_en text, kind text, level text, area_path text, phone text,
        lon float8, lat float8)
    ON CONFLICT (id) DO UPDATE SET (name, name_en, kind, level, area_path, phone, place) =
        (EXCLUDED.name, EXCLUDED.name_en, EXCLUDED.kind, EXCLUDED.level, EXCLUDED.area_path,
         EXCLUDED.phone, EXCLUDED.place)
""")
MEMBERS = text("""
    INSERT INTO member (id, name, post, phone, unit_id, account_id, area_path, synthetic, rank)
    SELECT r.id, r.name, r.post, r.phone, unit.id, r.account_id, unit.area_path, :synthetic,
           row_number() OVER (PARTITION BY unit.id ORDER BY r.nth) - 1
    FROM ROWS FROM (jsonb_to_recordset(CAST(:rows AS jsonb)) AS (
        id uuid, name text, post text, phone text, unit_id uuid, account_id uuid))
        WITH ORDINALITY AS r (id, name, post, phone, unit_id, account_id, nth)
    JOIN unit ON unit.id = r.unit_id
    ON CONFLICT (id) DO UPDATE SET (name, post, phone, unit_id, account_id, area_path, rank) =
        (EXCLUDED.name, EXCLUDED.post, EXCLUDED.phone, EXCLUDED.unit_id, EXCLUDED.account_id,
         EXCLUDED.area_path, EXCLUDED.rank)
    RETURNING 1
""")
CREWS = text("""
    INSERT INTO crew (
        id, name, name_en, unit_id, area_path, skills, equipment, place, on_duty_since, synthetic)
    SELECT r.id, r.name, r.name_en, unit.id, unit.area_path,
           ARRAY(SELECT jsonb_array_elements_text(r.skills)),
           ARRAY(SELECT jsonb_array_elements_text(r.equipment)),
           ST_SetSRID(ST_MakePoint(lon, lat), 4326), r.on_duty_since, :synthetic
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (
        id uuid, name text, name_en text, unit_id uuid, skills jsonb, equipment jsonb,
        lon float8, lat float8, on_duty_since timestamptz)
    JOIN unit ON unit.id = r.unit_id
    ON CONFLICT (id) DO UPDATE SET
        (name, name_en, unit_id, area_path, skills, equipment, place, on_duty_since) =
        (EXCLUDED.name, EXCLUDED.name_en, EXCLUDED.unit_id, EXCLUDED.area_path,
         EXCLUDED.skills, EXCLUDED.equipment, EXCLUDED.place, EXCLUDED.on_duty_since)
    RETURNING 1
""")
EMPTY_SEATS = text("DELETE FROM crew_seat WHERE crew_id = ANY(:crews)")
SEATS = text("""
    INSERT INTO crew_seat (crew_id, member_id, area_path, leads)
    SELECT crew.id, member.id, crew.area_path, seat.place = 1
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (id uuid, member_ids jsonb)
    JOIN crew ON crew.id = r.id
    CROSS JOIN jsonb_array_elements_text(r.member_ids) WITH ORDINALITY AS seat (member, place)
    JOIN member ON member.id = CAST(seat.member AS uuid)
    RETURNING 1
""")

# Five thousand crews of one order are looked up by name; where they stand is not asked then.
NAMES_ALONE = load_only(
    Crew.name, Crew.name_en, Crew.unit_id, Crew.area_path, Crew.lent_path, Crew.on_duty_since,
    raiseload=True,
)  # fmt: skip


def _rows(entries: Iterable[Any]) -> str:
    return json.dumps([asdict(entry) for entry in entries], default=str)


def put_units(session: Session, units: Sequence[UnitEntry], *, synthetic: bool) -> None:
    """Insert or replace units."""
    session.execute(UNITS, {"rows": _rows(units), "synthetic": synthetic})


def put_members(session: Session, members: Sequence[MemberEntry], *, synthetic: bool) -> int:
    """Insert or replace members; give how many found their unit."""
    return len(session.execute(MEMBERS, {"rows": _rows(members), "synthetic": synthetic}).all())


def put_crews(session: Session, crews: Sequence[CrewEntry], *, synthetic: bool) -> tuple[int, int]:
    """Insert or replace crews with their seats; give how many found their unit and members."""
    rows = _rows(crews)
    made = len(session.execute(CREWS, {"rows": rows, "synthetic": synthetic}).all())
    session.execute(EMPTY_SEATS, {"crews": [crew.id for crew in crews]})
    return made, len(session.execute(SEATS, {"rows": rows}).all())


def centre_of(session: Session, area_path: str) -> Unit | None:
    """Find the command centre of exactly this area."""
    query = select(Unit).where(Unit.area_path == area_path, Unit.kind == UnitKind.CENTRE)
    return session.scalars(query.order_by(Unit.id).limit(1)).first()


def units_in(
    session: Session,
    area_path: str,
    kinds: Collection[UnitKind],
    *,
    levels: Collection[str] | None = None,
    words: str = "",
    limit: int | None = None,
) -> list[Unit]:
    """Units of these kinds in an area and below it: the upper ones first, centres before others."""
    query = (
        select(Unit)
        .where(Unit.area_path.startswith(area_path, autoescape=True), Unit.kind.in_(kinds))
        .order_by(
            func.length(Unit.area_path), Unit.kind != UnitKind.CENTRE, Unit.area_path, Unit.name
        )
        .limit(limit)
    )
    if levels is not None:
        query = query.where(Unit.level.in_(levels))
    if words:
        named = Unit.name.icontains(words, autoescape=True)
        query = query.where(or_(named, Unit.name_en.icontains(words, autoescape=True)))
    return list(session.scalars(query))


def units_by_id(session: Session, ids: Collection[UUID]) -> dict[UUID, Unit]:
    """Find units by their ids; what the asker cannot see is left out."""
    found = session.scalars(select(Unit).where(among(Unit.id, ids))) if ids else ()
    return {unit.id: unit for unit in found}


def crews_by_id(session: Session, ids: Collection[UUID]) -> dict[UUID, Crew]:
    """Find crews by their ids; what the asker cannot see is left out."""
    query = select(Crew).where(among(Crew.id, ids)).options(NAMES_ALONE)
    return {crew.id: crew for crew in session.scalars(query)}


def crews_in(
    session: Session,
    area_path: str,
    *,
    words: str = "",
    limit: int | None = None,
    at_home: bool = False,
) -> list[Crew]:
    """Crews that work in an area and below it (or belong there), those on duty first."""
    own = Crew.area_path.startswith(area_path, autoescape=True)
    query = (
        select(Crew)
        .where(own if at_home else Crew.sent_by(area_path))
        .order_by(Crew.on_duty_since.is_(None), Crew.area_path, Crew.name)
        .limit(limit)
    )
    if words:
        named = Crew.name.icontains(words, autoescape=True)
        query = query.where(or_(named, Crew.name_en.icontains(words, autoescape=True)))
    return list(session.scalars(query))


def crews_lent_to(session: Session, area_path: str) -> list[Crew]:
    """Crews of others that work for an area for now."""
    lent = select(Crew).where(Crew.lent_path == area_path)
    return list(session.scalars(lent.order_by(Crew.on_duty_since.is_(None), Crew.name)))


def crew_with_seats(session: Session, crew_id: UUID) -> Crew | None:
    """Find a crew with its people."""
    query = select(Crew).where(Crew.id == crew_id)
    return session.scalar(query.options(selectinload(Crew.seats).joinedload(CrewSeat.member)))


def crews_of(session: Session, account_id: UUID) -> list[Crew]:
    """Crews in which the holder of an account has a seat."""
    query = (
        select(Crew)
        .join(CrewSeat, CrewSeat.crew_id == Crew.id)
        .join(Member, Member.id == CrewSeat.member_id)
        .where(Member.account_id == account_id)
        .order_by(Crew.name)
    )
    return list(session.scalars(query))


def crews_of_members(session: Session, member_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Give the crew of each member; of several, one that is on duty."""
    query = (
        select(CrewSeat.member_id, Crew.id)
        .join(Crew, Crew.id == CrewSeat.crew_id)
        .where(among(CrewSeat.member_id, member_ids))
        .order_by(Crew.on_duty_since.is_not(None), Crew.name)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def seated_in(
    session: Session, area_path: str, *, words: str, limit: int
) -> list[tuple[Member, Crew]]:
    """Members of the crews that an area's centre may send, found by their names."""
    query = _seats().where(Crew.sent_by(area_path), Member.name.icontains(words, autoescape=True))
    return [(row[0], row[1]) for row in session.execute(query.limit(limit))]


def seated_by_id(session: Session, member_ids: Collection[UUID]) -> list[tuple[Member, Crew]]:
    """Members with their crews."""
    query = _seats().where(among(Member.id, member_ids))
    return [(row[0], row[1]) for row in session.execute(query)] if member_ids else []


def _seats() -> Select[Member, Crew]:
    return (
        select(Member, Crew)
        .join(CrewSeat, CrewSeat.member_id == Member.id)
        .join(Crew, Crew.id == CrewSeat.crew_id)
        .order_by(Crew.on_duty_since.is_(None), Crew.name, Member.name)
    )
