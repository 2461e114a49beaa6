"""SQL for calls: what is written. Thousands of calls cost as many statements as one."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.store.base import among
from gis.store.scope import NO_ONE
from hazards.calls.models import Call, CallEvent, CallLadder, CallRung
from hazards.calls.rules import Event, EventKind

# A call that is there already keeps its row; its second ladders find no call of their id and
# fall away with their rungs. One statement: what is written is at hand for the next table.
OPEN = text("""
    WITH told AS MATERIALIZED (
        SELECT * FROM json_to_recordset(CAST(:rungs AS json)) AS r (
            id uuid, event_id uuid, ladder_id uuid, position int, kind text, person_id uuid,
            account_id uuid, member_id uuid, name text, post text, phone text, area_path text,
            window_s int, due_at timestamptz)
    ), calls AS (
        INSERT INTO call (id, topic, ref, area_path, opener_path, opener_name, text_zh, text_en,
            page, urgency, rule, opened_at, over_why, is_drill, synthetic, cry, bundle)
        SELECT id, topic, ref, area_path, opener_path, opener_name, text_zh, text_en, page,
            urgency, rule, :now, '', is_drill, synthetic, cry, bundle
        FROM json_to_recordset(CAST(:calls AS json)) AS r (
            id uuid, topic text, ref uuid, area_path text, opener_path text, opener_name text,
            text_zh text, text_en text, page text, urgency text, rule text, is_drill bool,
            synthetic bool, cry text, bundle uuid)
        ON CONFLICT (topic, ref) DO NOTHING
        RETURNING id, opener_path
    ), ladders AS (
        INSERT INTO call_ladder (id, call_id, number, area_path, opener_path, state, position,
            due_at, wakes_at)
        SELECT r.id, calls.id, r.number, r.area_path, calls.opener_path, 'waiting', 0, r.due_at,
            r.due_at
        FROM json_to_recordset(CAST(:ladders AS json)) AS r (
            id uuid, call_id uuid, number int, area_path text, due_at timestamptz)
        JOIN calls ON calls.id = r.call_id
        RETURNING id, call_id, opener_path
    ), rungs AS (
        INSERT INTO call_rung (id, call_id, ladder_id, position, kind, person_id, account_id,
            member_id, name, post, phone, area_path, opener_path, window_s, due_at, queued_at)
        SELECT r.id, l.call_id, l.id, r.position, r.kind, r.person_id, r.account_id, r.member_id,
            r.name, r.post, r.phone, r.area_path, l.opener_path, r.window_s, r.due_at,
            CASE WHEN r.position = 0 THEN CAST(:now AS timestamptz) END
        FROM told r JOIN ladders l ON l.id = r.ladder_id
        RETURNING id, call_id, person_id, area_path, opener_path
    )
    INSERT INTO call_event (id, call_id, person_id, rung_ids, kind, by_id, by_name, why, next_step,
        done_at, received_at, area_path, opener_path)
    SELECT r.event_id, g.call_id, g.person_id, ARRAY[g.id], 'queued', :program, '', '', '',
        :now, :now, g.area_path, g.opener_path
    FROM told r JOIN rungs g ON g.id = r.id
    WHERE r.position = 0
