"""SQL for orders: what is written. Every write is one statement for all hops it concerns."""

from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from gis.store.base import among, new_ids
from hazards.duty.models import CrewSeat, Member
from rescue_app.auth.models import Account
from rescue_app.dispatch.drafts import Holder
from rescue_app.dispatch.models import Assignment, AssignmentStep, Order
from rescue_app.dispatch.rules import Step, StepKind

HOPS = text("""
    INSERT INTO assignment (
        id, order_id, parent_id, holder, level, area_path, unit_id, crew_id, name, name_en, phone,
        giver_path, giver_name, giver_phone, began_at, answer_due_at, state, state_at,
        part, part_due_at, replaces_id, lent_path)
    SELECT id, :order_id, :parent_id, holder, level, area_path, unit_id, crew_id, name, name_en,
        phone, :giver_path, :giver_name, :giver_phone, :now, :answer_due_at, 'queued', :now,
        part, part_due_at, :replaces_id, lent_path
    FROM json_to_recordset(CAST(:rows AS json)) AS r (
        id uuid, holder text, level text, area_path text, unit_id uuid, crew_id uuid,
        name text, name_en text, phone text, part text, part_due_at timestamptz, lent_path text)
""")
STEPS = text("""
    INSERT INTO assignment_step (
        id, assignment_id, order_id, area_path, kind, by_id, by_name, by_phone,
        done_at, received_at, note, notice_id)
    SELECT r.step_id, a.id, a.order_id, a.area_path, :kind, :by_id, :by_name, :by_phone,
        :now, :now, :note, r.notice_id
    FROM json_to_recordset(CAST(:rows AS json)) AS r (id uuid, step_id uuid, notice_id uuid)
    JOIN assignment a ON a.id = r.id
    ON CONFLICT DO NOTHING
""")

ADD_STEP: Final = """
    INSERT INTO assignment_step (id, assignment_id, order_id, area_path, kind, by_id, by_name,
        by_phone, done_at, received_at, place, note, notice_id, how, entered_by, offer)
    VALUES (%(id)s, %(assignment_id)s, %(order_id)s, %(area_path)s, %(kind)s, %(by_id)s,
        %(by_name)s, %(by_phone)s, %(done_at)s, %(received_at)s,
        ST_GeomFromWKB(decode(%(place)s, 'hex'), 4326), %(note)s,
        %(notice_id)s, %(how)s, %(entered_by)s, CAST(%(offer)s AS jsonb))
    ON CONFLICT DO NOTHING
"""

HELD = tuple(name for name in Holder.__slots__ if name != "members")
"""What a hop keeps of who holds it."""
Seat = tuple[UUID, UUID]
"""An account and the crew it has a seat in."""


def add_order_once(session: Session, row: dict[str, Any]) -> bool:
    """Insert an order unless its id is there already; tell whether it was new."""
    query = insert(Order).values(row).on_conflict_do_nothing().returning(Order.id)
    return session.scalar(query) is not None


def visible(session: Session, order_id: UUID) -> Order | None:
    """Find an order that the asker can see."""
    return session.get(Order, order_id)


def add_hops(
    session: Session, holders: Sequence[Holder], facts: dict[str, Any]
) -> list[dict[str, UUID]]:
    """Insert a hop for each holder; give the ids for the first line of each log."""
    rows = [
        {name: getattr(holder, name) for name in HELD} | {"id": hop_id}
        for holder, hop_id in zip(holders, new_ids(len(holders)), strict=True)
    ]
    session.execute(HOPS, facts | {"rows": orjson.dumps(rows).decode()})
    step_ids = new_ids(len(rows))
    return [{"id": row["id"], "step_id": step} for row, step in zip(rows, step_ids, strict=True)]


def add_steps(session: Session, rows: Sequence[dict[str, UUID]], facts: dict[str, Any]) -> None:
    """Add the same line to many logs."""
    session.execute(STEPS, facts | {"rows": orjson.dumps(rows).decode()})


def add_step_once(session: Session, row: dict[str, Any]) -> bool:
    """Add a line to a log unless its id is there already; tell whether it was new."""
    query = insert(AssignmentStep).values(row).on_conflict_do_nothing()
    return session.scalar(query.returning(AssignmentStep.id)) is not None


def steps(session: Session, ids: Collection[UUID]) -> dict[UUID, AssignmentStep]:
    """Find lines by their ids."""
    query = select(AssignmentStep).where(among(AssignmentStep.id, ids))
    return {line.id: line for line in session.scalars(query)} if ids else {}


