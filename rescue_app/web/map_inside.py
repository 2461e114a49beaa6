"""What the panel beside the map says of a drawn shape: points, people, homes and assets inside."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from shapely.geometry import Polygon, mapping
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from gis import crs
from gis.areas.placing import day_of
from gis.authority import Act, Actor, may
from hazards.judging import standing
from hazards.monitoring import properties
from hazards.points import summary
from rescue_app.api.points_query import PointQuery
from rescue_app.exposure import service as exposure
from rescue_app.exposure.service import Ground
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web.render import page

router = APIRouter()
Facts = dict[str, Any]


@router.get("/map/inside", name="map_inside")
def inside_panel(
    request: Request, db: Db, who: Who, now: Now, asked: Annotated[PointQuery, Query()]
) -> Response:
    """Say beside the map what lies inside a drawn shape."""
    facts = inside(db, who, now, asked)
    return page(request, "map/inside.html", question=request.url.query, **facts)


def inside(db: Session, who: Actor, now: datetime, asked: PointQuery) -> Facts:
    """Sum up the points of a question, and whom and what its shape holds beside them."""
    meant = asked.filter(db, now)
    opens = may(who, Act.OPEN_INCIDENT, who.area_path) and asked.as_of is None
    found = None
    if meant.within is not None:
        ground = Ground(meant.within)
        found = exposure.of(db, ground, asked=meant, by=who, on=day_of(now))
    return {
        "figures": found.points if found else summary.summed(db, meant),
        "assets": found.assets if found else [],
        "stations": standing.within(db, meant.within) if meant.within is not None else None,
        "properties": properties.listed(db),
        "found": found,
        "asked": asked,
        "corners": corners(meant.within) if opens else "",
        **measured(meant.within),
    }


def measured(shape: BaseGeometry | None) -> Facts:
    """Give a shape's true size, and the shape as pages draw it."""
    if shape is None:
        return {"area_km2": None, "outline": None}
    return {"area_km2": crs.area_m2(shape) / 1e6, "outline": mapping(shape)}


def corners(shape: BaseGeometry | None) -> str:
    """Give a drawn area as the form of an incident takes it: its corners, one a line.

    The round edge of surroundings is said by fewer corners: an address is no place for more.
    """
    if not isinstance(shape, Polygon):
        return ""
    ring = shape.exterior.simplify(shape.length / 400).coords[:-1]
    return "\n".join(f"{lon:.5f}, {lat:.5f}" for lon, lat, *_ in ring)
