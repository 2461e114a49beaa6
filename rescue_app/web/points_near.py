"""What the form of a point and the page of a case show beside a place: perhaps the same point."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session

from hazards.points import attached
from hazards.points import repository as points
from hazards.points.cases.alike import Neighbours
from rescue_app.api.points_near import NearQuery, looked
from rescue_app.http.dependencies import Db, Who
from rescue_app.web.points_view import type_names
from rescue_app.web.render import page

router = APIRouter(include_in_schema=False)


class Typed(BaseModel):
    """The form's fields as far as they are typed; half a number is no place yet."""

    id: UUID | None = None
    longitude: str = ""
    latitude: str = ""
    hazard_type: str = ""
    name: str = ""

    def asked(self) -> NearQuery | None:
        """Give the question, once there is a place to ask about."""
        said = {name: value.strip() for name, value in self if isinstance(value, str)}
        try:
            return NearQuery.model_validate(said | {"id": self.id})
        except ValidationError:
            return None


@router.get("/points/near", name="points_near")
def near_part(request: Request, db: Db, _: Who, typed: Annotated[Typed, Query()]) -> Response:
    """Show what a point may be the same as; a part of a page."""
    found = around(request, db, typed.asked())
    return page(request, "points/near.html", **facts(request, db, found))


def facts(request: Request, db: Session, found: Neighbours | None) -> dict[str, Any]:
    """Give what was found, with its photos."""
    entries = [one.entry for one in found.shown] if found else []
    return {
        "found": found,
        "types": type_names(request, db),
        "shown_files": attached.files_of(db, entries),
    }


def around(request: Request, db: Session, asked: NearQuery | None) -> Neighbours | None:
    """Look around a place; an entry that stays where it is was judged when it was entered."""
    if asked is None:
        return None
    sketch = asked.sketch()
    there = points.find(db, asked.id) if asked.id else None
    if there is not None and there.place == sketch.place:
        return None
    return looked(request, db, sketch)
