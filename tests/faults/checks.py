"""What has to be true when a night is over, read from the tables by the database's owner."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.store.scope import PROGRAM
from hazards.calls.models import Call, CallEvent, CallRung
from rescue_app.channels.models import Delivery
from rescue_app.dispatch.changes import OrderStanding
from rescue_app.dispatch.members.models import MemberPart, MemberStep
from rescue_app.dispatch.models import Assignment, AssignmentStep, CallsDue, Order, OrderChange
from rescue_app.dispatch.rules import StepKind
from tests.faults.people import Night

OVER = frozenset({StepKind.WITHDRAWN, StepKind.DONE})
OF_PARTS = frozenset({"part_given", "part_changed", "part_taken_back"})
BY_NOBODY = frozenset({StepKind.QUEUED, StepKind.CLIMBED_OVER, StepKind.WITHDRAWN})
TOPICS = ("order", "order_change", "member", "member_change")
CHANGES = frozenset({"amended", "suspended", "resumed", "cancelled", "recalled", "taken_back"})
ALLOWED = frozenset({201, 204, 409})
"""Taken, or refused because the order ended or was changed meanwhile; nothing else may happen."""


def orders(session: Session, night: Night) -> list[Order]:
    """Orders of tonight."""
    return list(session.scalars(select(Order).where(Order.id.in_(night.orders))))


def hops(session: Session, night: Night) -> dict[UUID, Assignment]:
    """Hops of tonight."""
    query = select(Assignment).where(Assignment.order_id.in_(night.orders))
    return {hop.id: hop for hop in session.scalars(query)}


def calls(session: Session, night: Night) -> dict[UUID, Call]:
    """Calls about tonight's orders and their changes."""
    pages = [f"/orders/{order_id}" for order_id in night.orders]
    return {call.id: call for call in session.scalars(select(Call).where(Call.page.in_(pages)))}


def lost(session: Session, night: Night) -> Iterator[str]:
    """Tell of what was acknowledged and is not there."""
    deeds = night.notes.deeds
    steps = set(session.scalars(select(AssignmentStep.id).where(AssignmentStep.id.in_(deeds))))
    steps |= set(session.scalars(select(MemberStep.id).where(MemberStep.id.in_(deeds))))
    events = set(session.scalars(select(CallEvent.id).where(CallEvent.id.in_(deeds))))
    changes = set(session.scalars(select(OrderChange.id).where(OrderChange.id.in_(deeds))))
    given: dict[UUID | None, set[str]] = defaultdict(set)
    all_hops = hops(session, night)
    for hop in all_hops.values():
        name = f"crew:{hop.crew_id}" if hop.crew_id else f"unit:{hop.unit_id}"
        given[hop.parent_id or hop.order_id].add(name)
    for part in session.scalars(select(MemberPart).where(MemberPart.order_id.in_(night.orders))):
        above = all_hops[part.assignment_id]
        given[above.parent_id or above.order_id].add(f"member:{part.member_id}")
    for deed in deeds.values():
        if deed.status not in ALLOWED:
            yield f"{deed.kind} was answered {deed.status}: {deed.path} {deed.body}"
        if deed.kind in ("issued", "passed_down"):
            if deed.heard and not set(deed.body["targets"]) <= given[deed.about]:
                yield f"{deed.kind} {deed.id} was acknowledged, and a hop is missing"
        elif deed.kind in OF_PARTS:
            continue  # told by `members.lost`
        elif deed.heard and deed.id not in (changes if deed.kind in CHANGES else steps | events):
            yield f"{deed.kind} {deed.id} was acknowledged and is lost"


def uncalled(session: Session, night: Night) -> Iterator[str]:
    """Tell of hops about which nobody was called: their calls are laid out once they are out."""
    due = select(CallsDue.order_id).where(CallsDue.order_id.in_(night.orders))
    yield from (f"the calls of order {one} were not laid out" for one in session.scalars(due))
    called = {call.ref for call in calls(session, night).values() if call.topic == "order"}
    for hop in hops(session, night).values():
        if hop.id not in called:
            yield f"hop {hop.id} of {hop.name} called nobody"


