"""Incidents by forms alone: asked whether it is known, reported up, joined and taken apart."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from rescue_app.http.dependencies import COOKIE
from rescue_app.incidents.models import Incident, SituationReport
from rescue_app.web import flash
from tests.world import IN_GAOSUNTANG, WANZHOU, YUNYANG

HTML = {"accept": "text/html"}
ENTERED = {
    "title": "后坡滑动",
    "hazard_type": "landslide",
    "lon": str(IN_GAOSUNTANG.x),
    "lat": str(IN_GAOSUNTANG.y),
    "source": "resident",
    "told_by": "周老伯 13912345678",
}
BEYOND = "108.35 30.75\n108.55 30.75\n108.55 30.80"


@pytest.fixture
def street(client, people, cast):
    """The street's duty officer: opens pages and sends the forms on them."""
    client.cookies.set(COOKIE, people.token(cast.accounts["street"]))

    def go(path, **fields):
        answer = client.post(path, data=fields, headers=HTML) if fields else client.get(
            path, headers=HTML
        )  # fmt: skip
        while answer.status_code == 303:
            answer = client.get(answer.headers["location"], headers=HTML)
        return answer

    return go


def hidden(answer):
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.text))


def opened(street, **more):
    form = hidden(street("/incidents/new"))
    return street("/incidents/new", **form | ENTERED | more)


def rows(sessions, table=Incident):
    with unit_of_work(sessions, SYSTEM) as session:
        return session.scalars(select(table).order_by(table.id)).all()


def test_what_is_perhaps_known_is_asked_about_and_joins_or_stands_for_itself(street, sessions):
    assert "周老伯" in opened(street).text
    asked = opened(street, title="沿江路塌方", hazard_type="collapse")
    assert asked.status_code == 422
    assert "可能已有登记" in asked.text
    (known,) = rows(sessions)
    again = ENTERED | {"title": "沿江路塌方", "hazard_type": "collapse"} | hidden(asked)
    same = street("/incidents/new", **again, same_as=str(known.id))
    assert "再次来报" in same.text
    assert len(rows(sessions)) == 1
    other = street("/incidents/new", **again, same_as="another")
    assert "沿江路塌方" in other.text
    assert len(rows(sessions)) == 2


def test_a_drawn_area_needs_no_place_and_stands_on_the_page_with_its_size(street):
    corners = "108.35 30.79\n108.36 30.79\n108.36 30.80"
    page = opened(street, lon="", lat="", area=corners)
    assert re.search(r"0\.\d+ km²", page.text)
    assert "&#34;MultiPolygon&#34;" in page.text
    for wrong, said in (("108.35 30.79\n108.36", "三个角点"), (BEYOND, "超出本区域")):
        bad = opened(street, lon="", lat="", area=wrong)
        assert (bad.status_code, said in bad.text) == (422, True)
        assert wrong in bad.text  # what was drawn is not lost


def test_a_place_outside_the_drawn_area_is_refused_with_what_to_do(street, sessions):
    corners = "108.36 30.79\n108.37 30.79\n108.37 30.80"
    bad = opened(street, area=corners)
    assert (bad.status_code, "位置在所绘范围之外" in bad.text) == (422, True)
    assert corners in bad.text
    assert not rows(sessions)
    assert "km²" in opened(street, lon="108.368", lat="30.793", area=corners).text


def test_the_report_is_filled_with_what_is_known_and_the_next_with_the_last(
    street, client, sessions
):
    opened(street)
    (incident,) = rows(sessions)
    path = f"/incidents/{incident.id}/report"
    form = street(path)
    assert "首报" in form.text
    for word in ("万州区高笋塘街道", "周老伯 13912345678", "后坡滑动（滑坡）", "500 米内"):
        assert word in form.text
    said = {"place": "沿江路", "nature": "滑坡", "deaths": "", "moved": "12", "requests": "发电机"}
    wrong = street(path, **hidden(form) | said | {"moved": "十二"})
    assert (wrong.status_code, "整数" in wrong.text, "发电机" in wrong.text) == (422, True, True)
    sent = street(path, **hidden(form) | said)
    for word in ("第 1 号", "正在呼叫万主任", "发电机", "尚不清楚"):
        assert word in sent.text
    street(path, **hidden(form) | said)  # pressed twice
    (report,) = rows(sessions, SituationReport)
    assert (report.deaths, report.moved) == (None, 12)
    following = street(path).text
    assert 'value="12"' in following
    assert "发电机" not in following  # what was asked for once is not asked for again
    street(f"/incidents/{incident.id}/close", note="")
    assert "请报送终报" in unquote(client.cookies[flash.COOKIE])
    last = street(path)
    assert 'name="final" value="1" checked' in last.text
    street(path, **hidden(last) | said | {"final": "1"})
    street(f"/incidents/{incident.id}/close", note="")
    assert "请报送终报" not in unquote(client.cookies[flash.COOKIE])


def test_a_report_of_the_city_calls_nobody_and_says_so(client, people, cast):
    client.cookies.set(COOKIE, people.token(cast.accounts["city"]))
    form = hidden(client.get("/incidents/new", headers=HTML))
    made = client.post("/incidents/new", data=form | ENTERED, headers=HTML)
    page = client.get(made.headers["location"], headers=HTML)
    path = f"{made.headers['location']}/report"
    said = {"place": "沿江路", "nature": "滑坡"}
    form = hidden(client.get(path, headers=HTML))
    sent = client.post(path, data=form | said, headers=HTML)
    assert "正在呼叫" not in unquote(sent.headers["set-cookie"])
    assert "请电话上报" in unquote(sent.headers["set-cookie"])
    page = client.get(made.headers["location"], headers=HTML)
    assert "报送人以上没有" in page.text


