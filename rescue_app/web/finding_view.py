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
from hazards.points import repository as points
from qr_codes.findings import keeping, pointing, repository, rights, routing
from qr_codes.findings.models import Finding, FindingStep
from qr_codes.findings.rules import NEEDS_UNIT, SIGHTS, State, Step
from qr_codes.findings.service import FILES
from qr_codes.inspections import photos
from qr_codes.inspections import repository as inspections
from qr_codes.inspections.models import InspectionPhoto

LOOKED_AFTER = (Step.VERIFY, Step.LOOK)
"""What is seen when it may be mended already."""


def facts(session: Session, finding: Finding, *, by: Actor) -> dict[str, Any]:
    """Give a finding with its hops and photos, and what this person can do next."""
    steps = repository.steps(session, finding.id)
    pictures = files.attached(session, FILES, [step.id for step in steps])
    area, found_by = finding.area_path, finding.found_by
    nexts = rights.open_steps(keeping.read(steps), by=by, found_by=found_by, area_path=area)
    asks_office = NEEDS_UNIT.intersection(nexts)
    seen = photos_of_visits(session, finding, steps)
    return {
        "finding": finding,
        "steps": steps,
        "pictures": pictures,
        "nexts": nexts,
        "plain": rights.plain_steps(nexts),
        "offices": routing.offices(session, area) if asks_office else (),
        "spoken": spoken(session, steps),
        "pair": before_and_after(session, steps, pictures, seen),
        "seen": seen,
        "helpers": {step.unit_id: step for step in steps if step.act == Step.ASSIST},
        "sightings": [step for step in steps if step.act in SIGHTS],
        "point": points.find(session, finding.point_id) if finding.point_id else None,
        "may_point": may(by, Act.EDIT_POINT, area) and pointing.free(session, finding),
        "looked": bool(steps) and steps[-1].act == Step.LOOK and steps[-1].actor_id == by.id,
        "step_id": new_id(),
        "states": [state for state in State if state is not State.SET_ASIDE],
    }


def spoken(session: Session, steps: Sequence[FindingStep]) -> list[StoredFile]:
    """Give what was said on the visits that saw it."""
    visits = [step.inspection_id for step in steps if step.inspection_id]
    found = files.attached(session, photos.KIND, visits)
    return [file for some in found.values() for file in some if file.is_sound]


def photos_of_visits(
    session: Session, finding: Finding, steps: Sequence[FindingStep]
) -> list[InspectionPhoto]:
    """Give the photos that came with the visits which saw it, its own item's first."""
    visits = {step.inspection_id: None for step in steps if step.inspection_id}
    here = [one for visit in visits if visit for one in photos.pictures_of(session, visit)]
    return sorted(here, key=lambda one: one.item != finding.item_code)


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
    seen: Sequence[InspectionPhoto],
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
    seen: Sequence[InspectionPhoto],
    places: Mapping[UUID, Point],
) -> Iterator[Shot]:
    """Give the pictures of a step, its visit's among them: taken where it says, or its scan."""
    visit = places.get(step.inspection_id) if step.inspection_id else None
    for file in sent:
        if file.is_picture:
            yield Shot(file.id, step.done_at, file.place or step.place or visit)
    for one in seen:
        if one.inspection_id == step.inspection_id:
            yield Shot(one.id, one.taken_at, one.place or visit)
