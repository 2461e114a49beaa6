"""Who owns this, now: by the list, by the roster, and when somebody has left."""

import re
from datetime import UTC, date, datetime
from html import unescape

import pytest
from sqlalchemy import text

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.duty import people
from hazards.duty import service as duty
from hazards.duty.models import Member
from hazards.duty.rules import MemberEntry, Roster, UnitEntry, UnitKind
from rescue_app.scenario import duties
from tests.cast import build_cast
from tests.ledger import entered
from tests.patrols import load_reference
from tests.world import CITY, GAOSUNTANG, IN_GAOSUNTANG, IN_SHUANGJIANG, WANZHOU, YUNYANG

PAGE = {"accept": "text/html"}
TODAY = date(2026, 11, 24)
ROW = re.compile(r"/duty/([0-9a-f-]{36})")


@pytest.fixture
def cast(sessions, world):
    load_reference(sessions)
    made = build_cast(sessions)
    bureau = UnitEntry("万州区规划和自然资源局", "Wanzhou Planning and Natural Resources Bureau",
                       UnitKind.DEPARTMENT, "district", WANZHOU, "023-58111111")  # fmt: skip
    people = [
        MemberEntry("谭局长", "局长", "13900000001", bureau.id),
        MemberEntry("冉副局长", "副局长", "13900000002", bureau.id),
    ]
    with unit_of_work(sessions, SYSTEM) as session:
        duty.register(session, Roster([bureau], people), area_path=CITY)
        duties.lay_down(session, city=CITY, now=datetime.now(UTC))
    return made


@pytest.fixture
def desk(client, cast, people):
    client.cookies.set("yitong_session", people.token(cast.accounts["wanzhou"]))
    client.cookies.set("yitong_lang", "en")
    return client


def owner(
    sessions, who, hazard_type="landslide", category="hidden_danger", on=TODAY, at=GAOSUNTANG
):
    with unit_of_work(sessions, Scope.of(who)) as session:
        return duty.owner_of_point(
            session, hazard_type=hazard_type, category=category, area_path=at, on=on
        )


def enter_point(sessions, place=IN_GAOSUNTANG):
    return entered(
        sessions,
        category="hidden_danger",
        hazard_type="landslide",
        name="大石坡",
        longitude=place.x,
        latitude=place.y,
    )


def send(client, name, content):
    return client.post("/duty/import", files={"file": (name, content)}, headers=PAGE)


def carried(html):
    found = re.search(r'name="rows" value="([^"]*)"', html)
    return unescape(found[1]) if found else None


def row(**more):
    return {"matter": "滑坡", "level": "区县", "lead": "万州区指挥中心",
            "valid_from": "2026-03-01"} | more  # fmt: skip


def test_the_citys_list_finds_the_bureau_of_each_district(sessions, cast):
    found = owner(sessions, cast.actor("wanzhou"))
    assert (found.unit.name, found.first.name, found.deputy.name) == (
        "万州区规划和自然资源局", "谭局长", "冉副局长",
    )  # fmt: skip
    assert (found.line.matter, found.line.area_path, found.ownerless) == ("geological", CITY, False)
    critical = owner(sessions, cast.actor("wanzhou"), category="critical")
    assert (critical.line.lead, critical.why) == ("应急管理局", "no_unit")


def test_a_districts_own_row_comes_before_the_citys_from_its_day_on(sessions, desk, cast):
    named = row(first_name="周敏", first_phone="13700000000")
    assert desk.post("/duty/new", data=named, headers=PAGE).status_code == 303
    found = owner(sessions, cast.actor("wanzhou"))
    assert (found.unit.name, found.acting.name) == ("万州区指挥中心", "周敏")
    before = owner(sessions, cast.actor("wanzhou"), on=date(2026, 2, 28))
    assert before.acting.name == "谭局长"
    html = desk.get("/duty?on=2026-02-28", headers=PAGE).text
    assert "周敏" not in html
    assert "周敏" in desk.get("/duty", headers=PAGE).text


