"""All that a street pack carries, and its map, told by digests that the signature covers."""

import json
import shutil
from hashlib import sha256
from uuid import uuid4

import pytest

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.checklists import loader as checklists
from qr_codes.packs import squares
from rescue_app.settings import PROJECT
from tests.patrols import labelled, lay_down_store, load_reference, make_asset, visit
from tests.world import GAOSUNTANG, IN_GAOSUNTANG, TAIBAI, WANZHOU

pytestmark = pytest.mark.usefixtures("world", "reference")
AT = f"{IN_GAOSUNTANG.x} {IN_GAOSUNTANG.y}"
URGENT_BRIDGE = """
code: bridge_flood
applies_to: [asset:bridge]
mode: urgent
rhythm: daily
window_hours: 24
name: {zh: 桥梁洪水时, en: Bridge in flood}
items:
  - code: scour_now
    kind: yes_no
    text: {zh: 基础淘空, en: Foundation scoured}
    bad: true
    grade: 1
"""


@pytest.fixture
def reference(sessions):
    load_reference(sessions)
    lay_down_store(sessions)


@pytest.fixture
def bridge(client, sign_in):
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG, "高书记")
    return labelled(client, owner_unit="养护中心", owner_phone="023-58220000")


def pack(client, **asked):
    return json.loads(client.get("/api/v1/street-pack", params=asked).json()["pack"])


def whole(client, **asked):
    """The pack, and what of its map came with it."""
    answer = client.post("/api/v1/street-pack", json=asked)
    assert answer.status_code == 200, answer.text
    head, rest = answer.content.split(b"\n", 1)
    return json.loads(json.loads(head)["pack"]), rest


def cut(ground, rest):
    found = []
    for *_, size, digest in ground:
        found.append((digest, rest[:size]))
        rest = rest[size:]
    assert rest == b""
    return found


def test_a_pack_carries_closure_way_around_links_and_what_helps(client, bridge):
    road = make_asset(client, name="高笋塘路", type="road_section", owner_phone="023-5")
    here = bridge.asset["id"]
    assert client.post(
        f"/api/v1/assets/{here}/links", json={"relation": "on_road", "number": str(road["number"])}
    ).is_success
    plan = {"id": str(uuid4()), "version": "0", "closer": "交警大队", "closer_phone": "122"}
    plan |= {"stops": f"{AT} 西桥头", "words": "经新华路绕行", "detour": f"{AT}\n108.36 30.81"}
    client.post(f"/assets/{here}/traffic", data=plan)
    shut = {"id": str(uuid4()), "reason": "桥墩受船撞击", "unit": "高笋塘街道"}
    client.post(f"/assets/{here}/closures", data=shut)
    held = pack(client)
    found = held["assets"][bridge.code]
    assert found["closed"]["reason"] == "桥墩受船撞击"
    assert found["plan"]["stops"][0]["name"] == "西桥头"
    assert found["plan"]["detour"][0][1] == [108.36, 30.81]
    assert [one["name"] for one in found["links"]] == ["高笋塘路"]
    assert held["emergency"] == "119"
    cards = [card for card in held["measures"] if "bridge" in card["assets"]]
    assert all(card["modes"] and card["steps"] for card in cards)
    needed = {need["code"] for card in cards for need in card["materials"]}
    assert held["stores"][0]["name"] == "高笋塘物资点"
    assert held["stores"][0]["stock"].keys() <= needed | {"cone", "riprap"}


def test_a_pack_says_whom_to_call_by_role_as_duty_stands_today(client, bridge, sessions, sign_in):
    from tests.cast import build_cast

    cast = build_cast(sessions)
    assert cast
    held = pack(client)
    chain = held["chains"][held["assets"][bridge.code]["chain"]]
    assert {rung["kind"] for rung in chain} <= {"first", "deputy", "superior"}
    assert all(rung["phone"] for rung in chain)
    assert any("高笋塘" in rung["unit"] for rung in chain)


