"""Hands to the channels what was queued: per person, grouped, each matter once."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from hazards.calls import repository
from hazards.calls.channels import Channel, Parcel, Person
from hazards.calls.grouping import LIMITS, Waiting, parcels
from hazards.calls.models import Call, CallLadder, CallMessage, CallRung
from hazards.calls.rules import CLOSED, EventKind, Urgency
from hazards.calls.settling import settle

HAND_OUT_LOCK = 0x59_54_43_41
"""Advisory lock: one worker hands out at a time, so that a person's messages are counted once."""
BATCH = 5000
NO_WAY = "none"

Recent = Mapping[UUID, Sequence[datetime]]


def hand_out(session: Session, *, now: datetime, channels: Sequence[Channel]) -> int:
    """Send what may go out now; give how many messages left."""
    if not session.scalar(select(func.pg_try_advisory_xact_lock(HAND_OUT_LOCK))):
        return 0
    people: dict[UUID, list[CallRung]] = defaultdict(list)
    for rung in _waiting(session):
        people[rung.person_id].append(rung)
    if not people:
        return 0
    calls = repository.calls_by_id(session, {r.call_id for rungs in people.values() for r in rungs})
    recent, ringing = _recent(session, people, now), _ringing(session, people)
    messages: list[dict[str, Any]] = []
    handed: dict[str, list[CallRung]] = defaultdict(list)
    for rungs in people.values():
        channel = next((c for c in channels if c.reaches(person_of(rungs[0]))), None)
        if channel is None:
            handed[NO_WAY] += rungs
            continue
        for parcel, covered in _parcels(rungs, calls, recent, ringing, now):
            if parcel is None or channel.send(session, parcel, now=now):
                handed[channel.name] += covered
            if parcel is not None:
                messages.append(_message(parcel, channel.name, now))
    _keep(session, handed, messages, now)
    return len(messages)


def person_of(rung: CallRung) -> Person:
    """Give the person on a rung as channels know him."""
    return Person(rung.person_id, rung.name, rung.phone, rung.account_id, rung.area_path)


def _waiting(session: Session) -> Sequence[CallRung]:
    """Rungs called and not handed out; of a ladder that was answered meanwhile nobody hears."""
    query = (
        select(CallRung)
        .join(CallLadder, CallLadder.id == CallRung.ladder_id)
        .where(
            CallRung.queued_at.is_not(None),
            CallRung.handed_at.is_(None),
            CallLadder.state.not_in(CLOSED),
        )
        .order_by(CallRung.queued_at, CallRung.id)
        .limit(BATCH)
    )
    return session.scalars(query).all()


def _recent(session: Session, people: Collection[UUID], now: datetime) -> Recent:
    query = select(CallMessage.person_id, CallMessage.sent_at).where(
        CallMessage.person_id.in_(people), CallMessage.sent_at > now - LIMITS.span
    )
    found: dict[UUID, list[datetime]] = defaultdict(list)
    for person_id, sent_at in session.execute(query):
        found[person_id].append(sent_at)
    return found


def _ringing(session: Session, people: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Matters in which a person was told already and still owes his answer."""
    query = (
        select(CallRung.person_id, CallRung.call_id)
        .join(CallLadder, CallLadder.id == CallRung.ladder_id)
        .where(
            CallRung.person_id.in_(people),
            CallRung.handed_at.is_not(None),
            CallRung.answered_at.is_(None),
            CallLadder.state.not_in(CLOSED),
        )
    )
    return {(row[0], row[1]) for row in session.execute(query)}


def _parcels(
    rungs: Sequence[CallRung],
    calls: Mapping[UUID, Call],
    recent: Recent,
    ringing: Collection[tuple[UUID, UUID]],
    now: datetime,
) -> list[tuple[Parcel | None, list[CallRung]]]:
    """Messages for one person with the rungs each covers; None for those changed in place."""
    person = person_of(rungs[0])
    waiting = [
        Waiting(
            rung.call_id,
            Urgency(calls[rung.call_id].urgency),
            rung.queued_at or now,
            (person.id, rung.call_id) in ringing,
        )
        for rung in rungs
    ]
    told = {each.matter for each in waiting if each.ringing}
    made: list[tuple[Parcel | None, list[CallRung]]] = [
        (None, [rung for rung in rungs if rung.call_id in told])
    ]
    for matters in parcels(waiting, recent.get(person.id, ()), now=now):
        covered = [rung for rung in rungs if rung.call_id in set(matters)]
        made.append((_parcel(person, [calls[matter] for matter in matters], covered), covered))
    return made


def _parcel(person: Person, calls: Sequence[Call], covered: Sequence[CallRung]) -> Parcel:
    # The same rungs give the same id: a gateway that is asked again knows it for a repeat.
    key = uuid5(person.id, ",".join(sorted(str(rung.id) for rung in covered)))
    return Parcel(
        key,
        person,
        [call.id for call in calls],
        [call.text_zh for call in calls],
        [call.text_en for call in calls],
        calls[0].urgency,
    )


def _message(parcel: Parcel, channel: str, now: datetime) -> dict[str, Any]:
    return {
        "id": parcel.id,
        "person_id": parcel.person.id,
        "channel": channel,
        "sent_at": now,
        "matters": len(parcel.call_ids),
        "area_path": parcel.person.area_path,
    }


def _keep(
    session: Session,
    handed: Mapping[str, Sequence[CallRung]],
    messages: Sequence[dict[str, Any]],
    now: datetime,
) -> None:
    if messages:
        session.execute(insert(CallMessage).inline(), messages)
    for channel, rungs in handed.items():
        if not rungs:
            continue
        ids = [rung.id for rung in rungs]
        session.execute(
            update(CallRung)
            .where(CallRung.id.in_(ids))
            .values(handed_at=now, channel=channel)
            .execution_options(synchronize_session=False)
        )
        if channel != NO_WAY:
            kind = EventKind.ACCEPTED
            rows = [
                {"id": uuid5(i, kind), "rung_id": i, "kind": kind, "channel": channel} for i in ids
            ]
            repository.add_program_events(session, rows, now)
    accepted = [rung for name, rungs in handed.items() if name != NO_WAY for rung in rungs]
    settle(session, {rung.ladder_id for rung in accepted}, now)