def test_who_has_left_leaves_points_ownerless_and_the_head_is_called(sessions, desk, cast):
    point = enter_point(sessions)
    assert "Ownerless" not in desk.get(f"/points/{point}", headers=PAGE).text
    with unit_of_work(sessions, SYSTEM) as session:
        gone = session.query(Member).filter_by(name="谭局长").one()
    noted = desk.post(f"/duty/people/{gone.id}", data={"until": "2026-01-31"}, headers=PAGE)
    assert noted.status_code == 303
    html = unescape(desk.get(f"/points/{point}", headers=PAGE).text)
    assert "谭局长 has left. Until somebody is named, call 冉副局长." in html
    assert "1 point is ownerless." in ownerless(desk)
    listed = desk.get("/duty/ownerless", headers=PAGE).text
    assert "冉副局长" in listed
    assert f"area={GAOSUNTANG}" in unescape(listed).replace("%2F", "/")
    desk.post(f"/duty/people/{gone.id}", data={"until": ""}, headers=PAGE)
    assert "Every point has its owner" in ownerless(desk)


def test_people_are_counted_in_all_and_shown_page_by_page(sessions, desk, monkeypatch):
    monkeypatch.setattr(people, "MOST", 1)
    shown = [desk.get(f"/duty/people?q=局&page={page}", headers=PAGE).text for page in (1, 2)]
    leader = [re.search(r'action="(/duty/people/[^"]+)"', unescape(html))[1] for html in shown]
    total = int(re.search(r'class="total">Total <b>([\d,]+)</b>', shown[0])[1])
    assert total > 1
    assert f"Page 2 of {total}" in shown[1]
    assert leader[0].split("?")[0] != leader[1].split("?")[0]
    noted = desk.post(leader[1], data={"until": ""}, headers=PAGE)
    assert noted.headers["location"].endswith("page=2")


def ownerless(desk):
    """What stands above the list once the page has asked for it."""
    asked = re.search(r'hx-get="([^"]+)"', desk.get("/duty", headers=PAGE).text)
    return desk.get(asked[1], headers=PAGE).text


def test_the_panel_beside_the_map_says_whom_to_call_now(sessions, desk):
    point = enter_point(sessions)

    def panel():
        return unescape(desk.get(f"/points/{point}/panel").text)

    told = panel()
    assert told.index("First person") < told.index("Deputy")
    assert [told.count(f'href="tel:1390000000{n}"') for n in (1, 2)] == [1, 1]
    assert "Nothing is due here." in told
    leave(sessions, "谭局长")
    told = panel()
    assert "Ownerless, with the head of Wanzhou Planning and Natural Resources Bureau" in told
    assert "谭局长 has left." in told
    assert [told.count(f'href="tel:1390000000{n}"') for n in (1, 2)] == [0, 1]
    leave(sessions, "冉副局长")
    told = panel()
    assert "tel:1390000000" not in told
    assert told.index("Ownerless") < told.index("Call now") < told.index('href="tel:023-58111111"')


def leave(sessions, name):
    with unit_of_work(sessions, SYSTEM) as session:
        session.query(Member).filter_by(name=name).one().until = date(2026, 1, 31)


def test_where_no_list_speaks_the_point_climbs_to_the_centre_above(desk, sessions):
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(text("DELETE FROM responsibility"))
    point = enter_point(sessions)
    html = unescape(desk.get(f"/points/{point}", headers=PAGE).text)
    assert "No list names anybody for this." in html


def test_a_file_is_compared_taken_over_and_twice_is_once(desk):
    lines = (
        "事项,点位类别,层级,牵头单位,配合单位,责任人,责任人电话,起始日期,终止日期,备注\n"
        "滑坡,隐患点,区县,指挥中心,水利局、交通局,周敏,13700000000,2026/3/1,,新\n"
        "龙卷风,,区县,万州区指挥中心,,,,2026-03-01,,\n"
        "内涝,,县里,城市管理局,,,,2026-03-01,,\n"
        "内涝,,区县,城市管理局,,,,三月,,\n"
        "内涝,,区县,城市管理局,,,,2026-03-01,2025-01-01,\n"
        "滑坡,隐患点,区县,别的单位,,,,2026年3月1日,,\n"
        "桥梁,,区县,=1+1,,,,20260301,,\n"
    ).encode("gbk")
    sent = send(desk, "责任清单.csv", lines).text
    html = unescape(sent)
    assert "2 new" in html
    assert "5 refused" in html
    for told in (
        "龙卷风",
        "县里",
        "This is no day.",
        "It ends before it begins.",
        "stand in line 2",
        "Columns that are not known stay out:",
        ">备注<",
    ):
        assert told in html
    led = re.findall(r'<td lang="zh-CN">(.+?)</td><td>new', html)
    assert [("No such unit here" in one) for one in led] == [False, True]
    assert desk.post("/duty/import/apply", data={"rows": carried(sent)}).status_code == 303
    spoilt = desk.post("/duty/import/apply", data={"rows": "[[2, {"})
    assert spoilt.status_code == 422
    again = send(desk, "责任清单.csv", lines).text
    assert "2 the same" in again
    assert carried(again) is None
    changed = lines.replace("周敏".encode("gbk"), "李明".encode("gbk"))
    assert "1 changed" in send(desk, "责任清单.csv", changed).text


