"""Large cases come onto the ledger, and are taken back, by a job; small ones at once.

A job works in one transaction and takes the very step that the request would have taken, under
the same id: killed in the middle it has changed nothing, and taken up again it takes it once.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Conflict, Missing
from gis.store import notify
from hazards.points.cases import proposing, repository, rules
from hazards.points.cases.models import LedgerCase
from hazards.points.cases.proposing import Ask
from hazards.points.cases.rules import Step
from hazards.points.cases.service import Said
from qr_codes.findings import pointing
from rescue_app.auth import repository as accounts
from rescue_app.jobs import service as jobs
from rescue_app.jobs.models import Job
from rescue_app.jobs.running import Work, job

APPROVE, UNDO = "case.approve", "case.undo"
MOST_AT_ONCE = 1_000
"""So many points are changed within the request; a page does not wait for more."""


def at_work(session: Session, case: LedgerCase) -> Job | None:
    """Give the job that a case waits for, if one is not over yet."""
    found, goes_on = jobs.followed(session, case.job_id)
    return found if goes_on else None


def take(
    session: Session, step: Step, *, case_id: UUID, by: Actor, now: datetime, said: Said
) -> LedgerCase:
    """Take a step of a case; the approval of a large one begins, and a job takes it."""
    case = repository.visible(session, case_id)
    if step is not Step.APPROVE or case.size <= MOST_AT_ONCE:
        hold_free(session, case)
        return pointing.take(session, step, case_id=case_id, by=by, now=now, said=said)
    case = repository.visible(session, case_id, lock=True)
    if repository.step(session, said.id) is not None or is_same(session, case, step_id=said.id):
        return case
    hold_free(session, case)
    standing = repository.standing(session, case)
    rules.next_state(standing, step)
    rules.check_turn(standing, step, by=by)
    files = [str(file_id) for file_id in said.file_ids]
    told = {"step_id": str(said.id), "opinion": said.opinion, "file_ids": files}
    return begin(session, case, APPROVE, by=by, **told)


def undo(session: Session, *, ask: Ask, undone_id: UUID) -> tuple[LedgerCase, bool]:
    """Apply for the states before a case; of a large one it gives the case itself, at work."""
    undone = repository.visible(session, undone_id, lock=True)
    there = repository.find(session, ask.case_id)
    if there is None and is_same(session, undone, undo_id=ask.case_id):
        return undone, False
    hold_free(session, undone)
    if there is not None or undone.size <= MOST_AT_ONCE:
        return proposing.undo(session, ask=ask, undone_id=undone_id)
    require(ask.by, Act.EDIT_POINT, undone.area_path)
    proposing.hold_undoable(session, undone)
    told = {"undo_id": str(ask.case_id), "reason": ask.reason}
    return begin(session, undone, UNDO, by=ask.by, **told), True


def begin(session: Session, case: LedgerCase, kind: str, *, by: Actor, **told: Any) -> LedgerCase:
    """Let a job do it, and tell live pages."""
    case.job_id = jobs.enqueue(session, kind, by=by, case_id=str(case.id), **told).id
    where = case.unit_path
    notify.announce(session, topic="case", kind="at_work", ref=case.id, area_path=where)
    return case


def is_same(session: Session, case: LedgerCase, **told: UUID) -> bool:
    """Tell whether a case is at work for this very wish: pressed twice it is one."""
    found = at_work(session, case)
    return found is not None and all(found.args.get(k) == str(v) for k, v in told.items())


def hold_free(session: Session, case: LedgerCase) -> None:
    """Hold that no job is at work on a case."""
    if at_work(session, case) is not None:
        raise Conflict("This case is being worked on. Wait until it is done, or stop it first.")


@job(APPROVE)
def approve(work: Work, *, case_id: str, step_id: str, opinion: str, file_ids: list[str]) -> str:
    """Bring a large case onto the ledger."""
    said = Said(UUID(step_id), opinion, tuple(UUID(file_id) for file_id in file_ids))
    with work.unit() as session:
        by, this = person(session, work), UUID(case_id)
        told = told_to(work, repository.visible(session, this).size)
        pointing.take(
            session, Step.APPROVE, case_id=this, by=by, now=datetime.now(UTC), said=said, told=told
        )
        session.flush()  # what is still to be written is part of the work
        work.heed()
    return f"case:{case_id}"


@job(UNDO)
def take_back(work: Work, *, case_id: str, undo_id: str, reason: str) -> str:
    """Draft the states before a large case, and apply for them."""
    with work.unit() as session:
        by, this = person(session, work), UUID(case_id)
        told = told_to(work, repository.visible(session, this).size)
        ask = Ask(UUID(undo_id), by, datetime.now(UTC), reason)
        undone = repository.visible(session, this)
        proposing.undo(session, ask=ask, undone_id=this, told=told)
        where = undone.unit_path
        notify.announce(session, topic="case", kind="undone", ref=this, area_path=where)
        session.flush()  # as above
        work.heed()
    return f"case:{undo_id}"


def person(session: Session, work: Work) -> Actor:
    """Give who asked for the job, as long as he may still sign in."""
    account = accounts.by_id(session, work.scope.actor_id)
    if account is None:
        raise Missing("Whoever asked for this may not sign in any more. Let somebody else do it.")
    return account.as_actor()


def told_to(work: Work, total: int) -> Callable[[int], None]:
    """Tell a job's progress by points."""
    done = 0

    def step_on(points: int) -> None:
        nonlocal done
        done += points
        work.progress(done=done, total=total)

    return step_on
