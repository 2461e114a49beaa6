"""A worker process for tests: climbs in small batches, and can be caught in the middle of one."""

import sys
from datetime import datetime

from gis.store.engine import make_engine, make_sessions, unit_of_work
from gis.store.scope import SYSTEM
from hazards.calls import repository, worker
from hazards.calls.settling import settle

BATCH = 7


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main(url: str, now: datetime, how: str) -> None:
    sessions = make_sessions(make_engine(url, pool_size=1))
    if how == "held":
        with unit_of_work(sessions, SYSTEM) as session:
            settle(session, repository.claim(session, now=now, limit=BATCH), now)
            session.flush()
            say("holding")
            sys.stdin.readline()
    while claimed := worker.climb(sessions, now=now, batch=BATCH):
        say(claimed)


if __name__ == "__main__":
    main(sys.argv[1], datetime.fromisoformat(sys.argv[2]), sys.argv[3])
