"""Brings ladders to where their log says they are, and calls whoever is to be called next.

An answer, a receipt, the end of a matter and the worker's clock all end here, with the ladders
held: whatever happens at once happens one after the other, and each rung is called once.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from gis.store.notify import announce
from hazards.calls import repository
from hazards.calls.models import Call, CallLadder, CallRung
from hazards.calls.rules import (
    RECEIPTS,
    Event,
    EventKind,
    Ladder,
    LadderStanding,
    Matter,
    Rung,
    RungKind,
    next_rung,
    standing,
    wakes_at,
)

TOPIC = "call"
SINGLE_ANNOUNCEMENTS = 20
"""More changed matters than this are announced together: pages load their list once anyway."""


def settle(
    session: Session,
    ladder_ids: Collection[UUID],
    now: datetime,
    calls: Mapping[UUID, Call] | None = None,
) -> int:
    """Hold ladders, climb where it is time, keep what the log adds up to; count new rungs.

    Their `calls`, by id, are read where nobody has them at hand.
    """
    rows = repository.locked(session, ladder_ids)
    calls = calls or repository.calls_by_id(session, {row.call_id for row in rows})
    steps: dict[UUID, list[CallRung]] = defaultdict(list)
    for rung in repository.rungs_on(session, [row.id for row in rows]):
        steps[rung.ladder_id].append(rung)
    log = _log(session, steps)
    raised: list[CallRung] = []
    new_rungs: list[dict[str, Any]] = []
    new_ladders: list[dict[str, Any]] = []
    for row in rows:
        call, rungs = calls[row.call_id], steps[row.id]
        stands = _climb(call, rungs, log[row.call_id], raised, now)
        new_rungs += _changed(rungs, _rung_rows(stands))
        new_ladders += _changed([row], [_ladder_row(stands)])
    repository.add_program_events(session, [_queued(rung) for rung in raised], now)
    repository.project(session, rungs=new_rungs, ladders=new_ladders)
    told = {each["id"] for each in new_ladders} | {r.ladder_id for r in raised}
    changed = {row["id"] for row in new_rungs}
    moved = [row for row in rows if row.id in told or any(r.id in changed for r in steps[row.id])]
    spread(session, calls, moved, steps)
    return len(raised)


def _log(session: Session, steps: Mapping[UUID, Sequence[CallRung]]) -> dict[UUID, list[Event]]:
    rungs = [rung for each in steps.values() for rung in each]
    found: dict[UUID, list[Event]] = defaultdict(list)
    people = {rung.person_id for rung in rungs}
    for call_id, event in repository.log_of(session, {rung.call_id for rung in rungs}, people):
        found[call_id].append(event)
    return found


def _climb(
    call: Call, rungs: Sequence[CallRung], log: list[Event], raised: list[CallRung], now: datetime
) -> LadderStanding:
    """Call the next position as long as there is one to call, adding its lines to the log."""
    ladder = Ladder(rungs[0].ladder_id, tuple(_rung(rung) for rung in rungs))
    matter = Matter((ladder,), call.opened_at)
    while True:
        stands = standing(matter, log, now).ladders[0]
        position = next_rung(ladder, stands, now)
        if position is None:
            return stands
        here = [rung for rung in rungs if rung.position == position]
        raised += here
        for rung in here:
            queued = _queued(rung)
            log.append(Event(queued["id"], EventKind.QUEUED, now, frozenset({rung.id})))


def _rung(row: CallRung) -> Rung:
    return Rung(row.id, row.position, RungKind(row.kind), row.window_s)


def queued_event_id(rung_id: UUID) -> UUID:
    """Give the id of the line that says a rung was called: there can be but one."""
    return uuid5(rung_id, EventKind.QUEUED)


def _queued(rung: CallRung) -> dict[str, Any]:
    return {"id": queued_event_id(rung.id), "rung_id": rung.id, "kind": EventKind.QUEUED}


def _rung_rows(stands: LadderStanding) -> list[dict[str, Any]]:
    return [
        {f"{kind}_at": rung.times.get(kind) for kind in RECEIPTS}
        | {
            "id": rung.id,
            "due_at": rung.due_at,
            "answered_at": rung.since,
            "answer": rung.answer.kind if rung.answer else None,
            "answer_event_id": rung.answer.id if rung.answer else None,
        }
        for rung in stands.rungs
    ]


def _ladder_row(stands: LadderStanding) -> dict[str, Any]:
    return {
        "id": stands.id,
        "state": stands.state,
        "position": max(stands.position, 0),
        "due_at": stands.due_at,
        "wakes_at": wakes_at(stands),
        "outcome_rung_id": stands.outcome.id if stands.outcome else None,
        "outcome": stands.outcome.kind if stands.outcome else None,
    }


def _changed(
    rows: Sequence[CallRung] | Sequence[CallLadder], news: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    known = {row.id: row for row in rows}
    return [new for new in news if _differs(known[new["id"]], new)]


def _differs(row: CallRung | CallLadder, new: Mapping[str, Any]) -> bool:
    for name, value in new.items():  # noqa: SIM110 - a dozen columns of each rung of each answer
        if getattr(row, name) != value:
            return True
    return False


def spread(
    session: Session,
    calls: Mapping[UUID, Call],
    moved: Sequence[CallLadder],
    steps: Mapping[UUID, Sequence[CallRung]],
) -> None:
    """Tell live pages: the desks that called, and the pages of those who are called."""
    paths: dict[UUID | None, set[str]] = defaultdict(set)
    apart = len({row.call_id for row in moved}) <= SINGLE_ANNOUNCEMENTS
    for row in moved:
        key = row.call_id if apart else None
        paths[key] |= {calls[row.call_id].opener_path, *(r.area_path for r in steps[row.id])}
    for call_id, areas in paths.items():
        first, *others = sorted(areas)
        announce(
            session, topic=TOPIC, kind="changed", ref=call_id, area_path=first, also=tuple(others)
        )
