"""From a danger area to the all-clear: a roster, moves, a second person, nobody forgotten."""

import html
import math
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from shapely import Point, from_geojson
from sqlalchemy import select

from gis import crs
from gis.authority import Role
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import Scope
from hazards.calls.models import Call
from rescue_app.auth.models import Account
from rescue_app.evacuation import patrols
from rescue_app.evacuation.patrols import PatrolDraft
from rescue_app.http.dependencies import COOKIE
from tests.calling import rungs
from tests.cast import build_cast
from tests.patrols import load_reference, make_asset
from tests.world import CITY, IN_GAOSUNTANG, IN_SHUANGJIANG, IN_TAIBAI

HTML = {"accept": "text/html"}


@pytest.fixture
def act(client, people, world, sessions):
    """Send one request as somebody of the cast; give the answer."""
    load_reference(sessions)
    cast = build_cast(sessions)

    def do(who, method, path, body=None, **more):
        client.cookies.set(COOKIE, people.token(cast.accounts[who]))
        return client.request(method, path, json=body, **more)

    return do


def home(number, **more):
    return {
        "source_id": f"H{number}", "lon": IN_GAOSUNTANG.x, "lat": IN_GAOSUNTANG.y,
        "head": f"周{number}", "address": f"沿江路 {number} 号", "people": 3,
    } | more  # fmt: skip


@pytest.fixture
def incident(act):
    body = {"source": "synthetic", "synthetic": True,
            "households": [home(1), home(2, frail=1, needs="卧床，需担架")]}  # fmt: skip
    for _ in range(2):
        assert act("planner", "PUT", "/api/v1/households", body).json() == {"kept": 2}
    told = {"id": str(new_id()), "title": "后坡滑动", "hazard_type": "landslide",
            "source": "report", "lon": IN_GAOSUNTANG.x, "lat": IN_GAOSUNTANG.y}  # fmt: skip
    answer = act("street", "POST", "/api/v1/incidents", told)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


@pytest.fixture
def roster(act, incident):
    body = {"incident_id": incident, "radius_m": 300}
    made, again = (act("street", "POST", "/api/v1/evacuations", body).json() for _ in range(2))
    assert made["id"] == again["id"]
    return made


def step(act, who, move, kind, **more):
    body = {"id": str(new_id()), "kind": kind} | more
    return act(who, "POST", f"/api/v1/evacuations/moves/{move['id']}/steps", body)


def move_all(act, roster):
    for move in roster["moves"]:
        said = step(act, "crew", move, "at_shelter").json()
        deed = next(one["deed_id"] for one in said["moves"] if one["id"] == move["id"])
        assert step(act, "crew", move, "confirmed", confirms=deed).status_code == 403
        assert step(act, "patrol", move, "confirmed", confirms=deed).status_code == 201


def test_the_frail_stand_first_and_asking_twice_is_one_roster(roster):
    assert [move["head"] for move in roster["moves"]] == ["周2", "周1"]
    assert (roster["threatened"], roster["verified"]) == (6, 0)


def test_a_street_left_out_of_the_roster_above_is_told_whom_to_ask(act, incident):
    told = {"id": str(new_id()), "title": "太白岩危岩", "hazard_type": "landslide",
            "source": "report", "lon": IN_TAIBAI.x, "lat": IN_TAIBAI.y}  # fmt: skip
    here = act("taibai_street", "POST", "/api/v1/incidents", told).json()["id"]
    body = {"incident_id": here, "radius_m": 20_000}
    assert act("city", "POST", "/api/v1/evacuations", body).status_code == 201
    refused = act("taibai_street", "POST", "/api/v1/evacuations", body)
    assert (refused.status_code, "上级中心" in refused.text) == (409, True)


def test_the_all_clear_waits_for_a_second_person_at_every_household(act, roster):
    clear = f"/api/v1/evacuations/{roster['id']}/clear"
    refused = act("street", "POST", clear)
    assert refused.status_code == 409
    assert "周2" in refused.text
    move_all(act, roster)
    back = step(act, "patrol", roster["moves"][0], "returned").json()
    assert back["moves"][0]["standing"] == "returned"
    assert act("street", "POST", clear).status_code == 409
    move_all(act, roster)
    assert act("crew", "POST", clear).status_code == 403
    for _ in range(2):
        cleared = act("street", "POST", clear).json()
    assert (cleared["verified"], cleared["cleared_by_name"]) == (6, "高书记")
    report = act("street", "GET", f"/incidents/{roster['incident_id']}/report", headers=HTML).text
    assert re.search(r'name="moved"[^>]*value="6"', report)


