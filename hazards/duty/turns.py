"""Verbs of duty: begin a turn, hand it over, leave it. Nobody is off before somebody took over.

A hand-over is a call: who is to take over answers it, by whatever way it reached him. Until he
says yes the one before him has the duty, and is called himself where the other stays silent.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, may, require
from gis.errors import Conflict, Forbidden, Missing, Rejected
from gis.store import audit, notify
from gis.store.base import new_id
from hazards.calls import service as calls
from hazards.calls.drafts import CallDraft, Callee, Step
from hazards.calls.program import as_program
from hazards.calls.rules import EventKind, RungKind
from hazards.duty import shifts
from hazards.duty.models import DutyTurn, HandOver, Member, Unit

TOPIC = "hand_over"
NOTE_LENGTH = 200
LONGEST = timedelta(days=7)
HANDED, LEFT = "handed_over", "left"
NOT_ASKED_ANY_MORE = "改叫别人 · somebody else is asked"


@dataclass(frozen=True, slots=True)
class Offer:
    """Whom a turn is offered to, with what he has to know, and until when it is his."""

    turn_id: UUID
    to_member_id: UUID
    note: str = ""
    until: datetime | None = None
    id: UUID = field(default_factory=new_id)


def begin(
    session: Session, *, member_id: UUID, until: datetime | None, by: Actor, now: datetime
) -> DutyTurn:
    """Put somebody on duty at his unit."""
    member = session.get(Member, member_id)
    if member is None:
        raise Missing("There is no such person in your area.")
    require(by, Act.MANAGE_PEOPLE, member.area_path)
    _checked(until, now)
    if shifts.open_of(session, member_id) is not None:
        raise Conflict("{name} is on duty already.", name=member.name)
    turn = _turn(member, until, by.name, now)
    session.add(turn)
    session.flush()  # the index knows one open turn for each person
    _tell(session, turn, "begun")
    return turn


def offer(session: Session, offered: Offer, *, by: Actor, now: datetime) -> HandOver:
    """Offer a turn to somebody of the unit; he is called, and his yes moves the duty."""
    turn = _open_turn(session, offered.turn_id)
    _may_end(turn, by)
    _checked(offered.until, now)
    with as_program(session):
        member = session.get(Member, offered.to_member_id)
        unit = session.get_one(Unit, turn.unit_id)
        giver = session.get_one(Member, turn.member_id)
        if member is None or member.unit_id != turn.unit_id:
            raise Rejected("Hand over to somebody of the same unit.")
        if shifts.open_of(session, member.id) is not None:
            raise Rejected("{name} is on duty already.", name=member.name)
        if shifts.waiting(session, turn.id) is not None:
            raise Conflict("This duty is offered to somebody already. Wait for the answer.")
        made = _hand_over(offered, turn, member, by, now)
        session.add(made)
        _call(session, made, unit, giver, member, now)
    _tell(session, turn, "offered")
    return made


def heard(
    session: Session, *, ref: UUID, person_id: UUID, says: EventKind, why: str, now: datetime
) -> None:
    """Move the duty when he who is to take over said yes; nobody else's word does."""
    with as_program(session):
        made = session.get(HandOver, ref, with_for_update=True)
        if made is None or made.answer is not None or made.to_person_id != person_id:
            return
        turn = session.get_one(DutyTurn, made.turn_id, with_for_update=True)
        made.answer, made.answered_at, made.why = says, now, why
        if says is EventKind.YES and turn.ended_at is None:
            turn.ended_at, turn.ended_how = now, HANDED
            session.flush()  # his turn ends before the other's begins
            member = session.get_one(Member, made.to_member_id)
            if shifts.open_of(session, member.id) is None:
                session.add(_turn(member, made.until, turn.name, now))
        _tell(session, turn, "handed_over" if says is EventKind.YES else "refused")


