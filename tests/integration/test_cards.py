"""Cards for households and for those in charge: printed, read back, handed out, told the ledger."""

import re
from datetime import UTC, datetime, timedelta

import pypdfium2 as pdfium
import pytest
import zxingcpp
from shapely import Point
from sqlalchemy import select

from gis.store.base import new_id
from hazards.points.models import HazardPoint
from rescue_app.papers.models import CardHanded
from tests.integration.test_evacuations import act, home
from tests.integration.test_jobs import run_worker
from tests.ledger import carried, entered
from tests.patrols import make_asset
from tests.world import GAOSUNTANG, IN_GAOSUNTANG, WANZHOU

__all__ = ["act", "run_worker"]
HTML = {"accept": "text/html"}
EAST_M = 1 / 95_700
"""A metre to the east in degrees of longitude, at 30.8° north."""


@pytest.fixture
def point(act, sessions, client):
    """A watched slope, two households near it, one far off, and two shelters."""
    point_id = entered(
        sessions, owner_name="王建国", owner_phone="13700002222", monitoring_name="覃志明",
        monitoring_phone="13900001111", monitors="李明 13800001111", warning_means=["gong"],
    )  # fmt: skip
    at = {"lon": IN_GAOSUNTANG.x + 120 * EAST_M}
    body = {"source": "test", "synthetic": True, "households": [
        home(1, frail=1, needs="卧床，需担架", phone="13600003333", **at), home(2),
        home(3, lon=IN_GAOSUNTANG.x + 900 * EAST_M)]}  # fmt: skip
    assert act("planner", "PUT", "/api/v1/households", body).json() == {"kept": 3}
    for name, away_m in (("险区内的棚", 100), ("小学操场", 800)):
        at = Point(IN_GAOSUNTANG.x - away_m * EAST_M, IN_GAOSUNTANG.y)
        make_asset(client, name=name, type="shelter", at=at,
                   owner_unit="小学", owner_phone="023-58120000")  # fmt: skip
    return point_id


def words_of(pdf):
    return ["".join(page.get_textpage().get_text_range().split()) for page in pdf]


def symbols_of(pdf):
    pages = (page.render(scale=300 / 72).to_pil() for page in pdf)
    return [one.text for page in pages for one in zxingcpp.read_barcodes(page)]


def fonts_of(pdf):
    """Tell of each piece of text whether its letters are in the file."""
    raw = pdfium.raw
    pieces = [one for page in pdf for one in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT])]
    return [raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(one.raw)) == 1 for one in pieces]


def test_all_cards_of_a_point_come_as_one_file_that_was_read_back(act, client, point, run_worker):
    asked = {"paper": "refuge", "under": GAOSUNTANG, "point": str(point), "reach_m": "300"}
    answer = act("planner", "POST", "/papers", data=asked, headers=HTML)
    assert answer.status_code == 303
    run_worker()
    page = act("planner", "GET", "/papers", headers=HTML).text
    file = act("planner", "GET", re.search(r'href="(/files/[^"]+)"', page)[1]).content
    pdf = pdfium.PdfDocument(file)
    (text,) = words_of(pdf)
    for said in ("避险明白卡", "周1", "卧床，需担架", "房屋在隐患点东方向约120米", "铜锣", "覃志明",
                 "小学操场", "023-58120000", "演示数据", "120mtotheeastofthehazard"):  # fmt: skip
        assert said in text
    assert "险区内的棚" not in text, "a shelter in the danger is none"
    assert "周3" not in text, "beyond the reach"
    address = client.app.state.settings.label_url.upper() + f"/P/{point.hex.upper()}"
    assert symbols_of(pdf) == [address] * 2
    assert fonts_of(pdf)
    assert all(fonts_of(pdf))
    assert size_of("卧床", pdf) > 10.6, "old people read it on the wall"


def size_of(said, pdf):
    """Tell how large letters stand on the first page, in points."""
    words = pdf[0].get_textpage()
    at, _ = words.search(said).get_next()
    return pdfium.raw.FPDFText_GetFontSize(words.raw, at)


