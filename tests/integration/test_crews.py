"""Crews: what they can do and carry, by page and by file, and the words for it."""

import re
from datetime import UTC, datetime
from io import BytesIO

import pytest
from sqlalchemy import select

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.duty import abilities
from hazards.duty.models import Crew, CrewAbility
from rescue_app.http.dependencies import COOKIE
from rescue_app.settings import PROJECT
from tests.cast import build_cast

HTML = {"accept": "text/html"}
NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
LIST = """队伍,所在街镇,队长,队长电话,技能,装备,经度,纬度,在岗
高笋塘抢险一队,高笋塘街道,,,排水、搜救,抽水泵,108.36,30.81,否
江北水上队,太白街道,周海,13900001111,水上救援,boat,108.45,30.80,是
没有队长的队,太白街道,,,排水,,,,
外区的队,双江街道,钱进,13900002222,排水,,,,
会飞的队,太白街道,孙飞,13900003333,飞行,,,,
"""


@pytest.fixture
def cast(sessions, world):
    made = build_cast(sessions)
    with unit_of_work(sessions, SYSTEM) as session:
        abilities.load(session, PROJECT / "data/duty/abilities.yaml")
    return made


@pytest.fixture
def desk(client, people, cast):
    """`desk("wanzhou")` gives that person's browser."""

    def sit(who):
        client.cookies.set(COOKIE, people.token(cast.accounts[who]))
        return client

    return sit


def crew(sessions, name):
    with unit_of_work(sessions, SYSTEM) as session:
        return session.scalar(select(Crew).where(Crew.name == name))


def brought(client, text):
    file = {"file": ("crews.csv", BytesIO(text.encode()), "text/csv")}
    return client.post("/crews/import", files=file, headers=HTML).text


def test_a_list_says_what_it_would_do_then_does_it_and_twice_changes_nothing(desk, sessions):
    page = brought(desk("wanzhou"), LIST)
    assert all(words in page for words in ("新增 1", "没有队长的队", "飞行"))
    assert crew(sessions, "江北水上队") is None
    rows = re.search(r'name="rows" value="([^"]*)"', page)[1].replace("&#34;", '"')
    went = desk("wanzhou").post("/crews/import/apply", data={"rows": rows}, headers=HTML)
    assert went.status_code == 303
    new, old = crew(sessions, "江北水上队"), crew(sessions, "高笋塘抢险一队")
    assert (new.skills, new.equipment, new.on_duty) == (["water_rescue"], ["boat"], True)
    assert (old.skills, old.equipment, old.on_duty) == (["drainage", "rescue"], ["pump"], False)
    assert (old.place.x, old.place.y) == (108.36, 30.81)
    assert crew(sessions, "外区的队") is None
    again = brought(desk("wanzhou"), LIST)
    assert 'name="rows"' not in again


def test_a_list_taken_out_comes_in_as_the_same(desk):
    file = desk("wanzhou").get("/crews/crews.xlsx").content
    sent = {"file": ("crews.xlsx", BytesIO(file), "application/octet-stream")}
    page = desk("wanzhou").post("/crews/import", files=sent, headers=HTML).text
    assert 'name="rows"' not in page
    assert "相同 3" in page


def test_a_column_that_is_not_there_changes_nothing(desk, sessions):
    brought(desk("wanzhou"), "队伍,所在街镇\n高笋塘抢险一队,高笋塘街道\n")
    page = brought(desk("wanzhou"), "队伍,所在街镇,装备\n高笋塘抢险一队,高笋塘街道,抽水泵\n")
    assert "装备" in page
    assert crew(sessions, "高笋塘抢险一队").skills == ["drainage"]


def test_a_crew_is_changed_on_its_page_by_who_commands_it(desk, sessions, cast):
    number = cast.crews["gaosuntang"]
    form = {"skills": ["rescue"], "equipment": ["pump", "boat"], "lon": "108.35", "lat": "30.8"}
    assert desk("yunyang").post(f"/crews/{number}", data=form, headers=HTML).status_code == 404
    assert desk("street").post(f"/crews/{number}", data=form, headers=HTML).status_code == 303
    row = crew(sessions, "高笋塘抢险一队")
    assert (row.skills, row.equipment, row.on_duty) == (["rescue"], ["pump", "boat"], False)
    strange = desk("street").post(f"/crews/{number}", data=form | {"skills": ["fly"]}, headers=HTML)
    assert strange.status_code == 422


def test_the_city_names_a_new_skill_and_what_it_renamed_stays(desk, sessions):
    word = {"code": "diving", "kind": "skill", "name_zh": "潜水", "name_en": "Diving"}
    assert desk("wanzhou").post("/crews/words", data=word, headers=HTML).status_code == 403
    assert desk("city").post("/crews/words", data=word, headers=HTML).status_code == 303
    renamed = {"code": "pump", "kind": "equipment", "name_zh": "大流量泵", "name_en": "Big pump"}
    desk("city").post("/crews/words", data=renamed, headers=HTML)
    bad = desk("city").post("/crews/words", data=word | {"code": "Größe"}, headers=HTML)
    assert bad.status_code == 422
    with unit_of_work(sessions, SYSTEM) as session:
        abilities.load(session, PROJECT / "data/duty/abilities.yaml")
        assert session.get(CrewAbility, "pump").name_zh == "大流量泵"
        assert session.get(CrewAbility, "diving").name_en == "Diving"
