"""Run cascades while everything breaks, a night of them at once, until so many are through.

python -m tests.faults --runs 1000 --seed 7
python -m tests.faults --night 123456        # a night that failed, drawn again
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.faults.nights import KEPT, Told, nights
from tests.faults.plan import STORM_S, Plan, beside, draw


def say(told: object, into: Path) -> None:
    """Write a line at once, on the screen and into the run's log."""
    sys.stdout.write(f"{told}\n")
    sys.stdout.flush()
    into.parent.mkdir(parents=True, exist_ok=True)
    with into.open("a") as log:
        log.write(f"{told}\n")


def arguments() -> argparse.Namespace:
    """Read the command line."""
    asked = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    asked.add_argument("--runs", type=int, default=1000, help="how many cascades in all")
    asked.add_argument("--at-once", type=int, default=25, help="cascades in one night")
    asked.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    asked.add_argument("--night", type=int, help="run this one night alone, by its number")
    asked.add_argument("--beside", type=int, help="another night at the same time, with --night")
    asked.add_argument("--storm", type=float, default=STORM_S, help="seconds in which things break")
    asked.add_argument("--webs", type=int, default=2, help="web servers")
    return asked.parse_args()


def plans(asked: argparse.Namespace) -> Sequence[Plan]:
    """Draw each night."""
    count = 1 if asked.night is not None else -(-asked.runs // asked.at_once)
    first = asked.seed * 1000 if asked.night is None else asked.night
    how = {"cascades": asked.at_once, "storm_s": asked.storm}
    drawn = [draw(first + number, **how) for number in range(count)]
    return drawn if asked.beside is None else [beside(drawn[0], draw(asked.beside, **how))]


async def main() -> int:
    """Run the nights; 1 if anything was wrong with any."""
    asked = arguments()
    drawn = plans(asked)
    count = sum(len(plan.cascades) for plan in drawn)
    log = KEPT / f"run-{drawn[0].seed}.log"
    say(f"{count} cascades, {asked.at_once} at once, seed {asked.seed}, log {log}", log)
    done, wrong = Told(), 0
    async for outcome in nights(drawn, webs=asked.webs, storm_s=asked.storm):
        done.add(outcome)
        say(f"night {outcome.seed}: {outcome.told}", log)
        for fault in outcome.faults:
            say(f"  FAULT {fault}", log)
        say(done.so_far(count), log)
        if outcome.faults:
            wrong += 1
            again = f"--night {outcome.seed} --at-once {asked.at_once} --webs {asked.webs}"
            say(f"  again: python -m tests.faults {again}", log)
    say(f"{done}; {wrong} nights with faults", log)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
