"""The planner's board: what is due, overdue and done, by street and person; hand over and undo."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.tasks import boards, counts
from hazards.tasks.boards import Shown, Wanted
from tests.tasking import generate, load_lists, point, put_points, tasks
from tests.world import GAOSUNTANG, SHUANGJIANG, TAIBAI, WANZHOU, YUNYANG


@pytest.fixture
def ground(sessions, world):
    """Two points in each street; the first of Gaosuntang is overdue."""
    load_lists(sessions)
    now = datetime.now(UTC)
    early = now - timedelta(days=1)
    streets = (GAOSUNTANG, TAIBAI, SHUANGJIANG)
    put_points(sessions, [point(path, early, n) for path in streets for n in (1, 2)])
    put_points(sessions, [point(GAOSUNTANG, early, 3, name="=1+1", hazard_type="urban_fire")])
    generate(sessions, now)
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(
            text("""UPDATE task SET due_at = :late FROM hazard_point p
                WHERE p.id = subject_id AND p.name = '大石坡1号' AND task.area_path = :path"""),
            {"late": now - timedelta(hours=2), "path": GAOSUNTANG},
        )


@pytest.fixture
def planner(client, ground, sign_in):
    return sign_in(client, Role.PLANNER, WANZHOU, name="万规划")


def figures(page):
    tiles = re.search(r'<nav class="tiles .*?</nav>', page, re.DOTALL).group()
    return [int(n) for n in re.findall(r"<b[^>]*>(\d+)</b>", tiles)]


def lines(client, **asked):
    answer = client.get("/tasks.csv", params={"lang": "en"} | asked)
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def give(client, ids, to):
    return client.post("/tasks/assign", data={"task": [str(i) for i in ids], "to": to})


def test_the_figures_the_streets_and_the_list_agree(client, planner):
    page = client.get("/tasks?lang=en").text
    assert figures(page) == [1, 4, 0, 0]
    start = client.get("/?lang=en").text
    assert re.search(r'href="/tasks".*?<b class="late">1</b>', start, re.DOTALL)
    assert (len(lines(client)), len(lines(client, state="due"))) == (1, 4)
    street = client.get(f"/tasks?area={TAIBAI}&state=due").text
    assert figures(street) == [0, 2, 0, 0]
    assert len(lines(client, area=TAIBAI, state="due")) == 2
    assert len(lines(client, state="due", hazard_type="urban_fire")) == 1
    assert lines(client, state="due", mode="war") == []


def test_what_is_done_and_what_was_found_bad_is_counted(client, sessions, ground, sign_in):
    sign_in(client, Role.PATROL, TAIBAI, name="覃小红")
    first, second = (stop["tasks"][0]["id"] for stop in client.get("/api/v1/tasks/mine").json())
    said = {"outcome": "problem", "note": "截水沟堵塞"}
    client.post(f"/api/v1/tasks/{first}/answers", json=said | {"id": str(uuid4())})
    fine = {"outcome": "all_normal", "id": str(uuid4())}
    client.post(f"/api/v1/tasks/{second}/answers", json=fine)
    sign_in(client, Role.PLANNER, WANZHOU)
    assert figures(client.get("/tasks").text) == [1, 2, 2, 1]
    (bad,) = lines(client, state="bad")
    assert (bad["Done by"], bad["Grade"]) == ("覃小红", "3")


def test_sums_are_those_of_the_rows_however_often_they_were_changed(
    client, sessions, planner, people
):
    city = Wanted("/500000/", datetime.now(UTC))
    by_type = [replace(city, hazard_type=kind) for kind in ("landslide", "urban_fire")]

    def said(session):
        rows = [boards.loads(session, one).figures() for one in by_type]
        assert boards.loads(session, city).figures() == {k: sum(r[k] for r in rows) for k in Shown}
        return boards.loads(session, city).by_person()

    zhou = people.add(Role.PATROL, GAOSUNTANG, "周敏")
    give(client, [one.id for one in tasks(sessions, area_path=GAOSUNTANG)], str(zhou.id))
    with unit_of_work(sessions, SYSTEM) as session:
        before = said(session)
        session.execute(text("UPDATE task SET state = 'begun' WHERE area_path = :p"), {"p": TAIBAI})
        session.execute(
            text("UPDATE task SET area_path = :p WHERE state = 'begun'"), {"p": YUNYANG}
        )
        assert said(session) == before
        assert counts.compact(session, now=city.now) > 0
        assert said(session) == before
        cancelled = (
            "UPDATE task SET state = 'cancelled', cancelled_why = 'mode' WHERE state = 'begun'"
        )
        session.execute(text(cancelled))
        assert said(session) != before


def test_no_cell_of_the_table_acts_on_its_own(client, planner):
    assert "'=1+1" in {line["Point or asset"] for line in lines(client, state="due")}


def test_a_planner_hands_over_and_takes_it_back(client, sessions, planner, people):
    zhou = people.add(Role.PATROL, GAOSUNTANG, "周敏")
    ids = [task.id for task in tasks(sessions, area_path=GAOSUNTANG)]
    done = give(client, ids, str(zhou.id))
    assert done.status_code == 303
    assert {t.person for t in tasks(sessions, area_path=GAOSUNTANG)} == {"周敏"}
    assert len(lines(client, person=str(zhou.id), state="due")) == 2
    undo = re.search(r"/tasks/assignments/[0-9a-f-]+/undo", flash(done)).group()
    assert client.post(undo).status_code == 303
    assert client.post(undo).status_code == 303
    assert {t.account_id for t in tasks(sessions, area_path=GAOSUNTANG)} == {None}


def flash(answer):
    from urllib.parse import unquote

    return unquote(answer.headers["set-cookie"])


def test_nobody_outside_and_nothing_done_is_handed_over(client, sessions, planner, people):
    stranger = people.add(Role.PATROL, YUNYANG, "云巡查")
    (task, *_) = tasks(sessions, area_path=TAIBAI)
    assert give(client, [task.id], str(stranger.id)).status_code == 422
    assert give(client, [uuid4()], "").status_code == 422
    (theirs, *_) = tasks(sessions, area_path=SHUANGJIANG)
    assert give(client, [theirs.id], "").status_code == 422


def test_a_patrol_hands_nothing_over_and_another_district_sees_nothing(
    client, sessions, ground, sign_in
):
    (task, *_) = tasks(sessions, area_path=GAOSUNTANG)
    sign_in(client, Role.PATROL, GAOSUNTANG)
    assert give(client, [task.id], "").status_code == 403
    sign_in(client, Role.PLANNER, YUNYANG)
    page = client.get(f"/tasks?state=due&area={WANZHOU}").text
    assert figures(page) == [0, 2, 0, 0]
    assert "高笋塘" not in page
    assert "太白" not in page
    assert {line["Point or asset"] for line in lines(client, state="due")} == {
        "大石坡1号",
        "大石坡2号",
    }
