"""Long work over HTTP: how far it is, and stop it. Pages hear of changes by the topic `job`."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel

from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.jobs import repository, service
from rescue_app.jobs.models import Job
from rescue_app.web.render import say

router = APIRouter(prefix="/api/v1/jobs", tags=["jobs"])
LIST_LIMIT = 50


class JobOut(BaseModel):
    """A job as its owner sees it; `message` is in the reader's language."""

    id: UUID
    kind: str
    state: str
    done: int
    total: int | None
    message: str
    result_ref: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


def shown(request: Request, job: Job) -> JobOut:
    """Show a job in the reader's language."""
    facts = {name: getattr(job, name) for name in JobOut.model_fields if name != "message"}
    message = say(request, job.message, **job.message_values) if job.message else ""
    return JobOut(message=message, **facts)


@router.get("")
def my_jobs(request: Request, db: Db, who: Who) -> list[JobOut]:
    """List my jobs, newest first."""
    return [shown(request, job) for job in repository.of_owner(db, who.id, limit=LIST_LIMIT)]


@router.get("/{job_id}")
def one_job(request: Request, db: Db, _: Who, job_id: UUID) -> JobOut:
    """Tell how far a job is."""
    return shown(request, service.visible(db, job_id))


@router.post("/{job_id}/cancel")
def cancel_job(request: Request, db: Db, _: Who, now: Now, job_id: UUID) -> JobOut:
    """Stop a job."""
    return shown(request, service.cancel(db, job_id=job_id, now=now))
