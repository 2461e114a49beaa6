"""Every request gets an id, one line in the log and its place in the figures.

The line names the route, not the address: addresses carry names and numbers people search for.
"""

import time
from typing import Any

import structlog
from prometheus_client import Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gis.store.base import new_id
from rescue_app.live.stream import BARE_SEND

QUIET = ("/static", "/healthz", "/readyz", "/metrics")
SECONDS = Histogram(
    "yitong_request_seconds",
    "Time to the first byte of the answer",
    ("method", "route", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
log = structlog.get_logger()


class Watch:
    """Note each request; stands before everything else."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and note what became of it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope[BARE_SEND] = send
        request_id = str(new_id())
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began, status = time.perf_counter(), 500

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                name = (b"x-request-id", request_id.encode())
                message["headers"] = [*message.get("headers", ()), name]
                seconds = time.perf_counter() - began
                SECONDS.labels(scope["method"], route_of(scope), status).observe(seconds)
            await send(message)

        try:
            await self.app(scope, receive, send_noted)
        finally:
            if status >= 400 or not scope["path"].startswith(QUIET):
                note(scope, status=status, ms=round((time.perf_counter() - began) * 1000, 1))


def note(scope: Scope, *, status: int, ms: float) -> None:
    """Write the request's line."""
    actor: Any = scope.get("state", {}).get("actor")
    log.info(
        "request",
        method=scope["method"],
        route=route_of(scope),
        status=status,
        ms=ms,
        actor_id=str(actor.id) if actor else None,
    )


def route_of(scope: Scope) -> str:
    """Give the route's pattern; what fits no route is one thing, however many addresses."""
    return str(getattr(scope.get("route"), "path", "unmatched"))