def test_a_step_sent_twice_is_one_and_a_refusal_says_why(act, roster):
    move, number = roster["moves"][0], str(new_id())
    for _ in range(2):
        told = step(act, "crew", move, "refused", id=number, note="舍不得猪")
        assert told.json()["moves"][0]["standing"] == "refused"
    assert step(act, "crew", move, "fetched", id=number).status_code == 409
    assert step(act, "crew", move, "refused").status_code == 422


def test_households_are_for_their_area_and_for_those_who_need_them(act, roster):
    path = f"/api/v1/evacuations/{roster['id']}"
    assert act("taibai_crew", "GET", path).status_code == 404
    assert act("planner", "GET", path).json()["moves"] == []
    outside = {"source": "x", "households": [home(1, lon=IN_SHUANGJIANG.x, lat=IN_SHUANGJIANG.y)]}
    assert act("planner", "PUT", "/api/v1/households", outside).status_code == 403
    assert act("crew", "PUT", "/api/v1/households", {
        "source": "x", "households": [home(1)]}).status_code == 403  # fmt: skip
    assert act("planner", "PUT", "/api/v1/households", {
        "source": "x", "households": [home(1, frail=4)]}).status_code == 422  # fmt: skip


def test_a_commander_says_who_goes_where(act, roster):
    path = f"/api/v1/evacuations/moves/{roster['moves'][0]['id']}"
    nobody = {"crew_id": None, "shelter_id": None}
    assert act("crew", "PUT", path, nobody).status_code == 403
    assert act("street", "PUT", path, nobody).status_code == 204
    assert act("street", "PUT", path, nobody | {"shelter_id": str(new_id())}).status_code == 404


def test_a_shelter_that_is_registered_later_can_be_chosen_on_the_board(act, roster, client):
    """A roster made before any shelter was known says so, and is no dead end."""
    board = f"/evacuations/{roster['id']}"
    assert "附近还没有登记避难场所" in act("street", "GET", board, headers=HTML).text
    near = Point(IN_GAOSUNTANG.x + 0.01, IN_GAOSUNTANG.y)
    act("planner", "GET", "/api/v1/evacuations/" + roster["id"])
    make_asset(client, name="高笋塘小学", type="shelter", at=near, facts={"places": 40})
    page = act("street", "GET", board, headers=HTML).text
    assert "附近还没有登记避难场所" not in page
    (shelter_id,) = set(re.findall(r'value="([^"]+)">高笋塘小学 · 还可安置 40 人<', page))
    path = f"/evacuations/moves/{roster['moves'][0]['id']}/assign"
    chosen = {"crew_id": "", "shelter_id": shelter_id}
    client.post(path, data=chosen, headers=HTML, follow_redirects=False)
    page = act("street", "GET", board, headers=HTML).text
    assert "已到 0 人，安排 3 人，可容纳 40 人" in page
    assert "高笋塘小学 · 还可安置 37 人" in page


def test_a_street_is_offered_its_neighbours_shelters_the_nearest_first_with_what_is_free(
    act, roster, client, people
):
    """The streets of its district, as the database shows the district; of no other district."""
    near = Point(IN_GAOSUNTANG.x + 0.005, IN_GAOSUNTANG.y)
    client.cookies.set(COOKIE, people.token(people.add(Role.PLANNER, CITY)))
    far, _, _ = (
        make_asset(client, name=name, type="shelter", at=at, facts={"places": places})
        for name, at, places in (
            ("双江小学", IN_SHUANGJIANG, 500), ("太白小学", IN_TAIBAI, 40), ("高笋塘小学", near, 5),
        )
    )  # fmt: skip
    board, move = f"/evacuations/{roster['id']}", roster["moves"][0]
    page = act("street", "GET", board, headers=HTML).text
    offered = re.findall(r'value="([^"]+)">([^<]+还可安置[^<]+)<', page)
    assert [name for _, name in offered][:2] == [
        "高笋塘小学 · 还可安置 5 人",
        "太白小学 · 太白街道 · 还可安置 40 人",
    ]
    assert "双江小学" not in page
    path = f"/api/v1/evacuations/moves/{move['id']}"
    chosen = {"crew_id": None, "shelter_id": offered[1][0]}
    assert act("street", "PUT", path, chosen).status_code == 204
    assert "太白街道 · 还可安置 37 人" in act("street", "GET", board, headers=HTML).text
    # To look at the neighbour's register it is no key.
    assert act("street", "GET", f"/api/v1/assets/{offered[1][0]}").status_code == 404
    assert act("street", "PUT", path, chosen | {"shelter_id": far["id"]}).status_code == 404


def test_who_fetches_reads_where_to_also_when_the_shelter_lies_in_another_street(
    act, incident, client
):
    act("planner", "GET", f"/incidents/{incident}")
    make_asset(client, name="太白小学", type="shelter", at=IN_TAIBAI, facts={"places": 40})
    body = {"incident_id": incident, "radius_m": 300}
    roster = act("wanzhou", "POST", "/api/v1/evacuations", body).json()
    moves = act("crew", "GET", f"/evacuations/{roster['id']}/moves", headers=HTML).text
    assert "太白小学" in moves
    board = act("street", "GET", f"/evacuations/{roster['id']}?lang=en", headers=HTML).text
    assert "40" in board.split("太白小学")[1][:80]
    assert "Gaosuntang crew 1" in board
    assert "高笋塘抢险一队" not in board


