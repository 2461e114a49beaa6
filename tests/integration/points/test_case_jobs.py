"""A large case comes onto the ledger, and is taken back, by a job: whole, once, with progress."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.points.cases import applying
from rescue_app import case_jobs
from rescue_app.jobs.models import Job
from rescue_app.jobs.running import Interrupted, execute
from rescue_app.jobs.service import begin
from tests.integration.points.test_bulk_life import (
    applied,
    ask,
    points,
    says,
    step,
    through,
    tokens,
)
from tests.integration.test_jobs import run_worker

__all__ = ["ask", "points", "run_worker", "step", "tokens"]
WORKED_ON = "正在写入台账"
PUT_BACK = "正在把各点恢复到原来的状态"
LOST = "处理程序中断了"


@pytest.fixture(autouse=True)
def small_portions(monkeypatch):
    """Four points are a large case here, and each is a portion."""
    monkeypatch.setattr(case_jobs, "MOST_AT_ONCE", 3)
    monkeypatch.setattr(applying, "PORTION", 1)


@pytest.fixture
def jobs(sessions):
    """`jobs()` gives the jobs of cases, in the order they were asked for."""

    def all_of_them() -> list[Job]:
        with unit_of_work(sessions, SYSTEM) as session:
            kinds = Job.kind.in_([case_jobs.APPROVE, case_jobs.UNDO])
            return list(session.scalars(select(Job).where(kinds).order_by(Job.id)))

    return all_of_them


def state(ask, case: str) -> str:
    return str(ask("city", "GET", f"/api/v1/cases/{case}").json()["state"])


def test_an_approval_pressed_twice_is_one_job_and_the_case_rests_meanwhile(
    ask, step, points, jobs, run_worker
):
    case, said = applied(ask), {"id": str(uuid4()), "opinion": "同意"}
    begun = [through(step, case, **said), step("city", case, "approve", **said)]
    assert [(answer.status_code, answer.json()["state"]) for answer in begun] == [
        (202, "reviewed"),
        (202, "reviewed"),
    ]
    assert step("city", case, "send_back", opinion="等等").status_code == 409
    page = ask("city", "GET", f"/cases/{case}").text
    assert WORKED_ON in page
    assert 'value="approve"' not in page
    assert says(ask, points[0]) == ("李明", None, 1)
    run_worker()
    assert state(ask, case) == "approved"
    assert {says(ask, point) for point in points} == {("王强", "2026-05-01", 2)}
    told = ask("city", "GET", f"/api/v1/cases/{case}").json()["steps"][-1]
    assert (told["id"], told["opinion"]) == (said["id"], "同意")
    assert [(one.state, one.done, one.total) for one in jobs()] == [("done", 4, 4)]
    assert WORKED_ON not in ask("city", "GET", f"/cases/{case}").text


def test_a_worker_that_ends_in_the_middle_has_written_nothing_and_the_next_one_finishes(
    ask, step, points, jobs, sessions
):
    case = applied(ask)
    through(step, case)
    stops = iter([False, False, True])
    with pytest.raises(Interrupted):
        execute(sessions, jobs()[0].id, must_stop=lambda: next(stops))
    assert {says(ask, point) for point in points} == {("李明", None, 1)}
    assert state(ask, case) == "reviewed"
    for _ in range(2):  # a job handed out twice finds its step taken
        execute(sessions, jobs()[0].id, must_stop=lambda: False)
    assert {says(ask, point)[2] for point in points} == {2}
    assert state(ask, case) == "approved"


def test_while_it_waits_for_another_worker_the_page_says_so(ask, step, points, jobs, sessions):
    case = applied(ask)
    through(step, case)
    assert LOST not in ask("city", "GET", f"/cases/{case}").text
    with unit_of_work(sessions, SYSTEM) as session:  # begun by a worker that the queue lost
        begin(session, session.get_one(Job, jobs()[0].id), now=datetime.now(UTC))
    assert LOST in ask("city", "GET", f"/cases/{case}").text


def test_a_stopped_one_leaves_the_case_as_it_was_and_free(ask, step, points, jobs, run_worker):
    case = applied(ask)
    through(step, case)
    assert ask("city", "POST", f"/jobs/{jobs()[0].id}/cancel").status_code == 303
    run_worker()
    assert state(ask, case) == "reviewed"
    assert step("city", case, "send_back", opinion="再核").json()["state"] == "returned"
    assert says(ask, points[0]) == ("李明", None, 1)


def test_one_that_went_out_of_date_while_it_waited_goes_back_to_its_author(
    ask, step, points, run_worker, monkeypatch
):
    case = applied(ask)
    through(step, case)
    monkeypatch.setattr(case_jobs, "MOST_AT_ONCE", 1_000)
    other = applied(ask, owner_name="后来")
    assert through(step, other).json()["state"] == "approved"
    run_worker()
    assert state(ask, case) == "returned"
    assert says(ask, points[0])[0] == "后来"


def test_its_undo_is_drafted_by_a_job_once_and_goes_its_own_way(
    ask, step, points, jobs, run_worker
):
    case, undo = applied(ask), {"id": str(uuid4())}
    through(step, case)
    run_worker()
    asked = [ask("planner", "POST", f"/cases/{case}/undo", data=undo) for _ in range(2)]
    assert [answer.headers["location"] for answer in asked] == [f"/cases/{case}"] * 2
    other = ask("planner", "POST", f"/api/v1/cases/{case}/undo", json={"id": str(uuid4())})
    assert other.status_code == 409
    run_worker()
    assert [one.kind for one in jobs()] == [case_jobs.APPROVE, case_jobs.UNDO]
    assert f"/cases/{undo['id']}" in ask("planner", "GET", f"/cases/{case}").text
    assert step("district", undo["id"], "review").json()["state"] == "reviewed"
    assert step("city", undo["id"], "approve").status_code == 202
    page = ask("city", "GET", f"/cases/{undo['id']}").text
    assert PUT_BACK in page
    assert WORKED_ON not in page
    run_worker()
    assert {says(ask, point) for point in points} == {("李明", None, 3)}