def step(session: Session, step_id: UUID) -> AssignmentStep | None:
    """Find one line."""
    return session.get(AssignmentStep, step_id)


def hop(session: Session, hop_id: UUID) -> Assignment | None:
    """Find a hop that the asker can see."""
    return session.get(Assignment, hop_id)


def hops(session: Session, hop_ids: Collection[UUID]) -> dict[UUID, Assignment]:
    """Find hops by their ids."""
    query = select(Assignment).where(among(Assignment.id, hop_ids))
    return {hop.id: hop for hop in session.scalars(query)} if hop_ids else {}


def hold_order_of(session: Session, hop_id: UUID, *, to_change: bool = False) -> None:
    """Hold the order of a hop before the hop itself, as whoever changes an order does.

    Who passes on shares it with others who do; a change waits for them, or they for it. So no
    change misses a hop that is being made: one did, and its crew went on with a cancelled order.
    """
    query = select(Order.id).join(Assignment, Assignment.order_id == Order.id)
    query = query.where(Assignment.id == hop_id)
    session.execute(query.with_for_update(read=not to_change, key_share=to_change, of=Order))


def locked(session: Session, hop_id: UUID) -> Assignment | None:
    """Find a hop and hold it until the transaction ends, so that its log is read whole."""
    query = select(Assignment).where(Assignment.id == hop_id).with_for_update(key_share=True)
    return session.scalar(query.execution_options(populate_existing=True))


def locked_all(session: Session, hop_ids: Collection[UUID]) -> dict[UUID, Assignment]:
    """Find and hold hops, always in the same order: no deadlock."""
    query = select(Assignment).where(among(Assignment.id, hop_ids)).order_by(Assignment.id)
    fresh = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return {hop.id: hop for hop in session.scalars(fresh)}


def locked_below(session: Session, hop_id: UUID) -> list[Assignment]:
    """Find and hold a hop and all below it, always in the same order: no deadlock."""
    tree = select(Assignment.id).where(Assignment.id == hop_id).cte(recursive=True)
    child = aliased(Assignment)
    tree = tree.union_all(select(child.id).where(child.parent_id == tree.c.id))
    query = (
        select(Assignment)
        .where(Assignment.id.in_(select(tree.c.id)))
        .order_by(Assignment.id)
        .with_for_update(key_share=True)
    )
    return list(session.scalars(query.execution_options(populate_existing=True)))


def given(session: Session, order_id: UUID, parent_id: UUID | None) -> list[Assignment]:
    """Hops of an order that were given by this hop, or by who issued it."""
    above = Assignment.parent_id == parent_id if parent_id else Assignment.parent_id.is_(None)
    return list(session.scalars(select(Assignment).where(Assignment.order_id == order_id, above)))


def logs(session: Session, hop_ids: Collection[UUID]) -> dict[UUID, list[Step]]:
    """Read the whole logs of hops."""
    found: dict[UUID, list[Step]] = {hop_id: [] for hop_id in hop_ids}
    query = select(AssignmentStep).where(among(AssignmentStep.assignment_id, hop_ids))
    for line in session.scalars(query):
        kind = StepKind(line.kind)
        found[line.assignment_id].append(
            Step(
                line.id,
                kind,
                line.done_at,
                line.by_name,
                line.by_phone,
                line.note,
                offers=line.offer is not None,
                about=line.about_id,
            )
        )
    return found


def seats(session: Session, account_ids: Collection[UUID], crew_ids: Collection[UUID]) -> set[Seat]:
    """Tell which of these accounts have a seat in which of these crews."""
    query = (
        select(Member.account_id, CrewSeat.crew_id)
        .join(Member, Member.id == CrewSeat.member_id)
        .where(among(CrewSeat.crew_id, crew_ids), among(Member.account_id, account_ids))
    )
    found = session.execute(query).all() if crew_ids else []
    return {(row[0], row[1]) for row in found if row[0] is not None}


def phones_of(session: Session, account_ids: Collection[UUID]) -> dict[UUID, str]:
    """Give the numbers under which people can be called back."""
    query = select(Account.id, Account.phone).where(among(Account.id, account_ids))
    return {row[0]: row[1] or "" for row in session.execute(query)}


def phone_of(session: Session, account_id: UUID) -> str:
    """Give the number under which a person can be called back."""
    return session.scalar(select(Account.phone).where(Account.id == account_id)) or ""
