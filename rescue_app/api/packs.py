"""Street packs over HTTP: what a phone takes along for the day."""

from base64 import b64encode
from typing import Self

from fastapi import APIRouter, Response
from pydantic import BaseModel

from qr_codes.packs import service
from qr_codes.packs.sealing import Sealed
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.http.packs import Seals
from rescue_app.web.render import LOCAL_ZONE

router = APIRouter(prefix="/api/v1", tags=["packs"])


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


@router.get("/street-pack")
def street_pack(
    db: Db, actor: Who, now: Now, ring: Seals, response: Response, street: str = ""
) -> PackOut:
    """Give today's pack of a street by its code; without one, of your own area."""
    response.headers["cache-control"] = "no-store"
    made = service.make(db, street=street, by=actor, ring=ring, now=now, zone=LOCAL_ZONE)
    return PackOut.of(made)
