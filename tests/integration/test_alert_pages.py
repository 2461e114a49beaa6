"""Alerts by forms alone, and where they are seen: behind a code, on the start page, on the map."""

import re
from contextlib import contextmanager
from datetime import timedelta
from html import unescape

import pytest

from gis.store.engine import unit_of_work
from gis.store.scope import Scope
from rescue_app.web.render import LOCAL_ZONE
from tests.tasking import point, put_points
from tests.warning import WEST_OF_GAOSUNTANG, Warner, now
from tests.world import GAOSUNTANG, TAIBAI, WANZHOU

pytestmark = pytest.mark.usefixtures("world")
HTML = {"accept": "text/html"}


def soon(hours=6):
    return (now() + timedelta(hours=hours)).astimezone(LOCAL_ZONE).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def desk(street):
    """`desk("wanzhou", path, **form)`: what that person sees there, after any way on."""

    def go(who, path, **form):
        client = street.sign_in(who)
        answer = client.post(path, data=form, headers=HTML) if form else client.get(
            path, headers=HTML
        )  # fmt: skip
        return (
            client.get(answer.headers["location"], headers=HTML) if answer.is_redirect else answer
        )

    return go


@pytest.fixture
def warner(street, sessions):
    @contextmanager
    def acting(who):
        by = street.cast.actor(who)
        with unit_of_work(sessions, Scope.of(by)) as session:
            yield session, by

    return Warner(acting)


def hidden(answer):
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.text))


def see(street, bridge, who="", lang="zh"):
    if who:
        street.sign_in(who)
    else:
        street.client.cookies.clear()
    return street.client.get(f"/c/{bridge.code}", params={"lang": lang}, headers=HTML).text


def test_a_warning_goes_by_forms_from_its_author_to_its_end(desk, street):
    form = hidden(desk("street", "/alerts/new"))
    said = {"colour": "orange", "hazard_type": "landslide", "areas": GAOSUNTANG, "expires": soon()}
    proposed = desk("street", "/alerts/new", **form | said)
    assert "须由另一人批准" in proposed.text
    assert "/issue" not in proposed.text
    page = f"/alerts/{form['id']}"
    assert "待批准的预警：1 条" in desk("wanzhou", "/alerts").text
    assert f"{page}/issue" in desk("wanzhou", page).text
    held = desk("wanzhou", f"{page}/issue", go="1").text
    assert "生效" in held
    tap = unescape(re.search(r'href="(/incidents/new[^"]+)"', held)[1])
    form_of_it = desk("wanzhou", tap)
    opened = hidden(form_of_it)
    assert (opened["then"], opened["source_ref"]) == ("proposal", form["id"])
    assert re.search(r'name="title"[^>]*value="[^"]*高笋塘街道[^"]*滑坡', form_of_it.text)
    assert "/incidents/new" not in desk("patrol", page).text
    update = desk("street", f"{page}/update")
    more = hidden(update)
    assert more["follows"] == form["id"]
    changed = said | {"colour": "red", "why": "裂缝加宽"}
    assert desk("street", "/alerts/new", **more | changed | {"why": ""}).status_code == 422
    desk("street", "/alerts/new", **more | changed)
    ended = desk("wanzhou", f"/alerts/{more['id']}/issue", go="1")
    assert ("裂缝加宽" in ended.text, "已更新" in ended.text) == (True, True)
    assert "滑坡红色预警" in desk("patrol", "/").text
    called_off = desk("wanzhou", f"/alerts/{more['id']}/cancel", why="裂缝稳定")
    assert ("裂缝稳定" in called_off.text, "/cancel" in called_off.text) == (True, False)
    assert "滑坡红色预警" not in desk("street", "/alerts").text
    past = desk("street", "/alerts?show=past&colour=red").text
    assert ("滑坡红色预警" in past, "滑坡橙色预警" in past) == (True, False)


