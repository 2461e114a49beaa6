"""SQL for orders: what is written. Every write is one statement for all hops it concerns."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from gis.store.base import among, new_id
from hazards.duty.models import CrewSeat, Member
from rescue_app.auth.models import Account
from rescue_app.dispatch.drafts import Target
from rescue_app.dispatch.models import Assignment, AssignmentStep, Order
from rescue_app.dispatch.rules import HopKind, Step, StepKind

# Of thousands of ids the planner believes that they are few, and would look each crew's seats up.
AT_ONCE = text("SELECT set_config('enable_nestloop', 'off', true)")
# What a hop keeps of a crew or a unit is read where it is written, for thousands at once. The phone
# of a crew is its leader's, else that of the unit where it is at home. Ids go up by one.
GIVE = text("""
    WITH found AS (
        SELECT 'crew' AS holder, 'crew' AS level, c.area_path, c.unit_id, c.id AS crew_id,
            c.name, c.name_en, coalesce(m.phone, u.phone, '') AS phone, c.lent_path, c.id AS of
        FROM crew c
        LEFT JOIN unit u ON u.id = c.unit_id
        LEFT JOIN crew_seat s ON s.crew_id = c.id AND s.leads
        LEFT JOIN member m ON m.id = s.member_id
        WHERE c.id = ANY(CAST(:crews AS uuid[]))
            AND starts_with(coalesce(c.lent_path, c.area_path), :inside)
        UNION ALL
        SELECT kind, level, area_path, id, NULL, name, name_en, phone, NULL, id
        FROM unit
        WHERE id = ANY(CAST(:units AS uuid[])) AND kind <> 'base'
            AND starts_with(area_path, :inside)
    ), given AS (
        INSERT INTO assignment (
            id, order_id, parent_id, holder, level, area_path, unit_id, crew_id, name, name_en,
            phone, giver_path, giver_name, giver_phone, began_at, answer_due_at, state, state_at,
            part, part_due_at, replaces_id, lent_path, changed)
        SELECT (:stem || lpad(to_hex(:first + row_number() OVER ()), 12, '0'))::uuid,
            o.id, :parent_id, holder, level, f.area_path, unit_id, crew_id, name, name_en,
            phone, :giver_path, :giver_name, :giver_phone, :now,
            :now + make_interval(secs => o.answer_within_s), 'queued', :now,
            coalesce(w.part, ''), w.due_at, :replaces_id, lent_path,
            (SELECT pg_current_xact_id()::text::bigint)  -- as its default, asked once
        FROM dispatch_order o
        CROSS JOIN found f
        LEFT JOIN unnest(CAST(:whose AS uuid[]), CAST(:parts AS text[]),
            CAST(:dues AS timestamptz[])) AS w (of, part, due_at) ON w.of = f.of
        WHERE o.id = :order_id)
    SELECT count(*), coalesce(array_agg(DISTINCT area_path), '{}') FROM found
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
        by_phone, done_at, received_at, place, note, notice_id, how, entered_by, via, offer)
    VALUES (%(id)s, %(assignment_id)s, %(order_id)s, %(area_path)s, %(kind)s, %(by_id)s,
        %(by_name)s, %(by_phone)s, %(done_at)s, %(received_at)s,
        ST_GeomFromWKB(decode(%(place)s, 'hex'), 4326), %(note)s,
        %(notice_id)s, %(how)s, %(entered_by)s, %(via)s, CAST(%(offer)s AS jsonb))
    ON CONFLICT DO NOTHING
"""

STEM = 20
"""How much of its id a hop shares with those that are given together."""
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
    session: Session, targets: Collection[Target], facts: dict[str, Any]
) -> tuple[int, list[str]]:
    """Insert a hop for each crew and unit `inside`; count them, and give their areas."""
    first, own = new_id().hex, [one for one in targets if one.part or one.due_at]
    chosen = {
        "stem": first[:STEM],
        "first": int(first[STEM:], 16) >> 1,
        "crews": _listed(one.id for one in targets if one.kind == "crew"),
        "units": _listed(one.id for one in targets if one.kind == "unit"),
        "whose": [one.id for one in own],
        "parts": [one.part for one in own],
        "dues": [one.due_at for one in own],
    }
    session.execute(AT_ONCE)
    count, areas = session.execute(GIVE, facts | chosen).one()
    return count, areas


def _listed(ids: Iterable[UUID]) -> str:
    """Write ids down as the database reads an array: 5,000 in a twentieth of the driver's time."""
    return "{" + orjson.dumps(list(ids)).decode()[1:-1] + "}"


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
    of = AssignmentStep
    said = (of.id, of.kind, of.done_at, of.by_name, of.by_phone, of.note)
    query = select(of.assignment_id, of.about_id, of.offer.is_not(None), *said)
    rows = session.execute(query.where(among(of.assignment_id, hop_ids)))
    for hop_id, about, offers, step_id, kind, done_at, by_name, by_phone, note in rows:
        step = Step(
            step_id, StepKind(kind), done_at, by_name, by_phone, note, offers=offers, about=about
        )
        found[hop_id].append(step)
    return found


def givers_looks(
    session: Session, looks: Collection[tuple[Assignment, UUID]]
) -> set[tuple[UUID, UUID]]:
    """Give of hops and accounts that look at them those where somebody looks at what he gave.

    To a department of his own area: its order on his page is not seen by the department.
    """
    of_his = {
        (hop.id, by)
        for hop, by in looks
        if hop.holder == HopKind.DEPARTMENT and hop.giver_path == hop.area_path
    }
    if not of_his:
        return set()
    passed = AssignmentStep.kind == StepKind.PASSED_DOWN
    query = (
        select(Assignment.id, Assignment.parent_id, Order.issued_by, AssignmentStep.by_id)
        .join(Order, Order.id == Assignment.order_id)
        .outerjoin(AssignmentStep, (AssignmentStep.assignment_id == Assignment.parent_id) & passed)
        .where(among(Assignment.id, {hop for hop, _ in of_his}))
    )
    rows = session.execute(query)
    return of_his & {(hop, by if parent else issuer) for hop, parent, issuer, by in rows}


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
