"""Ask for a job, watch it, stop it; and what the worker notes down about it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.errors import Conflict, Missing, PlatformError
from gis.store.notify import announce
from rescue_app.jobs import repository, rules
from rescue_app.jobs.models import Job
from rescue_app.jobs.rules import Cancelled, JobState

FAILED = "The job stopped because of a fault on our side. Nothing of its last step was kept."
GIVEN_UP = "The job was given up: the worker died each time it ran."


def enqueue(session: Session, kind: str, *, by: Actor, **args: object) -> Job:
    """Ask for a job within the caller's transaction; it starts after the commit."""
    job = Job(
        kind=kind,
        area_path=by.area_path,
        owner_id=by.id,
        owner_role=by.role,
        args=args,
        state=JobState.QUEUED,
    )
    session.add(job)
    session.flush()  # the queue needs job.id
    job.queue_id = repository.defer(session, job.id)
    _tell(session, job)
    return job


def visible(session: Session, job_id: UUID) -> Job:
    """Give a job, or raise Missing for what the actor may not see."""
    job = repository.by_id(session, job_id)
    if job is None:
        raise Missing("There is no such job. It may have been removed; go back to the list.")
    return job


def followed(session: Session, job_id: UUID | None) -> tuple[Job | None, bool]:
    """Give the job that something waits for, where the reader may see it, and if it goes on."""
    job = repository.by_id(session, job_id) if job_id else None
    return job, job is not None and job.state not in rules.OVER


def lost_until(session: Session, job: Job | None, *, now: datetime) -> datetime | None:
    """Give when a job whose worker was lost is taken up again; nothing while all is well."""
    if job is None or job.state != JobState.RUNNING or job.queue_id is None:
        return None
    found = repository.heard_at(session, job.queue_id)
    return None if found is None else rules.taken_up_by(found[0], now=now)


def cancel(session: Session, *, job_id: UUID, now: datetime) -> Job:
    """Stop a job: at once when it waits, at its next step when it runs."""
    visible(session, job_id)
    job = repository.locked(session, job_id)
    if job is None or job.state in rules.OVER:
        raise Conflict("This job is over already. Look at its result.")
    job.cancel_asked = True
    if job.queue_id is not None:
        repository.withdraw(session, job.queue_id)
    if job.state == JobState.QUEUED:
        job.state, job.finished_at = JobState.CANCELLED, now
    _tell(session, job)
    return job


def begin(session: Session, job: Job, *, now: datetime) -> bool:
    """Note that a worker took the job; False when it is not to be run (any more)."""
    if job.state in rules.OVER:
        return False
    job.attempts += 1
    job.started_at, job.state = now, JobState.RUNNING
    if job.attempts > rules.ATTEMPTS_ALLOWED:
        job.state, job.message, job.finished_at = JobState.FAILED, GIVEN_UP, now
    _tell(session, job)
    return job.state == JobState.RUNNING


def report(session: Session, job: Job, *, done: int, total: int | None, message: str) -> None:
    """Note how far the job is; raise Cancelled when somebody asked to stop it."""
    if job.cancel_asked:
        raise Cancelled
    job.done, job.total = done, total
    if message:
        job.message, job.message_values = message, {}
    _tell(session, job)


def put_back(session: Session, job: Job) -> None:
    """Note that the worker had to end and the job waits for another; that is not its fault."""
    job.state, job.attempts = JobState.QUEUED, job.attempts - 1
    _tell(session, job)


def finish(
    session: Session,
    job: Job,
    *,
    failure: BaseException | None,
    result_ref: str | None,
    now: datetime,
) -> None:
    """Note how the job ended, in words for whoever asked for it."""
    job.state, job.finished_at, job.result_ref = rules.state_after(failure), now, result_ref
    if isinstance(failure, PlatformError):
        job.message = failure.text
        job.message_values = {key: str(value) for key, value in failure.values.items()}
    elif job.state == JobState.FAILED:
        job.message, job.message_values = FAILED, {}
    _tell(session, job)


def _tell(session: Session, job: Job) -> None:
    announce(session, topic="job", kind=job.state, ref=job.id, area_path=job.area_path)
