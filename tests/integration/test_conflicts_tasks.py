"""Two answers to one task that contradict each other: both kept, one ruled to hold."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from tests.tasking import generate, load_lists, point, put_points
from tests.world import GAOSUNTANG

CONFLICTS = "/api/v1/conflicts"
BAD = {"outcome": "problem", "note": "后缘有新裂缝"}


@pytest.fixture
def task(sessions, world, client, sign_in):
    """A list that is due at a point of the street, with its patrol signed in."""
    load_lists(sessions)
    now = datetime.now(UTC)
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(text("UPDATE threshold SET default_value = 1 WHERE code ~ 'flood_first'"))
        session.execute(text("UPDATE threshold SET default_value = 12 WHERE code ~ 'flood_last'"))
    put_points(sessions, [point(GAOSUNTANG, now - timedelta(days=1), 1)])
    generate(sessions, now)
    sign_in(client, Role.PATROL, GAOSUNTANG, "覃小红")
    return client.get("/api/v1/tasks/mine").json()[0]["tasks"][0]["id"]


def say(client, task, **said):
    body = {"id": str(uuid4()), "outcome": "all_normal"} | said
    answer = client.post(f"/api/v1/tasks/{task}/answers", json=body)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


def rule(client, conflict, choice):
    body = {"id": str(uuid4()), "choice": choice, "reason": "到现场看过"}
    answer = client.post(f"{CONFLICTS}/{conflict}/rulings", json=body)
    assert answer.status_code == 201, answer.text


def stands(client, task):
    found = client.get(f"/api/v1/tasks/{task}").json()
    return found["state"], found["done_by"], found["worst_grade"]


def test_somebody_elses_other_answer_is_laid_beside_the_one_that_did_the_task(
    client, task, sign_in
):
    assert say(client, task)["conflict"] is None
    sign_in(client, Role.PATROL, GAOSUNTANG, "新来的")
    same = say(client, task)
    assert (same["late"], same["conflict"]) == ("done_before", None)
    other = say(client, task, **BAD)
    (one,) = client.get(CONFLICTS).json()["items"]
    assert (one["kind"], one["about"], one["second_id"], one["subject_name"]) == (
        "done_before", "task", other["id"], "大石坡1号",
    )  # fmt: skip
    page = client.get(f"/conflicts/{other['conflict']}").text
    assert "两个人答复了同一份清单" in page
    assert "后缘有新裂缝" in page


def test_the_task_follows_what_is_ruled_and_what_is_taken_back(client, task, sign_in):
    say(client, task)
    sign_in(client, Role.PATROL, GAOSUNTANG, "新来的")
    conflict = say(client, task, **BAD)["conflict"]
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG, "高书记")
    expected = {
        "second": ("done", "新来的", 3),
        "first": ("done", "覃小红", None),
        "both": ("done", "覃小红", 3),
        "open": ("done", "覃小红", None),
    }
    for choice, standing in expected.items():
        rule(client, conflict, choice)
        assert stands(client, task) == standing, choice


def test_another_content_under_the_same_number_is_kept_and_does_the_task_only_when_ruled(
    client, task, sign_in
):
    number = str(uuid4())
    say(client, task, id=number)
    second = [say(client, task, id=number, **BAD) for _ in range(3)]
    assert [one["new"] for one in second] == [True, False, False]
    assert len({one["conflict"] for one in second}) == 1
    assert stands(client, task) == ("done", "覃小红", None)
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG, "高书记")
    rule(client, second[0]["conflict"], "second")
    assert stands(client, task) == ("done", "覃小红", 3)