def test_lists_of_every_mode_are_in_the_pack_and_that_of_the_mode_is_asked(
    client, bridge, sessions, sign_in, tmp_path
):
    lists = shutil.copytree(PROJECT / "data/checklists", tmp_path / "lists")
    (lists / "flood.yaml").write_text(URGENT_BRIDGE, encoding="utf-8")
    with unit_of_work(sessions, SYSTEM) as session:
        checklists.load(session, lists)
    assert pack(client)["mode"] == {"now": "peace", "since": None}
    sign_in(client, Role.DISTRICT_COMMANDER, WANZHOU)
    body = {"id": str(uuid4()), "area_path": WANZHOU, "mode": "urgent", "reason": "暴雨橙色预警"}
    assert client.post("/api/v1/modes", json=body).is_success
    sign_in(client, Role.PATROL, GAOSUNTANG)
    held = pack(client)
    assert held["mode"]["now"] == "urgent"
    assert held["mode"]["since"] < held["made_at"]
    assert held["lists"]["bridge"]["peace"]["code"] != "bridge_flood"
    assert held["lists"]["bridge"]["urgent"]["items"][0]["code"] == "scour_now"
    for address in (f"/c/{bridge.code}", f"/assets/{bridge.asset['id']}/visit"):
        assert "a.scour_now" in client.get(address).text
    done = client.post("/api/v1/inspections", json=visit(bridge.code))
    assert done.json()["conflict"] is None


def test_the_map_comes_with_the_pack_square_by_square_as_the_signed_digests_say(client, bridge):
    held, rest = whole(client)
    assert {zoom for zoom, *_ in held["ground"]} == {11, 12, 13, 14}
    pieces = cut(held["ground"], rest)
    assert all(sha256(content).hexdigest() == digest for digest, content in pieces)
    near = next(c for (z, *_), (_, c) in zip(held["ground"], pieces, strict=True) if z == 14)
    assert b"areas" in near
    assert any(b"labelled" in content for _, content in pieces)
    said = client.get("/api/v1/street-pack/size").json()
    assert (said["labels"], said["squares"]) == (1, len(pieces))
    assert said["bytes"] == pytest.approx(sum(len(c) for _, c in pieces), abs=60_000)


def test_a_broken_download_goes_on_with_the_squares_that_are_missing(client, bridge):
    held, rest = whole(client)
    (first, _), *others = cut(held["ground"], rest)
    again, left = whole(client, have=[first])
    missing = [row for row in again["ground"] if row[4] != first]
    assert [digest for digest, _ in cut(missing, left)] == [digest for digest, _ in others]
    everything = [digest for digest, _ in others] + [first]
    assert whole(client, have=everything)[1] == b""
    assert client.post("/api/v1/street-pack", json={"have": ["../etc"]}).status_code == 422


def test_whoever_answers_for_a_district_chooses_among_its_streets(client, bridge, sign_in):
    sign_in(client, Role.DISTRICT_COMMANDER, WANZHOU)
    found = {one["code"]: one for one in client.get("/api/v1/street-packs").json()}
    assert found[GAOSUNTANG.strip("/").split("/")[-1]]["labels"] == 1
    assert found[TAIBAI.strip("/").split("/")[-1]]["labels"] == 0
    sign_in(client, Role.PATROL, GAOSUNTANG)
    assert [one["name"] for one in client.get("/api/v1/street-packs").json()] == ["高笋塘街道"]
    sign_in(client, Role.OBSERVER, GAOSUNTANG)
    assert client.get("/api/v1/street-packs").status_code == 403


def test_a_wide_area_is_carried_less_near_and_never_heavier_than_a_phone_takes():
    town, province = (108.33, 30.79, 108.37, 30.82), (107.9, 30.4, 108.6, 31.1)
    assert {one.z for one in squares.wanted(squares.around(town))} == {11, 12, 13, 14}
    assert max(one.z for one in squares.wanted(province)) < 14
    assert len(squares.wanted(province)) <= squares.MOST_SQUARES
    heavy = [(11, 10), (12, squares.MOST_BYTES), (13, 1)]
    assert squares.fitting(heavy) == 11
    assert squares.fitting([(11, 1), (12, 2), (13, 3)]) == 13