def test_nobody_without_households_gets_one_by_card(act, point):
    page = act("patrol", "GET", f"/points/{point}/cards", headers=HTML).text
    assert "周1" not in page
    assert "覃志明" in page
    for who, status in (("patrol", 403), ("yunyang", 404)):
        asked = {"only": "覃志明"}
        answer = act(who, "GET", f"/points/{point}/cards/work.pdf", params=asked, headers=HTML)
        assert answer.status_code == status


def test_whoever_scans_a_card_meets_what_is_his(act, client, point):
    address = f"/P/{point.hex.upper()}"
    answer = act("planner", "GET", address, headers=HTML, follow_redirects=False)
    assert answer.headers["location"] == f"/points/{point}"
    client.cookies.clear()
    for said in (client.get(address, headers=HTML), client.get(f"/p/{new_id()}", headers=HTML)):
        assert said.status_code == 200
        assert "tel:119" in said.text
        assert "登录后可打开点位" in said.text
        assert not re.search("大石坡|王建国|1370000|覃志明", said.text)
    answer = act("yunyang", "GET", address, headers=HTML)
    assert "不在您的辖区内" in answer.text
    assert "大石坡" not in answer.text


def test_cards_are_noted_once_and_the_ledger_hears_by_a_case_when_all_have_one(
    act, point, owner, sessions
):
    def given():
        owner.rollback()
        return {one.holder or "home" for one in owner.scalars(select(CardHanded))}

    at = f"/points/{point}/cards"
    page = act("planner", "GET", at, headers=HTML).text
    marks = re.findall(r'name="mark" value="([^"]+)"', page)
    assert len(marks) == 2 + 3
    day = datetime.now(UTC).date().isoformat()
    for _ in range(2):
        answer = act("planner", "POST", at, data={"mark": marks[:1], "day": day}, headers=HTML)
        assert answer.status_code == 303
    assert given() == {"home"}
    assert act("planner", "GET", "/api/v1/cases").json()["total"] == 0
    later = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    for who, data, status in (
        ("patrol", {"mark": marks[1:], "day": day}, 403),
        ("yunyang", {"mark": marks[1:], "day": day}, 404),
        ("planner", {"mark": marks[1:], "day": later}, 422),
        ("planner", {"day": day}, 422),
        ("planner", {"mark": f"work|{new_id()}|路人", "day": day}, 404),
        ("planner", {"mark": "work", "day": day}, 422),
    ):
        assert act(who, "POST", at, data=data, headers=HTML).status_code == status
    act("planner", "POST", at, data={"mark": marks[1:], "day": day}, headers=HTML)
    assert given() == {"home", "王建国", "覃志明", "李明"}
    (case,) = act("planner", "GET", "/api/v1/cases").json()["items"]
    assert owner.get(HazardPoint, point).cards_given is None, "nothing enters the ledger by itself"
    carried(sessions, case["id"])
    owner.rollback()
    assert owner.get(HazardPoint, point).cards_given is True
    assert "台账：两卡已发放" in act("planner", "GET", at, headers=HTML).text


def test_a_districts_batch_gives_each_household_the_card_of_its_nearest_point(
    act, point, sessions, run_worker
):
    entered(sessions, name="近处危岩", longitude=IN_GAOSUNTANG.x + 880 * EAST_M)
    asked = {"paper": "refuge", "under": WANZHOU, "reach_m": "500"}
    act("planner", "POST", "/papers", data=asked, headers=HTML)
    run_worker()
    page = act("planner", "GET", "/papers", headers=HTML).text
    file = act("planner", "GET", re.search(r'href="(/files/[^"]+)"', page)[1]).content
    text = "".join(words_of(pdfium.PdfDocument(file)))
    assert (text.count("大石坡滑坡"), text.count("近处危岩")) == (2, 1)
    assert act("patrol", "POST", "/papers", data=asked, headers=HTML).status_code == 404
    mine = asked | {"under": GAOSUNTANG}
    assert act("patrol", "POST", "/papers", data=mine, headers=HTML).status_code == 403