def test_who_can_confirm_a_household_sees_it_above_those_that_others_fetch(act, roster):
    def shown(who):
        page = act(who, "GET", f"/evacuations/{roster['id']}/moves", headers=HTML).text
        return re.findall(r'<article id="move-([^"]+)"', page)

    first, second = (move["id"] for move in roster["moves"])
    step(act, "crew", roster["moves"][0], "at_shelter")
    assert shown("patrol") == [first, second]
    assert shown("crew") == [second, first]


def test_who_is_on_the_way_with_a_household_sees_it_first(act, roster):
    first, second = (move["id"] for move in roster["moves"])
    step(act, "crew", roster["moves"][1], "fetched")
    page = act("crew", "GET", f"/evacuations/{roster['id']}/moves", headers=HTML).text
    assert re.findall(r'<article id="move-([^"]+)"', page) == [second, first]


def test_three_people_do_it_by_forms_alone(act, roster, client):
    def send(who, kind):
        page = act(who, "GET", f"/evacuations/{roster['id']}/moves", headers=HTML)
        forms = re.findall(r'<form [^>]*action="([^"]+)">(.*?)</form>', page.text, re.DOTALL)
        for path, inner in forms:
            fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', inner))
            if fields.get("kind") == kind:
                client.post(path, data=fields, headers=HTML, follow_redirects=False)

    board = f"/evacuations/{roster['id']}"
    assert "不能解除" in act("street", "GET", board, headers=HTML).text
    send("crew", "fetched")
    send("crew", "at_shelter")
    send("patrol", "confirmed")
    assert "全部已核实" in act("street", "GET", board, headers=HTML).text
    answer = act("street", "POST", board + "/clear", headers=HTML)
    assert "高书记" in act("street", "GET", board, headers=HTML).text, answer.text
    assert "后坡滑动" in act("street", "GET", "/evacuations", headers=HTML).text


def test_the_patrol_against_return_is_due_rings_when_late_and_is_walked_once(
    act, roster, sessions, owner
):
    page = f"/evacuations/{roster['id']}/moves"
    start = datetime.now(UTC)
    later = start + timedelta(hours=5)
    assert patrols.watch(sessions, now=later) == 0  # nobody left yet: nobody goes back
    step(act, "crew", roster["moves"][0], "fetched")
    shown = act("crew", "GET", page, headers=HTML).text
    assert "防返巡查" in shown
    # The clock writes the time that is left over the time: the words before it fit both.
    assert "下次巡查：<time" in shown
    for _ in range(2):
        assert patrols.watch(sessions, now=later) == 1
    query = select(Call).where(Call.topic == patrols.TOPIC)
    (call,) = owner.scalars(query)
    assert call.text_zh.startswith("后坡滑动：防返巡查已超时")
    assert next(rung.name for rung in rungs(sessions, call.id)) == "高书记"
    again = patrols.watch(sessions, now=start + timedelta(hours=9))
    assert (again, len(owner.scalars(query).all())) == (1, 2)
    told = {"evacuation_id": UUID(roster["id"]), "draft": PatrolDraft(new_id(), "门窗已封")}
    crew = owner.scalars(select(Account).where(Account.name == "李队长")).one().as_actor()
    for _ in range(2):
        with unit_of_work(sessions, Scope.of(crew)) as session:
            patrols.tell(session, **told, by=crew, now=start + timedelta(hours=9, minutes=5))
    owner.expire_all()
    assert all(one.over_at for one in owner.scalars(query))
    assert patrols.watch(sessions, now=start + timedelta(hours=12)) == 0
    body = {"id": str(new_id()), "note": "无人"}
    sent = act("crew", "POST", f"/api/v1/evacuations/{roster['id']}/patrols", body)
    assert sorted(one["note"] for one in sent.json()) == ["无人", "门窗已封"]
    shown = act("street", "GET", f"/evacuations/{roster['id']}", headers=HTML).text
    assert "门窗已封" in shown
    assert "data-homes=" in shown


def test_the_map_of_a_roster_has_the_area_that_is_left(act, roster):
    page = act("street", "GET", f"/evacuations/{roster['id']}", headers=HTML).text
    area = from_geojson(html.unescape(re.search(r'data-shape="([^"]+)"', page)[1]))
    assert area.contains(IN_GAOSUNTANG)
    assert pytest.approx(math.sqrt(crs.area_m2(area) / math.pi), abs=1) == 300
