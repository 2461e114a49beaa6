"""Chains on pages and paper: followed, kept, printed; the table shown and replaced."""

import re
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import numpy as np
import pypdfium2 as pdfium
import pytest
from shapely import LineString, MultiPolygon, Polygon, box
from typer.testing import CliRunner

from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.alerts.models import Alert
from rescue_app.commands import chains as commands
from rescue_app.settings import PROJECT
from tests.ledger import entered
from tests.patrols import make_asset
from tests.warning import WEST_OF_GAOSUNTANG, by_a_rule

pytestmark = pytest.mark.usefixtures("world")
HTML = {"accept": "text/html"}
SHIPPED = PROJECT / "data/chains/chains.yaml"
ROAD = LineString([(108.345, 30.8005), (108.355, 30.8005)])


@pytest.fixture
def ground(street, sessions):
    """A slope over a road; signed in as the planner of Wanzhou."""
    make_asset(street.sign_in("wanzhou"), type="road_section", name="沿江路", at=ROAD)
    street.point = entered(sessions, name="沿江滑坡")
    street.sign_in("planner")
    return street


def looked(street, path, **question):
    answer = street.client.get(path, params=question, headers=HTML)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_chain_is_followed_kept_and_printed_with_its_letters(ground):
    page = looked(ground, "/chains", point=str(ground.point))
    for word in ("沿江路", "高笋塘街道", "按直线距离估计", "都是假定值", "要通知谁"):
        assert word in page
    sent = {"id": str(new_id()), "question": f"point={ground.point}"}
    kept = ground.client.post("/chains", data=sent, headers=HTML)
    assert kept.status_code == 303
    shown = looked(ground, kept.headers["location"])
    assert "依据灾害链表第 1 版" in shown
    assert f"/points/{ground.point}" in shown
    assert "沿江滑坡" in looked(ground, "/chains")
    assert "沿江滑坡" in looked(ground, f"/chains/kept/point/{ground.point}")
    assert "沿江滑坡" not in looked(ground, f"/chains/kept/alert/{ground.point}")
    for lang, words in (("zh", ("沿江滑坡", "要通知谁")), ("en", ("What comes next", "straight"))):
        paper = ground.client.get(f"{kept.headers['location']}.pdf", params={"lang": lang})
        assert paper.headers["content-type"] == "application/pdf"
        sheets = pdfium.PdfDocument(paper.content)
        text = "".join(sheet.get_textpage().get_text_range() for sheet in sheets)
        assert all(word in text for word in (*words, "高笋塘", "N")), text


def test_the_rain_of_a_drawn_area_is_asked_for_on_the_page(ground):
    drawn = "POLYGON((108.34 30.79,108.36 30.79,108.36 30.81,108.34 30.81,108.34 30.79))"
    page = looked(ground, "/chains", polygon=drawn, mm=50, hours=3)
    assert "情景：3 小时降雨 50 毫米" in page
    assert "达到假定阈值 50 mm / 3 h" in page
    assert "按这张表没有后续" in looked(ground, "/chains", polygon=drawn, mm=5, hours=3)
    assert re.search(r'href="/chains\?polygon=', looked(ground, "/map/inside", polygon=drawn))


def assert_old(ground, kept):
    """A kept chain says that the table has changed since, wherever it stands, and stays whole."""
    page = looked(ground, f"/chains/{kept}")
    assert "现行的是第 2 版" in page
    assert "沿江路" in page
    assert f"/chains?point={ground.point}" in page
    for path in ("/chains", f"/chains/kept/point/{ground.point}"):
        assert "依据灾害链表第 1 版，链表此后已更换" in looked(ground, path)
    paper = pdfium.PdfDocument(ground.client.get(f"/chains/{kept}.pdf").content)
    text = "".join(sheet.get_textpage().get_text_range() for sheet in paper)
    assert "现行的是第 2 版" in text.replace("\r\n", "")


