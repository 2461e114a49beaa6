"""What a member says about his part: his answer, how far he is, that he heard a change."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, Role, may, require, within
from gis.errors import Conflict, Missing
from gis.store import audit
from gis.store.notify import announce
from hazards.calls.drafts import AnswerDraft
from hazards.calls.program import as_program
from hazards.calls.rules import EventKind
from rescue_app.dispatch import repository as orders
from rescue_app.dispatch.drafts import StepDraft
from rescue_app.dispatch.members import calling, repository
from rescue_app.dispatch.members.models import MemberPart
from rescue_app.dispatch.members.rules import checked_word
from rescue_app.dispatch.models import Assignment
from rescue_app.dispatch.rules import UNANSWERED, How, StepKind, derive, plausible

TOPIC = "order"


def tell(
    session: Session, *, part_id: UUID, step: StepDraft, by: Actor, now: datetime
) -> MemberPart:
    """Add a line to a member's log: his own word, or what who gives parts enters for him."""
    part = repository.locked(session, part_id)
    if part is None:
        raise Missing("There is no such part in your area.")
    if part.account_id == by.id:
        require(by, Act.ANSWER_ORDER, part.area_path)
        keep(session, part, replace(step, how=None), by=by, now=now)
    else:
        _require_giver(session, part, by)
        keep(session, part, replace(step, entered_by=by.name), by=by, now=now)
    return part


def _require_giver(session: Session, part: MemberPart, by: Actor) -> None:
    hop = orders.hop(session, part.assignment_id)
    if hop is None or not may_give(session, hop, by):
        raise Missing("There is no such part for you. Its member and his leader speak about it.")


def may_give(session: Session, hop: Assignment, by: Actor) -> bool:
    """Tell whether this person gives members of a crew their parts and speaks for them."""
    if hop.crew_id is None:
        return False
    commands = may(by, Act.ISSUE_ORDER, hop.command_path) and within(hop.giver_path, by.area_path)
    return commands or leads(session, hop.crew_id, by)


def orders_now(session: Session, hop: Assignment, by: Actor, *, hold: bool = False) -> bool:
    """Tell whether who may give parts here has the crew still, or it was lent or came home since.

    What it has in hand it keeps, and he may take it back; more he does not give it.
    """
    if by.role is Role.CREW or hop.crew_id is None:
        return True
    with as_program(session):
        return repository.lent_to(session, hop.crew_id, hold=hold) == hop.lent_path


def require_orders(session: Session, hop: Assignment, by: Actor) -> None:
    """Refuse new work for a crew that works for somebody else by now."""
    if not orders_now(session, hop, by, hold=True):
        raise Conflict(
            "{name} works for somebody else now. You may take its parts back, not change them.",
            name=hop.name,
        )


def leads(session: Session, crew_id: UUID, by: Actor) -> bool:
    """Tell whether this person leads a crew; where no leader signs in, each of its seats does."""
    if by.role is not Role.CREW:
        return False
    signed = {one.account_id for one in repository.leaders(session, crew_id) if one.account_id}
    return by.id in signed or (not signed and bool(orders.seats(session, [by.id], [crew_id])))


def keep(
    session: Session,
    part: MemberPart,
    step: StepDraft,
    *,
    by: Actor,
    now: datetime,
    on_call: bool = False,
) -> None:
    """Write a checked line and bring part, notice, calls and live pages to where it puts them."""
    notice = repository.notice(session, step.notice_id)
    about = notice.id if notice and notice.part_id == part.id else None
    note = checked_word(step, about_change=about is not None)
    done_at = plausible(step.done_at, hop_began=part.began_at, arrived_at=now)
    step = replace(step, note=note, done_at=done_at, notice_id=about)
    if not repository.add_step_once(session, _row(part, step, now)):
        known = repository.step(session, step.id)
        if known is None or (known.part_id, known.kind) != (part.id, step.kind):
            raise Conflict("This step's number is taken. Reload the page and press again.")
        return
    settle(session, [part])
    if about is not None:
        repository.show_answer(session, about)
    if not on_call:
        calling.hear(session, part, step, by=by, now=now)
    spread(session, part, step.kind, by=by)


def settle(session: Session, parts: Collection[MemberPart]) -> None:
    """Rebuild what the logs add up to, from the first line on."""
    logs = repository.logs(session, [part.id for part in parts])
    for part in parts:
        part.show(derive(logs[part.id]))
    session.flush()  # through the eyes that read the logs


def spread(session: Session, part: MemberPart, kind: str, *, by: Actor) -> None:
    """Tell live pages and the audit log."""
    also = tuple({part.giver_path} - {part.area_path})
    announce(
        session, topic=TOPIC, kind=f"member_{kind}", ref=part.order_id,
        area_path=part.area_path, also=also,
    )  # fmt: skip
    audit.record_for(
        session, by.id, act=f"member.{kind}", subject=part.order_id, area_path=part.area_path,
        part=part.id,
    )  # fmt: skip


def hold(session: Session, topic: str, ref: UUID) -> MemberPart | None:
    """Hold the part that a call is about, before its ladders are: no deadlock."""
    if topic not in (calling.TOPIC, calling.CHANGE_TOPIC):
        return None
    with as_program(session):
        notice = repository.notice(session, ref) if topic == calling.CHANGE_TOPIC else None
        return repository.locked(session, notice.part_id if notice else ref)


def answered(
    session: Session,
    part: MemberPart,
    *,
    about: tuple[str, UUID],
    draft: AnswerDraft,
    person_id: UUID,
    by: Actor,
    now: datetime,
) -> None:
    """A call about a part was answered: if its own member spoke, the part hears it too."""
    if part.person_id != person_id:
        return
    notice_id = about[1] if about[0] == calling.CHANGE_TOPIC else None
    kind = _said(draft, part, notice_id)
    if kind is None:
        return
    note = draft.next_step if draft.says is EventKind.YES else draft.why
    step = StepDraft(uuid5(draft.id, "part"), kind, note, draft.done_at, notice_id=notice_id)
    if draft.taken_by is not None:
        step = replace(step, how=How(draft.taken_by), entered_by=by.name)
    with as_program(session):  # a member without an account writes nothing through his own eyes
        keep(session, part, step, by=by, now=now, on_call=True)


def _said(draft: AnswerDraft, part: MemberPart, notice_id: UUID | None) -> StepKind | None:
    """Give what an answer says about the part, or nothing where the part knows it already."""
    yes = draft.says is EventKind.YES
    if notice_id is not None:
        return StepKind.CHANGE_TAKEN if yes else StepKind.CANNOT
    if yes:
        return StepKind.ACCEPTED if part.state in (*UNANSWERED, StepKind.CANNOT) else None
    return StepKind.CANNOT if part.state in UNANSWERED else None


def _row(part: MemberPart, step: StepDraft, now: datetime) -> dict[str, Any]:
    """Give the line in the member's own name; who entered it for him stands beside it."""
    return {
        "id": step.id,
        "part_id": part.id,
        "order_id": part.order_id,
        "area_path": part.area_path,
        "kind": step.kind,
        "by_id": part.person_id,
        "by_name": part.name,
        "by_phone": part.phone,
        "done_at": step.done_at,
        "received_at": now,
        "place": step.place,
        "note": step.note,
        "how": step.how,
        "entered_by": step.entered_by,
        "notice_id": step.notice_id,
    }
