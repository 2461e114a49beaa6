"""SQL of the wall: all hops of an incident at once, what changed since, and sums."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text, union_all
from sqlalchemy.orm import Session

from gis.store.base import among
from rescue_app.dispatch.changes import ChangeKind
from rescue_app.dispatch.members.models import MemberPart, MemberStep
from rescue_app.dispatch.models import Assignment, AssignmentStep, Order, OrderChange
from rescue_app.dispatch.rules import GONE, UNANSWERED, HopKind, Step, StepKind
from rescue_app.wall.rules import REACHED, Hop, Numbers, Turn

HERE = text("SELECT pg_current_snapshot()::text")
HOPS = text("""
    SELECT a.id, a.order_id, a.parent_id, a.holder, a.level, a.name, a.name_en, a.phone,
        a.state, a.state_at, a.answer_due_at, a.answer_name,
        ST_X(coalesce(w.place, c.place)), ST_Y(coalesce(w.place, c.place)), w.at,
        CASE WHEN w.at IS NOT NULL THEN w.how WHEN c.place IS NOT NULL THEN 'base' END,
        CASE WHEN a.crew_id IS NULL OR o.checklist = '[]' THEN 0 ELSE (
            SELECT count(*) FILTER (WHERE t.ticked) FROM (
                SELECT DISTINCT ON (item) ticked FROM checklist_tick
                WHERE assignment_id = a.id AND received_at <= :until
                ORDER BY item, done_at DESC, id DESC
            ) t
        ) END,
        CASE WHEN a.crew_id IS NULL THEN 0 ELSE jsonb_array_length(o.checklist) END
    FROM assignment a
    JOIN dispatch_order o ON o.id = a.order_id
    LEFT JOIN crew c ON c.id = a.crew_id
    LEFT JOIN LATERAL (
        SELECT place, at, 'shared' AS how FROM crew_place
        WHERE assignment_id = a.id AND received_at <= :until
        UNION ALL
        (SELECT place, at, 'shared' FROM crew_track
        WHERE :past AND assignment_id = a.id AND at <= :until AND received_at <= :until
        ORDER BY at DESC LIMIT 1)
        UNION ALL
        SELECT place, done_at, 'said' FROM assignment_step
        WHERE assignment_id = a.id AND place IS NOT NULL AND received_at <= :until
        UNION ALL
        SELECT place, done_at, 'said' FROM site_report
        WHERE assignment_id = a.id AND place IS NOT NULL AND received_at <= :until
        ORDER BY at DESC LIMIT 1
    ) w ON a.crew_id IS NOT NULL
    WHERE a.order_id = ANY(:orders) AND a.began_at <= :until
        AND (CAST(:only AS uuid[]) IS NULL OR a.id = ANY(CAST(:only AS uuid[])))
    UNION ALL
    SELECT p.id, p.order_id, p.assignment_id, 'member', 'member', p.name, '', p.phone,
        p.state, p.state_at, p.answer_due_at, NULL,
        ST_X(w.place), ST_Y(w.place), w.at, w.how, 0, 0
    FROM member_part p
    LEFT JOIN LATERAL (
        SELECT place, at, 'shared' AS how FROM crew_place
        WHERE assignment_id = p.assignment_id AND account_id = p.account_id
            AND received_at <= :until
        UNION ALL
        (SELECT place, at, 'shared' FROM crew_track
        WHERE :past AND assignment_id = p.assignment_id AND account_id = p.account_id
            AND at <= :until AND received_at <= :until
        ORDER BY at DESC LIMIT 1)
        UNION ALL
        SELECT place, done_at, 'said' FROM member_step
        WHERE part_id = p.id AND place IS NOT NULL AND received_at <= :until
        ORDER BY at DESC LIMIT 1
    ) w ON true
    WHERE p.order_id = ANY(:orders) AND p.began_at <= :until
        AND (CAST(:only AS uuid[]) IS NULL OR p.id = ANY(CAST(:only AS uuid[])))
