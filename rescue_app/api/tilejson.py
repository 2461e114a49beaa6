"""Our map for other programs: a TileJSON for each layer, and a style that draws them all."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from gis.areas import framing
from gis.errors import Missing
from gis.tiles import Tile
from rescue_app.api.points_query import PointQuery
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import map_style
from rescue_app.web.map_style import Theme
from rescue_app.web.render import LOCAL_ZONE, language, say

router = APIRouter(prefix="/api/v1", tags=["tiles"])

Fields = dict[str, str]
AREA: Fields = {
    "code": "code of the area",
    "level": "city, district, street, community or grid",
    "path": "codes from the city down",
    "name": "name",
    "name_en": "name in Latin letters",
}
LAYERS: dict[str, dict[str, Fields]] = {
    "areas": {
        "areas": AREA | {"boundary_kind": "surveyed, approximate or none"},
        "labels": AREA | {"population": "people, 0 where it is not known"},
        "water": {"name": "name, or nothing", "name_en": "name in Latin letters, or nothing"},
    },
    "points": {
        "counts": {
            "count": "points in this cell",
            "worst": "worst grade among them, I to IV",
            "worst_count": "how many have it",
            "persons": "people threatened by them",
        },
        "points": {
            "id": "id of the point: /api/v1/points/{id}",
            "category": "occurrence, hidden_danger, prevention or critical",
            "type": "hazard type: /api/v1/hazard-types",
            "grade": "I (very large) to IV (small)",
        },
    },
    "assets": {
        "assets": {
            "id": "id of the asset",
            "icon": "its kind",
            "labelled": "whether it carries a code",
            "worst": "worst grade of its open findings, 1 to 4; 0 without",
        }
    },
    "events": {
        "events": {
            "id": "id of the disaster",
            "type": "hazard type",
            "year": "year it happened in",
            "accuracy": "exact, near or rough",
            "measured": "whether somebody wrote down how exact",
        }
    },
    "stations": {
        "stations": {
            "id": "id of the station",
            "kind": "what it measures first, or what was asked for: station_kind",
            "icon": "the sign of what it measures",
            "colour": "gravest colour that a rule sees there, or nothing",
            "over": "whether it stands over a mark of its own",
            "trouble": "silent, stuck or nothing; neither is a sign of danger or of safety",
        },
        "station-counts": {
            "count": "stations in this cell, where a tile would hold too many",
            "worst": "gravest colour among them, or nothing",
            "troubled": "how many are silent or stuck",
        },
    },
    "susceptibility": {
        "susceptibility": {
            "class": "1 (very low) to 5 (very high)",
            "synthetic": "drawn from made-up data",
        }
    },
}
"""What the tiles of each address hold, and what their features say."""

SOURCES = {
    "areas": "Boundaries: public map data; names: GeoNames (CC BY); rivers: WDBII, approximate"
}
"""Whom to name beside the map."""


class StyleQuery(PointQuery):
    """The question to the ledger, and how the map shall look."""

    theme: Theme = "light"


@router.get("/tiles/points.json")
def points_tilejson(
    request: Request, db: Db, who: Who, now: Now, _: Annotated[PointQuery, Query()]
) -> dict[str, Any]:
    """Describe the tiles of the ledger; a filter goes on into their address."""
    return described(request, "points", framing.extent(db, who.area_path, city_day(now)))


@router.get("/tiles/{layer}.json")
def tilejson(
    request: Request, db: Db, who: Who, now: Now, layer: str, on: date | None = None
) -> dict[str, Any]:
    """Describe the tiles of a layer: what they hold, at which zooms, where."""
    if layer not in LAYERS:
        raise Missing("There is no map layer with this name.")
    return described(request, layer, framing.extent(db, who.area_path, on or city_day(now)))


@router.get("/style.json")
def style(
    request: Request, db: Db, who: Who, now: Now, asked: Annotated[StyleQuery, Query()]
) -> dict[str, Any]:
    """Give our map as a MapLibre style: zh or en, light or dark, with the ledger's filter."""
    ground = request.app.state.basemap
    layers = map_style.layers(asked.theme, language(request), who.area_path, ground)
    bounds = framing.extent(db, who.area_path, city_day(now))
    return map_style.document("Yitong 一通", sources(request), layers, bounds)


@router.get("/style/page.json")
def page_style(request: Request, _: Who) -> dict[str, Any]:
    """Give what our own pages draw; they put the colours of their theme in themselves."""
    return map_style.with_ground(request.app.state.basemap)


@router.get("/basemap/{z}/{x}/{y}")
def basemap_tile(request: Request, _: Who, z: int, x: int, y: int) -> Response:
    """Give a tile of the base map's own file."""
    archive = request.app.state.basemap and request.app.state.basemap.archive
    if archive is None:
        raise Missing("There is no map layer with this name.")
    tile = Tile(z, x, y)
    found = archive.tile(tile.z, tile.x, tile.y)
    if found is None:
        return Response(status_code=204)
    return Response(found, media_type=archive.media_type, headers=archive.headers)


def city_day(now: Now) -> date:
    """Give the city's day."""
    return now.astimezone(LOCAL_ZONE).date()


def described(request: Request, layer: str, bounds: framing.Bounds | None) -> dict[str, Any]:
    """Write a TileJSON 3.0.0."""
    zooms = map_style.zooms(layer)
    query = f"?{request.url.query}" if request.url.query else ""
    return {
        "tilejson": "3.0.0",
        "name": layer,
        "scheme": "xyz",
        "tiles": [f"{api(request)}/tiles/{layer}/{{z}}/{{x}}/{{y}}.mvt{query}"],
        "minzoom": zooms.minzoom,
        "maxzoom": zooms.maxzoom,
        **({"bounds": bounds} if bounds else {}),
        **({"attribution": say(request, SOURCES[layer])} if layer in SOURCES else {}),
        "vector_layers": [{"id": name, "fields": said} for name, said in LAYERS[layer].items()],
    }


def sources(request: Request) -> dict[str, Any]:
    """Give where every layer of the style has its tiles, the ledger's with the question asked."""
    kept = request.url.remove_query_params(["theme", "lang"]).query
    queries = {"points": f"?{kept}" if kept else ""}
    found: dict[str, Any] = {
        name: {"type": "vector", "url": f"{api(request)}/tiles/{name}.json{queries.get(name, '')}"}
        for name in map_style.drawn()["sources"]
    }
    ground = request.app.state.basemap
    return found | ({"basemap": map_style.source(ground, home(request))} if ground else {})


def home(request: Request) -> str:
    """Give the address others reach us by."""
    public: str | None = request.app.state.settings.public_url
    return (public or str(request.base_url)).rstrip("/")


def api(request: Request) -> str:
    """Give the address of the interface."""
    return f"{home(request)}/api/v1"
