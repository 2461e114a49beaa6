"""When more is asked than can be served, who looks at a desk is told at once to come again.

Whoever says something (an answer, a step, a recall) and whoever stands in the field is served. A
desk that waits half a minute for its list learns no more by it, and each that waits makes all wait.
"""

import asyncio
import time
from collections.abc import Callable
from itertools import islice
from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PLACES = 16
"""So many requests have a connection at once (`dependencies.Db`)."""
LOOKS = 4
"""So many desks are drawn for at once. All draw with one processor: sixteen at once were not done
sooner, but an answer waited behind all of them."""
PATIENCE_S = 5.0
"""When every place has been held for longer than this, it is full."""
READS: Final = frozenset({"GET", "HEAD"})
UNCOUNTED = ("/live", "/static", "/healthz", "/readyz", "/metrics")
"""What lasts, or takes no place."""
FIELD = ("/crew", "/c/", "/round", "/scan", "/outbox", "/calls", "/api/v1/calls", "/sign-in")
"""What people in the field read."""


class Crowd:
    """Counts who is being served, and turns desk reads away while there are too many of them."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        refuse: Callable[[Request], ASGIApp],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.app, self._refuse, self._clock = app, refuse, clock
        self._since: dict[int, float] = {}
        """When each request that is under way began, the oldest first."""
        self._number = 0
        self._looks = asyncio.Semaphore(LOOKS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or say at once that it is better asked for later."""
        if scope["type"] != "http" or scope["path"].startswith(UNCOUNTED):
            await self.app(scope, receive, send)
            return
        if may_wait(scope) and self.is_full():
            await self._refuse(Request(scope))(scope, receive, send)
            return
        self._number += 1
        number, self._since[self._number] = self._number, self._clock()
        try:
            await (self._look if may_wait(scope) else self.app)(scope, receive, send)
        finally:
            del self._since[number]

    async def _look(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a desk in its turn; once it is told something the next one's comes."""
        await self._looks.acquire()
        is_held = True

        async def told(message: Message) -> None:
            nonlocal is_held
            if is_held:
                is_held = False
                self._looks.release()
            await send(message)

        try:
            await self.app(scope, receive, told)
        finally:
            if is_held:
                self._looks.release()

    def is_full(self) -> bool:
        """Tell whether every place is held for longer than a request should take."""
        if len(self._since) <= PLACES:
            return False
        (youngest,) = islice(self._since.values(), PLACES - 1, PLACES)
        return self._clock() - youngest > PATIENCE_S


def may_wait(scope: Scope) -> bool:
    """Tell a desk that looks from who says something, or stands in the field."""
    return scope["method"] in READS and not scope["path"].startswith(FIELD)