""")
# A hop's state is told by its transaction, exactly; a new place by when it came, a little twice.
CHANGED = text("""
    SELECT id FROM assignment WHERE order_id = ANY(:orders)
        AND changed >= pg_snapshot_xmin(CAST(:seen AS pg_snapshot))::text::bigint
        AND NOT pg_visible_in_snapshot(changed::text::xid8, CAST(:seen AS pg_snapshot))
    UNION
    SELECT id FROM member_part WHERE order_id = ANY(:orders)
        AND changed >= pg_snapshot_xmin(CAST(:seen AS pg_snapshot))::text::bigint
        AND NOT pg_visible_in_snapshot(changed::text::xid8, CAST(:seen AS pg_snapshot))
    UNION
    SELECT assignment_id FROM assignment_step
    WHERE order_id = ANY(:orders) AND received_at > :since AND place IS NOT NULL
    UNION
    SELECT assignment_id FROM site_report
    WHERE order_id = ANY(:orders) AND received_at > :since AND place IS NOT NULL
    UNION
    SELECT assignment_id FROM checklist_tick
    WHERE order_id = ANY(:orders) AND received_at > :since
    UNION
    SELECT p.assignment_id FROM crew_place p JOIN assignment b ON b.id = p.assignment_id
    WHERE b.order_id = ANY(:orders) AND p.received_at > :since
    UNION
    SELECT m.id FROM crew_place p JOIN member_part m
        ON m.assignment_id = p.assignment_id AND m.account_id = p.account_id
    WHERE m.order_id = ANY(:orders) AND p.received_at > :since
""")
MOVED = text("""
    SELECT coalesce(sum(people_moved), 0)::int FROM site_report
    WHERE order_id = ANY(:orders) AND received_at <= :until
""")
SUPPORT = text("""
    SELECT r.assignment_id, r.kind FROM site_report r
    WHERE r.order_id = ANY(:orders) AND r.kind IN ('support', 'danger')
        AND r.received_at <= :until
        AND NOT EXISTS (
            SELECT FROM call c LEFT JOIN call_rung g ON g.call_id = c.id AND g.answer = 'yes'
            WHERE c.topic = :topic AND c.ref = r.id
                AND (c.over_at <= :until OR g.answered_at <= :until))
    ORDER BY r.kind DESC, r.received_at, r.id
