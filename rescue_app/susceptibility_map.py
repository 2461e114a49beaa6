"""A susceptibility map as a job: a raster of a district is read longer than a page waits."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shapely import box
from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.areas.placing import day_of
from gis.authority import Act, Actor, require
from gis.errors import Conflict
from hazards.calls.program import as_program
from hazards.susceptibility import removing, repository
from hazards.susceptibility.models import GroundLayer
from hazards.susceptibility.rules import Asked, Kind
from rescue_app.case_jobs import person
from rescue_app.chains import repository as chains
from rescue_app.jobs import repository as queue
from rescue_app.jobs import service as jobs
from rescue_app.jobs.models import Job
from rescue_app.jobs.running import Work, job

if TYPE_CHECKING:
    from hazards.susceptibility.proposing import Settlement

KIND = "evidence.susceptibility"
FURTHEST_DEG = 0.12
"""As far as a line may lie and still be measured to: a little over 10 km."""


def ask(session: Session, asked: Asked, *, by: Actor) -> Job:
    """Let a job draw the map of one's area; its figures are checked at once."""
    require(by, Act.EDIT_POINT, by.area_path)
    asked.checked()
    figures = {"family": asked.family, "side_m": asked.side_m, "seed": asked.seed}
    return jobs.enqueue(session, KIND, by=by, figures=figures)


def remove_ground(session: Session, layer_id: UUID, *, by: Actor, now: datetime) -> GroundLayer:
    """Take ground away, unless a map that waits or is being drawn takes it."""
    layer = removing.held(session, layer_id, by)
    with as_program(session):  # a map of the city takes what a district brought in
        needed = is_needed(session, layer, now=now)
    if needed:
        raise Conflict(
            "A map is being drawn with this ground just now. Wait until it is drawn, or stop it;"
            " then remove the ground."
        )
    return removing.remove(session, layer_id, by=by, now=now)


def is_needed(session: Session, layer: GroundLayer, *, now: datetime) -> bool:
    """Tell whether a map that waits or is being drawn takes this layer."""
    for one in queue.unfinished(session, KIND):
        area = areas.by_path(session, one.area_path, day_of(now))
        if area is None or area.boundary is None:
            continue
        around = box(*area.boundary.buffer(FURTHEST_DEG).bounds)
        taken = repository.newest(session, Kind(layer.kind), around)
        if taken is not None and taken.id == layer.id:
            return True
    return False


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
