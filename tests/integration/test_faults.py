"""A short night of `python -m tests.faults`: one that is known, and beside it one never seen."""

import secrets
import sys

from tests.faults.nights import nights
from tests.faults.plan import beside, draw
from tests.loops import run_apart

KNOWN = 20260702
HALF = 2
SHORT_S = 2.0


def test_orders_go_down_while_web_worker_database_and_lines_break():
    seed = secrets.randbelow(10**6)
    plan = beside(*(draw(each, cascades=HALF, storm_s=SHORT_S) for each in (seed, KNOWN)))

    outcomes = []

    async def night():
        told = nights([plan], webs=1, storm_s=SHORT_S, fast=True)
        outcomes.extend([outcome async for outcome in told])

    run_apart(night())
    (outcome,) = outcomes
    again = f"--night {seed} --beside {KNOWN} --at-once {HALF} --storm {SHORT_S} --webs 1"
    sys.stdout.write(f"python -m tests.faults {again}\n{outcome.told}\n")
    assert outcome.faults == [], f"again: python -m tests.faults {again}"
