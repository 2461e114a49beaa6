"""Several workers, one of them killed: every ladder climbs, and every rung is called once."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import func, make_url, select

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.calls import service, worker
from hazards.calls.models import CallEvent, CallLadder, CallRung
from rescue_app.settings import PROJECT
from tests.calling import START, draft, minutes
from tests.cast import build_cast

COUNT = 120


@pytest.fixture
def storm(sessions, world):
    cast = build_cast(sessions)
    with unit_of_work(sessions, SYSTEM) as session:
        service.open_many(session, [draft(cast) for _ in range(COUNT)], now=START)


@pytest.fixture
def start(database):
    """Start a worker on this test's database; all are gone afterwards."""
    running: list[subprocess.Popen[str]] = []

    def do(now: datetime, how: str = "free") -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "tests.climbing", database.app, now.isoformat(), how]
        process = subprocess.Popen(
            command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        running.append(process)
        return process

    yield do
    for process in running:
        process.kill()
        process.communicate()


def called(sessions):
    """How many rungs each ladder has called, and how many lines of the log say so."""
    with unit_of_work(sessions, SYSTEM) as session:
        lines = session.scalar(select(func.count()).where(CallEvent.kind == "queued"))
        rungs = session.scalar(select(func.count()).where(CallRung.queued_at.is_not(None)))
        positions = session.execute(
            select(CallLadder.position, func.count()).group_by(CallLadder.position)
        ).all()
    return lines, rungs, sorted(tuple(row) for row in positions)


def test_three_workers_at_once_climb_each_ladder_once(sessions, storm, start):
    workers = [start(minutes(5)) for _ in range(3)]
    claimed = [int(line) for each in workers for line in each.communicate(timeout=120)[0].split()]
    assert sum(claimed) == COUNT
    assert called(sessions) == (2 * COUNT, 2 * COUNT, [(1, COUNT)])


def test_a_worker_killed_in_the_middle_of_its_batch_leaves_it_to_the_others(sessions, storm, start):
    victim = start(minutes(5), "held")
    assert victim.stdout.readline() == "holding\n"
    others = [start(minutes(5)) for _ in range(2)]
    for other in others:
        other.communicate(timeout=120)
    assert called(sessions)[2] == [(0, 7), (1, COUNT - 7)]
    victim.kill()
    victim.wait(timeout=60)
    start(minutes(5)).communicate(timeout=120)
    assert called(sessions) == (2 * COUNT, 2 * COUNT, [(1, COUNT)])


def test_the_worker_keeps_the_time_by_itself(sessions, world, database):
    cast, late = build_cast(sessions), datetime.now(UTC) - timedelta(minutes=6)
    with unit_of_work(sessions, SYSTEM) as session:
        service.open_many(session, [draft(cast)], now=late)
    url = make_url(database.app).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as line:
        line.execute("LISTEN yitong_live")
        with worker.keeping_time(sessions):
            assert list(line.notifies(timeout=30, stop_after=1))
    assert called(sessions) == (2, 2, [(1, 1)])


def test_workers_killed_at_any_moment_lose_and_repeat_nothing(sessions, storm, start):
    for _ in range(4):
        victim = start(minutes(5))
        victim.stdout.readline()
        victim.kill()
        victim.wait(timeout=60)
    start(minutes(5)).communicate(timeout=120)
    assert called(sessions) == (2 * COUNT, 2 * COUNT, [(1, COUNT)])
