"""A request finds its route by the beginning of its path, and the same one as by the whole list."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route, Router
from starlette.testclient import TestClient

from rescue_app.http.signposts import Signposts


def says(word: str) -> Route:
    async def answer(request: Request) -> Response:
        return PlainTextResponse(word + "".join(request.path_params.values()))

    path, _, method = word.partition(" ")
    return Route(path, answer, methods=[method or "GET"])


ROUTES = [
    says("/points/new"),
    says("/points/{id}"),
    says("/points POST"),
    says("/api/v1/points.geojson"),
    says("/api/v1/points/{id}"),
    Mount("/static", routes=[says("/a.css")]),
    says("/{code}"),
    says("/"),
]
PATHS = ("/points/new", "/points/7", "/points", "/points/7/8", "/", "/c", "/api/v1/points.geojson")
PATHS += (
    "/api/v1/points/7",
    "/api/v1/points",
    "/api",
    "/static/a.css",
    "/static/b.css",
    "/points/",
)


def test_every_request_is_answered_as_the_list_behind_would_answer_it() -> None:
    short = TestClient(Router([Signposts(ROUTES), *ROUTES]))
    long = TestClient(Router(ROUTES))
    for path in PATHS:
        for method in ("GET", "POST"):
            found, wanted = short.request(method, path), long.request(method, path)
            assert (found.status_code, found.text) == (wanted.status_code, wanted.text), path


def test_routes_of_other_features_are_not_tried() -> None:
    tried = []

    class Noted(Route):
        def matches(self, scope):  # type: ignore[no-untyped-def]  # as Starlette's own
            tried.append(self.path)
            return super().matches(scope)

    routes = [Noted(path, lambda _: Response()) for path in ("/areas", "/points", "/{code}")]
    signposts = Signposts(routes)
    signposts.matches({"type": "http", "path": "/points", "method": "GET"})
    assert tried == ["/points"]