""")
# Rungs are held in one order by everybody who may have to wait for one (who hands messages out
# waits for none): the worker and an answer once held each what the other was waiting for.
RUNGS = text("""
    WITH held AS (
        SELECT id FROM call_rung WHERE id = ANY(CAST(:ids AS uuid[])) ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE call_rung SET (due_at, queued_at, accepted_at, delivered_at, seen_at, answered_at,
        answer, answer_event_id) = (r.due_at, r.queued_at,
        coalesce(r.accepted_at, call_rung.accepted_at), r.delivered_at, r.seen_at,
        r.answered_at, r.answer, r.answer_event_id)
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (
        id uuid, due_at timestamptz, queued_at timestamptz, accepted_at timestamptz,
        delivered_at timestamptz, seen_at timestamptz, answered_at timestamptz, answer text,
        answer_event_id uuid)
    JOIN held ON held.id = r.id
    WHERE call_rung.id = held.id
""")
LADDERS = text("""
    UPDATE call_ladder SET (state, position, due_at, wakes_at, outcome_rung_id, outcome) =
        (r.state, r.position, r.due_at, r.wakes_at, r.outcome_rung_id, r.outcome)
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (
        id uuid, state text, position int, due_at timestamptz, wakes_at timestamptz,
        outcome_rung_id uuid, outcome text)
    WHERE call_ladder.id = r.id
""")
EVENTS = text("""
    INSERT INTO call_event (id, call_id, person_id, rung_ids, kind, by_id, by_name, channel, why,
        next_step, done_at, received_at, area_path, opener_path)
    SELECT r.id, g.call_id, g.person_id, ARRAY[g.id], r.kind, :program, '', r.channel, '', '',
        coalesce(r.done_at, :now), :now, g.area_path, g.opener_path
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (
        id uuid, rung_id uuid, kind text, channel text, done_at timestamptz)
    JOIN call_rung g ON g.id = r.rung_id
    ON CONFLICT (id) DO NOTHING
""")

ADD_EVENT: Final = """
    INSERT INTO call_event (id, call_id, person_id, rung_ids, kind, by_id, by_name, taken_by,
        channel, why, next_step, next_by, done_at, received_at, area_path, opener_path)
    VALUES (%(id)s, %(call_id)s, %(person_id)s, %(rung_ids)s, %(kind)s, %(by_id)s, %(by_name)s,
        %(taken_by)s, %(channel)s, %(why)s, %(next_step)s, %(next_by)s, %(done_at)s,
        %(received_at)s, %(area_path)s, %(opener_path)s)
    ON CONFLICT DO NOTHING
"""

Rows = Sequence[Mapping[str, Any]]


def _json(rows: Rows) -> str:
    return orjson.dumps(rows).decode()


def open_all(session: Session, *, calls: Rows, ladders: Rows, rungs: Rows, now: datetime) -> None:
    """Insert calls with everything below them, those that are there already left alone."""
    told = {"calls": _json(calls), "ladders": _json(ladders), "rungs": _json(rungs)}
    session.execute(OPEN, told | {"now": now, "program": NO_ONE})


def by_ref(session: Session, topic: str, ref: UUID) -> Call | None:
    """Find the call about something."""
    query = select(Call).where(Call.topic == topic, Call.ref == ref)
    return session.scalar(query)


def by_refs(session: Session, topic: str, refs: Collection[UUID]) -> dict[UUID, Call]:
    """Find the calls about these things, by the thing."""
    query = select(Call).where(Call.topic == topic, among(Call.ref, refs))
    return {call.ref: call for call in session.scalars(query)}


def open_by_refs(session: Session, topic: str, refs: Collection[UUID]) -> list[Call]:
    """Find and hold the calls about these things that are not over yet.

    Not their keys: the worker adds lines that name a call while it holds the call's ladders.
    """
    query = select(Call).where(Call.topic == topic, among(Call.ref, refs), Call.over_at.is_(None))
    return list(session.scalars(query.order_by(Call.id).with_for_update(key_share=True)))


def visible(session: Session, call_id: UUID) -> Call | None:
    """Find a call that the asker can see."""
    # Not `get`: what the session holds already may have been read with the program's eyes.
    return session.scalar(select(Call).where(Call.id == call_id))


def rungs_of(session: Session, call_id: UUID, person_id: UUID) -> list[CallRung]:
    """Every rung of one person in one matter that the asker can see, as they are now."""
    query = select(CallRung).where(CallRung.call_id == call_id, CallRung.person_id == person_id)
    fresh = query.order_by(CallRung.position).execution_options(populate_existing=True)
    return list(session.scalars(fresh))


def rungs_of_all(
    session: Session, call_ids: Collection[UUID], people: Collection[UUID]
) -> dict[tuple[UUID, UUID], list[CallRung]]:
    """Every rung of these people in these matters, by matter and person."""
    query = select(CallRung).where(among(CallRung.call_id, call_ids))
    query = query.where(among(CallRung.person_id, people)).order_by(CallRung.position)
    found: dict[tuple[UUID, UUID], list[CallRung]] = defaultdict(list)
    for rung in session.scalars(query.execution_options(populate_existing=True)):
        found[rung.call_id, rung.person_id].append(rung)
    return found


def add_event_once(session: Session, row: dict[str, Any]) -> bool:
    """Add a line to the log unless its id is there already; tell whether it was new."""
    query = insert(CallEvent).values(row).on_conflict_do_nothing().returning(CallEvent.id)
    return session.scalar(query) is not None


def add_events(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Add many lines to the log."""
    if rows:
        session.execute(insert(CallEvent), rows)


def event(session: Session, event_id: UUID) -> CallEvent | None:
    """Find one line."""
    return session.get(CallEvent, event_id)


def add_program_events(session: Session, rows: Rows, now: datetime) -> None:
    """Add lines that the program itself tells, one for each rung."""
    if rows:
        session.execute(EVENTS, {"rows": _json(rows), "now": now, "program": NO_ONE})


def ladders_of(session: Session, call_ids: Collection[UUID]) -> list[UUID]:
    """Ids of all ladders of calls."""
    return list(session.scalars(select(CallLadder.id).where(among(CallLadder.call_id, call_ids))))


def claim(session: Session, *, now: datetime, limit: int) -> list[UUID]:
    """Take ladders whose time has come; those that another worker holds are his."""
    query = (
        select(CallLadder.id)
        .where(CallLadder.wakes_at <= now)
        .order_by(CallLadder.wakes_at)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True)
    )
    return list(session.scalars(query))


