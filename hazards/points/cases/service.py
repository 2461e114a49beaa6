"""Verbs of cases: opened, applied for, surveyed, reviewed, approved; or returned, or withdrawn."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.areas.rules import common_path
from gis.authority import Act, Actor, require
from gis.errors import Conflict, Rejected
from gis.store import audit, files, notify
from gis.store.base import new_id
from hazards.points.cases import applying, drafting, repository, rules
from hazards.points.cases.models import CaseStep, LedgerCase
from hazards.points.cases.rules import Kind, State, Step

FILES = "case_step"
"""Whose the files are that come with a step."""
BY_THE_PROGRAM = "—"


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says with a step. The same id twice is the same step once."""

    id: UUID = field(default_factory=new_id)
    opinion: str = ""
    file_ids: tuple[UUID, ...] = ()
    of_point: bool = False
    """Whether the files show the point itself and stay with it."""
    visited_on: date | None = None


def open_case(
    session: Session,
    *,
    id: UUID,  # noqa: A002 - the case's own id, made by whoever opens it
    kind: Kind,
    title: str,
    by: Actor,
    now: datetime,
    reason: str = "",
    report: str = "",
    ground: str | None = None,
    changes: dict[str, Any] | None = None,
    undoes_id: UUID | None = None,
) -> LedgerCase:
    """Open a case that waits for its drafts; the same id again is the same case once."""
    require(by, Act.EDIT_POINT, by.area_path)
    there = repository.find(session, id)
    if there is not None:
        return same(there, by=by, kind=kind)
    case = LedgerCase(
        id=id,
        kind=kind,
        state=State.OPEN,
        title=title.strip(),
        reason=reason.strip(),
        report=report.strip(),
        ground=ground,
        changes=changes,
        undoes_id=undoes_id,
        unit_path=by.area_path,
        area_path=by.area_path,
        author_id=by.id,
        author_name=by.name,
        opened_at=now,
        changed_at=now,
    )
    session.add(case)
    session.flush()  # its drafts need its row
    audit.record(session, act="case.opened", subject=id, area_path=case.unit_path, kind=kind)
    return case


def same(there: LedgerCase, *, by: Actor, kind: Kind) -> LedgerCase:
    """Hold that an id sent again means the same case."""
    if (there.author_id, there.kind) != (by.id, kind):
        raise Conflict("This case is there already, with another content. Load the page again.")
    return there


def in_hand(session: Session, case_id: UUID, *, by: Actor) -> LedgerCase:
    """Give a case that this person may still write on: his own, and with no office."""
    case = repository.visible(session, case_id, lock=True)
    if case.author_id != by.id or case.state not in rules.WITH_AUTHOR:
        raise Conflict("This case is no longer with its author. Load the page again.")
    return case


def apply(
    session: Session, *, case_id: UUID, by: Actor, now: datetime, said: Said | None = None
) -> LedgerCase:
    """Hand a case in; it says what the ledger says now, or it is refused."""
    return take(session, Step.APPLY, case_id=case_id, by=by, now=now, said=said or Said())


def survey(session: Session, *, case_id: UUID, by: Actor, now: datetime, said: Said) -> LedgerCase:
    """Say when somebody was there and what was found."""
    return take(session, Step.SURVEY, case_id=case_id, by=by, now=now, said=said)


def review(
    session: Session, *, case_id: UUID, by: Actor, now: datetime, said: Said | None = None
) -> LedgerCase:
    """Pass a case on to the city."""
    return take(session, Step.REVIEW, case_id=case_id, by=by, now=now, said=said or Said())


def approve(
    session: Session, *, case_id: UUID, by: Actor, now: datetime, said: Said | None = None
) -> LedgerCase:
    """Bring a case onto the ledger; if the ledger moved on meanwhile, the case goes back."""
    return take(session, Step.APPROVE, case_id=case_id, by=by, now=now, said=said or Said())


def send_back(
    session: Session, *, case_id: UUID, by: Actor, now: datetime, said: Said
) -> LedgerCase:
    """Give a case back to its author, with the reason."""
    return take(session, Step.SEND_BACK, case_id=case_id, by=by, now=now, said=said)


def withdraw(
    session: Session, *, case_id: UUID, by: Actor, now: datetime, said: Said | None = None
) -> LedgerCase:
    """End a case without a change of the ledger."""
    return take(session, Step.WITHDRAW, case_id=case_id, by=by, now=now, said=said or Said())


def carry_through(session: Session, *, case_id: UUID, by: Actor, now: datetime) -> LedgerCase:
    """Take all steps at once, as only the program itself may."""
    require(by, Act.APPROVE_POINT, "/")
    case = repository.visible(session, case_id)
    while case.state != State.APPROVED:
        step = rules.open_steps(repository.standing(session, case), by=by)[0]
        said = Said(opinion=BY_THE_PROGRAM, visited_on=day_of(now))
        take(session, step, case_id=case_id, by=by, now=now, said=said)
    return case


