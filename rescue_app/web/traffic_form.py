"""The form of a traffic plan: places as text, one a line, with or without the map that fills it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from shapely import LineString
from starlette.datastructures import FormData

from gis import geometry
from gis.errors import PlatformError, Rejected
from gis.store.base import new_id
from qr_codes.traffic.models import TrafficPlan
from qr_codes.traffic.rules import ClosureDraft, PlanDraft, Stop
from rescue_app.web.assets_form import lines_of, spot
from rescue_app.web.render import LOCAL_ZONE
from rescue_app.web.scan_form import WRONG_FORM, text

STOP = re.compile(r"^\s*(-?\d+(?:\.\d+)?)[\s,，;]+(-?\d+(?:\.\d+)?)[\s,，;]*(.*?)\s*$")
FIELDS = ("stops", "detour", "words", "closer", "closer_phone")


@dataclass(slots=True)
class TrafficForm:
    """What stands in the form, and what is wrong with it."""

    id: UUID
    version: int
    typed: dict[str, str]
    errors: dict[str, PlatformError] = field(default_factory=dict)
    problem: PlatformError | None = None

    def read(self) -> PlanDraft | None:
        """Give the plan, or note beside each field what is wrong with it."""
        stops = self.take("stops", stops_of)
        detour = self.take("detour", detour_of)
        if self.errors or stops is None:
            return None
        said = self.typed
        return PlanDraft(stops, detour, said["words"], said["closer"], said["closer_phone"])

    def take(self, name: str, reader: Callable[[str], Any]) -> Any:
        """Read one field; what is wrong with it is kept for beside it."""
        try:
            return reader(self.typed[name])
        except Rejected as problem:
            self.errors[name] = problem
            return None


def of(plan: TrafficPlan | None, *, closer: str = "", closer_phone: str = "") -> TrafficForm:
    """Open the form on the plan that holds."""
    if plan is None:
        empty = dict.fromkeys(FIELDS, "")
        return TrafficForm(new_id(), 0, empty | {"closer": closer, "closer_phone": closer_phone})
    stops = "\n".join(f"{s['lon']!r} {s['lat']!r} {s['name']}".strip() for s in plan.stops)
    detour = lines_of(plan.detour) if plan.detour is not None else ""
    typed = {"stops": stops, "detour": detour} | {n: getattr(plan, n) for n in FIELDS[2:]}
    return TrafficForm(new_id(), plan.version, typed)


def sent(form: FormData) -> TrafficForm:
    """Take what a browser sent."""
    try:
        plan_id, version = UUID(text(form, "id")), int(text(form, "version"))
    except ValueError:
        raise Rejected(WRONG_FORM) from None
    return TrafficForm(plan_id, version, {name: text(form, name).strip() for name in FIELDS})


def stops_of(said: str) -> list[Stop]:
    """Read closure points: longitude, latitude and how people call the place, one a line."""
    found = []
    for line in said.splitlines():
        if line.strip():
            read = STOP.match(line)
            if read is None:
                raise Rejected("Write a place as longitude, latitude and its name, one a line.")
            found.append(Stop(geometry.point(float(read[1]), float(read[2])), read[3]))
    return found


def detour_of(said: str) -> LineString | None:
    """Read the way around, one place a line."""
    spots = [spot(line) for line in said.splitlines() if line.strip()]
    if len(spots) == 1:
        raise Rejected("A line needs two places or more.")
    return LineString(spots) if spots else None


def closure_of(form: FormData) -> tuple[UUID, ClosureDraft]:
    """Read a closure; its expected end is written in the city's time."""
    said = text(form, "expected_at")
    try:
        closure_id = UUID(text(form, "id"))
        at = datetime.fromisoformat(said) if said else None
    except ValueError:
        raise Rejected(WRONG_FORM) from None
    expected = at.replace(tzinfo=LOCAL_ZONE) if at and at.tzinfo is None else at
    return closure_id, ClosureDraft(text(form, "reason"), text(form, "unit"), expected)