def invented(session: Session, night: Night) -> Iterator[str]:
    """Tell of answers that nobody gave, and of people who count as answered without one."""
    said = said_by(night)
    own = hops(session, night)
    spoke: dict[UUID, set[str]] = defaultdict(set)
    query = select(AssignmentStep).where(AssignmentStep.order_id.in_(night.orders))
    for line in session.scalars(query):
        spoke[line.assignment_id].add(line.by_name)
        if line.kind not in BY_NOBODY and said.get(line.id) != line.by_id:
            yield f"nobody said {line.kind} {line.id} for {line.by_name}"
    for hop in own.values():
        if hop.answered_at is not None and hop.answer_name not in spoke[hop.id]:
            yield f"hop {hop.id} counts as answered by {hop.answer_name}, who said nothing"
    ids = list(calls(session, night))
    events = {e.id: e for e in session.scalars(select(CallEvent).where(CallEvent.call_id.in_(ids)))}
    for event in events.values():
        if event.kind in ("yes", "cannot") and said.get(event.id) != event.by_id:
            yield f"nobody said {event.kind} {event.id} for {event.by_name}"
    for rung in session.scalars(select(CallRung).where(CallRung.call_id.in_(ids))):
        answer = events.get(rung.answer_event_id) if rung.answer_event_id else None
        if rung.answer is not None and (answer is None or answer.person_id != rung.person_id):
            yield f"rung {rung.id} of {rung.name} counts as answered without his word"


def said_by(night: Night) -> dict[UUID, UUID]:
    """Who said what, by all numbers that one tap (or digit) leaves behind in the logs."""
    said: dict[UUID, UUID] = {}
    taps = [(deed.id, deed.by) for deed in night.notes.deeds.values()]
    for number, by in (*taps, *night.pressed.items()):
        for one in (number, uuid5(number, "hop"), uuid5(number, "part")):
            said |= dict.fromkeys((one, *(uuid5(one, topic) for topic in TOPICS)), by)
    return said


def twice(session: Session, night: Night, heard: Mapping[str, int]) -> Iterator[str]:
    """Tell of whom was told twice for one rung, and of hops that were given twice."""
    ids = list(calls(session, night))
    query = select(CallEvent.rung_ids).where(CallEvent.call_id.in_(ids), CallEvent.kind == "queued")
    called = Counter(rung for rungs in session.scalars(query) for rung in rungs)
    yield from (f"rung {rung} was called {n} times" for rung, n in called.items() if n > 1)
    told: dict[UUID, set[UUID]] = defaultdict(set)
    sent = list(session.scalars(select(Delivery).where(Delivery.call_ids.bool_op("&&")(ids))))
    for each in sent:
        for rung in each.rung_ids:
            told[rung].add(each.message_id)
    yield from (f"rung {rung} is in {len(m)} messages" for rung, m in told.items() if len(m) > 1)
    known = {str(each) for each in session.scalars(select(Delivery.id))}
    yield from (f"message {each} left without a row" for each in heard if each not in known)
    given = Counter(
        (hop.order_id, hop.parent_id, hop.unit_id, hop.crew_id)
        for hop in hops(session, night).values()
        if hop.state != StepKind.WITHDRAWN
    )
    yield from (f"hop {key} was given {n} times" for key, n in given.items() if n > 1)


def astray(session: Session, night: Night) -> Iterator[str]:
    """Tell of what goes on below something that was ended."""
    own = hops(session, night)
    ended = {o.id for o in orders(session, night) if o.standing == OrderStanding.ENDED}
    for hop in own.values():
        above = own.get(hop.parent_id) if hop.parent_id else None
        if hop.state in OVER:
            continue
        if hop.order_id in ended:
            yield f"hop {hop.id} of {hop.name} is {hop.state}, its order has ended"
        elif above is not None and above.state == StepKind.WITHDRAWN:
            yield f"hop {hop.id} of {hop.name} is {hop.state}, what is above it was taken back"
    gone = {hop.id for hop in own.values() if hop.state == StepKind.WITHDRAWN}
    for call in calls(session, night).values():
        if call.topic == "order" and call.ref in gone and call.over_at is None:
            yield f"call {call.id} still rings about a hop that was taken back"


def strangers(session: Session, night: Night) -> Iterator[str]:
    """Tell of lines that the program wrote in somebody's name."""
    query = select(AssignmentStep).where(
        AssignmentStep.order_id.in_(night.orders), AssignmentStep.by_id == PROGRAM.id
    )
    for line in session.scalars(query):
        if line.kind not in BY_NOBODY:
            yield f"the program said {line.kind} about hop {line.assignment_id}"
