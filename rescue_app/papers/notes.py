"""SQL for notes of cards: what each print said, who was handed which, what was corrected."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from gis.areas.placing import day_of
from gis.areas.repository import AFTER_SLASH
from rescue_app.papers.asked import Asked, Printed
from rescue_app.papers.models import CardHanded, CardPrinted, OfHolder
from rescue_app.papers.rules import Kind, Whose

AT_ONCE = 1_000
SAYS_NOTHING: dict[type[CardHanded | CardPrinted], dict[str, Any]] = {
    CardHanded: {"corrects": None, "reason": "", "state": "", "reach_m": None}, CardPrinted: {},
}  # fmt: skip
"""Rows kept together name the same columns."""


class Key(NamedTuple):
    """What makes a card one: a household has one, a person one for each point."""

    point_id: UUID | None
    whose: Whose


class Held(NamedTuple):
    """The card that somebody has: what it says, for which reach, since when."""

    state: str
    reach_m: int
    since: date


def whose_of(row: OfHolder) -> Whose:
    """Give whose card a row is about."""
    return Whose(Kind(row.kind), row.household_id, row.holder)


def key_of(whose: Whose, point_id: UUID) -> Key:
    """Give what makes this card one."""
    return Key(None if whose.kind is Kind.REFUGE else point_id, whose)


def held(session: Session, asked: Asked, *, most: int) -> dict[Key, Held]:
    """Give the cards that people have of an area, or of a point."""
    kind = Kind(asked.paper)
    point_id = UUID(asked.point_id) if asked.point_id else None
    rows = handed(session, asked.under, kind, point_id=point_id, most=most)
    rows.sort(key=lambda one: (one.handed_on, one.received_at, one.id))
    return {
        key_of(whose_of(one), one.point_id): Held(
            one.state, one.reach_m or asked.reach_m, one.handed_on or date.min
        ) for one in rows
    }  # fmt: skip


def note_printed(
    session: Session, prints: Sequence[Printed], *, by_name: str, now: datetime
) -> None:
    """Keep what each card said when it was printed; the same on one day is kept once."""
    day = day_of(now)
    rows = [
        {"id": uuid5(one.point_id, f"{one.whose}:{one.state}:{one.reach_m}:{day}"),
         "point_id": one.point_id, "area_path": one.area_path, **one.whose._asdict(),
         "state": one.state, "reach_m": one.reach_m, "printed_on": day, "printed_at": now,
         "by_name": by_name}
        for one in prints
    ]  # fmt: skip
    keep(session, CardPrinted, rows)


def keep(
    session: Session, table: type[CardHanded | CardPrinted], rows: Sequence[dict[str, Any]]
) -> int:
    """Keep what was printed or handed out, each id once; tells how many are new."""
    new = 0
    for first in range(0, len(rows), AT_ONCE):
        alike = [SAYS_NOTHING[table] | row for row in rows[first : first + AT_ONCE]]
        query = insert(table).values(alike).on_conflict_do_nothing().returning(table.id)
        new += len(session.scalars(query).all())
    return new


def noted(session: Session, point_id: UUID) -> Sequence[CardHanded]:
    """Give all that was noted of the cards of a point, what was noted last first."""
    of = CardHanded
    query = select(of).where(of.point_id == point_id)
    return session.scalars(query.order_by(of.received_at.desc(), of.id.desc())).all()


def printed(session: Session, point_id: UUID, *, by_day: date) -> dict[Whose, dict[str, Any]]:
    """Give what the last print of each card by a day said, as a note of it is kept."""
    of = CardPrinted
    query = select(of).where(of.point_id == point_id, of.printed_on <= by_day)
    found = session.scalars(query.order_by(of.printed_at, of.id))
    return {
        Whose(Kind(one.kind), one.household_id, one.holder): {
            "state": one.state, "reach_m": one.reach_m,
        } for one in found
    }  # fmt: skip


def handed(
    session: Session, under: str, kind: Kind, *, most: int, point_id: UUID | None = None
) -> list[CardHanded]:
    """Give the cards of a sort that hang in an area or at a point, a note each."""
    of, other = CardHanded, aliased(CardHanded)
    corrected = select(other.id).where(other.corrects == of.id).exists()
    here = (of.area_path >= under, of.area_path < under[:-1] + AFTER_SLASH)
    query = select(of).where(*here, of.kind == kind, of.handed_on.is_not(None), ~corrected)
    query = query if point_id is None else query.where(of.point_id == point_id)
    return list(session.scalars(query.order_by(of.area_path, of.received_at, of.id).limit(most)))
