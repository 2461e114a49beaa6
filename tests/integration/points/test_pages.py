"""The ledger's pages: what a person types, is told, and finds again."""

import re
from typing import Any
from uuid import uuid4

import pytest

from gis.authority import Role
from tests.ledger import carried
from tests.world import CITY, IN_GAOSUNTANG, IN_SHUANGJIANG, WANZHOU

PAGE = {"accept": "text/html"}


def typed(**more: Any) -> dict[str, str]:
    place = IN_GAOSUNTANG
    return {
        "category": "hidden_danger",
        "evidence": "historical",
        "hazard_type": "landslide",
        "name": "大石坡滑坡",
        "longitude": str(place.x),
        "latitude": str(place.y),
    } | more


def opened(client, address: str) -> dict[str, str]:
    """What stands in a form's fields."""
    html = client.get(address, headers=PAGE).text
    said = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', html))
    for name, options in re.findall(r'<select[^>]*name="(\w+)"(.*?)</select>', html, re.DOTALL):
        said[name] = "".join(re.findall(r'value="(\w*)" selected', options))
    return said


def send(client, address: str, form: dict[str, str]):
    return client.post(address, data=form, headers=PAGE)


def test_a_point_is_applied_for_and_shown(desk, sessions):
    form = opened(desk, "/points/new") | typed(threatened_persons="620", owner_name="李明")
    answer = send(desk, "/points", form)
    assert answer.status_code == 303
    assert send(desk, "/points", form).headers["location"] == answer.headers["location"]
    case = answer.headers["location"]
    shown = desk.get(case, headers=PAGE).text
    for word in ("大石坡滑坡", "万州区 高笋塘街道", "李明", "II 级", "已申请"):
        assert word in shown
    assert "大石坡滑坡" not in desk.get("/points?q=大石", headers=PAGE).text
    carried(sessions, case.rsplit("/", 1)[1])
    assert "大石坡滑坡" in desk.get("/points?q=大石", headers=PAGE).text
    assert desk.get("/api/v1/points").json()["total"] == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": ""}, "必填"),
        ({"threatened_persons": "很多"}, "请填整数"),
        ({"threatened_persons": "-1"}, "太小"),
        ({"longitude": "东"}, "请填数字"),
        ({"category": ""}, "必填"),
        ({"category": "nice"}, "请选择一项"),
        ({"grade": "I"}, "人工定级要有理由"),
        ({"threatened_frail": "5"}, "老弱病残 5 人多于"),
        ({"longitude": "30.8", "latitude": "108.35"}, "太大"),
        ({"longitude": "116.4", "latitude": "39.9"}, "此位置不在任何已知区域内"),
        ({"hazard_type": "dragon"}, "没有灾种 dragon"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(desk, wrong, told):
    form = opened(desk, "/points/new") | typed(address="三组", **wrong)
    answer = send(desk, "/points", form)
    assert answer.status_code == 422
    assert told in answer.text
    assert 'value="三组"' in answer.text
    assert desk.get("/api/v1/cases").json()["total"] == 0


def test_applying_after_somebody_else_keeps_the_work_of_both(desk, enter, change, sessions):
    point = enter(desk)
    address = f"/points/{point['id']}/edit"
    mine = opened(desk, address) | {"name": "新名称", "threatened_persons": "77"}
    theirs = {"version": 1, "owner_name": "王强", "threatened_persons": 1200}
    change(desk, f"/api/v1/points/{point['id']}", **theirs)
    refused = send(desk, address, mine)
    assert refused.status_code == 422
    assert "Zhang 改了此点位" in refused.text
    assert "王强" in refused.text
    assert re.search(r"<ins>\s*1,200</ins></td><td><b>77</b>", refused.text), "both, side by side"
    again = mine | {"version": "2", "owner_name": "王强", "threatened_persons": "1200"}
    case = send(desk, address, again).headers["location"]
    carried(sessions, case.rsplit("/", 1)[1])
    now = desk.get(f"/api/v1/points/{point['id']}").json()
    assert (now["name"], now["owner_name"], now["grade"]) == ("新名称", "王强", "I")


def test_delisting_by_its_form(desk, enter, sessions):
    point = enter(desk)
    address = f"/points/{point['id']}"
    form = opened(desk, address) | {"ground": "works_finished"}
    empty = send(desk, f"{address}/delist", form | {"report": ""})
    assert empty.status_code == 422
    assert "核销要有报告" in empty.text
    sent = send(desk, f"{address}/delist", form | {"report": "6 月 3 日验收"})
    carried(sessions, sent.headers["location"].rsplit("/", 1)[1])
    shown = desk.get(address, headers=PAGE).text
    assert "此点位已核销" in shown
    assert "工程已完工" in shown


def test_the_panel_is_a_part_and_not_a_page(desk, enter):
    point = enter(desk, owner_name="李明", owner_phone="13800001111")
    panel = desk.get(f"/points/{point['id']}/panel").text
    assert "<html" not in panel
    assert "tel:13800001111" in panel


def test_each_is_offered_only_what_he_may(desk, enter, sign_in):
    point = enter(desk)
    address = f"/points/{point['id']}"
    enter(desk, name="云阳点", longitude=IN_SHUANGJIANG.x, latitude=IN_SHUANGJIANG.y)
    sign_in(desk, Role.OBSERVER, WANZHOU)
    shown = desk.get(address, headers=PAGE).text
    assert "/delist" not in shown
    assert "/edit" not in shown
    assert "新增点位" not in desk.get("/points", headers=PAGE).text
    assert "云阳点" not in desk.get("/points", headers=PAGE).text
    assert desk.get("/points/new", headers=PAGE).status_code == 403
    assert desk.get(f"{address}/edit", headers=PAGE).status_code == 403


def test_a_list_that_makes_no_sense_is_told_as_a_page(desk):
    for wrong in ("page=0", "grade=V", "area=999999"):
        answer = desk.get(f"/points?{wrong}", headers=PAGE)
        assert answer.status_code == 422
        assert "<html" in answer.text
    assert "还没有点位" in desk.get("/points?lang=zh", headers=PAGE).text


def test_a_formula_in_a_name_is_shown_and_exported_harmless(desk, enter):
    enter(desk, name="=1+1", address="<script>alert(1)</script>")
    assert "<script>alert" not in desk.get("/points", headers=PAGE).text
    assert "'=1+1" in desk.get("/api/v1/points/export").text


def test_a_step_that_is_refused_keeps_what_was_written_and_says_why(desk):
    form = opened(desk, "/points/new") | typed()
    case = send(desk, "/points", form).headers["location"]
    step = {
        "id": str(uuid4()),
        "act": "survey",
        "opinion": "后缘裂缝 12 米",
        "visited_on": "2999-01-01",
    }
    refused = send(desk, f"{case}/steps", step)
    assert refused.status_code == 422
    for word in ("踏勘要有到现场的日期", "后缘裂缝 12 米", "2999-01-01"):
        assert word in refused.text
    assert re.search(r'id="moved"[^>]*hidden', refused.text)
    assert "已申请" in desk.get(case, headers=PAGE).text
    taken = send(desk, f"{case}/steps", step | {"visited_on": "2026-05-30"})
    assert taken.status_code == 303
    assert "后缘裂缝 12 米" in desk.get(case, headers=PAGE).text


def test_the_start_says_how_many_cases_wait_for_its_reader(desk, sign_in):
    def waiting():
        start = desk.get("/", headers=PAGE).text
        return re.search(r'class="figure" href="/cases".*?<b>(\d+)</b>', start, re.DOTALL)[1]

    case = send(desk, "/points", opened(desk, "/points/new") | typed()).headers["location"]
    assert waiting() == "1"  # its survey
    step = {"id": str(uuid4()), "act": "survey", "opinion": "裂缝", "visited_on": "2026-05-30"}
    assert send(desk, f"{case}/steps", step).status_code == 303
    assert waiting() == "0"
    sign_in(desk, Role.CITY_COMMANDER, CITY)
    assert waiting() == "1"
