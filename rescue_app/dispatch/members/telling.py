"""What a member says about his part: his answer, how far he is, that he heard a change."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Conflict, Missing, PlatformError
from gis.store import audit
from gis.store.notify import announce
from gis.store.scope import SYSTEM, Scope
from gis.store.together import Deed, write_each
from hazards.calls.program import as_program
from rescue_app.dispatch import repository as orders
from rescue_app.dispatch.drafts import StepDraft
from rescue_app.dispatch.members import calling, giver, repository
from rescue_app.dispatch.members.models import MemberNotice, MemberPart, MemberStep
from rescue_app.dispatch.members.rules import checked_word
from rescue_app.dispatch.models import Assignment
from rescue_app.dispatch.rules import derive, plausible
from rescue_app.dispatch.telling import Telling, alone

TOPIC = "order"
Outcome = MemberPart | PlatformError


def tell(
    session: Session, *, part_id: UUID, step: StepDraft, by: Actor, now: datetime
) -> MemberPart:
    """Add a line to a member's log: his own word, or what who gives parts enters for him."""
    return alone(session, Telling(part_id, step, by, now), by_all=tell_all)


def tell_all(session: Session, tellings: Sequence[Telling]) -> list[Outcome]:
    """Keep what people say of parts, each for himself, as of hops.

    Called in the SYSTEM scope; each line is written in that of who says it.
    """
    parts = repository.locked_all(session, {one.about for one in tellings})
    hops = orders.hops(session, {part.assignment_id for part in parts.values()})
    notices = repository.notices(session, {n for one in tellings if (n := one.step.notice_id)})
    checked = [_checked(session, one, parts.get(one.about), hops, notices) for one in tellings]
    said = [one for one in checked if isinstance(one, calling.Said)]
    known = _write(session, [(one, Scope.of(one.by)) for one in said])
    return [_outcome(one, known) for one in checked]


def _checked(
    session: Session,
    telling: Telling,
    part: MemberPart | None,
    hops: Mapping[UUID, Assignment],
    notices: Mapping[UUID, MemberNotice],
) -> calling.Said | PlatformError:
    """Give what is to be written, or why it is refused; missing comes before forbidden."""
    step, by = telling.step, telling.by
    hop = hops.get(part.assignment_id) if part else None
    try:
        if part is None or hop is None or not giver.sees(by, hop):
            raise Missing("There is no such part in your area.")
        if part.account_id == by.id:
            require(by, Act.ANSWER_ORDER, part.area_path)
            step = replace(step, how=None)
        elif giver.may_give(session, hop, by):
            step = replace(step, entered_by=by.name)
        else:
            raise Missing(
                "There is no such part for you. Its member and his leader speak about it."
            )
        return _said(part, step, notices, by=by, at=telling.at)
    except PlatformError as refusal:
        return refusal


def _said(
    part: MemberPart,
    step: StepDraft,
    notices: Mapping[UUID, MemberNotice],
    *,
    by: Actor,
    at: datetime,
) -> calling.Said:
    notice = notices.get(step.notice_id) if step.notice_id else None
    about = notice.id if notice and notice.part_id == part.id else None
    note = checked_word(step, about_change=about is not None)
    done_at = plausible(step.done_at, hop_began=part.began_at, arrived_at=at)
    return calling.Said(part, replace(step, note=note, done_at=done_at, notice_id=about), by, at)


def keep(
    session: Session,
    part: MemberPart,
    step: StepDraft,
    *,
    by: Actor,
    now: datetime,
    on_call: bool = False,
) -> None:
    """Write a line that the program came to know of: by a call (which heard it), or by a place."""
    with as_program(session):
        notices = repository.notices(session, [step.notice_id] if step.notice_id else [])
        said = _said(part, step, notices, by=by, at=now)
        # A member without an account writes nothing through his own eyes.
        known = _write(session, [(said, SYSTEM if on_call else Scope.of(by))], on_call=on_call)
    outcome = _outcome(said, known)
    if isinstance(outcome, PlatformError):
        raise outcome


def _write(
    session: Session, lines: Sequence[tuple[calling.Said, Scope]], *, on_call: bool = False
) -> dict[UUID, MemberStep]:
    """Write checked lines and bring parts, notices, calls and live pages to where they put them.

    Give the lines that were there already under such a number.
    """
    deeds = [Deed(eyes, repository.line(said.part, said.step, said.at)) for said, eyes in lines]
    wrote = write_each(session, repository.ADD_STEP, deeds)
    fresh = [said for (said, _), is_new in zip(lines, wrote, strict=True) if is_new]
    settle(session, {said.part.id: said.part for said in fresh}.values())
    repository.show_answers(session, {n for said in fresh if (n := said.step.notice_id)})
    if not on_call:
        calling.hear(session, fresh)
    for said in fresh:
        spread(session, said.part, said.step.kind, by=said.by)
    old = [said.step.id for (said, _), is_new in zip(lines, wrote, strict=True) if not is_new]
    return repository.steps(session, old)


def _outcome(one: calling.Said | PlatformError, known: Mapping[UUID, MemberStep]) -> Outcome:
    if isinstance(one, PlatformError):
        return one
    line = known.get(one.step.id)
    if line is not None and (line.part_id, line.kind) != (one.part.id, one.step.kind):
        return Conflict("This step's number is taken. Reload the page and press again.")
    return one.part


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
