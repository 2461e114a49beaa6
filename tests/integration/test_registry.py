"""Assets are entered, changed, taken out of use and brought back; every state is kept."""

import re
from uuid import uuid4

import pytest
from shapely import LineString, Point, wkb
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from tests.integration.files.ugly import jpeg, office
from tests.patrols import labelled, load_reference, make_asset, make_label, visit
from tests.world import GAOSUNTANG, SHUANGJIANG, TAIBAI, WANZHOU, YUNYANG

pytestmark = pytest.mark.usefixtures("world", "reference")
ROAD = LineString([(108.33, 30.80), (108.36, 30.81)])
BRIDGE = {"length_m": "1148.5", "spans": 14, "structure": "斜拉桥"}


@pytest.fixture
def reference(sessions):
    load_reference(sessions)


@pytest.fixture
def street(client, sign_in):
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG, "高书记")
    return client


def said_of(asset, **changes):
    names = ("type", "name", "place", "owner_unit", "owner_phone", "maintainer", "rank")
    kept = {name: asset[name] for name in (*names, "built_year", "facts", "version")}
    return kept | changes


def change(client, asset, **changes):
    return client.put(f"/api/v1/assets/{asset['id']}?lang=en", json=said_of(asset, **changes))


def test_every_kind_of_asset_ships_with_an_icon_a_checklist_and_fields_in_both_languages(
    street, sessions
):
    kinds = street.get("/api/v1/asset-types").json()
    assert len(kinds) >= 11
    lists = text("SELECT unnest(applies_to) FROM checklist_template WHERE NOT retired")
    with unit_of_work(sessions, SYSTEM) as session:
        served = set(session.scalars(lists))
    for kind in kinds:
        assert f"asset:{kind['code']}" in served
        assert kind["icon"]
        assert kind["fields"]
        assert all(field["name"]["zh"] and field["name"]["en"] for field in kind["fields"])


def test_the_fields_of_a_kind_are_read_as_people_write_them_and_kept_as_values(street):
    asset = make_asset(street, facts=BRIDGE, maintainer="市政三所", rank="甲等")
    assert asset["facts"] == {"length_m": 1148.5, "spans": 14, "structure": "cable_stayed"}
    assert (asset["maintainer"], asset["version"]) == ("市政三所", 1)


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"length_m": "一千"}, "Length: 一千 is not a number"),
        ({"length_m": "nan"}, "is not a number"),
        ({"length_m": -1}, "Length must be from 0 to 200000"),
        ({"spans": 2.5}, "Spans is a whole number"),
        ({"structure": "rope"}, "none of its words"),
        ({"pumps": 2}, "has no field pumps"),
        ({"material": "石" * 501}, "at most 500"),
    ],
)
def test_a_field_that_does_not_fit_is_refused_with_its_name(street, facts, told):
    body = {"type": "bridge", "name": "桥", "facts": facts}
    body["place"] = Point(108.35, 30.8).__geo_interface__
    answer = street.post("/api/v1/assets?lang=en", json=body)
    assert (answer.status_code, told in answer.json()["detail"]) == (422, True), answer.text


def test_a_change_keeps_what_was_said_before_with_who_and_when(street):
    asset = make_asset(street, facts=BRIDGE)
    line = LineString([(108.33, 30.80), (108.36, 30.81)])
    changed = change(
        street, asset, name="万州一桥", facts=BRIDGE | {"spans": 15}, place=line.__geo_interface__
    ).json()
    assert (changed["version"], changed["changed_by_name"]) == (2, "高书记")
    again = change(street, changed).json()
    assert again["version"] == 2, "what says the same is no change"
    newest, first = street.get(f"/api/v1/assets/{asset['id']}/history").json()
    told = {one["field"]: (one["was"], one["became"]) for one in newest["changes"]}
    assert told["name"] == ("万州长江大桥", "万州一桥")
    assert told["facts.spans"] == (14, 15)
    assert told["place"][0]["type"] == "Point"
    assert (first["version"], first["changes"]) == (1, [])


def test_two_people_at_once_do_not_overwrite_each_other(street):
    asset = make_asset(street)
    assert change(street, asset, rank="甲等").status_code == 200
    late = change(street, asset, rank="乙等")
    assert late.status_code == 409
    assert "高书记 changed this asset" in late.json()["detail"]


