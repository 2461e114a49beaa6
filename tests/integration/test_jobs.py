"""Long work: it starts after the commit, tells how far it is, stops, and survives kill -9."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from gis.authority import Role
from gis.errors import Rejected
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from rescue_app.jobs import service
from rescue_app.jobs.models import Job
from rescue_app.jobs.repository import TASK
from rescue_app.jobs.running import JOBS, job
from rescue_app.jobs.stalled import take_up_stalled
from rescue_app.settings import PROJECT
from rescue_app.worker import make_queue
from tests.loops import run_apart
from tests.world import WANZHOU, YUNYANG

SLOW = """
import sys, threading
from rescue_app.jobs.running import job
from rescue_app.worker import work

@job("test.slow")
def slow(work):
    work.progress(done=1, total=2)
    print("begun", flush=True)
    threading.Event().wait()  # until it is killed

work(app_url=sys.argv[1], files_url=sys.argv[1])
"""
HELD = """
    WITH worker AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (:at) RETURNING id)
    UPDATE procrastinate_jobs SET status = 'doing', worker_id = worker.id
    FROM worker WHERE procrastinate_jobs.id = :id
"""


@pytest.fixture
def kind():
    """Declare a job for one test."""
    before = dict(JOBS)
    yield lambda name, function: job(name)(function)
    JOBS.clear()
    JOBS.update(before)


@pytest.fixture
def planner(world, people):
    return people.add(Role.PLANNER, WANZHOU).as_actor()


@pytest.fixture
def run_worker(database, sessions):
    """Work the queue off, in this process."""

    def run():
        queue = make_queue(database.app, sessions)

        async def work():
            async with queue.open_async():
                await queue.run_worker_async(wait=False, install_signal_handlers=False)

        run_apart(work())

    return run


def ask_for(sessions, kind, actor, **args):
    with unit_of_work(sessions, Scope.of(actor)) as session:
        return service.enqueue(session, kind, by=actor, **args).id


def read(sessions, job_id):
    with unit_of_work(sessions, SYSTEM) as session:
        return session.get(Job, job_id)


def test_a_job_runs_with_the_eyes_of_whoever_asked(sessions, planner, kind, run_worker):
    seen = []

    def look(work, *, word):
        with work.unit() as session:
            seen.append(session.scalar(text("SELECT current_setting('yitong.area_path')")))
        work.progress(done=3, total=3)
        return f"text:{word}"

    kind("test.look", look)
    job_id = ask_for(sessions, "test.look", planner, word="好")
    run_worker()
    found = read(sessions, job_id)
    assert seen == [WANZHOU]
    assert (found.state, found.done, found.total) == ("done", 3, 3)
    assert found.result_ref == "text:好"
    assert found.created_at <= found.started_at <= found.finished_at


def test_a_job_asked_for_in_work_that_failed_never_was(sessions, planner, kind, run_worker):
    ran = []
    kind("test.never", lambda _: ran.append(1))
    with pytest.raises(RuntimeError), unit_of_work(sessions, Scope.of(planner)) as session:
        service.enqueue(session, "test.never", by=planner)
        raise RuntimeError
    run_worker()
    assert ran == []


def test_a_job_that_fails_says_why(sessions, planner, kind, run_worker):
    def refuse(work):
        raise Rejected("Line {line} has no name. Add it and try again.", line=41)

    kind("test.refuse", refuse)
    job_id = ask_for(sessions, "test.refuse", planner)
    run_worker()
    found = read(sessions, job_id)
    assert found.state == "failed"
    assert found.message.format(**found.message_values).startswith("Line 41 has no name")


def test_a_fault_of_ours_is_told_without_its_details(sessions, planner, kind, run_worker):
    def stumble(work):
        raise ValueError("phone 13800000000")

    kind("test.stumble", stumble)
    job_id = ask_for(sessions, "test.stumble", planner)
    run_worker()
    assert read(sessions, job_id).message == service.FAILED


def test_a_waiting_job_can_be_cancelled_by_its_area_and_by_no_other(
    client, sign_in, sessions, planner, people, kind, run_worker
):
    ran = []
    kind("test.wait", lambda _: ran.append(1))
    job_id = ask_for(sessions, "test.wait", planner)
    sign_in(client, Role.PLANNER, YUNYANG)
    assert client.post(f"/api/v1/jobs/{job_id}/cancel").status_code == 404
    sign_in(client, Role.PLANNER, WANZHOU)
    assert client.post(f"/api/v1/jobs/{job_id}/cancel").json()["state"] == "cancelled"
    assert client.post(f"/api/v1/jobs/{job_id}/cancel").status_code == 409
    run_worker()
    assert ran == []


def test_a_running_job_stops_at_its_next_step(sessions, planner, kind, run_worker):
    begun, cancelled, finished = threading.Event(), threading.Event(), []

    def step(work):
        begun.set()
        assert cancelled.wait(10)
        work.progress(done=1, total=2)
        finished.append(1)

    kind("test.step", step)
    job_id = ask_for(sessions, "test.step", planner)
    runner = threading.Thread(target=run_worker)
    runner.start()
    assert begun.wait(10)
    with unit_of_work(sessions, Scope.of(planner)) as session:
        service.cancel(session, job_id=job_id, now=read(sessions, job_id).created_at)
    cancelled.set()
    runner.join(20)
    assert read(sessions, job_id).state == "cancelled"
    assert finished == []


def test_a_job_of_a_killed_worker_is_taken_up_again(
    sessions, planner, kind, run_worker, database, owner, tmp_path: Path
):
    script = tmp_path / "slow_worker.py"
    script.write_text(SLOW)
    job_id = ask_for(sessions, "test.slow", planner)
    worker = subprocess.Popen(
        [sys.executable, str(script), database.app],
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert any("begun" in line for line in worker.stdout)
    worker.send_signal(signal.SIGKILL)
    worker.communicate()
    assert read(sessions, job_id).state == "running"

    kind("test.slow", lambda _: "text:second")
    queue = make_queue(database.app, sessions)

    async def take_up():
        async with queue.open_async():
            until = time.monotonic() + 60
            while not list(await queue.job_manager.list_jobs_async(status="todo", task=TASK)):
                await take_up_stalled(queue, after_s=0.1)
                assert time.monotonic() < until

    run_apart(take_up())
    run_worker()
    found = read(sessions, job_id)
    assert (found.state, found.result_ref, found.attempts) == ("done", "text:second", 2)


def test_a_stalled_job_that_ends_while_it_is_taken_up_stops_nothing(
    sessions, planner, owner, database, monkeypatch
):
    ask_for(sessions, "test.first", planner)
    ask_for(sessions, "test.second", planner)
    owner.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))
    owner.commit()
    queue = make_queue(database.app, sessions)
    list_stalled = queue.job_manager.get_stalled_jobs

    async def list_and_let_the_first_end(**wanted):
        found = sorted(await list_stalled(**wanted), key=lambda job: job.id)
        owner.execute(text("DELETE FROM procrastinate_jobs WHERE id = :id"), {"id": found[0].id})
        owner.commit()
        return found

    monkeypatch.setattr(queue.job_manager, "get_stalled_jobs", list_and_let_the_first_end)

    async def take_up():
        async with queue.open_async():
            await take_up_stalled(queue, after_s=0.0)

    run_apart(take_up())
    left = owner.scalars(text("SELECT status::text FROM procrastinate_jobs")).all()
    assert left == ["todo"]


def test_a_chore_of_a_killed_worker_does_not_hold_up_the_next_one(sessions, owner, database):
    queue = make_queue(database.app, sessions)

    async def take_up():
        async with queue.open_async():
            await queue.tasks["climb_over_silent"].defer_async(timestamp=1)
            owner.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))
            owner.commit()
            await queue.tasks["climb_over_silent"].defer_async(timestamp=2)
            await take_up_stalled(queue, after_s=0.0)
            assert (await queue.job_manager.fetch_job(None, None)).task_kwargs["timestamp"] == 2

    run_apart(take_up())


def test_the_queue_itself_holds_nothing_personal(sessions, planner, owner):
    ask_for(sessions, "test.quiet", planner, phone="13800000000")
    queued = owner.scalar(text("SELECT string_agg(args::text, ',') FROM procrastinate_jobs"))
    assert "13800000000" not in queued


def test_a_job_whose_worker_is_silent_says_when_it_is_taken_up_again(sessions, planner):
    job_id = ask_for(sessions, "test.slow", planner)
    heard = datetime(2026, 7, 6, 8, 0, 35, tzinfo=UTC)
    with unit_of_work(sessions, SYSTEM) as session:
        running = session.get_one(Job, job_id)
        service.begin(session, running, now=heard)
        session.execute(text(HELD), {"id": running.queue_id, "at": heard})

    def until(seconds: int) -> datetime | None:
        with unit_of_work(sessions, Scope.of(planner)) as session:
            now = heard + timedelta(seconds=seconds)
            return service.lost_until(session, session.get_one(Job, job_id), now=now)

    assert until(5) is None
    assert until(12) == until(20) == datetime(2026, 7, 6, 8, 1, tzinfo=UTC)
    assert until(70) == datetime(2026, 7, 6, 8, 2, tzinfo=UTC)
    with unit_of_work(sessions, SYSTEM) as session:  # struck off by another worker
        session.execute(text("DELETE FROM procrastinate_workers"))
    assert until(5) == datetime(2026, 7, 6, 8, 1, tzinfo=UTC)
