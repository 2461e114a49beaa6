"""What stands before every route: no forged or endless requests, safe headers on answers.

A request that changes something must come from our own pages. Browsers say so themselves
(`Sec-Fetch-Site`, else `Origin`), so forms carry no token and work without JavaScript. Requests
without a cookie (machines with their own keys) have nothing to forge.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BODY_BYTES = 64_000_000
RECEIVED_TO_DISK = ("/api/v1/files/", "/api/v1/photos/", "/api/v1/voices/", "/api/v1/imports/")
"""Where bodies go straight to the disk, each with a limit of its own (`receiving`)."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "geolocation=(self), camera=(self), microphone=(self)",
}


def policy(origin: str) -> str:
    """Say what a page may load: ours, and the pictures of the base map's origin if it has one."""
    more = f" {origin}" if origin else ""
    return (
        f"default-src 'self'; img-src 'self' data: blob:{more}; style-src 'self' 'unsafe-inline';"
        " media-src 'self' blob:;"
        f" worker-src 'self' blob:; connect-src 'self'{more}; frame-ancestors 'none';"
        " base-uri 'none'; form-action 'self'"
    )


def is_forged(headers: Headers) -> bool:
    """Tell whether another site may have made this browser send this request."""
    if "cookie" not in headers:
        return False
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc != headers.get("host")


def bounded(receive: Receive) -> Receive:
    """Receive a body up to the limit; what forms and JSON read is held in memory or in /tmp."""
    come = 0

    async def receive_bounded() -> Message:
        nonlocal come
        message = await receive()
        come += len(message.get("body", b""))
        if come > MOST_BODY_BYTES:
            raise HTTPException(413)
        return message

    return receive_bounded


class Guard:
    """Refuse forged requests, and put the security headers on every answer."""

    def __init__(self, app: ASGIApp, *, basemap_origin: str = "") -> None:
        self.app = app
        told = HEADERS | {"content-security-policy": policy(basemap_origin)}
        self.headers = [(name.encode(), value.encode()) for name, value in told.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = list(message.get("headers", ()))
                names = {name for name, _ in said}
                message["headers"] = said + [line for line in self.headers if line[0] not in names]
            await send(message)

        if scope["method"] not in SAFE and is_forged(Headers(scope=scope)):
            body = {"code": "forbidden", "detail": "跨站请求被拒绝 · cross-site request refused"}
            await JSONResponse(body, 403)(scope, receive, send_guarded)
            return
        to_disk = scope["path"].startswith(RECEIVED_TO_DISK)
        await self.app(scope, receive if to_disk else bounded(receive), send_guarded)
