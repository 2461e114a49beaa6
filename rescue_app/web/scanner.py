"""The page of the scanner: a code by camera or by hand, with or without a network."""

import json
from base64 import b64encode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from gis.authority import Act, may
from hazards.checklists.visits import FAR_M
from qr_codes.packs.sealing import SealRing
from rescue_app.http.dependencies import Who
from rescue_app.http.guard import policy
from rescue_app.http.packs import Seals
from rescue_app.web.render import page

router = APIRouter(include_in_schema=False)
READER = "script-src 'self' 'wasm-unsafe-eval'"
"""The reader of symbols is WebAssembly where the browser has none; no other page runs any."""


@router.get("/scan", name="scanner")
def show_scanner(request: Request, actor: Who, ring: Seals) -> Response:
    """Show the scanner; the keys that packs are believed by come with the page itself."""
    packs = may(actor, Act.INSPECT, actor.area_path)
    keys = keys_of(ring)
    shown = page(request, "scan/scanner.html", keys=keys, packs=packs, far_m=round(FAR_M))
    shown.headers["content-security-policy"] = f"{policy('')}; {READER}"
    return shown


def keys_of(ring: SealRing) -> str:
    """Write the public keys as the page's script reads them."""
    return json.dumps({str(key): b64encode(half).decode() for key, half in ring.public().items()})
