"""The stage and who acts on it: each request is one person's, through the front."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from gis.store.cluster import Urls
from rescue_app.http.dependencies import COOKIE
from rescue_app.main import create_app
from rescue_app.settings import Settings

Act = Callable[..., dict[str, Any]]


@dataclass
class Stage:
    """Where the server is, whose tokens there are, and what the addresses of things are."""

    url: str = ""
    urls: Urls | None = None
    tokens: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)


@contextmanager
def acting(urls: Urls, home: Path, stage: Stage) -> Iterator[Act]:
    """`act(who, path, body)` is one POST of one person, as JSON."""
    settings = Settings(home=home, database_url=urls.owner, app_database_url=urls.app)
    headers = {"sec-fetch-site": "same-origin"}
    with TestClient(create_app(settings, app_url=urls.app), headers=headers) as client:

        def act(who: str, path: str, body: dict[str, Any], method: str = "POST") -> dict[str, Any]:
            client.cookies.set(COOKIE, stage.tokens[who])
            answer = client.request(method, f"/api/v1/{path}", json=body)
            assert answer.status_code in {200, 201}, f"{path}: {answer.text}"
            return dict(answer.json())

        act.client = client  # type: ignore[attr-defined]  # for helpers that take a client
        yield act
