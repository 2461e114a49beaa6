"""Vector tiles over HTTP: bytes of the database passed through, unchanged ones not sent."""

import gzip
from collections.abc import Callable
from datetime import date
from hashlib import blake2b
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from gis import tiles
from gis.authority import Actor
from gis.tiles import Tile
from hazards.points import layer as points_layer
from qr_codes.assets import layer as assets_layer
from rescue_app.api.points_query import PointQuery
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.http.kept import Kept
from rescue_app.web.render import LOCAL_ZONE

router = APIRouter(prefix="/api/v1/tiles", tags=["tiles"])
MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
# Private: a tile holds what its reader may see. No-cache: kept, but asked about each time.
HEADERS = {"cache-control": "private, no-cache", "vary": "accept-encoding, cookie"}


def asked_tile(z: int, x: int, y: int) -> Tile:
    """Give the tile of the address."""
    return Tile(z, x, y)


def mark(request: Request, version: str, actor: Actor) -> str:
    """Name one state of one tile for one pair of eyes."""
    seen = f"{version} {actor.role} {actor.area_path} {request.url.query}"
    return f'"{blake2b(seen.encode(), digest_size=12).hexdigest()}"'


def answer(request: Request, etag: str, draw: Callable[[], bytes]) -> Response:
    """Answer 304 for a state the reader has, else the tile, drawn once for all who see alike."""
    headers = HEADERS | {"etag": etag}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    kept: Kept = request.app.state.tiles
    packed = kept.get(request.url.path + etag, lambda: packed_once(draw()))
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(gzip.decompress(packed), media_type=MEDIA_TYPE, headers=headers)
    packing = {"content-encoding": "gzip"}
    return Response(packed, media_type=MEDIA_TYPE, headers=headers | packing)


def packed_once(content: bytes) -> bytes:
    """Compress at level 1: level 6 costs more than the query."""
    return gzip.compress(content, 1)


@router.get("/areas/{z}/{x}/{y}.mvt", name="areas_tile")
def areas_tile(
    request: Request,
    db: Db,
    who: Who,
    now: Now,
    tile: Annotated[Tile, Depends(asked_tile)],
    on: date | None = None,
) -> Response:
    """Areas as they are on a day (today if none is given), with their names."""
    day = on or now.astimezone(LOCAL_ZONE).date()
    etag = mark(request, f"{tiles.live_version(db, 'area')} {day}", who)
    return answer(request, etag, lambda: tiles.areas(db, tile, day=day))


@router.get("/points/{z}/{x}/{y}.mvt", name="points_tile")
def points_tile(
    request: Request,
    db: Db,
    who: Who,
    now: Now,
    tile: Annotated[Tile, Depends(asked_tile)],
    asked: Annotated[PointQuery, Query()],
) -> Response:
    """The points that a list with the same question lists: counted from afar, drawn from near."""
    etag = mark(request, tiles.live_version(db, "point"), who)
    meant = asked.filter(db, now)
    return answer(request, etag, lambda: points_layer.tile(db, tile, meant, sight=who.area_path))


@router.get("/assets/{z}/{x}/{y}.mvt", name="assets_tile")
def assets_tile(
    request: Request, db: Db, who: Who, tile: Annotated[Tile, Depends(asked_tile)]
) -> Response:
    """Bridges, roads, drains: what carries a code, whether it has one, what is wrong with it."""
    version = f"{tiles.live_version(db, 'asset')} {tiles.live_version(db, 'finding')}"
    etag = mark(request, version, who)
    return answer(request, etag, lambda: assets_layer.tile(db, tile))
