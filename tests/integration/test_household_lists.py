"""A list of households comes in by the wizard: guessed, corrected by hand, tried, taken in once."""

import csv
import io
import re

import pytest
from sqlalchemy import select

from gis.authority import Role
from gis.store.base import new_id
from rescue_app.evacuation.models import Household
from tests.integration.points.desks import fields, figures
from tests.integration.test_jobs import run_worker
from tests.patrols import load_reference
from tests.world import GAOSUNTANG, IN_GAOSUNTANG, IN_SHUANGJIANG

__all__ = ["fields", "run_worker"]
pytestmark = pytest.mark.usefixtures("world")
HEADS = "户号,当家人,联系电话,详细地址,家庭人口,体弱人数,备注,经度,纬度"
AT = f"{IN_GAOSUNTANG.x},{IN_GAOSUNTANG.y}"
ROWS = (
    f"1,周一,13900000001,沿江路 1 号,3,1,卧床,{AT}",
    f"2,周二,,沿江路 2 号,4人,,,{AT}",
    f"3,周三,,沿江路 3 号,2,5,,{AT}",
    f"4,,,沿江路 4 号,2,0,,{AT}",
    f"5,周五,,双江路 5 号,2,0,,{IN_SHUANGJIANG.x},{IN_SHUANGJIANG.y}",
    f",周六,,沿江路 6 号,1,0,,{AT}",
)


@pytest.fixture
def clerk(client, sign_in, sessions):
    load_reference(sessions)
    sign_in(client, Role.PLANNER, GAOSUNTANG, name="周文书")
    return client


@pytest.fixture
def bring(clerk, run_worker):
    def do(*rows, encoding="gbk"):
        data = "\n".join((HEADS, *rows)).encode(encoding)
        asked = {"name": "住户.csv", "of": "households"}
        sent = clerk.put(f"/api/v1/imports/{new_id()}", params=asked, content=data)
        run_worker()
        return sent.json()["page"]

    return do


@pytest.fixture
def press(clerk, run_worker):
    def do(page, act, **sent):
        assert clerk.post(f"{page}/{act}", data=sent).status_code == 303
        run_worker()
        return clerk.get(page, params={"lang": "zh"}).text

    return do


def kept(owner):
    owner.rollback()
    return owner.scalars(select(Household).order_by(Household.source_id)).all()


def test_columns_are_guessed_corrected_by_hand_tried_and_taken_in_once(
    clerk, bring, press, fields, owner
):
    page = bring(*ROWS)
    said = fields(clerk.get(page).text)
    assert (said["f.number"], said["f.people"]) == ("c:户号", "c:家庭人口")
    assert not said.get("f.head"), "nobody calls it 当家人: the planner says what it is"
    tried = press(page, "columns", **(said | {"f.head": "c:当家人", "go": "1"}))
    assert figures(tried) == [3, 0, 0, 3]
    for reason in ("体弱人数多于人数", "不在您的辖区", "当家人"):
        assert reason in tried
    assert kept(owner) == []
    refused = clerk.get(re.search(r'href="(/files/[^"]+)"', tried)[1]).content.decode("utf-8-sig")
    assert [row["户号"] for row in csv.DictReader(io.StringIO(refused))] == ["3", "4", "5"]
    assert "已导入" in press(page, "send")
    assert [(one.source_id, one.people, one.frail) for one in kept(owner)] == [
        ("1", 3, 1), ("2", 4, 0), ("周六 沿江路 6 号", 1, 0),
    ]  # fmt: skip


def test_the_next_list_needs_no_correction_and_changes_what_differs_alone(
    clerk, bring, press, fields, owner
):
    first = bring(*ROWS[:2])
    said = fields(clerk.get(first).text) | {"f.head": "c:当家人", "go": "1"}
    press(first, "columns", **said)
    press(first, "send")
    again = bring(ROWS[0].replace(",3,1,", ",3,2,"), ROWS[1])
    said = fields(clerk.get(again).text)
    assert said["f.head"] == "c:当家人"
    tried = press(again, "columns", **(said | {"go": "1"}))
    assert figures(tried) == [0, 1, 1, 0]
    press(again, "send")
    assert [one.frail for one in kept(owner)] == [2, 0]
    assert clerk.post(f"{again}/undo").status_code == 409


def test_names_and_phones_of_a_list_are_not_for_every_reader(clerk, bring, client, sign_in):
    page = bring(ROWS[0])
    assert "13900000001" in clerk.get(page).text
    for role in (Role.OBSERVER, Role.CREW):
        sign_in(client, role, GAOSUNTANG)
        for path in (page, "/imports?of=households"):
            answer = client.get(path)
            assert (answer.status_code, "周一" in answer.text) == (403, False)