def leave(session: Session, turn_id: UUID, *, why: str, by: Actor, now: datetime) -> None:
    """End a turn that nobody took over: it is shown until somebody is there."""
    turn = _open_turn(session, turn_id)
    _may_end(turn, by)
    if not why.strip():
        raise Rejected("Say why nobody takes over: the centre sees it.")
    with as_program(session):
        turn.ended_at, turn.ended_how = now, LEFT
        turn.ended_why = why.strip()[:NOTE_LENGTH]
        _ask_no_more(session, turn, why=turn.ended_why, by=by, now=now)
    _tell(session, turn, LEFT)


def take_back(session: Session, turn_id: UUID, *, by: Actor, now: datetime) -> None:
    """Wait no longer for who was asked to take over: another can be asked."""
    turn = _open_turn(session, turn_id)
    _may_end(turn, by)
    with as_program(session):
        _ask_no_more(session, turn, why=NOT_ASKED_ANY_MORE, by=by, now=now)
    _tell(session, turn, "taken_back")


def _ask_no_more(session: Session, turn: DutyTurn, *, why: str, by: Actor, now: datetime) -> None:
    waits = shifts.waiting(session, turn.id)
    if waits is not None:
        waits.answer, waits.answered_at = EventKind.OVER, now
        calls.cancel(session, topic=TOPIC, refs=[waits.id], why=why, by=by, now=now)


def _call(
    session: Session, made: HandOver, unit: Unit, giver: Member, member: Member, now: datetime
) -> None:
    note = f"：{made.note}" if made.note else ""
    note_en = f": {made.note}" if made.note else ""
    steps = (
        Step(RungKind.FIRST, (_callee(member),)),
        Step(RungKind.BY_HAND, (_callee(giver),)),
    )
    draft = CallDraft(
        topic=TOPIC,
        ref=made.id,
        area_path=made.area_path,
        opener_path=unit.area_path,
        opener_name=giver.name,
        ladder=steps,
        text_zh=f"接班：{unit.name}，由{giver.name}交给{member.name}{note}",
        text_en=f"Take over: {unit.name_en}, from {giver.name} to {member.name}{note_en}",
        page="/reach",
    )
    calls.open_call(session, draft, now=now)


def _callee(member: Member) -> Callee:
    return Callee(
        member.name,
        member.area_path,
        member.post,
        member.phone,
        member_id=member.id,
        account_id=member.account_id,
    )


def _turn(member: Member, until: datetime | None, by_name: str, now: datetime) -> DutyTurn:
    return DutyTurn(
        unit_id=member.unit_id,
        member_id=member.id,
        account_id=member.account_id,
        name=member.name,
        area_path=member.area_path,
        since=now,
        until=until,
        begun_by_name=by_name,
    )


def _hand_over(
    offered: Offer, turn: DutyTurn, member: Member, by: Actor, now: datetime
) -> HandOver:
    return HandOver(
        id=offered.id,
        turn_id=turn.id,
        to_member_id=member.id,
        to_person_id=member.account_id or member.id,
        to_name=member.name,
        area_path=turn.area_path,
        note=offered.note.strip()[:NOTE_LENGTH],
        until=offered.until,
        offered_by_name=by.name,
        offered_at=now,
    )


def _open_turn(session: Session, turn_id: UUID) -> DutyTurn:
    turn = session.get(DutyTurn, turn_id)
    if turn is None:
        raise Missing("There is no such duty in your area.")
    if turn.ended_at is not None:
        raise Conflict("This duty is over already. Reload the page.")
    return turn


def _may_end(turn: DutyTurn, by: Actor) -> None:
    if turn.account_id != by.id and not may(by, Act.MANAGE_PEOPLE, turn.area_path):
        raise Forbidden("Who is on duty hands it over, or a commander of the area.")


def _checked(until: datetime | None, now: datetime) -> None:
    if until is not None and not now < until <= now + LONGEST:
        raise Rejected("A turn ends later than now, and within seven days.")


def _tell(session: Session, turn: DutyTurn, what: str) -> None:
    area = turn.area_path
    audit.record(session, act=f"duty.{what}", subject=turn.id, area_path=area, name=turn.name)
    notify.announce(session, topic="duty", kind=what, ref=turn.id, area_path=area)