def test_two_are_joined_on_the_page_and_taken_apart_again(street, sessions):
    opened(street)
    opened(street, title="另一处", hazard_type="waterlogging")
    first, second = rows(sessions)
    page = street(f"/incidents/{second.id}/merge", into=str(first.id), note="同一面坡")
    for word in ("并进", "另一处", "同一面坡"):
        assert word in page.text
    gone = street(f"/incidents/{second.id}")
    assert "已并入另一件" in gone.text
    assert f"/orders/new?incident={second.id}" not in gone.text
    assert str(second.id) not in street("/incidents").text
    assert "移出自" in street(f"/incidents/{second.id}/part", note="").text


def test_a_late_report_is_red_in_the_list_of_what_happens(street, sessions):
    opened(street)
    with unit_of_work(sessions, SYSTEM) as session:
        row = session.scalars(select(Incident)).one()
        row.report_due_at = datetime.now(UTC) - timedelta(minutes=3)
        number = row.id
    assert "card overdue" in street(f"/incidents/{number}").text
    assert "首报 <time" in street("/incidents").text


def test_a_level_is_set_from_the_incident_and_stands_on_its_page(street, client, people, cast):
    opened(street)
    client.cookies.set(COOKIE, people.token(cast.accounts["wanzhou"]))
    page = street("/incidents")
    incident = re.search(r"/incidents/([0-9a-f-]{36})", page.text)[1]
    way = re.search(r'"(/levels\?[^"]+)#set"', street(f"/incidents/{incident}").text)[1]
    form = street(way.replace("&amp;", "&"))
    assert "后坡滑动" in form.text
    assert '<option value="geological" selected' in form.text
    said = hidden(form) | {"plan_type": "geological", "level": "III"}
    wrong = street("/levels", **said, ground="")
    assert (wrong.status_code, "依据" in wrong.text) == (422, True)
    shown = street("/levels", **said, ground="后缘贯通裂缝")
    for word in ("Ⅲ级响应", "地质灾害", "万州区"):
        assert word in shown.text
    for address in ("/levels?lang=en", "/modes?area=/500000/500101/", "/incidents"):
        english = street(address).text
        assert ("Wanzhou" in english, "万州区" in english) == (True, False), address
    assert "Geological disaster, response level III: 后缘" in street("/modes").text
    street("/levels?lang=zh")
    client.cookies.set(COOKIE, people.token(cast.accounts["street"]))
    assert "后缘贯通裂缝" in street("/levels").text
    assert "随响应等级" in street("/modes?area=/500000/500101/").text


def test_a_district_that_an_incident_reaches_sees_it_and_orders_its_own_part(
    street, client, people, cast
):
    client.cookies.set(COOKIE, people.token(cast.accounts["city"]))
    page = opened(street, lon="", lat="", area="108.6 30.8\n108.9 30.8\n108.9 30.9")
    incident = page.url.path
    both = f"areas={WANZHOU}&amp;areas={YUNYANG}"
    assert both in page.text
    client.cookies.set(COOKIE, people.token(cast.accounts["yunyang"]))
    assert "后坡滑动" in street("/incidents").text
    page = street(incident)
    assert f"areas={YUNYANG}" in page.text
    assert both not in page.text
    assert f"{incident}/close" not in page.text
    assert '<p class="lead"><span>云阳县' in street(f"{incident}/proposal").text
    asked = opened(street, title="又一次来报", lon="108.89", lat="30.85", grade="I")
    same = street("/incidents/new", **ENTERED | hidden(asked) | {
        "title": "又一次来报", "lon": "108.89", "lat": "30.85", "grade": "I",
        "same_as": incident.rpartition("/")[2]})  # fmt: skip
    assert re.search(r"再次来报.*I 级", same.text.split("log-head")[-1], re.DOTALL)


def test_an_area_drawn_on_the_map_becomes_an_incident_and_goes_on_to_its_orders(street, sessions):
    shape = "POLYGON((108.34 30.79,108.36 30.79,108.36 30.81,108.34 30.79))"
    panel = street(f"/map/inside?polygon={shape}").text
    way = unescape(re.search(r'href="(/incidents/new\?then=proposal[^"]+)"', panel)[1])
    form = street(way)
    assert "108.36000, 30.81000" in form.text
    sent = hidden(form) | ENTERED | {"area": unquote(way.split("area=")[1]), "lon": "", "lat": ""}
    page = street("/incidents/new", **sent)
    assert page.url.path.endswith("/proposal")
    (row,) = rows(sessions)
    assert row.extent.covers(row.place)
    gone = street(f"/map/inside?polygon={shape}&as_of=2026-06-01").text
    assert "/incidents/new" not in gone


def test_what_a_warning_told_is_another_one_where_a_person_says_so(street, sessions):
    opened(street)
    told = {"source": "alert", "title": "滑坡橙色预警"}
    asked = opened(street, **told)
    street("/incidents/new", **ENTERED | hidden(asked) | told | {"same_as": "another"})
    assert [row.title for row in rows(sessions)] == ["后坡滑动", "滑坡橙色预警"]
