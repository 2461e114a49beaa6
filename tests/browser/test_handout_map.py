"""The hand-out map opens from a stick: no network, and nothing in it that is not the reader's."""

import re
import zipfile
from datetime import UTC, datetime

import pytest

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.events.models import DisasterEvent
from rescue_app.papers.asked import Asked, Paper
from rescue_app.web import paper_making, paper_map_files
from tests.integration.test_evacuations import act, home
from tests.integration.test_jobs import run_worker
from tests.ledger import entered
from tests.world import GAOSUNTANG, IN_GAOSUNTANG, WANZHOU

__all__ = ["act", "run_worker"]
HTML = {"accept": "text/html"}
RADII = """() => {
    const drawn = [];
    const map = Object.values(window).find((one) => one instanceof L.Map);
    map.eachLayer((one) => one.options.color === "#6b3fa0" && drawn.push(one.getRadius()));
    return drawn;
}"""
WARMING = """() => {
    const drawn = [];
    const map = Object.values(window).find((one) => one instanceof L.Map);
    map.eachLayer((one) => one instanceof L.HeatLayer && drawn.push(one._latlngs.length));
    return drawn;
}"""
IN_SIGHT = """() => {
    const box = document.querySelector(".leaflet-popup")?.getBoundingClientRect();
    return box && box.left >= 0 && box.right <= 360;
}"""
EVIL = "</script><script>document.title='evil'</script><img src=x onerror=alert(1)>"


@pytest.fixture
def ledger(act, sessions):
    """Two points, one with a name that would be a script, a household, records of two years."""
    entered(sessions, name="大石坡滑坡", owner_name="王建国", owner_phone="13700002222")
    entered(sessions, name=EVIL, latitude=IN_GAOSUNTANG.y + 0.02)
    body = {"source": "test", "households": [home(1, phone="13600003333")]}
    act("planner", "PUT", "/api/v1/households", body)
    with unit_of_work(sessions, SYSTEM) as session:
        session.add_all(
            DisasterEvent(
                source="test", source_id=str(year), hazard_type="landslide", title=f"{year} 年滑坡",
                happened_at=datetime(year, 7, 3, tzinfo=UTC), time_precision="day",
                place=IN_GAOSUNTANG, location_accuracy_m=metres, deaths=None, injured=None,
                loss_10k_yuan=None, area_path=GAOSUNTANG, synthetic=False, raw={},
            )
            for year, metres in ((1998, 100), (2010, 3_000), (2020, 50_000))
        )  # fmt: skip


@pytest.fixture
def handed_out(act, ledger, run_worker):
    """Let somebody make the map on the page; give the file."""

    def made(who, **asked):
        body = {"paper": "map", "under": GAOSUNTANG} | asked
        answer = act(who, "POST", "/papers", data=body, headers=HTML)
        assert answer.status_code == 303, answer.text
        run_worker()
        page = act(who, "GET", "/papers", headers=HTML).text
        return act(who, "GET", re.search(r'href="(/files/[^"]+)"', page)[1]).content

    return made


def test_from_a_stick_without_network_it_finds_points_and_the_years_of_records(
    handed_out, browser, tmp_path
):
    file = tmp_path / "map.html"
    file.write_bytes(handed_out("planner", private="true"))
    context = browser.new_context(offline=True)
    page = context.new_page()
    asked, wrong = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-ready]")
    assert asked == [file.as_uri()]
    assert page.locator(".sign").count() == 2
    page.get_by_role("searchbox").fill("大石坡")
    page.locator(".find button").click()
    told = page.locator(".leaflet-popup-content")
    for said in ("大石坡滑坡", "滑坡", "王建国", "13700002222", "后缘贯通弧形裂缝"):
        told.get_by_text(said).first.wait_for()
    page.get_by_role("searchbox").fill("onerror")
    page.locator(".find button").click()
    told.get_by_text("onerror").wait_for()
    assert page.title() == "高笋塘街道灾害隐患地图"
    years = page.get_by_role("slider")
    page.get_by_text("截至 2020 年：3 条记录").wait_for()
    years.press("Home")
    page.get_by_text("截至 1998 年：1 条记录").wait_for()
    assert page.evaluate(RADII) == [6]
    years.press("End")
    page.get_by_text("截至 2020 年：3 条记录").wait_for()
    assert sorted(page.evaluate(RADII)) == [6, 3_000, 50_000]
    for layer in ("住户位置", "热力：点位", "热力：灾害记录"):
        page.get_by_label(layer).check()
    page.locator("canvas.leaflet-heatmap-layer").first.wait_for()
    assert sorted(page.evaluate(WARMING)) == [2, 2]  # two points, two records that are exact
    years.press("Home")
    page.get_by_text("截至 1998 年：1 条记录").wait_for()
    assert sorted(page.evaluate(WARMING)) == [1, 2]
    assert (asked, wrong) == ([file.as_uri()], [])
    context.close()


def test_on_a_phone_popup_legend_and_layers_are_in_reach_of_a_thumb(handed_out, browser, tmp_path):
    file = tmp_path / "map.html"
    file.write_bytes(handed_out("planner"))
    context = browser.new_context(
        offline=True, viewport={"width": 360, "height": 780}, has_touch=True
    )
    page = context.new_page()
    page.goto(file.as_uri())
    page.get_by_role("searchbox").fill("大石坡")
    page.locator(".find button").tap()
    page.wait_for_function(IN_SIGHT)  # the map glides until it is
    page.locator(".leaflet-popup-close-button").tap()
    page.get_by_text("☰ 图层").tap()
    page.get_by_role("heading", name="图例").wait_for()
    page.get_by_label("灾害记录", exact=True).tap()
    page.wait_for_function(f"({RADII})().length === 3")
    context.close()


def test_whoever_may_not_see_households_and_phones_has_none_in_the_bytes(act, handed_out):
    for who, asked in (("planner", {}), ("patrol", {})):
        text = handed_out(who, **asked).decode()
        assert "大石坡滑坡" in text
        assert not re.search("周1|13600003333|13700002222", text), who
    body = {"paper": "map", "under": GAOSUNTANG, "private": "true"}
    assert act("patrol", "POST", "/papers", data=body, headers=HTML).status_code == 403


def test_a_map_too_heavy_for_one_file_comes_as_one_for_each_street(
    ledger, sessions, monkeypatch, tmp_path
):
    file = tmp_path / "map.zip"
    monkeypatch.setattr(paper_map_files, "MOST_IN_FILE", 1)
    asked = Asked(Paper.MAP, WANZHOU, "http://x", "119", who="万规划")
    steps = []
    made = paper_making.made(
        lambda: unit_of_work(sessions, SYSTEM), asked, file, now=datetime.now(UTC),
        step=lambda done, total: steps.append((done, total)),
    )  # fmt: skip
    assert (made.suffix, steps[-1]) == ("zip", (2, 2))
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        assert names == ["001-高笋塘街道.html", "002-太白街道.html"]
        assert "大石坡滑坡" in archive.read(names[0]).decode()
        assert "大石坡滑坡" not in archive.read(names[1]).decode()
