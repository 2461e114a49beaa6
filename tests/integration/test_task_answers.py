"""Answers from the field: kept once, never lost, each fills every list that asks the same."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from gis.authority import Role
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.calls.models import Call, CallLadder, CallRung
from hazards.duty import service as duty
from hazards.duty.rules import MemberEntry, Roster, UnitEntry, UnitKind
from hazards.tasks import overdue
from hazards.tasks.models import TaskAnswer
from tests.integration.files.ugly import jpeg
from tests.tasking import generate, load_lists, point, put_points, switch, tasks
from tests.world import CITY, GAOSUNTANG, SHUANGJIANG, TAIBAI, WANZHOU

FLOOD = "landslide_hidden_flood"


@pytest.fixture
def now():
    """The clock of the server that the tests speak to."""
    return datetime.now(UTC)


@pytest.fixture
def ground(sessions, world, now):
    """Two points in one street, one elsewhere, and the lists that are due there today."""
    load_lists(sessions)
    with unit_of_work(sessions, SYSTEM) as session:
        # It is the flood season all the year round, so that the tests may run on any day.
        session.execute(text("UPDATE threshold SET default_value = 1 WHERE code ~ 'flood_first'"))
        session.execute(text("UPDATE threshold SET default_value = 12 WHERE code ~ 'flood_last'"))
    early = now - timedelta(days=1)
    places = ((GAOSUNTANG, 1), (GAOSUNTANG, 2), (SHUANGJIANG, 1))
    put_points(sessions, [point(path, early, n, owner_phone="13800001111") for path, n in places])
    register(sessions)
    generate(sessions, now)


def register(sessions):
    """The street's centre with a leader and a deputy, the district's with a leader."""
    street = UnitEntry("高笋塘中心", "Street centre", UnitKind.CENTRE, "street", GAOSUNTANG)
    district = UnitEntry("万州中心", "District centre", UnitKind.CENTRE, "district", WANZHOU)
    members = [
        MemberEntry("高书记", "书记", "1", street.id, new_id()),
        MemberEntry("高副", "副主任", "2", street.id, new_id()),
        MemberEntry("万主任", "主任", "3", district.id, new_id()),
    ]
    with unit_of_work(sessions, SYSTEM) as session:
        duty.register(session, Roster([street, district], members), area_path=CITY)


@pytest.fixture
def patrol(client, ground, sign_in):
    return sign_in(client, Role.PATROL, GAOSUNTANG, name="覃小红")


NEAR_THE_FIRST = {"lon": 108.3509, "lat": 30.8}


def mine(client, **here):
    here = here or NEAR_THE_FIRST
    return client.get("/api/v1/tasks/mine", params=here).json()


def say(client, task_id, status=201, **said):
    body = {"id": str(uuid4()), "outcome": "all_normal"} | said
    answer = client.post(f"/api/v1/tasks/{task_id}/answers", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def calls(sessions):
    with unit_of_work(sessions, SYSTEM) as session:
        query = select(Call).where(Call.topic == "task").order_by(Call.opened_at)
        return list(session.scalars(query))


def rungs(sessions, call):
    with unit_of_work(sessions, SYSTEM) as session:
        query = select(CallRung).where(CallRung.call_id == call.id)
        found = session.scalars(query.order_by(CallRung.position, CallRung.name)).all()
        return [(rung.position, rung.kind, rung.name) for rung in found]


def test_a_patrol_finds_her_round_in_the_order_of_the_way(client, sessions, patrol):
    near_the_second = {"lon": 108.3521, "lat": 30.8}
    first, second = mine(client, **near_the_second)
    assert [stop["name"] for stop in (first, second)] == ["大石坡2号", "大石坡1号"]
    assert first["metres"] < 20 < second["metres"]
    page = client.get("/round", params=NEAR_THE_FIRST).text
    assert page.index("大石坡1号") < page.index("大石坡2号")


def test_all_normal_is_one_tap_on_the_list_and_done_with_its_times_apart(client, patrol, now):
    stop, _ = mine(client)
    task_id = stop["tasks"][0]["id"]
    deed = (now - timedelta(minutes=30)).isoformat()
    kept = say(client, task_id, done_at=deed, lon=stop["longitude"], lat=stop["latitude"])
    assert (kept["new"], kept["late"], kept["worst_grade"]) == (True, None, None)
    task = client.get(f"/api/v1/tasks/{task_id}").json()
    assert (task["state"], task["done_by"]) == ("done", "覃小红")
    assert datetime.fromisoformat(task["done_at"]) == datetime.fromisoformat(deed)
    assert datetime.fromisoformat(task["arrived_at"]) > datetime.fromisoformat(deed)
    assert len(mine(client)) == 1


def test_sent_twice_is_kept_once(client, patrol):
    task_id = mine(client)[0]["tasks"][0]["id"]
    number = str(uuid4())
    assert say(client, task_id, id=number)["new"] is True
    assert say(client, task_id, id=number, status=200)["new"] is False


def test_an_answer_to_another_version_than_the_task_s_is_refused_with_the_next_step(client, patrol):
    task = mine(client)[0]["tasks"][0]
    page = client.get(f"/tasks/{task['id']}").text
    assert f'name="template_code" value="{task["template_code"]}"' in page
    shown = {name: task[name] for name in ("template_code", "template_version")}
    refused = say(client, task["id"], **shown | {"template_version": 7}, status=422)
    assert "请重新打开页面" in refused["detail"]
    assert say(client, task["id"], **shown)["new"] is True


def test_one_answer_fills_every_list_that_asks_the_same_at_that_point(
    client, sessions, patrol, now
):
    twin = """INSERT INTO task (point_id, template_code, template_version, period, area_path, mode,
        role, person, from_at, due_at, synthetic) SELECT point_id, :code, 1, 'x', area_path, mode,
        role, '', from_at, due_at, false FROM task WHERE template_code = :flood"""
    codes = ("landslide_hidden_dry", "landslide_urgent")
    with unit_of_work(sessions, SYSTEM) as session:
        for code in codes:
            session.execute(text(twin), {"code": code, "flood": FLOOD})
    stop = mine(client)[0]
    here = {task["template_code"]: task["id"] for task in stop["tasks"]}
    kept = say(client, here[FLOOD], done_at=now.isoformat())
    done = {task["template_code"] for task in kept["done"]}
    assert done == {FLOOD, "landslide_hidden_dry"}
    (other,) = tasks(sessions, id=here["landslide_urgent"])
    assert other.state == "open"
    assert other.filled
    elsewhere = [t.state for t in tasks(sessions, template_code=codes[0]) if str(t.id) not in
                 {x["id"] for x in kept["done"]}]  # fmt: skip
    assert set(elsewhere) == {"open"}


def test_a_grave_answer_stays_with_the_point_and_calls_the_owner_and_the_centre_at_once(
    client, sessions, patrol
):
    stop = mine(client)[0]
    page = client.get(f"/tasks/{stop['tasks'][0]['id']}").text
    assert 'value="all_normal"' in page
    item = grave_item(sessions)
    kept = say(
        client, stop["tasks"][0]["id"], outcome="problem", answers={item: "yes"}, note="裂缝加宽"
    )
    assert kept["worst_grade"] == 1
    (call,) = calls(sessions)
    assert "大石坡1号" in call.text_zh
    assert call.urgency == "flash"
    assert rungs(sessions, call) == [
        (0, "first", "周敏"),
        (0, "first", "高书记"),
        (1, "deputy", "高副"),
        (2, "superior", "万主任"),
    ]
    with unit_of_work(sessions, SYSTEM) as session:
        (answer,) = session.scalars(select(TaskAnswer).where(TaskAnswer.worst_grade == 1))
    assert str(answer.point_id) == stop["point_id"]


def grave_item(sessions):
    query = text("""SELECT code FROM checklist_item WHERE template_code = :code AND grade = 1
        AND kind = 'yes_no' AND bad_answer ORDER BY position LIMIT 1""")
    with unit_of_work(sessions, SYSTEM) as session:
        return session.scalar(query, {"code": FLOOD})


def test_a_form_whose_button_contradicts_it_comes_back_as_it_was_filled_in(
    client, sessions, patrol
):
    task_id = mine(client)[0]["tasks"][0]["id"]
    item = grave_item(sessions)
    form = {"id": str(uuid4()), "outcome": "all_normal", f"a.{item}": "yes", "note": "看不清"}
    back = client.post(f"/tasks/{task_id}", data=form)
    assert back.status_code == 422
    assert "看不清" in back.text
    done = client.post(f"/tasks/{task_id}", data=form | {"outcome": "problem"})
    assert done.status_code == 303
    assert "称" not in client.get(done.headers["location"]).text


def test_photos_go_with_an_answer_at_a_point_as_they_do_at_an_asset(client, patrol, now, sign_in):
    stop = mine(client)[0]
    task_id, point_id = stop["tasks"][0]["id"], stop["point_id"]
    photo = {"id": str(uuid4()), "taken_at": now.isoformat(), "item": "photo"}
    kept = say(client, task_id, outcome="problem", note="后缘开裂", photos=[photo])
    done = f"/tasks/{task_id}/done/{kept['id']}"
    assert "还有 1 张照片在手机上" in client.get(done).text
    there = f"/api/v1/photos/{photo['id']}?name=a.jpg"
    assert [client.put(there, content=jpeg()).status_code for _ in range(2)] == [200, 200]
    assert f"/files/{photo['id']}/small" in client.get(done).text
    assert "<small>同一位置照片</small>" in client.get(done).text
    assert f'href="{done}"' in client.get(f"/tasks/{task_id}").text
    assert f"/files/{photo['id']}/small" in client.get(f"/points/{point_id}/panel").text
    other = say(
        client, task_id, id=kept["id"], outcome="problem", note="又看了一遍", photos=[photo]
    )
    versions = client.get(f"/conflicts/{other['conflict']}").text
    assert versions.count(f"/files/{photo['id']}/small") == 2
    sign_in(client, Role.PATROL, SHUANGJIANG)
    assert client.get(f"/files/{photo['id']}").status_code == 404


def test_without_a_script_the_photo_of_a_point_goes_with_the_form(client, patrol):
    task_id = mine(client)[0]["tasks"][0]["id"]
    assert 'name="p.photo"' in client.get(f"/tasks/{task_id}").text
    form = {"id": str(uuid4()), "outcome": "all_normal"}
    sent = client.post(
        f"/tasks/{task_id}", data=form, files={"p.photo": ("坡.jpg", jpeg(), "image/jpeg")}
    )
    assert sent.status_code == 303
    assert "<small>同一位置照片</small>" in client.get(sent.headers["location"]).text


def test_an_answer_that_arrives_after_the_cancellation_is_kept_and_told(
    client, sessions, patrol, now
):
    task_id = mine(client)[0]["tasks"][0]["id"]
    switch(sessions, WANZHOU, "urgent", now)
    assert client.get(f"/api/v1/tasks/{task_id}").json()["state"] == "cancelled"
    kept = say(client, task_id, done_at=(now - timedelta(minutes=5)).isoformat())
    assert kept["late"] == "cancelled"
    assert client.get(f"/api/v1/tasks/{task_id}").json()["state"] == "done"
    told = client.get(f"/tasks/{task_id}/done/{kept['id']}?lang=en").text
    assert "had been cancelled before your answer arrived" in told
    again = say(client, task_id)
    assert again["late"] == "done_before"


def test_who_has_begun_keeps_the_list_when_the_mode_is_switched(client, sessions, patrol, now):
    task_id = mine(client)[0]["tasks"][0]["id"]
    assert client.post(f"/api/v1/tasks/{task_id}/begin").json()["state"] == "begun"
    switch(sessions, WANZHOU, "urgent", now + timedelta(seconds=1))
    assert client.get(f"/api/v1/tasks/{task_id}").json()["state"] == "begun"


def test_three_hundred_overdue_lists_of_one_street_are_one_matter_that_the_last_answer_ends(
    client, sessions, patrol, now
):
    later = now + timedelta(days=8)
    ours = tasks(sessions, area_path=GAOSUNTANG)
    assert overdue.call_overdue(sessions, now=later) == 2
    assert overdue.call_overdue(sessions, now=later + timedelta(minutes=1)) == 0
    (call,) = [one for one in calls(sessions) if one.area_path == GAOSUNTANG]
    assert call.text_en == "2 lists are overdue"
    assert [name for _, _, name in rungs(sessions, call)] == ["高书记", "高副", "万主任"]
    for left, task in enumerate(ours):
        assert is_open(sessions, call) is True, left
        say(client, str(task.id))
    assert is_open(sessions, call) is False


def is_open(sessions, call):
    with unit_of_work(sessions, SYSTEM) as session:
        query = select(CallLadder.state).where(CallLadder.call_id == call.id)
        return session.scalar(query) != "over"


def test_a_person_s_own_overdue_lists_call_him_first_and_a_cancelled_one_stops_ringing(
    sessions, ground, now
):
    account = new_id()
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(
            text("UPDATE task SET account_id = :id, person = '周敏' WHERE area_path = :path"),
            {"id": account, "path": GAOSUNTANG},
        )
    later = now + timedelta(days=8)
    overdue.call_overdue(sessions, now=later)
    (call,) = [one for one in calls(sessions) if one.area_path == GAOSUNTANG]
    assert [name for _, _, name in rungs(sessions, call)] == ["周敏", "高书记", "万主任"]
    switch(sessions, WANZHOU, "war", later)
    overdue.end_cancelled(sessions, now=later)
    assert is_open(sessions, call) is False


def test_lists_that_are_overdue_after_the_day_s_matter_is_over_ring_anew(
    client, sessions, patrol, now
):
    first, *others = tasks(sessions, area_path=GAOSUNTANG)
    set_due = text("UPDATE task SET due_at = :at WHERE id = ANY(:ids)")
    for hours, ids in ((1, [first.id]), (3, [task.id for task in others])):
        with unit_of_work(sessions, SYSTEM) as session:
            session.execute(set_due, {"at": now + timedelta(hours=hours), "ids": ids})
    overdue.call_overdue(sessions, now=now + timedelta(hours=2))
    say(client, str(first.id))
    overdue.call_overdue(sessions, now=now + timedelta(hours=4))
    rang = [one for one in calls(sessions) if one.area_path == GAOSUNTANG]
    assert sorted(is_open(sessions, one) for one in rang) == [False, True]


def test_another_street_and_a_planner_answer_nothing(client, sessions, ground, sign_in):
    (task, *_) = tasks(sessions, area_path=GAOSUNTANG)
    body = {"id": str(uuid4()), "outcome": "all_normal"}
    sign_in(client, Role.PATROL, TAIBAI)
    assert mine(client) == []
    assert client.get(f"/tasks/{task.id}").status_code == 404
    assert client.post(f"/api/v1/tasks/{task.id}/answers", json=body).status_code == 404
    sign_in(client, Role.PLANNER, WANZHOU)
    assert client.get(f"/tasks/{task.id}").status_code == 200
    assert client.post(f"/api/v1/tasks/{task.id}/answers", json=body).status_code == 403
