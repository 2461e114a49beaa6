"""Street packs over HTTP: what a phone takes along for the day."""

import gzip
from base64 import b64encode
from typing import Annotated, Self

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from qr_codes.packs import service
from qr_codes.packs.sealing import Sealed, Whole
from rescue_app.http.dependencies import Db, Who
from rescue_app.http.packs import Packs

router = APIRouter(prefix="/api/v1", tags=["packs"])
MEDIA_TYPE = "application/vnd.yitong.street-pack"
LEVEL = 1


class PackOut(BaseModel):
    """A pack as text, and the Ed25519 signature over `yitong/street-pack/1`, a line end, the text.

    The text is JSON. Check the signature over it as it came, then read it.
    """

    key_id: int
    signature: str
    pack: str

    @classmethod
    def of(cls, sealed: Sealed) -> Self:
        """Show a signed pack."""
        signature = b64encode(sealed.signature).decode()
        return cls(key_id=sealed.key_id, signature=signature, pack=sealed.pack)


class PackIn(BaseModel):
    """Which street is taken along, and which squares of its map the phone has, by digest."""

    model_config = ConfigDict(extra="forbid")

    street: str = ""
    have: set[Annotated[str, Field(pattern="^[0-9a-f]{64}$")]] = Field(
        default=set(), max_length=5000
    )


class SizeOut(BaseModel):
    """How much a pack is before it is fetched: labels, squares of the map, bytes on the phone."""

    labels: int
    squares: int
    bytes: int


class StreetOut(BaseModel):
    """A street that can be taken along."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    name: str
    name_en: str
    labels: int


@router.get("/street-packs")
def streets(db: Db, actor: Who) -> list[StreetOut]:
    """Give the streets whose packs you may take along."""
    return [StreetOut.model_validate(one) for one in service.streets(db, by=actor)]


@router.get("/street-pack")
def street_pack(packs: Packs, response: Response, street: str = "") -> PackOut:
    """Give today's pack of a street by its code; without one, of your own area."""
    response.headers["cache-control"] = "no-store"
    return PackOut.of(packs.make(street).sealed)


@router.get("/street-pack/size")
def pack_size(packs: Packs, response: Response, street: str = "") -> SizeOut:
    """Tell how much a pack is, before it is fetched."""
    response.headers["cache-control"] = "no-store"
    made = packs.make(street)
    return SizeOut(labels=made.labels, squares=len(made.pieces), bytes=made.size)


@router.post("/street-pack")
def whole_pack(request: Request, packs: Packs, asked: PackIn) -> Response:
    """Give a pack with its map: one line of JSON as above, then the squares one after the other.

    They come in the order in which the pack lists them (`ground`: zoom, column, row, bytes,
    SHA-256), without those that the phone has: a broken download goes on where it stopped.
    """
    body, headers = written(packs.make(asked.street), asked.have), {"cache-control": "no-store"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["content-encoding"] = gzip.compress(body, LEVEL), "gzip"
    return Response(body, media_type=MEDIA_TYPE, headers=headers)


def written(made: Whole, have: set[str]) -> bytes:
    """Write a pack down as it goes over the line."""
    head = orjson.dumps(PackOut.of(made.sealed).model_dump())
    return b"\n".join((head, b"".join(p.content for p in made.pieces if p.digest not in have)))
