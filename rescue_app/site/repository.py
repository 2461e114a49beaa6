"""SQL for words from the site and for the watch over who stands there."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.store.base import among
from hazards.duty.models import CrewSeat, Member
from rescue_app.dispatch.members.models import MemberPart
from rescue_app.dispatch.models import Assignment, Order
from rescue_app.dispatch.reading import ENDED
from rescue_app.site.models import ChecklistTick, CrewPlace, CrewTrack, SiteReport, SiteWatch
from rescue_app.site.rules import RINGS, UNDER_WAY, Spot, Tick, ticked

LIMIT = 200
CALLS_SHOWN = 5
# The last word of each crew on site: a step, a report, a tick, or an answer to the alarm about it.
HEARD = text("""
    WITH words AS (
        SELECT a.id, a.area_path, greatest(
            (SELECT max(s.done_at) FROM assignment_step s
             WHERE s.assignment_id = a.id),
            (SELECT max(r.done_at) FROM site_report r WHERE r.assignment_id = a.id),
            (SELECT max(t.done_at) FROM checklist_tick t WHERE t.assignment_id = a.id),
            (SELECT max(g.answered_at) FROM call c JOIN call_rung g ON g.call_id = c.id
             JOIN site_watch w ON w.call_ref = c.ref
             WHERE c.topic = :topic AND w.assignment_id = a.id AND g.answer = 'yes')
        ) AS heard_at
        FROM assignment a JOIN dispatch_order o ON o.id = a.order_id
        WHERE a.crew_id IS NOT NULL AND a.state IN ('arrived', 'working')
    )
    INSERT INTO site_watch AS known (assignment_id, area_path, heard_at, due_at)
    SELECT id, area_path, heard_at, heard_at + :every FROM words
    ON CONFLICT (assignment_id) DO UPDATE
    SET heard_at = excluded.heard_at, due_at = excluded.due_at
    WHERE known.heard_at < excluded.heard_at OR known.due_at IS NULL
""")
GONE = text("""
    UPDATE site_watch w SET due_at = NULL FROM assignment a
    WHERE a.id = w.assignment_id AND w.due_at IS NOT NULL
      AND a.state NOT IN ('arrived', 'working')
""")
# The same as `rules.ticked` for each crew, summed up over all of an order.
ITEMS = text("""
    SELECT DISTINCT ON (item) item, count(*) OVER (PARTITION BY item), by_name, done_at
    FROM (
        SELECT DISTINCT ON (t.assignment_id, t.item) t.item, t.id, t.by_name, t.done_at
        FROM checklist_tick t
        WHERE t.order_id = :order_id AND t.ticked AND NOT EXISTS (
            SELECT FROM checklist_tick o
            WHERE o.assignment_id = t.assignment_id AND o.item = t.item AND NOT o.ticked
                AND (o.done_at, o.id) > (t.done_at, t.id)
        )
        ORDER BY t.assignment_id, t.item, t.done_at, t.id
    ) first_said
    ORDER BY item, done_at DESC, id DESC
""")


@dataclass(frozen=True, slots=True)
class ItemDone:
    """How many crews have done an item of a checklist, and which did it last."""

    count: int
    by_name: str
    done_at: datetime


def add_once(session: Session, kind: type[SiteReport | ChecklistTick], row: dict[str, Any]) -> bool:
    """Add a report or a tick unless its id is there already; tell whether it was new."""
    query = insert(kind).values(row).on_conflict_do_nothing()
    return session.scalar(query.returning(kind.id)) is not None


def ticks(session: Session, hop_ids: Collection[UUID]) -> dict[UUID, dict[int, Tick]]:
    """Give which items of its checklist each of these hops has done, as far as one may see."""
    logs: dict[UUID, list[Tick]] = defaultdict(list)
    query = select(ChecklistTick).where(among(ChecklistTick.assignment_id, hop_ids))
    for row in session.scalars(query):
        logs[row.assignment_id].append(row.tick)
    return {hop_id: ticked(log) for hop_id, log in logs.items()}


def items(session: Session, order_id: UUID) -> dict[int, ItemDone]:
    """Give of each item of an order's checklist how many crews have done it, and who last."""
    return {row[0]: ItemDone(*row[1:]) for row in session.execute(ITEMS, {"order_id": order_id})}


def people_moved(session: Session, order_id: UUID) -> int:
    """Sum up how many people the crews of an order say they moved."""
    query = select(func.sum(SiteReport.people_moved)).where(SiteReport.order_id == order_id)
    return session.scalar(query) or 0


def report(session: Session, report_id: UUID) -> SiteReport | None:
    """Find a report."""
    return session.get(SiteReport, report_id)


def of_orders(session: Session, order_ids: Collection[UUID]) -> list[SiteReport]:
    """Give what was told about these orders, as far as the asker may see, the newest first."""
    query = (
        select(SiteReport)
        .where(among(SiteReport.order_id, order_ids))
        .order_by(SiteReport.done_at.desc(), SiteReport.id.desc())
        .limit(LIMIT)
    )
    return list(session.scalars(query)) if order_ids else []


