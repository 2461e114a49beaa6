"""The stream to one page, as bare ASGI: it is opened here, and the hub writes to it."""

import asyncio
import random

from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from rescue_app.live.events import View
from rescue_app.live.hub import Hub
from rescue_app.live.reader import Reader

# A stream ends now and then: the page comes back, and whoever was signed out stays out.
LIFE_S = 900.0
RETRY_MS = (500, 2500)
BARE_SEND = "yitong.bare_send"
"""Where a request keeps the server's own `send`: what wraps it looks at the first message alone."""
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


class LiveStream(Response):
    """Answers with what happens, for as long as the page is there."""

    def __init__(self, hub: Hub, view: View, *, after: int | None) -> None:
        super().__init__(media_type="text/event-stream")
        self._hub, self._view, self._after = hub, view, after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Open the stream and keep it until the page goes or its life is over."""
        # Spread over time, so that a thousand pages do not come back in the same moment.
        retry = b"retry: %d\n\n" % random.randint(*RETRY_MS)  # noqa: S311 - a spread, not a secret
        older, after = b"", self._after
        if after is not None:
            older, after = await self._hub.older(self._view, after)
        await send(_start())
        reader = Reader(scope.get(BARE_SEND, send))
        self._hub.join(self._view, reader, after=after, opening=retry + older)
        await self._until_gone(reader, receive)

    async def _until_gone(self, reader: Reader, receive: Receive) -> None:
        watch = asyncio.ensure_future(_disconnect(receive))
        watch.add_done_callback(lambda _: reader.drop())
        try:
            async with asyncio.timeout(LIFE_S * random.uniform(0.5, 1.0)):  # noqa: S311 - a spread
                await reader.gone.wait()
        except TimeoutError:
            reader.end()
        finally:
            self._hub.leave(self._view, reader)
            watch.cancel()


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _start() -> Message:
    return {"type": "http.response.start", "status": 200, "headers": HEADERS}
