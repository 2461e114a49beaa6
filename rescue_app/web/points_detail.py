"""What the page of one point shows: its life, a day of it, two of its states compared."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fastapi import Request
from pydantic import BaseModel
from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.areas.placing import day_of
from gis.authority import Act, Actor, may
from gis.store.base import new_id
from hazards.duty import service as duty
from hazards.points import attached, history, repository
from hazards.points.cases import repository as cases
from hazards.points.models import HazardPoint
from hazards.points.rules import State
from qr_codes.findings import pointing
from rescue_app.api.points_query import moment
from rescue_app.web import evidence_behind, point_cards_view
from rescue_app.web.point_lists import asked_here
from rescue_app.web.points_view import areas_read, type_names

Facts = dict[str, Any]


class Look(BaseModel):
    """What to look at in a point's life: the state of a moment, or two versions compared."""

    on: str = ""
    was: int | None = None
    became: int | None = None


def detail(request: Request, db: Session, actor: Actor, now: datetime, point: HazardPoint) -> Facts:
    """Give a point with its life and what this person may do with it."""
    steps = list(history.steps(point, repository.versions(db, point.id)))
    paths = {point.area_path, *(step.entry.area_path for step in steps)}
    listed = point.state != State.DELISTED
    return {
        "point": point,
        "steps": steps,
        "shown_files": attached.files_of(db, (step.entry for step in steps)),
        "types": type_names(request, db),
        "areas": areas_read(request, db, paths, now),
        "duty_owner": duty.owner_of_point(
            db,
            hazard_type=point.hazard_type,
            category=point.category,
            area_path=point.area_path,
            on=day_of(now),
        ),
        "trail": areas.lineage(db, point.area_path, day_of(now)),
        "may_edit": listed and may(actor, Act.EDIT_POINT, point.area_path),
        "cases": cases.listing(db, cases.Wanted(point_id=point.id))[0],
        "case_id": new_id(),
        "from_finding": pointing.of_point(db, point.id),
        "behind": evidence_behind.behind(db, point),
        "asked_here": asked_here(db, point.id),
        "cards": point_cards_view.days(db, point.id),
        "now": now,
    }


def looked_back(steps: Sequence[history.Step], look: Look) -> Facts:
    """Give what the reader wants to see of earlier states."""
    then = history.in_force(steps, moment(look.on)) if look.on else None
    pair = (look.was, look.became) if look.was and look.became else None
    compared = history.between(steps, *pair) if pair else None
    return {"look": look, "then": then, "compared": compared}