""")


def here(session: Session) -> str:
    """Tell which transactions this one sees: `changed` goes on from there."""
    return str(session.scalar(HERE))


def orders(session: Session, incident_ids: Collection[UUID], *, until: datetime) -> list[Order]:
    """Give the orders of an incident that the asker can see, in their order."""
    query = select(Order).where(among(Order.incident_id, incident_ids), Order.issued_at <= until)
    return list(session.scalars(query.order_by(Order.issued_at, Order.id)))


def turns(session: Session, order_ids: Collection[UUID]) -> dict[UUID, list[Turn]]:
    """Give the changes of whole orders."""
    query = select(OrderChange).where(
        among(OrderChange.order_id, order_ids), OrderChange.hop_id.is_(None)
    )
    found: dict[UUID, list[Turn]] = defaultdict(list)
    for one in session.scalars(query):
        turn = Turn(one.made_at, ChangeKind(one.kind), one.before["what"] or "")
        found[one.order_id].append(turn)
    return found


def hops(
    session: Session,
    order_ids: Collection[UUID],
    *,
    until: datetime,
    only: Collection[UUID] | None = None,
) -> list[Hop]:
    """Give every hop that had begun (or certain ones), with its last place known by then."""
    facts = {"orders": list(order_ids), "until": until, "only": only and list(only)}
    facts["past"] = until < datetime.max.replace(tzinfo=UTC, microsecond=0)
    return [Hop(*row) for row in session.execute(HOPS, facts)]


def changed(
    session: Session, order_ids: Collection[UUID], *, seen: str, since: datetime
) -> Sequence[UUID]:
    """Give the hops that somebody who had seen these transactions does not know yet."""
    facts = {"orders": list(order_ids), "seen": seen, "since": since}
    return session.scalars(CHANGED, facts).all()


def numbers(session: Session, order_ids: Collection[UUID]) -> Numbers:
    """Count the hops as they stand now."""
    crew = Assignment.holder == HopKind.CREW
    reached = [_count(crew & Assignment.state.in_(kinds)) for kinds in REACHED.values()]
    query = select(
        _count(Assignment.state.in_(UNANSWERED)),
        _count(Assignment.state == StepKind.CANNOT),
        _count(crew),
        *reached,
    ).where(among(Assignment.order_id, order_ids), Assignment.state.not_in(GONE))
    silent, returned, crews, *further = session.execute(query).one()
    quiet, refused, *members = _members(session, order_ids)
    return Numbers(silent + quiet, returned + refused, crews, *further, *members)


def _members(session: Session, order_ids: Collection[UUID]) -> Sequence[int]:
    """Count the members: silent, cannot, all, answered, arrived."""
    state = MemberPart.state
    query = select(
        _count(state.in_(UNANSWERED)),
        _count(state == StepKind.CANNOT),
        func.count(),
        _count(state.in_(REACHED["answered"])),
        _count(state.in_(REACHED["arrived"])),
    ).where(among(MemberPart.order_id, order_ids), state.not_in(GONE))
    return list(session.execute(query).one())


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)


def heard(
    session: Session, order_ids: Collection[UUID], *, until: datetime
) -> dict[UUID, list[Step]]:
    """Give of every hop's and every member's log what had come in by then."""
    found: dict[UUID, list[Step]] = defaultdict(list)
    given = select(Assignment.id, Assignment.began_at, Assignment.giver_name).where(
        among(Assignment.order_id, order_ids), Assignment.began_at <= until
    )
    for hop_id, began_at, name in session.execute(given):
        found[hop_id].append(Step(hop_id, StepKind.QUEUED, began_at, name))
    for line, whose in (
        (AssignmentStep, AssignmentStep.assignment_id),
        (MemberStep, MemberStep.part_id),
    ):
        query = select(whose, line.id, line.kind, line.done_at, line.by_name).where(
            among(line.order_id, order_ids), line.received_at <= until
        )
        for log, step_id, kind, done_at, name in session.execute(query):
            found[log].append(Step(step_id, StepKind(kind), done_at, name))
    return found


def people_moved(session: Session, order_ids: Collection[UUID], *, until: datetime) -> int:
    """Sum up how many people crews had said they moved."""
    return session.scalar(MOVED, {"orders": list(order_ids), "until": until}) or 0


def support_waiting(
    session: Session, order_ids: Collection[UUID], *, topic: str, until: datetime
) -> list[tuple[UUID, str]]:
    """Give the calls from sites that nobody had answered: which hop's, of which kind."""
    facts: dict[str, Any] = {"orders": list(order_ids), "topic": topic, "until": until}
    return [(hop_id, kind) for hop_id, kind in session.execute(SUPPORT, facts)]


def silent(session: Session, order_ids: Collection[UUID], *, limit: int) -> Sequence[UUID]:
    """Give the hops that have not answered, the one whose time ends first on top."""
    query = (
        select(Assignment.id)
        .where(among(Assignment.order_id, order_ids), Assignment.state.in_(UNANSWERED))
        .order_by(Assignment.answer_due_at, Assignment.id)
    )
    return session.scalars(query.limit(limit)).all()


def silent_members(session: Session, order_ids: Collection[UUID], *, limit: int) -> Sequence[UUID]:
    """Give the members that have not answered, the one whose time ends first on top."""
    query = (
        select(MemberPart.id)
        .where(among(MemberPart.order_id, order_ids), MemberPart.state.in_(UNANSWERED))
        .order_by(MemberPart.answer_due_at, MemberPart.id)
    )
    return session.scalars(query.limit(limit)).all()


def ticks(
    session: Session, order_ids: Collection[UUID], *, since: datetime, until: datetime, parts: int
) -> list[int]:
    """Count what was given and heard in each of so many equal parts of a night."""
    heard, given = AssignmentStep.received_at, Assignment.began_at
    lines = union_all(
        select(heard.label("at")).where(
            among(AssignmentStep.order_id, order_ids), heard.between(since, until)
        ),
        select(given).where(among(Assignment.order_id, order_ids), given.between(since, until)),
    ).subquery()
    epoch = func.extract("epoch", lines.c.at)
    part = func.width_bucket(epoch, since.timestamp(), until.timestamp(), parts)
    query = select(part, func.count()).group_by(part)
    found = {row[0]: row[1] for row in session.execute(query)}
    return [found.get(one, 0) for one in range(1, parts + 1)]
