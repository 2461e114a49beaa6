"""How a feature declares a job, and what its function is given.

    @job("labels.sheet")
    def make_sheet(work: Work, *, asset_ids: list[str]) -> str:
        with work.unit() as session: ...
        work.progress(done=40, total=1031)
        return "file:…"  # where the result lies

A worker may be killed at any moment and another takes the job up again from its start, so a
job must not mind to be run twice.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM, Scope
from rescue_app.jobs import repository, service
from rescue_app.jobs.models import Job
from rescue_app.jobs.rules import Cancelled

REPORT_EVERY_S = 0.5
log = structlog.get_logger()
Function = Callable[..., str | None]
JOBS: dict[str, Function] = {}


class Interrupted(Exception):
    """The worker is told to end; the job goes back into the queue."""


def job(kind: str) -> Callable[[Function], Function]:
    """Declare the function that does this kind of job."""

    def declare(function: Function) -> Function:
        JOBS[kind] = function
        return function

    return declare


@dataclass
class Work:
    """One run of a job, as its function sees it."""

    id: UUID
    sessions: Sessions
    scope: Scope
    must_stop: Callable[[], bool]
    _reported_s: float = field(default=-REPORT_EVERY_S)

    def unit(self) -> AbstractContextManager[Session]:
        """Open a transaction with the eyes of whoever asked for the job."""
        return unit_of_work(self.sessions, self.scope)

    def progress(self, *, done: int, total: int | None = None, message: str = "") -> None:
        """Tell how far it is; leaves the job by an exception when it was cancelled."""
        if self.must_stop():
            raise Interrupted
        now_s = time.monotonic()
        if now_s - self._reported_s < REPORT_EVERY_S and done != total:
            return
        self._reported_s = now_s
        with unit_of_work(self.sessions, SYSTEM) as session:
            found = repository.locked(session, self.id)
            if found is None:
                raise Cancelled
            service.report(session, found, done=done, total=total, message=message)

    def heed(self) -> None:
        """Leave the job by an exception when it was cancelled: asked last before a commit."""
        with unit_of_work(self.sessions, SYSTEM) as session:
            found = repository.locked(session, self.id)
            if found is None or found.cancel_asked:
                raise Cancelled


def execute(sessions: Sessions, job_id: UUID, *, must_stop: Callable[[], bool]) -> None:
    """Run a job and note how it ended. Only Interrupted leaves this function."""
    taken = _take(sessions, job_id)
    if taken is None:
        return
    kind, args, scope = taken
    work = Work(job_id, sessions, scope, must_stop)
    failure: Exception | None = None
    result: str | None = None
    try:
        result = JOBS[kind](work, **args)
    except Interrupted:
        _note(sessions, job_id, service.put_back)
        raise
    except Exception as error:
        failure = error
        if not isinstance(error, Cancelled):
            log.exception("job.failed", kind=kind, job_id=str(job_id))
    now = datetime.now(UTC)
    ending = partial(service.finish, failure=failure, result_ref=result, now=now)
    _note(sessions, job_id, ending)


def _note(sessions: Sessions, job_id: UUID, note: Callable[[Session, Job], None]) -> None:
    with unit_of_work(sessions, SYSTEM) as session:
        found = repository.locked(session, job_id)
        if found is not None:
            note(session, found)


def _take(sessions: Sessions, job_id: UUID) -> tuple[str, dict[str, Any], Scope] | None:
    with unit_of_work(sessions, SYSTEM) as session:
        found = repository.locked(session, job_id)
        if found is None or not service.begin(session, found, now=datetime.now(UTC)):
            return None
        return found.kind, found.args, found.scope()
