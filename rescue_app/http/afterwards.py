"""An answer that is read when what it tells of is committed: the news does not wait for it.

An order to 5,000 crews has three megabytes to show. While they were put together, the crews'
phones were silent.
"""

from collections.abc import Callable

from anyio import CapacityLimiter, to_thread
from fastapi import Request
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gis.authority import Actor
from gis.store import scope as eyes
from gis.store.engine import unit_of_work

READERS = 2
"""So many are read at once, in threads of their own: they wait for no place and hold none."""


class Afterwards(Response):
    """Answers with what somebody sees once the request's transaction is over."""

    media_type = "application/json"

    def __init__(
        self,
        request: Request,
        by: Actor,
        read: Callable[[Session], BaseModel],
        *,
        status_code: int = 201,
    ) -> None:
        super().__init__(status_code=status_code)
        self._state, self._eyes, self._see = request.app.state, eyes.Scope.of(by), read

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read and send; the route's transaction has been committed."""
        readers = getattr(self._state, "readers", None)
        if readers is None:
            readers = self._state.readers = CapacityLimiter(READERS)
        self.body = await to_thread.run_sync(self._read, limiter=readers)
        self.init_headers()
        await super().__call__(scope, receive, send)

    def _read(self) -> bytes:
        with unit_of_work(self._state.sessions, self._eyes) as session:
            return self._see(session).model_dump_json().encode()
