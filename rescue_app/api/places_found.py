"""What a text may mean on the map: an area, a point, an asset, a code, or bare coordinates."""

from collections.abc import Iterator
from datetime import datetime

from fastapi import Request
from pydantic import BaseModel
from shapely import Point
from sqlalchemy.orm import Session

from gis import coordinates, crs
from gis.areas import repository as areas
from gis.areas.placing import day_of
from gis.authority import Actor
from hazards.judging import standing
from hazards.points import repository as points
from hazards.points.filters import PointFilter
from qr_codes.assets import repository as assets
from qr_codes.assets.models import Asset
from rescue_app.web.points_view import area_names
from rescue_app.web.render import language, say

MOST_OF_A_KIND = 5
SYSTEMS = {crs.WGS84: "WGS84", crs.CGCS2000: "CGCS2000"}
"""What people call them; the others are named as they are."""
SWAPPED = "Latitude came first: read as longitude {lon}, latitude {lat}."


class Hit(BaseModel):
    """One place that a text may mean; `note` is what the reader has to know of it."""

    kind: str
    id: str
    name: str
    about: str
    lon: float | None
    lat: float | None
    note: str


def matching_areas(
    request: Request, db: Session, actor: Actor, now: datetime, text: str
) -> Iterator[Hit]:
    """Give areas by name or code, each with the names above it."""
    chinese = language(request) == "zh"
    under, day = actor.area_path, day_of(now)
    found = areas.matching(db, text, day, under=under, limit=MOST_OF_A_KIND)
    above = area_names(db, (area.path for area in found), now)
    for area in found:
        name, about = (area.name, above[area.path]) if chinese else (area.name_en, area.name)
        yield hit("area", area.path, name, area.centre, about=f"{about} · {area.code}")


def named_points(db: Session, actor: Actor, now: datetime, text: str) -> Iterator[Hit]:
    """Give the worst points with a text in their name, number or address."""
    # A district's own path lets its index leave the rest of the city unread.
    asked = PointFilter(q=text, areas=(actor.area_path,))
    listed = points.placed(db, asked, limit=MOST_OF_A_KIND)
    where = area_names(db, (point.area_path for point in listed), now)
    for point in listed:
        about = where[point.area_path]
        yield hit("point", str(point.id), point.name, point.place, about=about)


def named_stations(db: Session, now: datetime, text: str) -> Iterator[Hit]:
    """Give stations by a part of their name or code."""
    found = standing.named(db, text, most=MOST_OF_A_KIND)
    where = area_names(db, (one.area_path for one in found), now)
    for one in found:
        about = f"{where.get(one.area_path, '')} · {one.code}"
        yield hit("station", str(one.id), one.name, one.place, about=about)


def spotted(request: Request, spot: coordinates.Spot) -> Hit:
    """Show coordinates as they were understood."""
    lon, lat = f"{spot.lon:.6f}", f"{spot.lat:.6f}"
    note = say(request, SWAPPED, lon=lon, lat=lat) if spot.swapped else ""
    place = Point(spot.lon, spot.lat)
    return hit(
        "coordinates", "", f"{lon}, {lat}", place, about=SYSTEMS.get(spot.crs, spot.crs), note=note
    )


def named_assets(db: Session, text: str) -> list[Hit]:
    """Give assets by a part of their name; their street's name is no reason to list them all."""
    rows, _ = assets.listing(db, assets.Wanted(q=text))
    named = [asset for asset, _ in rows if text.casefold() in asset.name.casefold()]
    return [asset_hit(asset, asset.street) for asset in named[:MOST_OF_A_KIND]]


def asset_hit(asset: Asset, about: str) -> Hit:
    """Show an asset at a place on itself."""
    return hit("asset", str(asset.id), asset.name, asset.place.representative_point(), about=about)


def hit(kind: str, key: str, name: str, place: Point | None, *, about: str, note: str = "") -> Hit:
    """Put a place into the answer's form."""
    lon, lat = (place.x, place.y) if place else (None, None)
    return Hit(kind=kind, id=key, name=name, about=about, lon=lon, lat=lat, note=note)
