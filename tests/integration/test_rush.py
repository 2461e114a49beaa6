"""Everybody at once: a rush waits its turn, and nobody who waits holds up the others."""

from concurrent.futures import ThreadPoolExecutor

from httpx2 import Client

from gis.authority import Role
from tests.world import WANZHOU

RUSH = 150


def test_a_rush_far_beyond_the_connections_is_answered(live_server, people, world):
    token = people.token(people.add(Role.DISTRICT_COMMANDER, WANZHOU))
    headers = {"cookie": f"yitong_session={token}"}

    def ask(_):
        with Client(base_url=live_server.url, headers=headers, timeout=25) as client:
            return client.get("/api/v1/incidents").status_code

    with ThreadPoolExecutor(RUSH) as callers:
        assert set(callers.map(ask, range(RUSH))) == {200}