def test_what_is_drawn_in_two_parts_comes_back_in_the_form_that_updates_it(desk, street):
    area = "108.31 30.75\n108.33 30.75\n108.33 30.80\n\n108.35 30.75\n108.36 30.75\n108.36 30.8"
    form = hidden(desk("street", "/alerts/new"))
    said = {"colour": "blue", "hazard_type": "landslide", "area": area, "expires": soon()}
    desk("street", "/alerts/new", **form | said)
    desk("wanzhou", f"/alerts/{form['id']}/issue", go="1")
    again = desk("street", f"/alerts/{form['id']}/update").text
    drawn = re.search(r'<textarea[^>]*id="area"[^>]*>([^<]*)<', again)[1]
    assert drawn.split("\n\n")[1].splitlines()[0] in (
        "108.350000 30.750000",
        "108.360000 30.750000",
    )
    tap = re.search(r'href="(/incidents/new[^"]+)"', desk("wanzhou", f"/alerts/{form['id']}").text)
    both = re.search(r'id="area"[^>]*>([^<]*)<', desk("wanzhou", unescape(tap[1])).text)[1]
    assert [len(part.splitlines()) for part in both.split("\n\n")] == [3, 3]
    refused = desk("street", "/alerts/new", **form | said | {"id": "", "area": "108.3 30.7"})
    assert refused.status_code in (409, 422)


def test_the_page_behind_a_code_says_the_danger_to_everyone_inside_and_to_nobody_beside(
    street, bridge, warner
):
    assert "没有已知险情" in see(street, bridge)
    warner.issued(area_paths=(TAIBAI,), who="wanzhou", by="wanzhou2")
    assert "预警" not in see(street, bridge)
    alert = warner.issued(area_paths=(), drawn=WEST_OF_GAOSUNTANG)
    for who in ("", "patrol", "street"):
        shown = see(street, bridge, who)
        assert 'class="band warn orange"' in shown
        assert ("滑坡橙色预警" in shown, alert.instruction_zh in shown) == (True, True)
        assert "没有已知险情" not in shown
    assert "Orange warning: landslide" in see(street, bridge, lang="en")
    warner.cancel(alert)
    assert "没有已知险情" in see(street, bridge)


def test_under_a_grave_warning_the_page_leads_with_calls_and_asks_the_list_of_the_emergency(
    street, bridge, warner
):
    def order(who):
        shown = see(street, bridge, who)
        return shown.index('id="command"') < shown.index('id="visit"'), shown

    calls_first, calm = order("patrol")
    assert not calls_first
    alert = warner.issued("wanzhou", "wanzhou2", colour="yellow", area_paths=(WANZHOU,))
    assert not order("patrol")[0]
    red = warner.propose(
        "wanzhou", follows=alert.id, why="加大", colour="red", area_paths=(WANZHOU,)
    )
    warner.issue(red, "wanzhou2")
    calls_first, grave = order("patrol")
    assert calls_first
    assert ("水位每小时上涨" in grave, "水位每小时上涨" in calm) == (True, False)


def test_a_drill_is_marked_for_those_at_work_and_unseen_by_residents(street, bridge, warner):
    warner.issued(is_drill=True)
    assert "<i>演练</i>" in see(street, bridge, "patrol")
    assert "预警" not in see(street, bridge)


def test_the_board_of_a_warning_leads_to_entering_an_answer(desk, sessions, warner):
    owner = {"owner_name": "周敏", "owner_phone": "13911112222"}
    put_points(sessions, [point(GAOSUNTANG, now(), 1, **owner)])
    alert = warner.issued()
    shown = desk("street", f"/alerts/{alert.id}/board").text
    call_id = re.search(r'href="/calls/([0-9a-f-]{36})"', shown)[1]
    assert ("周敏" in shown, "范围内 1 处点位" in shown) == (True, True)
    assert "周敏" in desk("street", f"/calls/{call_id}").text


def test_the_map_has_the_outlines_that_its_reader_sees(street, warner):
    warner.issued(area_paths=(), drawn=WEST_OF_GAOSUNTANG)
    shapes = "/api/v1/alerts/shapes.geojson"
    (feature,) = street.sign_in("patrol").get(shapes).json()["features"]
    assert feature["properties"]["name"] == "滑坡橙色预警"
    assert feature["geometry"]["type"] in ("Polygon", "MultiPolygon")
    assert street.sign_in("yunyang").get(shapes).json()["features"] == []
    panel = street.sign_in("patrol").get(f"/alerts/{feature['properties']['id']}/panel")
    assert "高笋塘街道内图上所画范围" in panel.text