def take(
    session: Session,
    step: Step,
    *,
    case_id: UUID,
    by: Actor,
    now: datetime,
    said: Said,
    told: Callable[[int], None] | None = None,
) -> LedgerCase:
    """Take one step of a case, whoever comes second finds it taken.

    `told` hears how many points have come onto the ledger, portion by portion.
    """
    case = repository.visible(session, case_id, lock=True)
    before = repository.step(session, said.id)
    if before is not None:
        if (before.case_id, before.person_id) != (case_id, by.id):
            raise Conflict("This step was already taken with another content.")
        return case
    standing = repository.standing(session, case)
    rules.next_state(standing, step)
    rules.check_files(step, of_point=said.of_point)
    rules.check_turn(standing, step, by=by)
    opinion = rules.checked_opinion(
        step, said.opinion, visited_on=said.visited_on, today=day_of(now)
    )
    facts: dict[str, Any] = {"visited_on": said.visited_on} if said.visited_on else {}
    if step is Step.APPLY:
        hand_in(session, case, by=by)
    if step is Step.APPROVE:
        facts = old = what_is_old(session, case)
        step = Step.OUTDATE if old else step
    case.state, case.changed_at = rules.next_state(standing, step), now
    if step is Step.APPROVE:
        applying.write(session, case, now=now, told=told)
        tell_the_ledger(session, case)
    write(session, case, step, by=by, said=(said, opinion), facts=facts)
    return case


def hand_in(session: Session, case: LedgerCase, *, by: Actor) -> None:
    """Hold that a case has something to say, where its author may say it, of today's ledger."""
    if applying.count(session, case) == 0:
        raise Rejected("There is nothing in this case yet. Enter what is to change.")
    places = applying.areas_touched(session, case.id)
    case.area_path = common_path(places[0], places[-1])
    require(by, Act.EDIT_POINT, case.area_path)
    old = applying.outdated(session, case.id, limit=1)
    if old:
        raise Conflict(
            "{count} points changed on the ledger meanwhile, such as {name} by {who}:"
            " version {base} is now {version}. Open the draft, compare, and apply again.",
            count=old[0].total,
            name=old[0].name,
            who=old[0].changed_by_name,
            base=old[0].base_version,
            version=old[0].version,
        )
    no_number_taken(session, case)


def no_number_taken(session: Session, case: LedgerCase) -> None:
    """Hold that no other point has a number of this case."""
    taken = applying.taken_numbers(session, case.id)
    if taken:
        raise Rejected("Another point has the number {number}. Check it.", number=taken[0])


def what_is_old(session: Session, case: LedgerCase) -> dict[str, Any]:
    """Say what keeps a case from the ledger: states it left, numbers that others took."""
    old = applying.outdated(session, case.id)
    taken = applying.taken_numbers(session, case.id)
    if not old and not taken:
        return {}
    points = [
        {"point_id": o.point_id, "name": o.name, "base": o.base_version, "ledger": o.version}
        for o in old
    ]
    total = old[0].total if old else 0
    return {"outdated": points, "total": total, "taken": list(taken)}


def write(
    session: Session,
    case: LedgerCase,
    step: Step,
    *,
    by: Actor,
    said: tuple[Said, str],
    facts: dict[str, Any],
) -> None:
    """Append the step, and tell the audit log and live pages."""
    words, opinion = said
    if words.of_point and words.file_ids:
        drafting.add_files(session, case, words.file_ids, by=by)
    else:
        where = case.unit_path
        files.attach(session, words.file_ids, kind=FILES, ref=words.id, area_path=where, by=by)
    session.add(
        CaseStep(
            id=words.id,
            case_id=case.id,
            unit_path=case.unit_path,
            act=step,
            state=case.state,
            person_id=by.id,
            person_name=by.name,
            at=case.changed_at,
            opinion=opinion,
            file_ids=list(words.file_ids),
            facts=audit.plain(facts),
        )
    )
    where = case.unit_path
    audit.record(session, act=f"case.{step}", subject=case.id, area_path=where, state=case.state)
    notify.announce(session, topic="case", kind=step, ref=case.id, area_path=where)


KINDS = {
    Kind.ADD: "registered",
    Kind.CHANGE: "changed",
    Kind.BULK: "changed",
    Kind.REMOVE: "delisted",
}


def tell_the_ledger(session: Session, case: LedgerCase) -> None:
    """Log what the ledger gained, and tell live pages where."""
    kind = KINDS.get(Kind(case.kind), "imported")
    only = repository.only_draft(session, case.id)
    ref = only.point_id if only else case.id
    counts = {"new": case.count_new, "changed": case.count_changed, "removed": case.count_removed}
    first, *others = applying.areas_touched(session, case.id)
    audit.record(
        session, act=f"point.{kind}", subject=ref, area_path=case.area_path, case=case.id, **counts
    )
    notify.announce(session, topic="point", kind=kind, ref=ref, area_path=first, also=tuple(others))
