"""Answer with what the database drew or wrote: bytes passed through, unchanged ones not sent."""

import gzip
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from gis.tiles import Drawing
from rescue_app.auth.rules import token_hash
from rescue_app.http.dependencies import token_of
from rescue_app.http.errors import SignInNeeded
from rescue_app.http.kept import Kept
from rescue_app.http.looking import Look, Looker, Plan, View

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
# Private: a tile holds what its reader may see. No-cache: kept, but asked about each time.
HEADERS = {"cache-control": "private, no-cache", "vary": "accept-encoding, cookie, authorization"}
QUICKLY_PACKED_BYTES = 50_000
"""More than that is compressed beside the loop that answers everybody."""
NOTHING = gzip.compress(b"", 1)

Draw = Callable[[str], Iterable[Drawing]]
"""Gives what draws a tile for eyes on an area."""


async def answer(
    request: Request,
    topics: Sequence[str],
    draw: Draw,
    day: str = "",
    *,
    plan: Plan = Plan.AS_IT_SEES_FIT,
) -> Response:
    """Answer 304 for a state the reader has, else the tile, drawn once for all who see alike.

    What nobody had yet is drawn before it is known who looks, as for most who do.
    """
    found = Found(request, draw, day)
    at_once = None if found.asked_before else next(iter(draw("")), None)
    content = await look(found, topics, at_once, plan)
    if found.is_known:
        return Response(status_code=304, headers=found.headers)
    packed = found.packed or await pack(content or b"")
    found.kept.keep(found.key, packed)
    found.kept.keep(found.address, b"asked")
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(gzip.decompress(packed), media_type=MEDIA_TYPE, headers=found.headers)
    packing = {"content-encoding": "gzip"}
    return Response(packed, media_type=MEDIA_TYPE, headers=found.headers | packing)


async def answer_text(
    request: Request, topics: Sequence[str], text: Drawing, day: str = "", *, media_type: str
) -> Response:
    """Answer 304 for a state the reader has, else what the database writes, kept nowhere."""
    found = Found(request, lambda _: [text], day)
    at_once = None if found.asked_before else text
    content = await look(found, topics, at_once, Plan.EACH_TIME)
    if found.is_known:
        return Response(status_code=304, headers=found.headers)
    return Response(content, media_type=media_type, headers=found.headers)


async def look(
    found: "Found", topics: Sequence[str], at_once: Drawing | None, plan: Plan
) -> bytes | None:
    """See what is wanted through the eyes of whoever carries the request's token."""
    looker: Looker = found.request.app.state.looker
    token = token_of(found.request)
    content = token and await looker.look(
        Look(token_hash(token), topics, datetime.now(UTC), found.wanted, at_once, plan)
    )
    if not found.etag:
        raise SignInNeeded
    return content or None


@dataclass
class Found:
    """What becomes known of a tile once it is clear who looks: whether it must be drawn at all."""

    request: Request
    draw: Draw
    day: str
    etag: str = ""
    packed: bytes | None = None

    def __post_init__(self) -> None:
        """Read the address once; `request.url` would take it apart with each question."""
        self.path: str = self.request.scope["path"]
        self.kept: Kept = self.request.app.state.tiles
        self.query: str = self.request.scope["query_string"].decode("latin-1")

    @property
    def headers(self) -> dict[str, str]:
        """Give the headers of the answer."""
        return HEADERS | {"etag": self.etag}

    @property
    def address(self) -> str:
        """Name the tile, whatever its state."""
        return f"{self.path}?{self.query}"

    @property
    def key(self) -> str:
        """Name the tile in memory."""
        return self.path + self.etag

    @property
    def asked_before(self) -> bool:
        """Tell whether reader or memory had it once, and may have it still."""
        return "if-none-match" in self.request.headers or bool(self.kept.find(self.address))

    @property
    def is_known(self) -> bool:
        """Tell whether the reader has this very state."""
        return self.etag in self.request.headers.get("if-none-match", "")

    def wanted(self, view: View) -> Iterable[Drawing]:
        """Give what has to be drawn for this view: nothing when reader or memory has it."""
        actor = self.request.state.actor = view.actor
        # One state of one tile for one pair of eyes.
        seen = f"{view.version} {self.day} {actor.role} {actor.area_path} {self.query}"
        self.etag = f'"{blake2b(seen.encode(), digest_size=12).hexdigest()}"'
        self.packed = self.kept.find(self.key)
        return () if self.packed is not None or self.is_known else self.draw(actor.area_path)


async def pack(content: bytes) -> bytes:
    """Compress at level 1: level 6 costs more than the query."""
    if not content:
        return NOTHING
    if len(content) <= QUICKLY_PACKED_BYTES:
        return gzip.compress(content, 1)
    return await run_in_threadpool(gzip.compress, content, 1)
