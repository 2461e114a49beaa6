"""Everybody at once: a rush waits its turn, and nobody who waits holds up the others."""

import http.client
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from gis.authority import Role
from tests.world import WANZHOU

RUSH = 90  # more than the server has threads and connections together
PATIENCE_S = 60


def test_a_rush_far_beyond_the_connections_is_answered(live_server, people, world):
    token = people.token(people.add(Role.DISTRICT_COMMANDER, WANZHOU))

    def ask(_):
        line = http.client.HTTPConnection("127.0.0.1", live_server.port, timeout=PATIENCE_S)
        with closing(line):
            line.request("GET", "/api/v1/incidents", headers={"cookie": f"yitong_session={token}"})
            return line.getresponse().status

    with ThreadPoolExecutor(RUSH) as callers:
        assert set(callers.map(ask, range(RUSH))) == {200}
