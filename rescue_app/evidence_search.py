"""A search over the records as a job: thousands of them take longer than a page waits."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Conflict
from hazards.evidence.rules import Asked
from rescue_app.case_jobs import person
from rescue_app.jobs import service as jobs
from rescue_app.jobs.models import Job
from rescue_app.jobs.repository import of_owner
from rescue_app.jobs.rules import OVER, JobState
from rescue_app.jobs.running import Work, job
from rescue_app.settings import Settings

if TYPE_CHECKING:
    from hazards.evidence.searching import Way

KIND = "evidence.search"
LOOKED_AT = 20
NOT_INSTALLED = "Dask is not installed here. Install it, or take YITONG_DASK_URL away."
SILENT = "The Dask scheduler {address} does not answer. Start it, or take YITONG_DASK_URL away."


def ask(session: Session, asked: Asked, *, by: Actor) -> Job:
    """Let a job search the records of one's area; its figures are checked at once."""
    require(by, Act.EDIT_POINT, by.area_path)
    return jobs.enqueue(session, KIND, by=by, figures=asked.checked().told())


def unfinished(session: Session, who: Actor, *, kind: str = KIND) -> list[Job]:
    """Give somebody's searches that are under way, or whose last one failed."""
    mine = [one for one in of_owner(session, who.id, limit=LOOKED_AT) if one.kind == kind]
    return [
        one for n, one in enumerate(mine)
        if one.state not in OVER or (n == 0 and one.state == JobState.FAILED)
    ]  # fmt: skip


@contextmanager
def searched_by(scheduler: str | None) -> "Iterator[Way]":
    """Search in this process, or on the workers of a Dask scheduler."""
    if scheduler is None:
        from hazards.evidence.searching import HERE  # noqa: PLC0415 - statistics are the job's

        yield HERE
        return
    try:
        from hazards.evidence import spread  # noqa: PLC0415 - only where it is installed
    except ModuleNotFoundError as missing:
        raise Conflict(NOT_INSTALLED) from missing
    with ExitStack() as stack:
        try:
            way = stack.enter_context(spread.over(scheduler))
        except OSError as silence:
            raise Conflict(SILENT, address=scheduler) from silence
        yield way


@job(KIND)
def search(work: Work, *, figures: dict[str, Any]) -> str:
    """Search with the eyes of whoever asked; its id is the job's, so that twice is once."""
    from hazards.evidence import searching  # noqa: PLC0415 - statistics are the job's

    with searched_by(Settings().dask_url) as way, work.unit() as session:
        by = person(session, work)
        searching.search(
            session,
            id=work.id,
            asked=Asked(**figures),
            by=by,
            now=datetime.now(UTC),
            told=lambda done, total: work.progress(done=done, total=total),
            way=way,
        )
        session.flush()  # what is still to be written is part of the work
        work.heed()
    return f"evidence:{work.id}"
