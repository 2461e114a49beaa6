"""What one change among 5,000 crews costs a wall, beside drawing the whole board anew."""

import http.client
from contextlib import closing
from datetime import UTC, datetime
from itertools import cycle
from uuid import UUID

import orjson
import psycopg

from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import Scope
from rescue_app.dispatch import reading, service, telling
from rescue_app.dispatch.drafts import OrderDraft, StepDraft, Target
from rescue_app.dispatch.rules import StepKind, Urgency
from rescue_app.incidents import service as incidents
from rescue_app.incidents.rules import IncidentDraft
from tests.benchmarks.bench_answers import plain
from tests.benchmarks.harness import Contest, benchmark
from tests.benchmarks.lab import Lab
from tests.benchmarks.stage import Stage
from tests.world import IN_GAOSUNTANG

CREWS = 5000
# The crews stand around the incident, so that each of them is on the map.
SPREAD = """
    UPDATE crew
    SET place = ST_SetSRID(ST_MakePoint(108.3 + random() / 5, 30.7 + random() / 5), 4326)
"""
STATES = """
    SELECT holder, state, count(*) FROM assignment
    WHERE order_id = (SELECT id FROM dispatch_order LIMIT 1) GROUP BY holder, state
"""


class Night(Stage):
    """An incident with one order to all crews, and the page of a wall that asks."""

    def __init__(self) -> None:
        super().__init__(crews=CREWS)
        with psycopg.connect(plain(self.urls.owner), autocommit=True) as connection:
            connection.execute(SPREAD)
        self.incident, self.hops = self._begin()
        self.address = f"/api/v1/incidents/{self.incident}/wall"
        self.headers = {"cookie": f"yitong_session={self.token('city')}"}

    def _begin(self) -> tuple[UUID, list[UUID]]:
        actor, now = self.cast.actor("city"), datetime.now(UTC)
        with unit_of_work(self.sessions, Scope.of(actor)) as session:
            opened = IncidentDraft(new_id(), "waterlogging", "全市暴雨", IN_GAOSUNTANG)
            incident = incidents.open_incident(session, draft=opened, by=actor, now=now).id
            order = OrderDraft(
                id=new_id(),
                what="撤离",
                where="沿江路",
                urgency=Urgency.FLASH,
                targets=tuple(Target("crew", crew) for crew in self.crews),
                incident_id=incident,
            )
            service.issue(session, draft=order, by=actor, now=now)
            return incident, [hop.id for hop in reading.hops_of(session, order.id)]

    def get(self, query: str = "", path: str = "") -> bytes:
        """Ask as the page does."""
        line = http.client.HTTPConnection("127.0.0.1", self.server.port)
        with closing(line):
            line.request("GET", (path or self.address) + query, headers=self.headers)
            told = line.getresponse()
            said = told.read()
        if told.status != 200:
            raise RuntimeError(said.decode())
        return said

    def say(self, hop: UUID, kind: StepKind) -> None:
        """Let the crew say how far it is."""
        actor, now = self.cast.actor("crew"), datetime.now(UTC)
        with unit_of_work(self.sessions, Scope.of(actor)) as session:
            step = StepDraft(new_id(), kind, "", now)
            telling.tell(session, hop_id=hop, step=step, by=actor, now=now)


@benchmark("wall/change", unit="ms", rows=CREWS)
def change(_: Lab) -> Contest:
    """One crew has answered: what the wall asks for then, beside the whole wall again.

    The floor is the bare count of the hops' states; the peer is our own order page's board, which
    draws every line. The bytes of the three are printed.
    """
    night = Night()
    kinds = cycle((StepKind.ACCEPTED, StepKind.MOVING, StepKind.ARRIVED, StepKind.WORKING))
    seen = orjson.loads(night.get())["seen"]

    def asked() -> bytes:
        return night.get(f"?seen={seen}")

    night.say(night.hops[0], next(kinds))
    order = orjson.loads(night.get())["orders"][0][0]
    sizes = {
        "one change": len(asked()),
        "whole wall": len(night.get()),
        "order's board": len(night.get(path=f"/orders/{order}/board")),
    }
    print("bytes:", ", ".join(f"{name} {size:,}" for name, size in sizes.items()))  # noqa: T201 - what the run is asked for
    bare = psycopg.connect(plain(night.urls.owner), autocommit=True)
    return Contest(
        ours=asked,
        floor=lambda: bare.execute(STATES).fetchall(),
        peer=lambda: night.get(path=f"/orders/{order}/board"),
        rounds=7,
        warm_up=1,
        around=night,
    )


@benchmark("wall/whole", unit="ms", rows=CREWS)
def whole(_: Lab) -> Contest:
    """The whole wall of 5,000 crews, as a page asks once, beside a past moment of it."""
    night = Night()
    moment = datetime.now(UTC).isoformat().replace("+", "%2B")
    return Contest(
        ours=night.get,
        peer=lambda: night.get(f"?at={moment}"),
        rounds=7,
        warm_up=1,
        around=night,
    )
