"""While the database is away, or too many ask, people are told so and when to come again."""

import asyncio

import pytest
from fastapi.testclient import TestClient

from gis.store.base import new_id
from rescue_app.http.crowding import LOOKS, PLACES, Crowd, may_wait
from rescue_app.http.dependencies import COOKIE
from rescue_app.main import create_app
from tests.loops import run_apart

NOWHERE = "postgresql+psycopg://nobody@/nothing?host=/nowhere-at-all"


@pytest.fixture
def cut_off(settings):
    """The application with a database that nobody reaches; its own errors are answered."""
    app = create_app(settings, app_url=NOWHERE)
    client = TestClient(app, raise_server_exceptions=False, base_url="https://testserver")
    client.cookies.set(COOKIE, "somebody")
    return client


def test_a_page_says_in_plain_words_that_the_database_is_away(cut_off):
    told = cut_off.get("/crew", headers={"accept": "text/html", "accept-language": "zh"})
    assert (told.status_code, told.headers["retry-after"]) == (503, "5")
    assert "数据库暂时没有应答" in told.text


def test_a_phone_is_told_later_and_not_refused(cut_off):
    said = {"id": str(new_id()), "kind": "accepted"}
    for path in (f"/api/v1/hops/{new_id()}/steps", f"/api/v1/parts/{new_id()}/steps"):
        told = cut_off.post(path, json=said, headers={"origin": "https://testserver"})
        assert (told.status_code, told.json()["code"]) == (503, "unavailable")
        assert told.headers["retry-after"] == "5"


def scope(method, path):
    return {"type": "http", "method": method, "path": path, "headers": []}


class House:
    """An application whose answers come when they are let go, and a clock that stands."""

    def __init__(self):
        self.now, self.go, self.refused, self.begun = 0.0, asyncio.Event(), [], 0
        self.door = Crowd(self.serve, refuse=self.refuse, clock=lambda: self.now)

    async def serve(self, *_):
        self.begun += 1
        await self.go.wait()

    def refuse(self, _):
        async def answer(scope, *_):
            self.refused.append((scope["method"], scope["path"]))

        return answer

    def ask(self, method="GET", path="/points"):
        return asyncio.ensure_future(self.door(scope(method, path), None, None))


def test_while_every_place_is_held_too_long_desks_are_turned_away_and_sends_are_served():
    async def night():
        house = House()
        waiting = [house.ask() for _ in range(PLACES + 1)]
        await asyncio.sleep(0)
        early = house.ask("GET", "/points/early")
        await asyncio.sleep(0)
        assert house.refused == []  # many at once are no crowd as long as they are served
        house.now = 6.0
        asked = [
            house.ask("GET", "/points"),
            house.ask("POST", "/api/v1/orders/1/changes"),
            house.ask("GET", "/crew"),
            house.ask("POST", "/api/v1/hops/1/steps"),
        ]
        await asyncio.sleep(0)
        assert house.refused == [("GET", "/points")]
        house.go.set()
        await asyncio.gather(*waiting, early, *asked)
        assert not house.door.is_full()
        await house.ask()
        assert house.refused == [("GET", "/points")]

    run_apart(night())


def test_desks_are_drawn_for_a_few_at_a_time_and_a_send_waits_for_none_of_them():
    async def rush():
        house = House()
        desks = [house.ask() for _ in range(LOOKS + 5)]
        await asyncio.sleep(0)
        assert house.begun == LOOKS
        said = house.ask("POST", "/api/v1/hops/1/steps")
        await asyncio.sleep(0)
        assert house.begun == LOOKS + 1
        house.go.set()
        await asyncio.gather(*desks, said)
        assert house.begun == LOOKS + 6

    run_apart(rush())


def test_what_is_said_and_what_is_read_in_the_field_waits_for_nobody():
    assert may_wait(scope("GET", "/incidents"))
    assert not may_wait(scope("POST", "/incidents"))
    assert not may_wait(scope("GET", "/c/ABC"))
