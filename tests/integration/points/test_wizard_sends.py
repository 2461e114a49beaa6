"""What was tried goes to the review in a case: once, whole, and back again if need be."""

import re
import subprocess
import sys
import threading
import time

import geopandas as gpd
import pytest
from shapely import Point
from sqlalchemy import text

from gis.authority import Role
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from rescue_app.http.dependencies import COOKIE
from rescue_app.jobs.repository import TASK
from rescue_app.jobs.stalled import take_up_stalled
from rescue_app.settings import PROJECT
from rescue_app.worker import make_queue
from tests import offices
from tests.integration.points.desks import (
    bring,
    compare,
    desk_of_wanzhou,
    fields,
    figures,
    run_worker,
    send,
)
from tests.ledger import carried
from tests.loops import run_apart
from tests.world import WANZHOU, YUNYANG

__all__ = ["bring", "compare", "desk_of_wanzhou", "fields", "run_worker", "send"]
WORK = """
import sys
from rescue_app.worker import work
work(app_url=sys.argv[1], files_url=sys.argv[2])
"""
LEAVE_OUT = re.compile(r'action="(/cases/[^"]+/leave-out)"')
ROW = re.compile(r"/points/([0-9a-f-]{36})/")
WAITING = text("""
    SELECT count(*) FROM pg_locks JOIN pg_class ON pg_class.oid = relation
    WHERE relname = 'case_step' AND NOT granted
""")


@pytest.fixture
def ask(desk_of_wanzhou, people):
    """`ask(who, path)` is one request of one person."""
    desk = desk_of_wanzhou
    seats = {"district": Role.DISTRICT_COMMANDER, "other": Role.PLANNER}
    tokens = {who: people.token(people.add(role, WANZHOU)) for who, role in seats.items()}
    tokens |= {"author": desk.cookies[COOKIE]}
    tokens |= {"yunyang": people.token(people.add(Role.PLANNER, YUNYANG))}

    def do(who, path, method="POST", **more):
        desk.cookies.set(COOKIE, tokens[who])
        return desk.request(method, path, **more)

    return do


def counts(desk):
    return desk.get("/api/v1/points").json()["total"]


def test_rows_reach_the_ledger_by_a_case_come_once_and_can_be_taken_back(
    bring, compare, send, tmp_path, desk_of_wanzhou, sessions
):
    desk = desk_of_wanzhou
    page = bring(offices.workbook(tmp_path / "台账.xlsx"))
    compare(page, source="万州台账")
    case = send(page)
    assert desk.get(f"/api/v1/cases/{case}").json()["count_new"] == 12
    assert counts(desk) == 0
    beside = {"longitude": 108.35, "latitude": 30.8, "hazard_type": "landslide"}
    told = desk.get("/api/v1/points/near", params=beside).json()
    assert {(one["state"], one["case_id"]) for one in told["items"]} == {("in_case", case)}
    carried(sessions, case)
    assert desk.get("/api/v1/points/near", params=beside).json()["items"][0]["state"] == "approved"
    assert counts(desk) == 12

    again = bring(offices.workbook(tmp_path / "再来.xlsx", first="改名滑坡"))
    assert figures(compare(again, source="万州台账")) == [0, 1, 11, 1]
    shown = desk.get(f"{again}?show=changed").text
    assert "大石坡1号滑坡" in shown
    assert "改名滑坡" in shown
    second = send(again)
    carried(sessions, second)
    names = {p["name"] for p in desk.get("/api/v1/points").json()["items"]}
    assert "改名滑坡" in names
    assert undone(desk, sessions, case) == 409  # the second import builds on it
    assert undone(desk, sessions, second) == 201
    names = {p["name"] for p in desk.get("/api/v1/points").json()["items"]}
    assert "大石坡1号滑坡" in names

    other = bring(offices.shapefile(tmp_path / "隐患点.zip"))
    compare(other)
    third = send(other)
    carried(sessions, third)
    assert counts(desk) == 20
    assert undone(desk, sessions, third) == 201
    assert counts(desk) == 12


def undone(desk, sessions, case):
    answer = desk.post(f"/api/v1/cases/{case}/undo", json={"id": str(new_id())})
    if answer.status_code == 201:
        carried(sessions, answer.json()["id"])
    return answer.status_code