def test_an_asset_that_moves_to_another_street_takes_its_label_along(client, sign_in):
    sign_in(client, Role.DISTRICT_COMMANDER, WANZHOU)
    one = labelled(client)
    there = change(client, one.asset, place=Point(108.45, 30.80).__geo_interface__).json()
    assert there["area_path"] == TAIBAI
    sign_in(client, Role.STREET_COMMANDER, TAIBAI)
    assert client.get(f"/api/v1/assets/{one.asset['id']}/codes").json()[0]["id"] == one.label["id"]
    away = change(client, there, place=Point(108.35, 30.80).__geo_interface__)
    assert away.status_code == 403


def test_an_asset_out_of_use_loses_its_label_and_its_place_in_list_and_pack(street):
    one = labelled(street)
    path = f"/api/v1/assets/{one.asset['id']}"
    assert street.post(f"{path}/retire", json={"reason": " "}).status_code == 422
    gone = street.post(f"{path}/retire", json={"reason": "已拆除"}).json()
    assert (gone["retired_reason"], gone["version"]) == ("已拆除", 2)
    assert street.get(f"/api/v1/codes/{one.code}").json()["reason"] == "已拆除"
    assert street.get("/api/v1/assets").json()["total"] == 0
    assert street.get("/api/v1/assets?state=retired").json()["total"] == 1
    assert street.post(f"{path}/codes", json={}).status_code == 409
    assert change(street, gone, name="x").status_code == 409
    back = street.post(f"{path}/restore").json()
    assert (back["retired_at"], back["version"]) == (None, 3)
    assert make_label(street, back)["issue"] == 2


def test_an_asset_with_an_open_finding_stays_in_use(street, client, sign_in):
    one = labelled(street)
    bad = visit(one.code, outcome="problem", note="栏杆断了")
    assert client.post("/api/v1/inspections", json=bad).status_code == 201
    answer = client.post(f"/api/v1/assets/{one.asset['id']}/retire", json={"reason": "拆除"})
    assert answer.status_code == 409


def test_the_database_itself_keeps_the_history_and_lets_nobody_skip_it(street, sessions, owner):
    asset = make_asset(street)
    change(street, asset, rank="甲等")
    row = owner.execute(text("SELECT version, rank, place FROM asset_version")).one()
    assert (row.version, row.rank) == (1, "")
    assert wkb.loads(row.place, hex=True).equals(Point(108.35, 30.8))
    for forged in (
        "UPDATE asset SET name = 'x'",
        "UPDATE asset SET version = version + 2",
        "INSERT INTO asset_version SELECT * FROM asset_version",
        "DELETE FROM asset_version",
    ):
        with pytest.raises(DBAPIError), unit_of_work(sessions, SYSTEM) as session:
            session.execute(text(forged))


def test_another_district_sees_neither_asset_nor_history(street, client, sign_in):
    asset = make_asset(street)
    change(street, asset, rank="甲等")
    for role, area in ((Role.DISTRICT_COMMANDER, YUNYANG), (Role.PLANNER, SHUANGJIANG)):
        sign_in(client, role, area)
        path = f"/api/v1/assets/{asset['id']}"
        assert client.get(f"{path}/history").status_code == 404
        assert change(client, asset, name="x").status_code == 404
        assert client.post(f"{path}/retire", json={"reason": "x"}).status_code == 404
    sign_in(client, Role.PATROL, GAOSUNTANG)
    assert change(client, asset, name="x").status_code == 403


def test_the_form_says_beside_each_field_what_is_wrong_and_loses_nothing(street):
    page = street.get("/assets/new?type=pump_station&lon=108.35&lat=30.8&lang=en").text
    form = dict(re.findall(r'name="(id|version)" value="([^"]*)"', page))
    form |= {
        "type": "pump_station",
        "name": "沙河泵站",
        "place": "108.35 30.80",
        "built_year": "古代",
    }
    form |= {"fact.pumps": "three", "fact.standby_power": "true"}
    wrong = street.post("/assets/new?lang=en", data=form)
    assert wrong.status_code == 422
    assert "Pumps: three is not a number" in wrong.text
    assert "a year with four digits" in wrong.text
    assert 'value="沙河泵站"' in wrong.text
    kept = street.post("/assets/new", data=form | {"fact.pumps": "3", "built_year": "1998"})
    assert kept.headers["location"] == f"/assets/{form['id']}"
    shown = street.get(f"/assets/{form['id']}?lang=en").text
    assert re.search(r"<dt>Pumps</dt><dd>\s*3", shown)
    assert re.search(r"<dt>Standby power</dt><dd>\s*yes", shown)


