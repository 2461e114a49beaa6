"""The key ring of this process: read once, read again when a code names a key it does not hold."""

import os
import time
from typing import Annotated

from fastapi import Depends, Request

from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM
from qr_codes import signing
from qr_codes.assets import keys
from qr_codes.signing import Content, Forged, KeyRing
from rescue_app.http.dependencies import now

PAUSE_S = 5.0


class CodeBook:
    """Signs and verifies codes with the keys that the database holds."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._ring: KeyRing | None = None
        self._read_at = 0.0

    def signing_ring(self) -> KeyRing:
        """Give the ring as it is now; the first key of an installation is made here."""
        with unit_of_work(self._sessions, SYSTEM) as session:
            keys.ensure(session, secret=os.urandom(signing.KEY_BYTES), now=now())
            self._ring, self._read_at = keys.read(session), time.monotonic()
        return self._ring

    def verify(self, typed: str) -> Content:
        """Read a code. A key rotated elsewhere is noticed, without a query per forged code."""
        signing.checked(typed)
        ring = self._ring or self.signing_ring()
        try:
            return signing.verify(ring, typed)
        except Forged:
            if time.monotonic() - self._read_at < PAUSE_S:
                raise
            return signing.verify(self.signing_ring(), typed)


def code_book(request: Request) -> CodeBook:
    """Give the process's one code book."""
    state = request.app.state
    if not hasattr(state, "code_book"):
        state.code_book = CodeBook(state.sessions)
    book: CodeBook = state.code_book
    return book


Codes = Annotated[CodeBook, Depends(code_book)]