def test_rows_of_a_file_that_came_back_are_left_out_and_taken_in_again(
    bring, compare, send, tmp_path, desk_of_wanzhou, sessions, ask
):
    desk = desk_of_wanzhou
    page = bring(offices.workbook(tmp_path / "台账.xlsx"))
    compare(page, source="万州台账")
    case = f"/cases/{send(page)}"
    drafts = LEAVE_OUT.findall(ask("author", case, "GET").text)
    assert drafts == []  # nothing is taken from under the office's eyes
    back = {"act": "send_back", "opinion": "前三行不在册"}
    assert ask("district", f"/api/v1{case}/steps", json=back).status_code == 200
    outs = LEAVE_OUT.findall(ask("author", case, "GET").text)
    assert len(outs) == 12
    assert [ask(who, outs[0]).status_code for who in ("other", "yunyang")] == [409, 404]
    assert [ask("author", out).status_code for out in [*outs[:3], outs[0]]] == [303] * 4
    told = ask("author", f"/api/v1{case}", "GET").json()
    assert (told["title"], told["count_new"], told["count_left_out"]) == ("台账.xlsx", 9, 3)
    assert ask("author", outs[1].replace("leave-out", "take-in")).status_code == 303
    assert ask("author", f"/api/v1{case}/steps", json={"act": "apply"}).status_code == 200
    seen = ask("district", case, "GET").text
    assert (seen.count("剔除 2"), seen.count("已剔除"), LEAVE_OUT.findall(seen)) == (1, 2, [])
    carried(sessions, case.removeprefix("/cases/"))
    ledger = {one["id"] for one in ask("author", "/api/v1/points", "GET").json()["items"]}
    assert ledger == {ROW.search(out)[1] for out in [outs[1], *outs[3:]]}
    assert undone(desk, sessions, case.removeprefix("/cases/")) == 201
    assert counts(desk) == 0


def test_all_rows_the_ledger_has_moved_on_under_are_left_out_at_once(
    bring, compare, send, tmp_path, desk_of_wanzhou, sessions, ask
):
    def sent_back(name):
        page = bring(offices.workbook(tmp_path / name))
        compare(page, source="万州台账")
        case = f"/cases/{send(page)}"
        ask("district", f"/api/v1{case}/steps", json={"act": "send_back", "opinion": "再核"})
        html = ask("author", case, "GET").text
        assert f'href="{page}"' in html  # its reader finds the file
        return case, html

    first, html = sent_back("一.xlsx")
    second, _ = sent_back("二.xlsx")
    for out in LEAVE_OUT.findall(html)[:3]:
        ask("author", out)
    assert ask("author", f"/api/v1{first}/steps", json={"act": "apply"}).status_code == 200
    carried(sessions, first.removeprefix("/cases/"))
    assert "全部剔除 9 个" in ask("author", second, "GET").text
    assert "全部剔除" not in ask("district", second, "GET").text
    aside = f"{second}/leave-out-old"
    assert [ask(who, aside).status_code for who in ("other", "yunyang")] == [409, 404]
    assert [ask("author", aside).status_code for _ in range(2)] == [303, 303]
    told = ask("author", f"/api/v1{second}", "GET").json()
    assert (told["count_new"], told["count_left_out"]) == (3, 9)
    assert ask("author", f"/api/v1{second}/steps", json={"act": "apply"}).status_code == 200
    carried(sessions, second.removeprefix("/cases/"))
    assert counts(desk_of_wanzhou) == 12


def test_the_refused_rows_come_back_as_a_file_that_goes_in_again(
    bring, compare, tmp_path, desk_of_wanzhou
):
    path = tmp_path / "台账.csv"
    head = "编号,名称,灾种,经度,纬度"
    rows = ("A1,甲,滑坡,108.35,30.8", "A2,=乙,滑坡,208.35,30.8", "A3,丙,天坑,108.35,30.8")
    path.write_bytes("\n".join((head, *rows)).encode("gbk"))
    html = compare(bring(path))
    assert figures(html) == [1, 0, 0, 2]
    file = desk_of_wanzhou.get(html.split('href="/files/')[1].join(["/files/", ""]).split('"')[0])
    assert "不认识“天坑”。请返回对列" in file.text, "the page has no mapping file"
    mended = tmp_path / "修正.csv"
    said = file.content.decode("utf-8-sig").replace("208.35", "108.36").replace(",天坑,", ",滑坡,")
    mended.write_text(said, encoding="utf-8-sig")
    assert "=乙" in mended.read_text(encoding="utf-8-sig")
    assert figures(compare(bring(mended), source="台账")) == [2, 0, 0, 0]


