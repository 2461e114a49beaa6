"""SQL for jobs, and the two calls into the queue's own functions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from rescue_app.jobs.models import Job
from rescue_app.jobs.rules import OVER, JobState

TASK = "job"
DEFER = text(
    "SELECT unnest(procrastinate_defer_jobs_v1(ARRAY[ROW('default', :task, 0, NULL, NULL,"
    " jsonb_build_object('job_id', CAST(:job_id AS text)), NULL)::procrastinate_job_to_defer_v1]))"
)
WITHDRAW = text("SELECT procrastinate_cancel_job_v1(:queue_id, false, false)")

HELD = text("""
    SELECT CASE held.status WHEN 'doing' THEN worker.last_heartbeat END
    FROM procrastinate_jobs AS held
    LEFT JOIN procrastinate_workers AS worker ON worker.id = held.worker_id
    WHERE held.id = :queue_id AND held.status IN ('todo', 'doing')
""")


def heard_at(session: Session, queue_id: int) -> tuple[datetime | None] | None:
    """Tell when the worker that holds a job gave its last sign of life; nothing once it is over.

    Nothing is known of a worker that was struck off, or of whoever takes up the job next.
    """
    row = session.execute(HELD, {"queue_id": queue_id}).one_or_none()
    return None if row is None else (row[0],)


def defer(session: Session, job_id: UUID) -> int:
    """Put a job into the queue; workers hear of it at the commit. Give its number there."""
    number: int = session.execute(DEFER, {"task": TASK, "job_id": str(job_id)}).scalar_one()
    return number


def withdraw(session: Session, queue_id: int) -> None:
    """Take a job out of the queue, unless a worker has it already."""
    session.execute(WITHDRAW, {"queue_id": queue_id})


def by_id(session: Session, job_id: UUID) -> Job | None:
    """Find a job that the scope may see."""
    return session.get(Job, job_id)


def locked(session: Session, job_id: UUID) -> Job | None:
    """Find a job and hold its row until the transaction ends."""
    return session.get(Job, job_id, with_for_update=True)


def unfinished(session: Session, kind: str) -> list[Job]:
    """List the jobs of a kind that wait or run, as far as the scope sees them."""
    query = select(Job).where(Job.kind == kind, Job.state.not_in(OVER))
    return list(session.scalars(query.order_by(Job.id)))


def of_owner(session: Session, owner_id: UUID, *, limit: int) -> list[Job]:
    """List somebody's jobs, newest first."""
    query = select(Job).where(Job.owner_id == owner_id).order_by(Job.id.desc()).limit(limit)
    return list(session.scalars(query))


def oldest_waiting(session: Session) -> datetime | None:
    """Tell since when the longest waiting job waits."""
    query = select(func.min(Job.created_at)).where(Job.state == JobState.QUEUED)
    return session.scalar(query)
