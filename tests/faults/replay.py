"""State = replay of the log: the pure rules read each log anew, and the tables have to agree."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hazards.calls.models import Call, CallEvent, CallLadder, CallRung
from hazards.calls.rules import (
    RECEIPTS,
    Event,
    EventKind,
    Ladder,
    LadderStanding,
    LadderState,
    Matter,
    Rung,
    RungKind,
    next_rung,
    standing,
    wakes_at,
)
from rescue_app.dispatch import repository
from rescue_app.dispatch.changes import BECOMES, ChangeKind, OrderStanding
from rescue_app.dispatch.models import Assignment, AssignmentStep, CallsDue, OrderChange
from rescue_app.dispatch.rules import UNANSWERED, HopKind, StepKind, derive
from tests.faults import checks, members
from tests.faults.people import Night

KEPT = ("state", "state_at", "answered_at", "answer_name", "answer_phone", "answer_note")
SHUFFLE = Random(1)


def unlike_logs(session: Session, night: Night) -> Iterator[str]:
    """Tell of hops and orders that are not what their logs add up to."""
    hops = checks.hops(session, night)
    logs = repository.logs(session, list(hops))
    for hop in hops.values():
        log = logs[hop.id] * 2
        SHUFFLE.shuffle(log)
        told = Assignment(began_at=hop.began_at)
        told.show(derive(log))
        for name in KEPT:
            if getattr(hop, name) != getattr(told, name):
                said = getattr(hop, name), getattr(told, name)
                yield f"hop {hop.id}: {name} is {said[0]}, its log says {said[1]}"
    changes: dict[UUID, list[OrderChange]] = defaultdict(list)
    query = select(OrderChange).where(OrderChange.order_id.in_(night.orders))
    for change in session.scalars(query.order_by(OrderChange.made_at)):
        if change.hop_id is None:
            changes[change.order_id].append(change)
    for order in checks.orders(session, night):
        stands = OrderStanding.IN_FORCE
        for change in changes[order.id]:
            stands = BECOMES.get(ChangeKind(change.kind), stands)
            if change is changes[order.id][-1] and order.where != change.after["where"]:
                yield f"order {order.id} has other words than its last change"
        if order.standing != stands:
            yield f"order {order.id} is {order.standing}, its changes say {stands}"


def unlike_calls(session: Session, night: Night, now: datetime) -> Iterator[str]:
    """Tell of ladders and rungs that are not what the calls' logs add up to."""
    calls = checks.calls(session, night)
    rungs: dict[UUID, list[CallRung]] = defaultdict(list)
    for rung in session.scalars(select(CallRung).where(CallRung.call_id.in_(calls))):
        rungs[rung.ladder_id].append(rung)
    events: dict[UUID, list[Event]] = defaultdict(list)
    for e in session.scalars(select(CallEvent).where(CallEvent.call_id.in_(calls))):
        told = Event(e.id, EventKind(e.kind), e.done_at, frozenset(e.rung_ids), e.next_step)
        events[e.call_id].append(told)
    for row in session.scalars(select(CallLadder).where(CallLadder.call_id.in_(calls))):
        mine, call = rungs[row.id], calls[row.call_id]
        ladder = Ladder(
            row.id, tuple(Rung(r.id, r.position, RungKind(r.kind), r.window_s) for r in mine)
        )
        SHUFFLE.shuffle(events[call.id])
        matter = Matter((ladder,), call.opened_at)
        stands = standing(matter, events[call.id] * 2, now).ladders[0]
        yield from _ladder(row, stands)
        yield from _rungs(mine, stands, call)
        if next_rung(ladder, stands, now) is not None:
            yield f"ladder {row.id} of {call.topic} was silent and nobody climbed it"
        yield from _too_early(mine, events[call.id])


def _ladder(row: CallLadder, stands: LadderStanding) -> Iterator[str]:
    told = {
        "state": stands.state,
        "position": max(stands.position, 0),
        "due_at": stands.due_at,
        "wakes_at": wakes_at(stands),
        "outcome_rung_id": stands.outcome.id if stands.outcome else None,
    }
    for name, said in told.items():
        if getattr(row, name) != said:
            yield f"ladder {row.id}: {name} is {getattr(row, name)}, its log says {said}"


def _rungs(mine: Sequence[CallRung], stands: LadderStanding, call: Call) -> Iterator[str]:
    known = {rung.id: rung for rung in mine}
    for each in stands.rungs:
        row = known[each.id]
        told = {f"{kind}_at": each.times.get(kind) for kind in RECEIPTS}
        told["answered_at"] = each.since
        kept = {name: getattr(row, name) for name in told}
        answer = each.answer.kind if each.answer else None
        if kept != told or row.answer != answer:
            yield f"rung {row.id} of {call.topic}: {kept} {row.answer}, its log: {told} {answer}"


def _too_early(mine: Sequence[CallRung], log: Sequence[Event]) -> Iterator[str]:
    """Nobody is called before those below him had their time, unless one of them said no.

    Who says no calls the next one at once; that he says yes afterwards does not take it back.
    """
    no = {rung for event in log if event.kind is EventKind.CANNOT for rung in event.rungs}
    called: dict[int, list[CallRung]] = defaultdict(list)
    for rung in mine:
        if rung.queued_at is not None:
            called[rung.position].append(rung)
    for position, here in called.items():
        for below in called.get(position - 1, ()):
            until = below.queued_at + timedelta(seconds=below.window_s)
            refused = any(rung.id in no for rung in called[position - 1])
            if not refused and below.kind and min(r.queued_at for r in here) < until:
                yield f"rung {here[0].id} was called before {below.name} had his time"


def moving(session: Session, night: Night) -> list[str]:
    """Give what is still going on: clocks that run, silent levels that nobody climbed yet."""
    calls = checks.calls(session, night)
    clocks = select(CallLadder).where(
        CallLadder.call_id.in_(calls), CallLadder.wakes_at.is_not(None)
    )
    found = [f"ladder {row.id} is {row.state}" for row in session.scalars(clocks)]
    due = select(CallsDue.order_id).where(CallsDue.order_id.in_(night.orders))
    found += [f"the calls of order {one} are not laid out" for one in session.scalars(due)]
    hops = checks.hops(session, night)
    parents = {hop.parent_id for hop in hops.values()}
    over = set(
        session.scalars(
            select(AssignmentStep.assignment_id).where(
                AssignmentStep.order_id.in_(night.orders),
                AssignmentStep.kind == StepKind.CLIMBED_OVER,
            )
        )
    )
    silent = select(Call.ref).join(CallLadder, CallLadder.call_id == Call.id)
    refs = set(
        session.scalars(silent.where(Call.id.in_(calls), CallLadder.state == LadderState.SILENT))
    )
    ended = {o.id for o in checks.orders(session, night) if o.standing == OrderStanding.ENDED}
    for hop in hops.values():
        waits = hop.state in UNANSWERED and hop.holder != HopKind.CREW and hop.id in refs
        if waits and hop.id not in parents | over and hop.order_id not in ended:
            found.append(f"hop {hop.id} of {hop.name} is silent and was not climbed over")
    return found


def faults(session: Session, night: Night, heard: dict[str, int]) -> list[str]:
    """Give everything that is not as it has to be."""
    return [
        *night.errors,
        *checks.lost(session, night),
        *checks.uncalled(session, night),
        *checks.invented(session, night),
        *checks.strangers(session, night),
        *checks.twice(session, night, heard),
        *checks.astray(session, night),
        *members.faults(session, night),
        *unlike_logs(session, night),
        *unlike_calls(session, night, datetime.now(UTC)),
        *moving(session, night),
    ]
