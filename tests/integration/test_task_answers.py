"""Answers from the field: kept once, never lost, each fills every list that asks the same."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select, text

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.tasks.models import TaskAnswer
from tests.answering import (
    FLOOD,
    NEAR_THE_FIRST,
    calls,
    grave_item,
    ground,
    mine,
    now,
    patrol,
    rungs,
    say,
)
from tests.integration.files.ugly import jpeg
from tests.tasking import switch, tasks
from tests.world import GAOSUNTANG, SHUANGJIANG, TAIBAI, WANZHOU

__all__ = ["ground", "now", "patrol"]


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
    twin = """INSERT INTO task (subject_id, template_code, template_version, period, area_path,
        mode, role, person, from_at, due_at, synthetic) SELECT subject_id, :code, 1, 'x', area_path,
        mode, role, '', from_at, due_at, false FROM task WHERE template_code = :flood"""
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
    assert str(answer.point_id) == stop["subject_id"]


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
    task_id, point_id = stop["tasks"][0]["id"], stop["subject_id"]
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