def locked(session: Session, ladder_ids: Collection[UUID]) -> list[CallLadder]:
    """Hold ladders until the transaction ends, always in the same order: no deadlock.

    Not their keys, here and for hops: a rung that is written twice in one transaction has its
    ladder looked up again by PostgreSQL, which would wait for whoever holds that key.
    """
    query = (
        select(CallLadder)
        .where(among(CallLadder.id, ladder_ids))
        .order_by(CallLadder.id)
        .with_for_update(key_share=True)
    )
    return list(session.scalars(query.execution_options(populate_existing=True)))


def rungs_on(session: Session, ladder_ids: Collection[UUID]) -> list[CallRung]:
    """All rungs of ladders, lowest first."""
    query = select(CallRung).where(among(CallRung.ladder_id, ladder_ids))
    ordered = query.order_by(CallRung.position, CallRung.id)
    return list(session.scalars(ordered.execution_options(populate_existing=True)))


def calls_by_id(session: Session, ids: Collection[UUID]) -> dict[UUID, Call]:
    """Find calls by their ids."""
    return {call.id: call for call in session.scalars(select(Call).where(among(Call.id, ids)))}


def log_of(
    session: Session, call_ids: Collection[UUID], people: Collection[UUID]
) -> Iterator[tuple[UUID, Event]]:
    """Lines about these people in these matters, and those that end a matter for everyone.

    As plain rows, each with its matter: an answer reads a dozen of them.
    """
    of = CallEvent
    query = select(of.call_id, of.id, of.kind, of.done_at, of.rung_ids, of.next_step).where(
        among(of.call_id, call_ids), of.person_id.is_(None) | among(of.person_id, people)
    )
    for call_id, line_id, kind, done_at, rung_ids, next_step in session.execute(query):
        yield call_id, Event(line_id, EventKind(kind), done_at, frozenset(rung_ids), next_step)


def project(session: Session, *, rungs: Rows, ladders: Rows) -> None:
    """Keep beside rungs and ladders what the log adds up to."""
    if rungs:
        ids = [row["id"] for row in rungs]
        session.execute(RUNGS, {"rows": _json(rungs), "ids": ids})
    if ladders:
        session.execute(LADDERS, {"rows": _json(ladders)})


def overdue(session: Session, now: datetime) -> tuple[int, int]:
    """How many ladders should have climbed already, real ones and those of drills apart."""
    query = (
        select(func.count().filter(~Call.is_drill), func.count().filter(Call.is_drill))
        .select_from(CallLadder)
        .join(Call, Call.id == CallLadder.call_id)
        .where(CallLadder.wakes_at <= now)
    )
    real, drills = session.execute(query).one()
    return real, drills


def note_accepted(session: Session, rung_ids: Collection[UUID], now: datetime) -> None:
    """Keep beside rungs that a channel took them, without holding ladders people answer on.

    The rule reads the same off the log; an older time stays.
    """
    news = select(CallRung.id).where(among(CallRung.id, rung_ids), CallRung.accepted_at.is_(None))
    held = news.order_by(CallRung.id).with_for_update(key_share=True).cte()
    session.execute(
        update(CallRung)
        .where(CallRung.id == held.c.id)
        .values(accepted_at=now)
        .execution_options(synchronize_session=False)
    )
