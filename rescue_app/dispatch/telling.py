"""What is said about hops: answers, and how far crews are. One at a time, or many together.

Hops, seats and logs are read and the standing is kept as the program, for all at once; every
line of a log is written through the eyes of the person who says it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from shapely import to_wkb
from sqlalchemy.orm import Session

from gis.authority import COMMANDERS, Act, Actor, Role, require, within
from gis.errors import Conflict, Forbidden, Missing, PlatformError
from gis.store import audit
from gis.store.notify import announce
from gis.store.scope import SYSTEM, Scope, enter
from gis.store.together import Deed, write_each
from rescue_app.dispatch import changes_repository, laying, offering, repository
from rescue_app.dispatch.calling import Said
from rescue_app.dispatch.drafts import StepDraft, check_ahead
from rescue_app.dispatch.models import Assignment, AssignmentStep, ChangeNotice
from rescue_app.dispatch.rules import HopKind, StepKind, checked_step, derive, plausible

TOPIC = "order"
About = TypeVar("About")
"""What a word is about: a hop, or a member's part."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What one person says about one hop (or one member's part), and when it arrived.

    `phone` is his who has no account, and was called as one of the hop's own: the program writes.
    """

    about: UUID
    step: StepDraft
    by: Actor
    at: datetime
    phone: str | None = None


Outcome = Assignment | PlatformError


def tell(
    session: Session,
    *,
    hop_id: UUID,
    step: StepDraft,
    by: Actor,
    now: datetime,
    phone: str | None = None,
) -> Assignment:
    """Add a line to a hop's log: an answer, or how far a crew is. The same id counts once."""
    return alone(session, Telling(hop_id, step, by, now, phone), by_all=tell_all)


def alone(
    session: Session,
    telling: Telling,
    *,
    by_all: Callable[[Session, Sequence[Telling]], Sequence[About | PlatformError]],
) -> About:
    """Keep what one person says, by what keeps the words of many; raise what it is refused for."""
    session.flush()  # what waits is written through its own eyes
    enter(session, SYSTEM)
    (outcome,) = by_all(session, [telling])
    enter(session, Scope.of(telling.by))
    if isinstance(outcome, PlatformError):
        raise outcome
    return outcome


def tell_all(session: Session, tellings: Sequence[Telling]) -> list[Outcome]:
    """Keep what people say, each for himself: who is refused does not hold up the others.

    Called in the SYSTEM scope; each line is written in that of who says it.
    """
    hops = repository.locked_all(session, {telling.about for telling in tellings})
    crews = [hop.crew_id for hop in hops.values() if hop.crew_id]
    people = {telling.by.id for telling in tellings}
    seats = repository.seats(session, people, crews)
    phones = repository.phones_of(session, people)
    told = {telling.step.notice_id for telling in tellings if telling.step.notice_id}
    notices = changes_repository.notices(session, told)
    checked = [_checked(one, hops.get(one.about), seats, notices) for one in tellings]
    checked = [offering.named(session, one) for one in checked]
    said = [one for one in checked if isinstance(one, Said)]
    own = repository.givers_looks(session, [(o.hop, o.by.id) for o in said if _looks(o)])
    said = [one for one in said if (one.hop.id, one.by.id) not in own or not _looks(one)]
    wrote = write_each(session, repository.ADD_STEP, [_deed(one, phones) for one in said])
    lines = list(zip(said, wrote, strict=True))
    _make_known(session, [one for one, is_new in lines if is_new])
    repeated = repository.steps(session, [one.step.id for one, is_new in lines if not is_new])
    return [_outcome(one, repeated) for one in checked]


def _make_known(session: Session, fresh: Sequence[Said]) -> None:
    """Bring hops, calls, live pages and the audit log to where the new lines put them."""
    settle(session, {one.hop.id: one.hop for one in fresh}.values())
    changes_repository.show_answers(
        session, {one.step.notice_id for one in fresh if one.step.notice_id}
    )
    laying.hear(session, fresh)
    for one in fresh:
        paths = (one.hop.area_path, one.hop.giver_path)
        spread(session, one.hop.order_id, one.step.kind, hop=one.hop.id, paths=paths, by=one.by)


def holds(session: Session, by: Actor, hop: Assignment) -> bool:
    """Tell whether it is this person who answers for a hop: nobody answers for another."""
    return hop.id in held(session, by, [hop])


