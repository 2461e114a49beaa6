"""What stands on the pages of one finding, by who looks at it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shapely import Point
from sqlalchemy.orm import Session

from gis import crs
from gis.authority import Act, Actor, may
from gis.store import files
from gis.store.base import new_id
from gis.store.files import StoredFile
from hazards.photos import repository as photos
from hazards.photos.models import VisitPhoto
from hazards.points import repository as points
from qr_codes.findings import keeping, pointing, reports, repository, rights, routing
from qr_codes.findings.models import Finding, FindingStep
from qr_codes.findings.rules import NEEDS_UNIT, SIGHTS, State, Step
from qr_codes.findings.service import FILES
from qr_codes.inspections import repository as inspections

LOOKED_AFTER = (Step.VERIFY, Step.LOOK)
"""What is seen when it may be mended already."""


def facts(session: Session, finding: Finding, *, by: Actor) -> dict[str, Any]:
    """Give a finding with its hops and photos, and what this person can do next."""
    steps = repository.steps(session, finding.id)
    pictures = files.attached(session, FILES, [step.id for step in steps])
    area, found_by = finding.area_path, finding.found_by
    nexts = rights.open_steps(keeping.read(steps), by=by, found_by=found_by, area_path=area)
    asks_office = NEEDS_UNIT.intersection(nexts)
    came = of_visits(session, finding, steps)
    seen = [one for one in came if one.is_picture]
    return {
        "finding": finding,
        "steps": steps,
        "pictures": pictures,
        "nexts": nexts,
        "plain": rights.plain_steps(nexts),
        "offices": routing.offices(session, area) if asks_office else (),
        "spoken": [one for one in came if not one.is_picture],
        "pair": before_and_after(session, steps, pictures, seen),
        "seen": seen,
        "likely": reports.likely_same(session, finding),
        "helpers": {step.unit_id: step for step in steps if step.act == Step.ASSIST},
        "sightings": [step for step in steps if step.act in SIGHTS],
        "point": points.find(session, finding.point_id) if finding.point_id else None,
        "may_point": may(by, Act.EDIT_POINT, area) and pointing.free(session, finding),
        "looked": bool(steps) and steps[-1].act == Step.LOOK and steps[-1].actor_id == by.id,
        "step_id": new_id(),
        "states": [state for state in State if state is not State.SET_ASIDE],
    }


def of_visits(session: Session, finding: Finding, steps: Sequence[FindingStep]) -> list[VisitPhoto]:
    """Give what came with the visits that saw it, the photos of its own item first."""
    visits = {step.inspection_id for step in steps if step.inspection_id}
    came = photos.come(session, visits)
    return sorted(came, key=lambda one: one.item != finding.item_code)


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture of a finding: when it was taken, and where if that is known."""

    id: UUID
    at: datetime
    place: Point | None


@dataclass(frozen=True, slots=True)
class Pair:
    """The first picture of it and the one of its last verification, side by side."""

    first: Shot | None
    last: Shot | None

    @property
    def apart_m(self) -> float | None:
        """Tell how far from each other the two were taken."""
        places = [shot.place for shot in (self.first, self.last) if shot and shot.place]
        if len(places) < 2:
            return None
        (was, now) = places
        return float(crs.distance_m(was.x, was.y, now.x, now.y))


def before_and_after(
    session: Session,
    steps: Sequence[FindingStep],
    pictures: Mapping[UUID, Sequence[StoredFile]],
    seen: Sequence[VisitPhoto],
) -> Pair:
    """Give the first picture of it, and the one of its last verification."""
    visits = {step.inspection_id for step in steps if step.inspection_id}
    places = inspections.places(session, visits)
    shots = [
        (step, shot) for step in steps for shot in shots_of(step, pictures[step.id], seen, places)
    ]
    first = next((shot for step, shot in shots if step.act not in LOOKED_AFTER), None)
    last = next((shot for step, shot in reversed(shots) if step.act == Step.VERIFY), None)
    return Pair(first, last)


def shots_of(
    step: FindingStep,
    sent: Sequence[StoredFile],
    seen: Sequence[VisitPhoto],
    places: Mapping[UUID, Point],
) -> Iterator[Shot]:
    """Give the pictures of a step, its visit's among them: taken where it says, or its scan."""
    visit = places.get(step.inspection_id) if step.inspection_id else None
    for file in sent:
        if file.is_picture:
            yield Shot(file.id, step.done_at, file.place or step.place or visit)
    for one in seen:
        if one.visit_id == step.inspection_id:
            yield Shot(one.id, one.taken_at, one.place or visit)
