"""The way to a route by the beginning of its path.

Some 300 routes looked through one by one took more of a small request than its own work. The
list behind stays whole: it describes the routes, and answers what fits none of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from starlette.datastructures import URLPath
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.routing import BaseRoute, Match, NoMatchFound, Route
from starlette.types import ASGIApp, Receive, Scope, Send

KEPT_BEGINNINGS = 1_000
ANY = "/{any}"
FOUND = "yitong.route"
"""Where the route that was found waits until it is asked to answer."""


def beginning(path: str) -> str:
    """Give what tells features apart: the first word of a path, the third one under /api."""
    words = path.split("/", 4)[1:4]
    return "/".join(words) if words[0] == "api" else words[0]


class Signposts(BaseRoute):
    """Stands before the list of routes and tries those alone that begin as the request does."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._routes = [(beginning(getattr(route, "path", ANY)), route) for route in routes]
        self._behind = lru_cache(KEPT_BEGINNINGS)(self._beginning_so)

    def _beginning_so(self, start: str) -> tuple[BaseRoute, ...]:
        # In the order of the list, those that begin with a value of any kind among them.
        return tuple(route for known, route in self._routes if known == start or "{" in known)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Find the route that takes this request whole; all else is the list's matter."""
        if scope["type"] != "http":
            return Match.NONE, {}
        for route in self._behind(beginning(scope["path"])):
            match, child_scope = route.matches(scope)
            if match is Match.FULL:
                return match, {**child_scope, FOUND: route}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the route that was found answer."""
        route = scope.pop(FOUND)
        scope.setdefault("route", route)  # a plain one does not tell its name itself
        await route.handle(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: object) -> URLPath:
        """Leave addresses to the list."""
        raise NoMatchFound(name, path_params)


class Doorway:
    """Plain routes answered at the door: a small tile costs less than the framework's way to it.

    Stands behind what watches and guards. The routes are in the list as well, which answers
    whatever does not fit them whole.
    """

    def __init__(
        self, app: ASGIApp, *, routes: Sequence[Route], handlers: Mapping[Any, Any]
    ) -> None:
        self.app = app
        self._routes = routes
        self._starts = tuple({route.path.partition("{")[0] for route in routes})
        told = {kind: handler for kind, handler in handlers.items() if kind is not Exception}
        self._behind = ExceptionMiddleware(self._handle, told)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what a plain route takes; let all else pass."""
        if scope["type"] == "http" and scope["path"].startswith(self._starts):
            for route in self._routes:
                match, child_scope = route.matches(scope)
                if match is Match.FULL:
                    scope.update(child_scope, route=route)
                    await self._behind(scope, receive, send)
                    return
        await self.app(scope, receive, send)

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await scope["route"].handle(scope, receive, send)