def held(session: Session, by: Actor, hops: Collection[Assignment]) -> set[UUID]:
    """Tell for which of these hops this person answers."""
    crews = [hop.crew_id for hop in hops if hop.crew_id] if by.role is Role.CREW else []
    seats = repository.seats(session, [by.id], crews)
    return {hop.id for hop in hops if _answers_for(by, hop, seats)}


def settle(session: Session, hops: Collection[Assignment]) -> None:
    """Rebuild what the logs add up to, from the first line on."""
    logs = repository.logs(session, [hop.id for hop in hops])
    for hop in hops:
        hop.show(derive(logs[hop.id]))
    session.flush()  # through the eyes that read the logs


def spread(
    session: Session, order_id: UUID, kind: str, *, hop: UUID, paths: tuple[str, ...], by: Actor
) -> None:
    """Tell live pages and the audit log."""
    first, *others = sorted(set(paths))
    announce(session, topic=TOPIC, kind=kind, ref=order_id, area_path=first, also=tuple(others))
    act = f"order.{kind}"
    audit.record_for(session, by.id, act=act, subject=order_id, area_path=first, hop=hop)


def _answers_for(by: Actor, hop: Assignment, seats: Collection[repository.Seat]) -> bool:
    if hop.holder == HopKind.CREW:
        return by.role is Role.CREW and (by.id, hop.crew_id) in seats
    return by.role in COMMANDERS and by.area_path == hop.area_path


def _checked(
    telling: Telling,
    hop: Assignment | None,
    seats: Collection[repository.Seat],
    notices: Mapping[UUID, ChangeNotice],
) -> Said | PlatformError:
    """Give what is to be written, or why it is refused; missing comes before forbidden."""
    step, by = telling.step, telling.by
    try:
        if hop is None or (telling.phone is None and not within(hop.area_path, by.area_path)):
            raise Missing("There is no such order in your area.")
        if telling.phone is None:
            require(by, Act.ANSWER_ORDER, hop.area_path)
            if not _answers_for(by, hop, seats):
                raise Forbidden(
                    "{name} answers for itself; nobody can do it in its place.", name=hop.name
                )
        notice = notices.get(step.notice_id) if step.notice_id else None
        about_change = notice is not None and notice.assignment_id == hop.id
        note = checked_step(
            step.kind,
            holder=HopKind(hop.holder),
            note=step.note,
            about_change=about_change,
            offers=step.offer is not None,
        )
        done_at = plausible(step.done_at, hop_began=hop.began_at, arrived_at=telling.at)
        check_ahead(step.offer.due_at if step.offer else None, now=done_at)
    except PlatformError as refusal:
        return refusal
    about = notice.id if notice else None
    told = replace(step, note=note, done_at=done_at, notice_id=about)
    return Said(hop, told, by, telling.at, phone=telling.phone)


def _looks(said: Said) -> bool:
    """Tell whether a page only says that it showed the order."""
    return said.step.kind in {StepKind.DELIVERED, StepKind.SEEN}


def _deed(said: Said, phones: Mapping[UUID, str]) -> Deed:
    hop, step, by = said.hop, said.step, said.by
    row = {
        "id": step.id,
        "assignment_id": hop.id,
        "order_id": hop.order_id,
        "area_path": hop.area_path,
        "kind": step.kind,
        "by_id": by.id,
        "by_name": by.name,
        "by_phone": said.phone or phones.get(by.id, ""),
        "done_at": step.done_at,
        "received_at": said.at,
        "place": None if step.place is None else to_wkb(step.place, hex=True),
        "note": step.note,
        "notice_id": step.notice_id,
        "how": step.how,
        "entered_by": step.entered_by,
        "via": step.via,
        "offer": said.offer,
    }
    return Deed(Scope.of(by) if said.phone is None else SYSTEM, row)


def _outcome(one: Said | PlatformError, repeated: Mapping[UUID, AssignmentStep]) -> Outcome:
    if isinstance(one, PlatformError):
        return one
    line = repeated.get(one.step.id)
    if line is not None and (line.assignment_id, line.kind) != (one.hop.id, one.step.kind):
        return Conflict("This step's number is taken. Reload the page and press again.")
    return one.hop