def calls_from(session: Session, hop_id: UUID) -> list[SiteReport]:
    """Give what a crew called up for at its site, the newest first."""
    query = (
        select(SiteReport)
        .where(SiteReport.assignment_id == hop_id, SiteReport.kind.in_(RINGS))
        .order_by(SiteReport.done_at.desc(), SiteReport.id.desc())
        .limit(CALLS_SHOWN)
    )
    return list(session.scalars(query))


def listen(session: Session, *, topic: str, every: timedelta) -> None:
    """Bring the watch to where the logs are: who was heard, who stands on no site any more."""
    session.execute(HEARD, {"topic": topic, "every": every})
    session.execute(GONE)


def settled(session: Session, *, now: datetime, limit: int) -> Sequence[SiteWatch]:
    """Hold watches whose alarm has no reason any more."""
    query = (
        select(SiteWatch)
        .where(
            SiteWatch.call_ref.is_not(None), SiteWatch.due_at.is_(None) | (SiteWatch.due_at > now)
        )
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return session.scalars(query).all()


def silent(
    session: Session, *, now: datetime, limit: int
) -> Sequence[tuple[SiteWatch, Assignment, Order]]:
    """Hold watches of crews that were not heard of in time and about whom nobody was called."""
    query = (
        select(SiteWatch, Assignment, Order)
        .join(Assignment, Assignment.id == SiteWatch.assignment_id)
        .join(Order, Order.id == Assignment.order_id)
        .where(SiteWatch.due_at <= now, SiteWatch.call_ref.is_(None))
        .order_by(SiteWatch.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=SiteWatch)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def watches(session: Session, hop_ids: Collection[UUID]) -> dict[UUID, SiteWatch]:
    """Give the watch over each of these hops."""
    query = select(SiteWatch).where(among(SiteWatch.assignment_id, hop_ids))
    return {watch.assignment_id: watch for watch in session.scalars(query)} if hop_ids else {}


def keep_place(session: Session, hop: Assignment, spot: Spot, *, by: Actor, now: datetime) -> None:
    """Keep a person's newest place; an older one that comes late changes nothing."""
    told = {"place": spot.place, "accuracy_m": spot.accuracy_m, "at": spot.at, "received_at": now}
    who = {"assignment_id": hop.id, "account_id": by.id, "area_path": hop.area_path}
    query = insert(CrewPlace).values(**who, **told, name=by.name)
    newer = CrewPlace.at < query.excluded.at
    key = ["assignment_id", "account_id"]
    session.execute(query.on_conflict_do_update(index_elements=key, set_=told, where=newer))


def keep_track(
    session: Session, hop: Assignment, spots: Sequence[Spot], *, by: Actor, now: datetime
) -> None:
    """Keep where a person was on the way; told twice it is there once."""
    shared = {"assignment_id": hop.id, "account_id": by.id, "area_path": hop.area_path}
    rows = {
        spot.at: shared | {"at": spot.at, "place": spot.place, "received_at": now} for spot in spots
    }
    session.execute(insert(CrewTrack).values(list(rows.values())).on_conflict_do_nothing())


def places(session: Session, order_id: UUID) -> dict[UUID, list[CrewPlace]]:
    """Give where the crews of an order were last, by hop; of those who are through nothing."""
    return _places(session, Assignment.order_id == order_id)


def places_of(session: Session, hop_ids: Collection[UUID]) -> dict[UUID, list[CrewPlace]]:
    """Give the same for certain hops."""
    return _places(session, among(CrewPlace.assignment_id, hop_ids))


def _places(session: Session, whose: ColumnElement[bool]) -> dict[UUID, list[CrewPlace]]:
    query = (
        select(CrewPlace)
        .join(Assignment, Assignment.id == CrewPlace.assignment_id)
        .where(whose, Assignment.state.not_in(ENDED))
        .order_by(CrewPlace.at.desc())
    )
    found: dict[UUID, list[CrewPlace]] = defaultdict(list)
    for place in session.scalars(query):
        found[place.assignment_id].append(place)
    return found


def forget_places(session: Session, *, tracks_before: datetime) -> None:
    """Remove the places of crews that are through with their order, and tracks grown old."""
    session.execute(delete(CrewTrack).where(CrewTrack.received_at < tracks_before))
    over = select(Assignment.id).where(Assignment.state.in_(ENDED))
    session.execute(delete(CrewPlace).where(CrewPlace.assignment_id.in_(over)))


def under_way(
    session: Session, account_id: UUID
) -> list[tuple[Assignment, Order, MemberPart | None]]:
    """Give the orders to which this person or his crews are on their way, with his own part."""
    seats = select(CrewSeat.crew_id).join(Member).where(Member.account_id == account_id)
    his = and_(
        MemberPart.assignment_id == Assignment.id,
        MemberPart.account_id == account_id,
        MemberPart.state.in_(UNDER_WAY),
    )
    query = (
        select(Assignment, Order, MemberPart)
        .join(Order, Order.id == Assignment.order_id)
        .outerjoin(MemberPart, his)
        .where(
            Assignment.crew_id.in_(seats),
            Assignment.state.in_(UNDER_WAY) | MemberPart.id.is_not(None),
        )
        .order_by(Assignment.began_at.desc())
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]
