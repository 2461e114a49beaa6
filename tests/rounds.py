"""Findings for tests: who takes which step, through the front."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from starlette.testclient import TestClient

from rescue_app.http.dependencies import COOKIE
from tests.cast import Cast
from tests.conftest import People
from tests.integration.files.ugly import jpeg
from tests.patrols import visit

BAD = {"outcome": "problem", "answers": {"joints": "yes"}}


@dataclass
class Street:
    """Who works here, and on what."""

    client: TestClient
    people: People
    cast: Cast

    def sign_in(self, who: str) -> TestClient:
        self.client.cookies.set(COOKIE, self.people.token(self.cast.accounts[who]))
        return self.client

    def find(self, code: str, *, who: str = "patrol", **said: Any) -> dict[str, Any]:
        """Let somebody see it bad on a round; give the finding."""
        client = self.sign_in(who)
        done = client.post("/api/v1/inspections", json=visit(code, **(BAD | said)))
        assert done.status_code == 201, done.text
        return dict((done.json()["opened"] or done.json()["joined"])[0])

    def take(self, who: str, finding: str, act: str, **said: Any) -> Any:
        """Take a step as somebody; give the answer."""
        body = {"id": str(uuid4()), "act": act} | said
        return self.sign_in(who).post(f"/api/v1/findings/{finding}/steps", json=body)

    def go(self, who: str, finding: str, *acts: str) -> dict[str, Any]:
        """Take steps that have to succeed."""
        for act in acts:
            answer = self.take(who, finding, act, note="已派人处理")
            assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def photo(self, who: str) -> str:
        """Send a picture as somebody; give its id."""
        made = str(uuid4())
        path = f"/api/v1/files/{made}?name=photo.jpg"
        answer = self.sign_in(who).put(path, content=jpeg())
        assert answer.status_code == 200, answer.text
        return made

    def verify(self, who: str, finding: str, code: str, **said: Any) -> Any:
        """Verify on site, with the code scanned and a photo taken."""
        photo = self.photo(who)
        return self.take(who, finding, "verify", code=code, file_ids=[photo], **said)

    def shown(self, finding: str) -> dict[str, Any]:
        return dict(self.client.get(f"/api/v1/findings/{finding}").json())

    def acts(self, finding: str) -> list[str]:
        steps = self.client.get(f"/api/v1/findings/{finding}/steps").json()
        return [step["act"] for step in steps]