def test_what_goes_out_as_a_workbook_comes_in_the_same_in_both_languages(desk):
    assert "Empty list to fill in" in desk.get("/duty?lang=en").text
    desk.post("/duty/new", data=row(category="隐患点", helpers="水利局，消防局"))
    assert "Export our own list" in desk.get("/duty?lang=en").text
    desk.post("/duty/new", data=row(matter="asset:bridge", lead="=cmd|' /C calc'!A0"))
    for language in ("zh", "en"):
        desk.cookies.set("yitong_lang", language)
        book = desk.get("/duty/list.xlsx").content
        desk.cookies.set("yitong_lang", "en")
        html = send(desk, "list.xlsx", book).text
        assert "2 the same" in html, language
        assert "0 refused" in html, language


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("list.csv", "甲,乙\n1,2\n".encode(), "has no column"),
        ("list.csv", b"", "Choose a file first."),
        ("list.xlsm", b"PK\x03\x04", "may hold macros"),
        ("list.xlsx", b"not a workbook", ""),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_the_reason(desk, name, content, told):
    answer = send(desk, name, content)
    assert answer.status_code == 422
    assert told in unescape(answer.text)


def test_a_slip_in_a_row_is_told_beside_its_field_and_a_row_can_end(desk):
    wrong = desk.post("/duty/new", data=row(matter="龙卷风"), headers=PAGE)
    assert wrong.status_code == 422
    assert 'id="matter-error"' in wrong.text
    desk.post("/duty/new", data=row(), headers=PAGE)
    twin = desk.post("/duty/new", data=row(lead="别的"), headers=PAGE)
    assert "Change that row." in twin.text
    row_id = next(
        one
        for one in ROW.findall(desk.get("/duty", headers=PAGE).text)
        if desk.get(f"/duty/{one}", headers=PAGE).status_code == 200
    )
    assert 'value="滑坡"' in desk.get(f"/duty/{row_id}?lang=zh", headers=PAGE).text
    assert desk.post(f"/duty/{row_id}/end", headers=PAGE).status_code == 303
    assert row_id not in desk.get("/duty", headers=PAGE).text


def test_another_district_sees_the_citys_list_and_nothing_of_ours(desk, cast, people, sessions):
    desk.post("/duty/new", data=row(first_name="周敏"), headers=PAGE)
    html = desk.get("/duty", headers=PAGE).text
    mine = ROW.search(html)[1]
    desk.cookies.set("yitong_session", people.token(cast.accounts["yunyang"]))
    theirs = desk.get("/duty", headers=PAGE).text
    assert "周敏" not in theirs
    assert "规划和自然资源局" in theirs
    assert desk.get(f"/duty/{mine}", headers=PAGE).status_code == 404
    assert desk.post(f"/duty/{mine}/end", headers=PAGE).status_code == 404
    point = enter_point(sessions, IN_SHUANGJIANG)
    assert "周敏" not in desk.get(f"/points/{point}", headers=PAGE).text
    with unit_of_work(sessions, Scope.of(cast.actor("yunyang"))) as session:
        paths = session.scalars(text("SELECT DISTINCT area_path FROM responsibility")).all()
    assert paths == [CITY]
    assert YUNYANG not in paths


def test_a_street_and_a_patrol_lay_nothing_down(desk, sign_in):
    for role in (Role.STREET_COMMANDER, Role.PATROL):
        sign_in(desk, role, GAOSUNTANG)
        assert desk.post("/duty/new", data=row(), headers=PAGE).status_code == 403
        assert desk.get("/duty/import", headers=PAGE).status_code == 403
