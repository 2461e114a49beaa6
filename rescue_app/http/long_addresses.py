"""Addresses too long to be read get an answer that says what to do, not a closed door.

What parses them (`httptools`) takes 65,535 signs and the server answers more with a bare
"Invalid HTTP request". An area of thousands of corners in an address is how one gets there, so
such a request goes to a page of ours instead.
"""

from fastapi import APIRouter
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gis.errors import Rejected

LONGEST = 65_535
TOO_LONG = "/too-long"
PROTOCOL = f"{__name__}:Addresses"
"""As uvicorn takes it."""
router = APIRouter(include_in_schema=False)


class Addresses(HttpToolsProtocol):
    """HTTP as uvicorn speaks it."""

    def on_headers_complete(self) -> None:
        """Lead what cannot be parsed to the page that says so."""
        if len(self.url) > LONGEST:
            self.url = TOO_LONG.encode()
        super().on_headers_complete()


@router.get(TOO_LONG)
def too_long() -> None:
    """Say what to do with an area that is too long for an address."""
    raise Rejected(
        "This address is too long to be read, most likely for a drawn area with very many corners."
        " Simplify the area to 2,000 corners or fewer; ask for a whole district or street by its"
        " name."
    )
