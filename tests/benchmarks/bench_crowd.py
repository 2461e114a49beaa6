"""More desks look than can be served while crews answer: whose turn is it?"""

import http.client
import json
import statistics
import threading
import time
from collections import Counter
from contextlib import closing
from uuid import UUID

from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from rescue_app.dispatch import repository
from tests.benchmarks.harness import Contest, Spent, benchmark
from tests.benchmarks.lab import Lab
from tests.benchmarks.stage import Stage

DESKS = 96
ANSWERS = 50
CREWS = 1000
PATIENCE_S = 120


class Desks:
    """Desks that read a large order again and again; who is turned away comes when he is told."""

    def __init__(self, stage: Stage, order: UUID) -> None:
        self.came: Counter[int] = Counter()
        self.full = threading.Event()
        self._over = threading.Event()
        self._stage, self._path = stage, f"/api/v1/orders/{order}"
        self._headers = {"cookie": f"yitong_session={stage.token('city')}"}
        self._threads = [threading.Thread(target=self._look) for _ in range(DESKS)]

    def begin(self) -> None:
        """Begin all at once, and wait until the first is turned away."""
        for thread in self._threads:
            thread.start()
        if not self.full.wait(PATIENCE_S):
            raise TimeoutError("no desk was turned away")

    def end(self) -> None:
        """Stop asking; what was asked is still answered."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _look(self) -> None:
        while not self._over.is_set():
            status, later_s = self.ask()
            self.came[status] += 1
            if status == http.client.SERVICE_UNAVAILABLE:
                self.full.set()
                self._over.wait(later_s)

    def ask(self) -> tuple[int, float]:
        """Look once; give the status, and in how many seconds to come again."""
        line = http.client.HTTPConnection("127.0.0.1", self._stage.server.port, timeout=PATIENCE_S)
        with closing(line):
            line.request("GET", self._path, headers=self._headers)
            told = line.getresponse()
            told.read()
        return told.status, float(told.headers.get("retry-after", "0"))


def answered(stage: Stage, hops: list[UUID]) -> list[float]:
    """Let crews answer one after the other; give the seconds of each."""
    headers = {"cookie": f"yitong_session={stage.token('crew')}"}
    headers |= {"content-type": "application/json", "sec-fetch-site": "same-origin"}
    took: list[float] = []
    line = http.client.HTTPConnection("127.0.0.1", stage.server.port, timeout=PATIENCE_S)
    with closing(line):
        for hop in hops:
            begun = time.perf_counter()
            body = json.dumps({"id": str(new_id()), "kind": "accepted"})
            line.request("POST", f"/api/v1/hops/{hop}/steps", body, headers)
            told = line.getresponse()
            if told.status != http.client.CREATED:
                raise RuntimeError(f"a crew was told {told.status}: {told.read().decode()}")
            told.read()
            took.append(time.perf_counter() - begun)
    return took


def shown(name: str, took: list[float]) -> None:
    """Print how long answers took."""
    middle, worst = statistics.median(took) * 1000, max(took) * 1000
    print(f"{name}: {len(took)} answers, median {middle:.0f} ms, worst {worst:.0f} ms")  # noqa: T201 - what the run is asked for


@benchmark("crowd/answers", unit="ms", rows=ANSWERS)
def crowd(_: Lab) -> Contest:
    """Fifty answers of a crew while 96 desks ask for an order to 1,000 crews, far more than can be
    served; the floor is the same without desks. None of the answers may be refused.

    What desks were told, and when the server was itself again, is printed.
    """
    stage = Stage(crews=CREWS)
    hops = stage.order()
    with unit_of_work(stage.sessions, SYSTEM) as session:
        hop = repository.hop(session, hops[0])
    assert hop is not None
    order = hop.order_id

    def rushed() -> Spent:
        desks = Desks(stage, order)
        desks.begin()
        took = answered(stage, hops[:ANSWERS])
        desks.end()
        begun = time.perf_counter()
        status, _ = desks.ask()
        back_s = time.perf_counter() - begun
        shown("with desks", took)
        told = ", ".join(f"{status}: {n}" for status, n in sorted(desks.came.items()))
        print(f"desks were told {told}; the next is told {status} in {back_s:.2f} s")  # noqa: T201 - as above
        return Spent(sum(took))

    def quiet() -> Spent:
        took = answered(stage, hops[:ANSWERS])
        shown("without", took)
        return Spent(sum(took))

    return Contest(ours=rushed, floor=quiet, rounds=3, warm_up=0, around=stage)
