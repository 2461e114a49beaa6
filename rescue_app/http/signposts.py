"""The way to a route by the beginning of its path.

Some 300 routes looked through one by one took more of a small request than its own work. The
list behind stays whole: it describes the routes, and answers what fits none of them.
"""

from collections.abc import Iterable
from functools import lru_cache

from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send

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
        await scope.pop(FOUND).handle(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: object) -> URLPath:
        """Leave addresses to the list."""
        raise NoMatchFound(name, path_params)
