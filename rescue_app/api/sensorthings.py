"""OGC SensorThings 1.1 over the stations: its addresses, its questions and its errors."""

from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from sqlalchemy.orm import Session

from gis.errors import PlatformError, Rejected
from hazards.monitoring import feeds
from hazards.monitoring.sensorthings import addresses, arrays, changing, options, shapes
from hazards.monitoring.sensorthings.kinds import PLURALS
from hazards.monitoring.sensorthings.looking import Looking
from hazards.monitoring.sensorthings.options import Options
from hazards.monitoring.sensorthings.writing import Writer
from rescue_app.api.gateways import Body
from rescue_app.http.dependencies import Now, SystemDb
from rescue_app.http.ways_in import ReadingDb, key_of
from rescue_app.web.render import tell

ROOT = "/sta/v1.1"
JSON = "application/json"
PATCH = "application/json-patch+json"
CORE = "http://www.opengis.net/spec/iot_sensing/1.1/req/"
CONFORMANCE = tuple(
    CORE + part
    for part in ("datamodel", "resource-path", "request-data", "create-update-delete",
                 "data-array/data-array")
)  # fmt: skip
router = APIRouter(prefix=ROOT, tags=["sensorthings"])


class Told(Response):
    """JSON as orjson writes it."""

    media_type = JSON

    def render(self, content: Any) -> bytes:
        """Write it."""
        return orjson.dumps(content)


def root_of(request: Request) -> str:
    """Give how every address here begins: as it is set, or else as the client reached us."""
    public: str | None = request.app.state.settings.public_url
    return (public or str(request.base_url)).rstrip("/") + ROOT


@router.get("")
@router.get("/")
def index(request: Request) -> Response:
    """Name the sets, and what of the standard is served."""
    root = root_of(request)
    sets = [{"name": name, "url": f"{root}/{name}"} for name in PLURALS]
    return Told({"value": sets, "serverSettings": {"conformance": list(CONFORMANCE)}})


@router.get("/{path:path}")
def look(request: Request, db: ReadingDb, path: str) -> Response:
    """Give what is at an address: one, a set, a property, or addresses alone."""
    address = addresses.read(path)
    asked = options.read(request.query_params.multi_items())
    told = Looking(db, root_of(request)).answer(address, asked)
    return PlainTextResponse(plain(told)) if address.value else Told(told)


def plain(value: object) -> str:
    """Give a property bare."""
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def writer(request: Request, session: Session, now: Any) -> Writer:
    """Give who writes, by his feed's key."""
    return Writer(session, feeds.of_key(session, key_of(request)), now)


@router.post("/CreateObservations", status_code=201)
def create_many(request: Request, db: SystemDb, now: Now, body: Body) -> Response:
    """Keep many readings at once: for each its address, or why it was refused."""
    made, root = arrays.create_many(writer(request, db, now), json_of(body)), root_of(request)
    return Told([became(request, one, root) for one in made], 201)


def became(request: Request, one: int | PlatformError, root: str) -> str:
    """Say where a reading is, or why it was refused."""
    if isinstance(one, PlatformError):
        return f"error: {tell(request, one.text, **one.values)}"
    return f"{root}/Observations({one})"


@router.post("/{path:path}", status_code=201)
def create(request: Request, db: SystemDb, now: Now, path: str, body: Body) -> Response:
    """Make something new, with what belongs to it; the answer says where it is."""
    address, who = addresses.read(path), writer(request, db, now)
    plural, number = changing.create(who, address, json_of(body))
    where = f"{root_of(request)}/{plural}({number})"
    made = told_anew(db, where.removesuffix(f"/{plural}({number})"), f"{plural}({number})")
    return Told(made, 201, headers={"location": where})


def told_anew(session: Session, root: str, path: str) -> Any:
    """Give a thing as it is now."""
    session.flush()  # it is asked by statements of its own
    return Looking(session, root).answer(addresses.read(path), Options())


@router.put("/{path:path}")
def put(request: Request, db: SystemDb, now: Now, path: str, body: Body) -> Response:
    """Let one thing be as told."""
    address, who = addresses.read(path), writer(request, db, now)
    feeds.keep_pace(who.feed, 1, now=now)
    changing.change(who, address, object_of(body))
    return Told(told_anew(db, root_of(request), path))


@router.patch("/{path:path}")
def patch(request: Request, db: SystemDb, now: Now, path: str, body: Body) -> Response:
    """Change parts of one thing: some properties, or by RFC 6902."""
    address, who = addresses.read(path), writer(request, db, now)
    feeds.keep_pace(who.feed, 1, now=now)
    before = Looking(db, root_of(request)).answer(address, Options())
    changing.change(who, address, merged(request, before, body))
    return Told(told_anew(db, root_of(request), path))


def merged(request: Request, before: Any, body: bytes) -> dict[str, Any]:
    """Give a thing as it will be: as it is, with what is told anew."""
    if not request.headers.get("content-type", "").startswith(PATCH):
        return dict(before) | object_of(body)
    return shapes.patched(before, shapes.read(list[shapes.PatchIn], json_of(body)))


@router.delete("/{path:path}")
def remove(request: Request, db: SystemDb, now: Now, path: str) -> Response:
    """Remove what has no readings yet."""
    who = writer(request, db, now)
    feeds.keep_pace(who.feed, 1, now=now)
    changing.remove(who, addresses.read(path))
    return Response(status_code=200)


def json_of(body: bytes) -> Any:
    """Read a body."""
    try:
        return orjson.loads(body.replace(b"\\u0000", b""))
    except orjson.JSONDecodeError as error:
        raise Rejected("This is not JSON. Nothing was kept.") from error


def object_of(body: bytes) -> dict[str, Any]:
    """Read a body that is one object."""
    told = json_of(body)
    if not isinstance(told, dict):
        raise Rejected("Send one thing as a JSON object.")
    return told
