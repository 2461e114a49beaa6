"""Hands to the channels what was queued: per person, grouped, each matter once."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from gis.store.base import among
from hazards.calls import repository
from hazards.calls.channels import LivePage, Parcel, Person, Ways
from hazards.calls.grouping import LIMITS, Waiting, parcels
from hazards.calls.models import Call, CallLadder, CallMessage, CallRung
from hazards.calls.rules import CLOSED, EventKind, Urgency

HAND_OUT_LOCK = 0x59_54_43_41
"""Advisory lock: one worker hands out at a time, so that a person's messages are counted once."""
PEOPLE = 500
RUNGS = 5000
TO_HAND = (CallRung.queued_at.is_not(None), CallRung.handed_at.is_(None))
NO_WAY = "none"
DRILL_ZH, DRILL_EN = "【演练】", "DRILL: "
"""A message of a drill says so first: a lock screen and an SMS show nothing but their words."""

Recent = Mapping[UUID, Sequence[datetime]]
Covered = tuple[Parcel | None, list[CallRung]]
"""A message and the rungs that it speaks of; None for those changed in place."""


@dataclass(slots=True)
class Sent:
    """What left: rungs by the channel that has them, rungs by channels that hold them already."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    handed: dict[str, list[CallRung]] = field(default_factory=lambda: defaultdict(list))
    accepted: dict[str, list[CallRung]] = field(default_factory=lambda: defaultdict(list))


def hand_out(
    session: Session,
    *,
    now: datetime,
    ways: Ways,
    after: UUID | None = None,
) -> tuple[int, UUID | None]:
    """Send what may go to some people now; give how many messages left, and who comes next."""
    if not session.scalar(select(func.pg_try_advisory_xact_lock(HAND_OUT_LOCK))):
        return 0, None
    _drop_answered(session, now)
    waiting = _waiting_people(session, after)
    if not waiting:
        return 0, None
    people: dict[UUID, list[CallRung]] = defaultdict(list)
    for rung in _waiting(session, waiting):
        people[rung.person_id].append(rung)
    calls = repository.calls_by_id(session, {r.call_id for rungs in people.values() for r in rungs})
    recent, ringing = _recent(session, people, now), _ringing(session, people)
    made = [
        each for rungs in people.values() for each in _parcels(rungs, calls, recent, ringing, now)
    ]
    sent = _send(session, made, ways, now)
    _keep(session, sent, now)
    return len(sent.messages), waiting[-1]


def _send(session: Session, made: Sequence[Covered], ways: Ways, now: datetime) -> Sent:
    """Give each message to its channels; who has none is left to be telephoned."""
    found = ways.of(session, [parcel for parcel, _ in made if parcel], now=now)
    sent = Sent()
    for parcel, rungs in made:
        if parcel is None:
            changed = LivePage.name if rungs[0].account_id else NO_WAY
            sent.handed[changed] += rungs
            continue
        taken = [each for each in found[parcel.id] if each.send(session, parcel, now=now)]
        names = [channel.name for channel in found[parcel.id]]
        sent.handed[names[0] if names else NO_WAY] += rungs
        if names:
            sent.messages.append(_message(parcel, names[0], now))
        for channel in taken:
            sent.accepted[channel.name] += rungs
    return sent


def person_of(rung: CallRung) -> Person:
    """Give the person on a rung as channels know him."""
    return Person(rung.person_id, rung.name, rung.phone, rung.account_id, rung.area_path)


def _drop_answered(session: Session, now: datetime) -> None:
    """Who was answered for before his message left is not rung any more."""
    closed = select(CallRung.id).join(CallLadder, CallLadder.id == CallRung.ladder_id)
    closed = closed.where(*TO_HAND, CallLadder.state.in_(CLOSED))
    free = closed.with_for_update(of=CallRung, key_share=True, skip_locked=True).cte()
    session.execute(
        update(CallRung)
        .where(CallRung.id == free.c.id)
        .values(handed_at=now)
        .execution_options(synchronize_session=False)
    )


def _waiting_people(session: Session, after: UUID | None) -> list[UUID]:
    """People who wait for a message, a page of them: each with all that is for him."""
    query = select(CallRung.person_id).where(*TO_HAND).distinct().order_by(CallRung.person_id)
    if after is not None:
        query = query.where(CallRung.person_id > after)
    return list(session.scalars(query.limit(PEOPLE)))


def _waiting(session: Session, people: Collection[UUID]) -> Sequence[CallRung]:
    """What is to be handed to these people, oldest first.

    What an answer is just changing waits for the next second: nothing is waited for here, where
    rungs of many people are held at once.
    """
    query = (
        select(CallRung)
        .where(*TO_HAND, among(CallRung.person_id, people))
        .order_by(CallRung.queued_at, CallRung.id)
        .limit(RUNGS)
        .with_for_update(key_share=True, skip_locked=True)
    )
    return session.scalars(query).all()


def _recent(session: Session, people: Collection[UUID], now: datetime) -> Recent:
    query = select(CallMessage.person_id, CallMessage.sent_at).where(
        among(CallMessage.person_id, people), CallMessage.sent_at > now - LIMITS.span
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
            among(CallRung.person_id, people),
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
) -> list[Covered]:
    """Messages for one person with the rungs each covers."""
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
    changed = [rung for rung in rungs if rung.call_id in told]
    made: list[Covered] = [(None, changed)] if changed else []
    by_call: dict[UUID, list[CallRung]] = defaultdict(list)
    for rung in rungs:
        by_call[rung.call_id].append(rung)
    for matters in parcels(waiting, recent.get(person.id, ()), now=now):
        covered = [rung for matter in matters for rung in by_call[matter]]
        made.append((_parcel(person, [calls[matter] for matter in matters], covered), covered))
    return made


def _parcel(person: Person, calls: Sequence[Call], covered: Sequence[CallRung]) -> Parcel:
    # The same rungs give the same id: a gateway that is asked again knows it for a repeat.
    key = uuid5(person.id, ",".join(sorted(str(rung.id) for rung in covered)))
    return Parcel(
        key,
        person,
        [call.id for call in calls],
        [rung.id for rung in covered],
        [f"{DRILL_ZH}{call.text_zh}" if call.is_drill else call.text_zh for call in calls],
        [f"{DRILL_EN}{call.text_en}" if call.is_drill else call.text_en for call in calls],
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


def _keep(session: Session, sent: Sent, now: datetime) -> None:
    if sent.messages:
        session.execute(insert(CallMessage).inline(), sent.messages)
    for channel, rungs in sent.handed.items():
        session.execute(
            update(CallRung)
            .where(among(CallRung.id, [rung.id for rung in rungs]))
            .values(handed_at=now, channel=channel)
            .execution_options(synchronize_session=False)
        )
    kind = EventKind.ACCEPTED
    for channel, rungs in sent.accepted.items():
        ids = [rung.id for rung in rungs]
        rows = [
            {"id": uuid5(i, f"{kind}:{channel}"), "rung_id": i, "kind": kind, "channel": channel}
            for i in ids
        ]
        repository.add_program_events(session, rows, now)
        repository.note_accepted(session, ids, now)