def test_the_chain_of_a_warning_begins_at_the_points_that_it_warns(ground, sessions):
    until = datetime.now(UTC) + timedelta(hours=5)
    of = by_a_rule(sessions, colour="orange", drawn=WEST_OF_GAOSUNTANG, expires_at=until)
    page = looked(ground, "/chains", alert=str(of))
    with unit_of_work(sessions, SYSTEM) as session:
        headline = session.get_one(Alert, of).headline_en
    kept = ground.client.post(
        "/chains", data={"id": str(new_id()), "question": f"alert={of}"}, headers=HTML
    ).headers["location"]
    for path in (kept, "/chains"):
        assert f'lang="en" data-data>{headline}<' in looked(ground, path, lang="en")
    paper = pdfium.PdfDocument(ground.client.get(f"{kept}.pdf", params={"lang": "en"}).content)
    said = paper[0].get_textpage().get_text_range()
    assert headline.split()[0] in said
    looked(ground, "/chains", lang="zh")
    assert "沿江滑坡距沿江路 5" in page  # 55 m, not the 0 m of a warned area that is one slope
    other = by_a_rule(sessions, colour="orange", hazard_type="debris_flow",
                      drawn=MultiPolygon([box(108.346, 30.8002, 108.349, 30.81)]),
                      expires_at=until)  # fmt: skip
    assert "沿江路" in looked(ground, "/chains", alert=str(other))  # no point inside: the area


def around(corners):
    """A drawn area with very many corners, as an address says it."""
    turn = np.linspace(0, 2 * np.pi, corners)
    ring = np.column_stack((108.35 + np.cos(turn) / 50, 30.8 + np.sin(turn) / 50)).round(6)
    return urlencode({"polygon": Polygon(ring).wkt})


def test_an_area_of_very_many_corners_is_refused_with_what_to_do(ground, live_server):
    for corners, status, told in ((10_000, 422, "上限为 2000"), (100_000, 413, "单独")):
        kept = {"id": str(new_id()), "question": around(corners)}
        answer = ground.client.post("/chains", data=kept, headers=HTML)
        assert (answer.status_code, told in answer.text) == (status, True), answer.text
    with closing(HTTPConnection(urlsplit(live_server.url).netloc, timeout=60)) as asked:
        for page in ("/chains", "/exposure", "/map", "/api/v1/points"):
            asked.request("GET", f"{page}?{around(100_000)}", headers={"accept-language": "zh"})
            answer = asked.getresponse()
            assert (answer.status, "2,000 个顶点" in answer.read().decode()) == (422, True)


def test_a_citys_own_table_takes_the_place_of_the_shipped_one_which_can_be_taken_again(ground):
    own = SHIPPED.read_text("utf-8").replace("within_m: 150", "within_m: 20").encode()
    sent = {"file": ("own.yaml", own)}
    kept = str(new_id())
    ground.client.post("/chains", data={"id": kept, "question": f"point={ground.point}"})
    assert "链表此后已更换" not in looked(ground, f"/chains/kept/point/{ground.point}")
    refused = ground.sign_in("street").post("/chains/table", files=sent, headers=HTML)
    assert refused.status_code == 403
    wrong = {"file": ("own.yaml", own.replace(b"rule: near", b"rule: far", 1))}
    assert (
        ground.sign_in("city").post("/chains/table", files=wrong, headers=HTML).status_code == 422
    )
    assert ground.client.post("/chains/table", files=sent, headers=HTML).status_code == 303
    assert "≤ 20 m" in looked(ground, "/chains/table")
    assert_old(ground, kept)
    follow = {"point": str(ground.point)}
    assert ground.client.get("/api/v1/chains/follow", params=follow).json()["steps"] == []
    assert ground.client.post("/chains/table/1", headers=HTML).status_code == 303
    assert ground.client.get("/api/v1/chains/follow", params=follow).json()["steps"]
    assert ground.client.get("/chains/table/2.yaml").content == own


def test_the_commands_bring_a_table_in_and_out_and_follow_a_point(
    ground, database, monkeypatch, tmp_path
):
    monkeypatch.setenv("DATABASE_URL", database.owner)
    monkeypatch.setenv("YITONG_APP_DATABASE_URL", database.app)
    monkeypatch.setenv("YITONG_HOME", str(tmp_path))
    own = tmp_path / "own.yaml"
    own.write_text(SHIPPED.read_text("utf-8").replace("150", "140"), "utf-8")

    def run(*words):
        return CliRunner().invoke(commands.app, [str(word) for word in words]).output

    assert "nothing was written" in run("import", own)
    assert "Edition 2 is in force" in run("import", own, "--apply")
    run("export", tmp_path / "out.yaml")
    assert (tmp_path / "out.yaml").read_text("utf-8") == own.read_text("utf-8")
    assert "2*" in run("history")
    assert "不超过 140 米" in run("follow", "--point", ground.point)
