"""Vector tiles over HTTP, one address per layer."""

from datetime import date, datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from gis import tiles
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from gis.tiles import Tile
from hazards.events import layer as events_layer
from hazards.points import layer as points_layer
from hazards.points.filters import PointFilter
from qr_codes.assets import layer as assets_layer
from rescue_app.api.points_query import PointQuery
from rescue_app.http.dependencies import Now
from rescue_app.http.drawn import answer
from rescue_app.web.render import LOCAL_ZONE

router = APIRouter(prefix="/api/v1/tiles", tags=["tiles"])


async def asked_tile(z: int, x: int, y: int) -> Tile:
    """Give the tile of the address."""
    return Tile(z, x, y)


@router.get("/areas/{z}/{x}/{y}.mvt", name="areas_tile")
async def areas_tile(
    request: Request,
    now: Now,
    tile: Annotated[Tile, Depends(asked_tile)],
    on: date | None = None,
) -> Response:
    """Areas as they are on a day (today if none is given), with their names."""
    day = on or now.astimezone(LOCAL_ZONE).date()
    return await answer(request, ["area"], lambda _: [tiles.areas(tile, day=day)], str(day))


@router.get("/points/{z}/{x}/{y}.mvt", name="points_tile")
async def points_tile(
    request: Request,
    now: Now,
    tile: Annotated[Tile, Depends(asked_tile)],
    asked: Annotated[PointQuery, Query()],
) -> Response:
    """The points that a list with the same question lists: counted from afar, drawn from near."""
    meant = await meaning(request, asked, now)
    draw = partial(points_layer.drawings, tile, meant)
    topics, minute = (["point", "task"], str(meant.overdue)) if meant.overdue else (["point"], "")
    return await answer(request, topics, lambda actor: draw(sight=actor.area_path), minute)


async def meaning(request: Request, asked: PointQuery, now: datetime) -> PointFilter:
    """Give the filter; only codes of areas have to be looked up for it, paths are known."""
    if all(area.startswith("/") for area in asked.area):
        return asked.filter(None, now)

    def look_up() -> PointFilter:
        with unit_of_work(request.app.state.sessions, SYSTEM) as session:
            return asked.filter(session, now)

    return await run_in_threadpool(look_up)


@router.get("/assets/{z}/{x}/{y}.mvt", name="assets_tile")
async def assets_tile(request: Request, tile: Annotated[Tile, Depends(asked_tile)]) -> Response:
    """Bridges, roads, drains: what carries a code, whether it has one, what is wrong with it."""
    return await answer(request, ["asset", "finding"], lambda _: assets_layer.drawings(tile))


@router.get("/events/{z}/{x}/{y}.mvt", name="events_tile")
async def events_tile(request: Request, tile: Annotated[Tile, Depends(asked_tile)]) -> Response:
    """Disasters of the past, as exactly as their place is known: exact, near or rough."""
    return await answer(request, ["event"], lambda _: events_layer.drawings(tile))
