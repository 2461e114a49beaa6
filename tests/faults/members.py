"""What has to be true of members' parts when a night is over: each for himself, and to the end."""

from collections import Counter
from collections.abc import Iterator
from random import Random
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rescue_app.dispatch.changes import ENDING, OrderStanding
from rescue_app.dispatch.members import repository
from rescue_app.dispatch.members.models import MemberNotice, MemberPart, MemberStep
from rescue_app.dispatch.rules import StepKind, derive
from tests.faults import checks
from tests.faults.people import Night

KEPT = ("state", "state_at", "answered_at", "answer_note")
SHUFFLE = Random(1)


def faults(session: Session, night: Night) -> Iterator[str]:
    """Tell of everything that is not as it has to be."""
    query = select(MemberPart).where(MemberPart.order_id.in_(night.orders))
    parts = {part.id: part for part in session.scalars(query)}
    yield from _lost(session, night, parts)
    yield from _invented(session, night, parts)
    yield from _astray(session, night, parts)
    yield from _unlike_logs(session, parts)
    yield from _untold(session, parts)


def given(session: Session, night: Night) -> int:
    """Count the parts of tonight."""
    query = select(func.count()).where(MemberPart.order_id.in_(night.orders))
    return session.scalar(query.select_from(MemberPart)) or 0


def _lost(session: Session, night: Night, parts: dict[UUID, MemberPart]) -> Iterator[str]:
    query = select(MemberNotice.id).where(MemberNotice.part_id.in_(parts))
    notices = set(session.scalars(query))
    for deed in night.notes.deeds.values():
        if deed.kind == "part_given" and deed.heard:
            wanted = {uuid5(deed.id, one["member_id"]) for one in deed.body["members"]}
            if not wanted <= parts.keys():
                yield f"part {deed.id} was acknowledged and is lost"
        elif deed.kind == "part_changed" and deed.heard and deed.id not in notices:
            yield f"change {deed.id} of part {deed.about} was acknowledged and is lost"
        elif deed.kind == "part_taken_back" and deed.heard:
            part = parts.get(deed.about)
            if part is None or part.state not in checks.OVER:
                yield f"part {deed.about} was taken back, and is not"
    # Who said that he is done is free for another part, whatever he says of the first one later.
    through = select(MemberStep.part_id).where(MemberStep.kind == StepKind.DONE)
    free = set(session.scalars(through))
    live = (p for p in parts.values() if p.state not in checks.OVER and p.id not in free)
    given = Counter((part.assignment_id, part.member_id) for part in live)
    yield from (f"part {key} was given {n} times" for key, n in given.items() if n > 1)


def _invented(session: Session, night: Night, parts: dict[UUID, MemberPart]) -> Iterator[str]:
    said = checks.said_by(night)
    query = select(MemberStep).where(MemberStep.part_id.in_(parts))
    for line in session.scalars(query):
        if line.kind not in checks.BY_NOBODY and said.get(line.id) != line.by_id:
            yield f"nobody said {line.kind} {line.id} for {line.by_name}"
        if line.kind not in checks.BY_NOBODY and line.by_id != parts[line.part_id].account_id:
            yield f"{line.by_name} said {line.kind} for {parts[line.part_id].name}"


def _astray(session: Session, night: Night, parts: dict[UUID, MemberPart]) -> Iterator[str]:
    ended = {o.id for o in checks.orders(session, night) if o.standing == OrderStanding.ENDED}
    hops = checks.hops(session, night)
    for part in parts.values():
        over = hops[part.assignment_id].state == StepKind.WITHDRAWN or part.order_id in ended
        if over and part.state not in checks.OVER:
            yield f"part {part.id} of {part.name} is {part.state}, what is above it has ended"
    for call in checks.calls(session, night).values():
        gone = call.topic == "member" and parts[call.ref].state == StepKind.WITHDRAWN
        if gone and call.over_at is None:
            yield f"call {call.id} still rings about a part that was taken back"


def _unlike_logs(session: Session, parts: dict[UUID, MemberPart]) -> Iterator[str]:
    logs = repository.logs(session, list(parts))
    for part in parts.values():
        log = logs[part.id] * 2
        SHUFFLE.shuffle(log)
        told = MemberPart(began_at=part.began_at)
        told.show(derive(log))
        for name in KEPT:
            if getattr(part, name) != getattr(told, name):
                yield f"part {part.id}: {name} is {getattr(part, name)}, its log says otherwise"


def _untold(session: Session, parts: dict[UUID, MemberPart]) -> Iterator[str]:
    """A member whose part ended under him owes an answer, or had none to give; a notice counts as
    heard only by a line of his own."""
    query = select(MemberNotice).where(MemberNotice.part_id.in_(parts))
    notices = list(session.scalars(query))
    told = {notice.part_id for notice in notices if notice.kind in ENDING}
    heard = set(session.scalars(select(MemberStep.notice_id).where(MemberStep.part_id.in_(parts))))
    query_no = select(MemberStep.part_id).where(MemberStep.kind == StepKind.CANNOT)
    refused = set(session.scalars(query_no.where(MemberStep.part_id.in_(parts))))
    for part in parts.values():
        if part.state == StepKind.WITHDRAWN and part.id not in told | refused:
            yield f"{part.name} was not told that his part ended"
    for notice in notices:
        if (notice.answer is not None) != (notice.id in heard):
            yield f"notice {notice.id} is {notice.answer}, which nobody said"
