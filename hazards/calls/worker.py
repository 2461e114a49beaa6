"""The clock of the ladders: claims what is due, climbs, hands messages to channels.

Any number of workers may run. A batch is one transaction: a worker that dies in the middle
leaves everything as it was, and the next one takes it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from threading import Event, Thread

import structlog
from sqlalchemy.exc import OperationalError

from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM
from hazards.calls import handing, repository
from hazards.calls.channels import PageAlone, Ways
from hazards.calls.settling import settle

BATCH = 250
PAUSE_S = 1.0
PAGE_ALONE = PageAlone()
Look = Callable[..., object]
"""Looks after something of all areas: `look(sessions, now=…)`."""
log = structlog.get_logger()


def climb(sessions: Sessions, *, now: datetime, batch: int = BATCH) -> int:
    """Climb one batch of ladders whose time has come; give how many were claimed."""
    with unit_of_work(sessions, SYSTEM) as session:
        claimed = repository.claim(session, now=now, limit=batch)
        settle(session, claimed, now)
    return len(claimed)


def hand_out(sessions: Sessions, *, now: datetime, ways: Ways = PAGE_ALONE) -> int:
    """Hand what waits to the channels; give how many messages left."""
    messages, after = 0, None
    while True:
        with unit_of_work(sessions, SYSTEM) as session:
            sent, after = handing.hand_out(session, now=now, ways=ways, after=after)
        messages += sent
        if after is None:
            return messages


def tick(sessions: Sessions, *, now: datetime, ways: Ways = PAGE_ALONE) -> int:
    """Do all that is due at this moment; give how many ladders climbed."""
    done = 0
    while claimed := climb(sessions, now=now):
        done += claimed
    hand_out(sessions, now=now, ways=ways)
    return done


def run(
    sessions: Sessions,
    *,
    clock: Callable[[], datetime],
    stop: Event,
    do: Look,
    pause_s: float = PAUSE_S,
) -> None:
    """Do something each second until told to stop; a lost database is waited for.

    What fails in one second is tried again in the next: a clock that ended with an error left
    every ladder standing, in a worker that otherwise looked well.
    """
    while not stop.wait(pause_s):
        try:
            do(sessions, now=clock())
        except OperationalError as error:
            log.warning("calls.database_lost", error=type(error.orig).__name__)
        except Exception:
            log.exception("calls.tick_failed")  # whatever it was: the clock goes on


@contextmanager
def keeping_time(
    sessions: Sessions, *, ways: Ways = PAGE_ALONE, name: str = "calls", do: Look | None = None
) -> Iterator[None]:
    """Run beside a process's other work, and end with it; `do` instead of the ladders' clock."""
    stop = Event()
    told = {"clock": lambda: datetime.now(UTC), "stop": stop, "do": do or partial(tick, ways=ways)}
    thread = Thread(target=run, args=(sessions,), kwargs=told, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=PAUSE_S * 10)
