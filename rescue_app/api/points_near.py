"""Like points around a place, for whoever enters one: the same answer for form and machine."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from shapely import Point
from sqlalchemy.orm import Session

from gis.store.files import StoredFile
from hazards.points import attached
from hazards.points.cases import alike
from hazards.points.cases.alike import Alike, Neighbours, Sketch
from rescue_app.api.points_said import NO_NUL, Latitude, Longitude, Number
from rescue_app.http.dependencies import Db, Who

router = APIRouter(prefix="/api/v1", tags=["points"])


class NearQuery(BaseModel):
    """A place, and what else is known of the point; `id` is its own, which is not like itself."""

    model_config = ConfigDict(extra="forbid")

    longitude: Longitude
    latitude: Latitude
    hazard_type: Number = ""
    name: Annotated[str, Field(max_length=200, pattern=NO_NUL)] = ""
    id: UUID | None = None

    def sketch(self) -> Sketch:
        """Give it as the ledger takes it."""
        place = Point(self.longitude, self.latitude)
        return Sketch(place, self.hazard_type, self.name, self.id)


class NearOut(BaseModel):
    """A like point: what it is, how far away, and where it stands; in a case, in which."""

    id: UUID
    number: str
    name: str
    hazard_type: str
    category: str
    grade: str
    state: Literal["approved", "delisted", "in_case"]
    case_id: UUID | None
    distance_m: float
    photo_id: UUID | None

    @classmethod
    def of(cls, one: Alike, photo: StoredFile | None) -> "NearOut":
        """Show a like point."""
        names = ("number", "name", "hazard_type", "category", "grade")
        said = {name: getattr(one.entry, name) for name in names}
        where = {
            "id": one.point_id,
            "state": one.entry.state if one.case is None else "in_case",
            "case_id": one.case.id if one.case else None,
            "distance_m": round(one.distance_m, 1),
            "photo_id": photo.id if photo else None,
        }
        return cls.model_validate(said | where)


class NearListOut(BaseModel):
    """The nearest like points, and how many there are within the radius."""

    radius_m: float
    total: int
    items: list[NearOut]


def looked(request: Request, db: Session, sketch: Sketch) -> Neighbours:
    """Look around a place as far as this installation does."""
    radius_m: float = request.app.state.settings.duplicate_radius_m
    return alike.neighbours(db, sketch, radius_m=radius_m)


@router.get("/points/near")
def near_points(
    request: Request, db: Db, _: Who, asked: Annotated[NearQuery, Query()]
) -> NearListOut:
    """Give points near a place that are of its kind or of a like name, nearest first."""
    found = looked(request, db, asked.sketch())
    known = attached.files_of(db, (one.entry for one in found.shown))
    items = [NearOut.of(one, attached.photo(one.entry, known)) for one in found.shown]
    return NearListOut(radius_m=found.radius_m, total=found.total, items=items)
