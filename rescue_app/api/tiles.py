"""Vector tiles over HTTP, one address per layer; `tilejson.py` describes them.

Plain routes, before all others: a small tile is drawn in half a millisecond, and what FastAPI
does with a request (40 routers to look through, dependencies) would cost as much again.
"""

from datetime import UTC, date, datetime
from functools import lru_cache, partial

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import ValidationError
from starlette.routing import Route

from gis import tiles
from gis.errors import Rejected
from gis.tiles import Tile
from hazards.events import layer as events_layer
from hazards.judging import layer as stations_layer
from hazards.points import layer as points_layer
from hazards.susceptibility import layer as susceptibility_layer
from qr_codes.assets import layer as assets_layer
from rescue_app.api.points_query import PointQuery, meaning, topics_of
from rescue_app.api.stations_query import StationQuery
from rescue_app.http.drawn import answer
from rescue_app.http.looking import Plan
from rescue_app.web.render import LOCAL_ZONE

KEPT_QUESTIONS = 100


def asked_tile(request: Request) -> Tile:
    """Give the tile of the address."""
    place = request.path_params
    return Tile(place["z"], place["x"], place["y"])


def asked_points(request: Request) -> PointQuery:
    """Read the question as a list's address asks it."""
    said = request.query_params.multi_items()
    return question_of(*(pair for pair in said if pair[0] != "lang"))


@lru_cache(KEPT_QUESTIONS)
def question_of(*pairs: tuple[str, str]) -> PointQuery:
    """Read a question once for all squares of a map; it is the same in every language."""
    return PointQuery.of(pairs)


def asked_stations(request: Request) -> StationQuery:
    """Read which stations are asked for."""
    try:
        return StationQuery.model_validate(
            {name: said for name, said in request.query_params.items() if name != "lang"}
        )
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error


def asked_day(request: Request) -> date:
    """Read the day asked for; today in the city if none is given."""
    said = request.query_params.get("on")
    try:
        return date.fromisoformat(said) if said else datetime.now(LOCAL_ZONE).date()
    except ValueError as error:
        raise Rejected("A day is written like 2026-05-01.") from error


async def areas_tile(request: Request) -> Response:
    """Areas as they are on a day, with their names."""
    tile, day = asked_tile(request), asked_day(request)
    return await answer(request, ["area"], lambda _: [tiles.areas(tile, day=day)], str(day))


async def points_tile(request: Request) -> Response:
    """The points that a list with the same question lists: counted from afar, drawn from near."""
    tile, asked = asked_tile(request), asked_points(request)
    meant = await meaning(request, asked, datetime.now(UTC))
    draw = partial(points_layer.drawings, tile, meant)
    near = tile.z >= points_layer.CROSSOVER_ZOOM
    return await answer(
        request,
        topics_of(meant),
        lambda sight: draw(sight=sight),
        str(meant.overdue or ""),
        plan=Plan.ONCE if near else Plan.AS_IT_SEES_FIT,
    )


async def assets_tile(request: Request) -> Response:
    """Bridges, roads, drains: what carries a code, whether it has one, what is wrong with it."""
    tile = asked_tile(request)
    return await answer(request, ["asset", "finding"], lambda _: assets_layer.drawings(tile))


async def events_tile(request: Request) -> Response:
    """Disasters of the past, as exactly as their place is known: exact, near or rough."""
    tile = asked_tile(request)
    return await answer(request, ["event"], lambda _: events_layer.drawings(tile))


async def stations_tile(request: Request) -> Response:
    """What measures what, and how it stands now: in a colour, over a mark, silent, stuck, well."""
    tile, asked = asked_tile(request), asked_stations(request)
    past = asked.is_past(datetime.now(LOCAL_ZONE).date())
    return await answer(
        request,
        ["station", "judgement"],
        lambda _: () if past else stations_layer.drawings(tile, asked.meant()),
    )


async def susceptibility_tile(request: Request) -> Response:
    """How likely it is where nothing is on record: the classes of one map, or of the last ones."""
    tile, run = asked_tile(request), request.query_params.get("run")
    return await answer(
        request, ["evidence"], lambda _: susceptibility_layer.drawings(tile, run=run)
    )


DRAWN = {
    "areas": areas_tile,
    "points": points_tile,
    "assets": assets_tile,
    "events": events_tile,
    "stations": stations_tile,
    "susceptibility": susceptibility_tile,
}
ROUTES = tuple(
    Route(f"/api/v1/tiles/{name}/{{z:int}}/{{x:int}}/{{y:int}}.mvt", draw, name=f"{name}_tile")
    for name, draw in DRAWN.items()
)
