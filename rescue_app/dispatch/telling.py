"""What is said about hops: answers, and how far crews are. One at a time, or many together.

Hops, seats and logs are read and the standing is kept as the program, for all at once; every
line of a log is written through the eyes of the person who says it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shapely import to_wkb
from sqlalchemy.orm import Session

from gis.authority import COMMANDERS, Act, Actor, Role, require, within
from gis.errors import Conflict, Forbidden, Missing, PlatformError
from gis.store import audit
from gis.store.notify import announce
from gis.store.scope import SYSTEM, Scope, enter
from gis.store.together import Deed, write_each
from rescue_app.dispatch import calling, repository
from rescue_app.dispatch.calling import Said
from rescue_app.dispatch.drafts import StepDraft
from rescue_app.dispatch.models import Assignment, AssignmentStep
from rescue_app.dispatch.rules import HopKind, checked_step, derive, plausible

TOPIC = "order"


@dataclass(frozen=True, slots=True)
class Telling:
    """What one person says about one hop, and when it arrived."""

    hop_id: UUID
    step: StepDraft
    by: Actor
    at: datetime


Outcome = Assignment | PlatformError


def tell(
    session: Session, *, hop_id: UUID, step: StepDraft, by: Actor, now: datetime
) -> Assignment:
    """Add a line to a hop's log: an answer, or how far a crew is. The same id counts once."""
    session.flush()  # what waits is written through its own eyes
    enter(session, SYSTEM)
    (outcome,) = tell_all(session, [Telling(hop_id, step, by, now)])
    enter(session, Scope.of(by))
    if isinstance(outcome, PlatformError):
        raise outcome
    return outcome


def tell_all(session: Session, tellings: Sequence[Telling]) -> list[Outcome]:
    """Keep what people say, each for himself: who is refused does not hold up the others.

    Called in the SYSTEM scope; each line is written in that of who says it.
    """
    hops = repository.locked_all(session, {telling.hop_id for telling in tellings})
    crews = [hop.crew_id for hop in hops.values() if hop.crew_id]
    people = {telling.by.id for telling in tellings}
    seats = repository.seats(session, people, crews)
    phones = repository.phones_of(session, people)
    checked = [_checked(telling, hops.get(telling.hop_id), seats) for telling in tellings]
    said = [one for one in checked if isinstance(one, Said)]
    wrote = write_each(session, repository.ADD_STEP, [_deed(one, phones) for one in said])
    told = list(zip(said, wrote, strict=True))
    _make_known(session, [one for one, is_new in told if is_new])
    repeated = repository.steps(session, [one.step.id for one, is_new in told if not is_new])
    return [_outcome(one, repeated) for one in checked]


def _make_known(session: Session, fresh: Sequence[Said]) -> None:
    """Bring hops, calls, live pages and the audit log to where the new lines put them."""
    settle(session, {one.hop.id: one.hop for one in fresh}.values())
    calling.hear(session, fresh)
    for one in fresh:
        paths = (one.hop.area_path, one.hop.giver_path)
        spread(session, one.hop.order_id, one.step.kind, hop=one.hop.id, paths=paths, by=one.by)


def holds(session: Session, by: Actor, hop: Assignment) -> bool:
    """Tell whether it is this person who answers for a hop: nobody answers for another."""
    crews = [hop.crew_id] if hop.crew_id else []
    return _answers_for(by, hop, repository.seats(session, [by.id], crews))


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
    telling: Telling, hop: Assignment | None, seats: Collection[repository.Seat]
) -> Said | PlatformError:
    """Give what is to be written, or why it is refused; missing comes before forbidden."""
    step, by = telling.step, telling.by
    try:
        if hop is None or not within(hop.area_path, by.area_path):
            raise Missing("There is no such order in your area.")
        require(by, Act.ANSWER_ORDER, hop.area_path)
        if not _answers_for(by, hop, seats):
            raise Forbidden(
                "{name} answers for itself; nobody can do it in its place.", name=hop.name
            )
        note = checked_step(step.kind, holder=HopKind(hop.holder), note=step.note)
        done_at = plausible(step.done_at, hop_began=hop.began_at, arrived_at=telling.at)
    except PlatformError as refusal:
        return refusal
    return Said(hop, StepDraft(step.id, step.kind, note, done_at, step.place), by, telling.at)


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
        "by_phone": phones.get(by.id, ""),
        "done_at": step.done_at,
        "received_at": said.at,
        "place": None if step.place is None else to_wkb(step.place, hex=True),
        "note": step.note,
    }
    return Deed(Scope.of(by), row)


def _outcome(one: Said | PlatformError, repeated: Mapping[UUID, AssignmentStep]) -> Outcome:
    if isinstance(one, PlatformError):
        return one
    line = repeated.get(one.step.id)
    if line is not None and (line.assignment_id, line.kind) != (one.hop.id, one.step.kind):
        return Conflict("This step's number is taken. Reload the page and press again.")
    return one.hop
