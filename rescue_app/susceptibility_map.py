"""A susceptibility map as a job: a raster of a district is read longer than a page waits."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.authority import Act, Actor, require
from hazards.susceptibility.rules import Asked
from rescue_app.case_jobs import person
from rescue_app.chains import repository as chains
from rescue_app.jobs import service as jobs
from rescue_app.jobs.models import Job
from rescue_app.jobs.running import Work, job

if TYPE_CHECKING:
    from hazards.susceptibility.proposing import Settlement

KIND = "evidence.susceptibility"


def ask(session: Session, asked: Asked, *, by: Actor) -> Job:
    """Let a job draw the map of one's area; its figures are checked at once."""
    require(by, Act.EDIT_POINT, by.area_path)
    asked.checked()
    figures = {"family": asked.family, "side_m": asked.side_m, "seed": asked.seed}
    return jobs.enqueue(session, KIND, by=by, figures=figures)


def settlements(session: Session, *, of: str, now: datetime) -> list["Settlement"]:
    """Give where people live within an area."""
    from hazards.susceptibility.proposing import Settlement  # noqa: PLC0415 - statistics are the job's

    return [
        Settlement(path, name, name_en, place.x, place.y, people)
        for path, name, name_en, place, people in chains.homes(session, of=of, on=day_of(now))
    ]


@job(KIND)
def draw(work: Work, *, figures: dict[str, Any]) -> str:
    """Draw it with the eyes of whoever asked; its id is the job's, so that twice is once."""
    from hazards.susceptibility import service  # noqa: PLC0415 - statistics are the job's

    now = datetime.now(UTC)
    with work.unit() as session:
        by = person(session, work)
        service.draw(
            session,
            id=work.id,
            asked=Asked(**figures),
            by=by,
            now=now,
            settlements=settlements(session, of=by.area_path, now=now),
            told=lambda done, total: work.progress(done=done, total=total),
        )
        session.flush()  # what is still to be written is part of the work
        work.heed()
    return f"susceptibility:{work.id}"