def test_a_table_is_not_read_like_the_layer_with_the_same_headings_before_it(
    bring, compare, tmp_path
):
    frame = gpd.GeoDataFrame(
        {"编号": ["A1"], "名称": ["甲"], "灾种": ["滑坡"], "经度": ["108.35"], "纬度": ["30.8"]},
        geometry=[Point(108.35, 30.8)],
        crs="EPSG:4326",
    )
    frame.to_file(tmp_path / "台账.geojson", driver="GeoJSON")
    assert figures(compare(bring(tmp_path / "台账.geojson"))) == [1, 0, 0, 0]
    frame.drop(columns="geometry").to_csv(tmp_path / "台账.csv", index=False)
    assert figures(compare(bring(tmp_path / "台账.csv"))) == [1, 0, 0, 0]


def test_a_worker_killed_in_the_middle_leaves_no_half_case_and_the_job_is_done_again(
    bring, compare, tmp_path, desk_of_wanzhou, run_worker, database, sessions, owner
):
    page = bring(offices.workbook(tmp_path / "台账.xlsx"))
    compare(page)
    desk_of_wanzhou.post(f"{page}/send")
    # The worker drafts its rows, then stands before this lock when it is killed.
    owner.execute(text("LOCK TABLE case_step IN EXCLUSIVE MODE"))
    worker = at_work(database, tmp_path, owner)
    worker.kill()
    worker.wait()
    owner.rollback()
    with unit_of_work(sessions, SYSTEM) as session:
        assert session.scalar(text("SELECT count(*) FROM hazard_point_draft")) == 0
    assert "正在送审" in desk_of_wanzhou.get(page).text
    run_apart(taken_up(make_queue(database.app, sessions)))
    run_worker()
    assert "打开办件" in desk_of_wanzhou.get(page).text
    assert owner.scalar(text("SELECT count(*) FROM ledger_case")) == 1
    assert owner.scalar(text("SELECT count(*) FROM hazard_point_draft")) == 12


def at_work(database, tmp_path, owner):
    """Start a worker and wait until it stands before the lock."""
    command = [sys.executable, "-c", WORK, database.app, str(tmp_path / "files")]
    worker = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while not owner.scalar(WAITING):
        assert time.monotonic() < until
    return worker


def test_what_is_being_sent_can_be_stopped_until_it_is_there(
    bring, compare, tmp_path, desk_of_wanzhou, database, owner
):
    page = bring(offices.workbook(tmp_path / "台账.xlsx"))
    compare(page)
    desk_of_wanzhou.post(f"{page}/send")
    owner.execute(text("LOCK TABLE case_step IN EXCLUSIVE MODE"))
    worker = at_work(database, tmp_path, owner)
    pressed = threading.Thread(target=desk_of_wanzhou.post, args=(f"{page}/stop",))
    pressed.start()
    pressed.join(30)
    heard = not pressed.is_alive()
    owner.rollback()
    pressed.join()
    assert heard, "who presses stop waits until it is too late"
    until = time.monotonic() + 60
    while "已停止" not in desk_of_wanzhou.get(page).text:
        assert time.monotonic() < until
    worker.terminate()
    worker.wait()
    assert owner.scalar(text("SELECT count(*) FROM ledger_case")) == 0
    assert owner.scalar(text("SELECT count(*) FROM hazard_point_draft")) == 0


async def taken_up(queue):
    async with queue.open_async():
        until = time.monotonic() + 60
        while not list(await queue.job_manager.list_jobs_async(status="todo", task=TASK)):
            await take_up_stalled(queue, after_s=0.1)
            assert time.monotonic() < until