def test_the_edit_page_draws_lines_and_changes_the_kind(street):
    line = LineString([(108.33, 30.80), (108.36, 30.81)])
    asset = make_asset(street, type="road_section", name="高笋塘路", at=line, facts={"lanes": 4})
    page = street.get(f"/assets/{asset['id']}/edit?type=tunnel&lang=en").text
    assert "108.33 30.8\n108.36 30.81" in page
    form = {"id": asset["id"], "version": "1", "type": "tunnel", "name": "高笋塘隧道"}
    form |= {"place": "108.33 30.8\n108.36 30.81\n108.37, 30.82", "fact.lanes": "4"}
    assert street.post(f"/assets/{asset['id']}/edit", data=form).status_code == 303
    now = street.get(f"/api/v1/assets/{asset['id']}").json()
    assert (now["type"], len(now["place"]["coordinates"]), now["facts"]) == (
        "tunnel",
        3,
        {"lanes": 4},
    )
    stale = street.post(f"/assets/{asset['id']}/edit?lang=en", data=form)
    assert (stale.status_code, "changed this asset" in stale.text) == (422, True)


def test_a_page_takes_out_of_use_and_back(street):
    asset = make_asset(street)
    path = f"/assets/{asset['id']}"
    assert street.post(f"{path}/retire", data={"reason": "改道"}).status_code == 303
    assert "改道" in street.get(path).text
    assert "万州长江大桥" not in street.get("/assets").text
    assert "万州长江大桥" in street.get("/assets?state=retired").text
    assert street.post(f"{path}/restore").status_code == 303
    assert "万州长江大桥" in street.get("/assets").text


def test_an_unknown_kind_or_asset_is_a_plain_answer(street):
    assert street.get("/assets/new?type=moon").status_code == 404
    assert street.get(f"/assets/{uuid4()}/edit").status_code == 404


def test_photos_show_an_asset_to_those_who_see_it(street, client, sign_in):
    asset = make_asset(street)
    photo, paper = str(uuid4()), str(uuid4())
    street.put(f"/api/v1/files/{photo}", params={"name": "桥面.jpg"}, content=jpeg())
    street.put(f"/api/v1/files/{paper}", params={"name": "表.xlsx"}, content=office())
    path = f"/assets/{asset['id']}"
    assert street.post(f"{path}/photos?lang=en", data={}).status_code == 422
    assert street.post(f"{path}/photos", data={"file_ids": [photo]}).status_code == 303
    page = street.get(path).text
    assert f'src="/files/{photo}/small"' in page
    api = f"/api/v1{path}/photos"
    assert street.post(api, json={"file_ids": [paper]}).status_code == 422
    assert street.post(api, json={"file_ids": [photo]}).status_code == 201
    assert [one["id"] for one in street.get(api).json()] == [photo]
    sign_in(client, Role.PLANNER, YUNYANG)
    assert client.get(f"/files/{photo}").status_code == 404
    assert client.post(api, json={"file_ids": [photo]}).status_code == 404
    sign_in(client, Role.OBSERVER, GAOSUNTANG)
    assert client.get(f"/files/{photo}").status_code == 200
    assert client.post(api, json={"file_ids": [photo]}).status_code == 403


def test_links_are_said_on_both_pages_and_seen_by_those_who_see_both(street, client, sign_in):
    road = make_asset(street, type="road_section", name="高笋塘路", at=ROAD)
    bridge = make_asset(street, name="一桥")
    path = f"/assets/{bridge['id']}"
    said = {"relation": "on_road", "number": str(road["number"])}
    for _ in range(2):
        linked = street.post(f"/api/v1{path}/links", json=said)
        assert linked.status_code == 201
    assert [(one["relation"], one["name"]) for one in linked.json()] == [("on_road", "高笋塘路")]
    back = street.get(f"/api/v1/assets/{road['id']}/links").json()
    assert [(one["outward"], one["name"]) for one in back] == [(False, "一桥")]
    assert "On the road" in street.get(f"{path}?lang=en").text
    assert "Along it" in street.get(f"/assets/{road['id']}?lang=en").text
    for wrong in ({"number": "999"}, {"number": str(bridge["number"])}, {"relation": "uncle"}):
        assert street.post(f"/api/v1{path}/links", json=said | wrong).status_code == 422
    sign_in(client, Role.PLANNER, YUNYANG)
    assert client.get(f"/api/v1{path}/links").status_code == 404
    sign_in(client, Role.PATROL, GAOSUNTANG)
    assert client.post(f"/api/v1{path}/links", json=said).status_code == 403
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG)
    assert client.post(f"{path}/links", data=said).status_code == 303
    assert client.post(f"{path}/links/on_road/{road['id']}/remove").status_code == 303
    assert client.get(f"/api/v1{path}/links").json() == []
