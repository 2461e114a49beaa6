"""Households come by file: first a dry run, refused rows with their place, and once."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from rescue_app.evacuation.models import Household
from rescue_app.http.dependencies import COOKIE
from tests.world import IN_GAOSUNTANG, IN_SHUANGJIANG

HTML = {"accept": "text/html"}
HEADS = "户号,户主姓名,联系电话,详细地址,家庭人口,体弱人数,备注,经度,纬度"
AT = f"{IN_GAOSUNTANG.x},{IN_GAOSUNTANG.y}"
ROWS = (
    f"1,周一,13900000001,沿江路 1 号,3,1,卧床,{AT}",
    f"2,周二,,沿江路 2 号,4人,,,{AT}",
    f"3,周三,,沿江路 3 号,2,5,,{AT}",
    f"4,,,沿江路 4 号,2,0,,{AT}",
    f"5,周五,,双江路 5 号,2,0,,{IN_SHUANGJIANG.x},{IN_SHUANGJIANG.y}",
    f"1,周一,,沿江路 1 号,3,0,,{AT}",
)


@pytest.fixture
def desk(client, people, cast):
    def sit(who):
        client.cookies.set(COOKIE, people.token(cast.accounts[who]))
        return client

    return sit


def send(desk, who, *rows, encoding="gbk"):
    data = "\n".join((HEADS, *rows)).encode(encoding)
    files = {"file": ("住户.csv", data, "text/csv")}
    return desk(who).post("/evacuations/households", files=files, headers=HTML)


def carried(page):
    return {"rows": unescape(re.search(r'name="rows" value="([^"]*)"', page)[1]), "crs": "CGCS2000"}


def test_a_file_in_gbk_is_tried_first_and_taken_over_once(desk, owner):
    page = send(desk, "wanzhou", *ROWS).text
    for said in ("体弱人数多于人数", "不在您的辖区内", "同一户在第 2 行已经有了"):
        assert said in page
    assert owner.scalars(select(Household)).all() == []
    form = carried(page)
    got = desk("wanzhou").post("/evacuations/households/refused", data=form, headers=HTML)
    assert len(got.content.decode("utf-8-sig").splitlines()) == 1 + 4
    for _ in range(2):
        desk("wanzhou").post("/evacuations/households/apply", data=form, headers=HTML)
    owner.rollback()
    kept = owner.scalars(select(Household).order_by(Household.source_id)).all()
    assert [(one.head, one.people, one.frail) for one in kept] == [("周一", 3, 1), ("周二", 4, 0)]
    changed = send(desk, "wanzhou", ROWS[0].replace(",3,1,", ",3,2,"), ROWS[1]).text
    assert "确认导入 1 行" in changed


def test_who_may_not_edit_brings_nothing_in_and_a_wrong_file_is_told(desk):
    assert send(desk, "crew", ROWS[0]).status_code == 403
    data = {"file": ("x.csv", "甲,乙\n1,2\n".encode(), "text/csv")}
    answer = desk("wanzhou").post("/evacuations/households", files=data, headers=HTML)
    assert (answer.status_code, "户主" in answer.text) == (422, True)
