"""What a phone takes along for a street: whole, signed, and nothing of anybody else's street."""

import json
import re
from base64 import b64decode
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from shapely import LineString
from sqlalchemy import text
from typer.testing import CliRunner

from gis.authority import Role
from qr_codes.packs import rules
from rescue_app.commands.packs import app
from rescue_app.web.render import LOCAL_ZONE
from tests.patrols import labelled, load_reference, make_asset, make_label
from tests.world import CITY, GAOSUNTANG, IN_TAIBAI, TAIBAI, WANZHOU

pytestmark = pytest.mark.usefixtures("world", "reference")
PURPOSE = b"yitong/street-pack/1\n"


@pytest.fixture
def reference(sessions):
    load_reference(sessions)


@pytest.fixture
def codes(client, sign_in):
    """Two labelled assets of one street, one without a label, and one in the next street."""
    sign_in(client, Role.STREET_COMMANDER, TAIBAI)
    there = labelled(client, name="太白涵洞", at=IN_TAIBAI, type="culvert").code
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG)
    line = LineString([(108.33, 30.80), (108.36, 30.81)])
    bridge = labelled(client, owner_unit="养护中心", owner_phone="023-58220000").code
    road = labelled(client, name="高笋塘路", type="road_section", at=line).code
    make_asset(client, name="无码桥")
    return {"bridge": bridge, "road": road, "there": there}


def keys_of(client):
    found = re.search(r'id="pack-keys">(.*?)</script>', client.get("/scan").text)
    assert found
    return {int(key): b64decode(half) for key, half in json.loads(found[1]).items()}


def holds(client, sealed):
    half = keys_of(client).get(sealed["key_id"])
    if half is None:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(half).verify(
            b64decode(sealed["signature"]), PURPOSE + sealed["pack"].encode()
        )
    except InvalidSignature:
        return False
    return True


def test_a_pack_holds_its_street_whole_and_no_sign_of_it_can_be_changed(client, sign_in, codes):
    sign_in(client, Role.PATROL, GAOSUNTANG)
    sealed = client.get("/api/v1/street-pack").json()
    pack = json.loads(sealed["pack"])
    assert set(pack["assets"]) == {codes["bridge"], codes["road"]}
    assert pack["assets"][codes["road"]]["lines"] == [[[108.33, 30.8], [108.36, 30.81]]]
    assert pack["assets"][codes["bridge"]]["phone"] == "023-58220000"
    asked = {item["code"]: item for item in pack["lists"]["bridge"]["peace"]["items"]}
    assert asked["abnormal_movement"]["bad_answer"] is True
    assert {"name": "消防救援", "phone": "119"} in pack["contacts"]
    assert datetime.fromisoformat(pack["ends_at"]) - datetime.now(UTC) <= timedelta(hours=24)
    assert "太白" not in sealed["pack"]
    assert holds(client, sealed)
    changed = sealed["pack"].replace("023-58220000", "023-58220001")
    assert not holds(client, sealed | {"pack": changed})


def test_a_replaced_label_leaves_the_pack_with_its_successor_in_its_place(client, codes):
    pack = json.loads(client.get("/api/v1/street-pack").json()["pack"])
    new = make_label(client, {"id": pack["assets"][codes["bridge"]]["id"]})["code"]
    after = json.loads(client.get("/api/v1/street-pack").json()["pack"])
    assert set(after["assets"]) == {new, codes["road"]}


@pytest.mark.parametrize(
    ("role", "area", "street", "status", "told"),
    [
        (Role.PATROL, GAOSUNTANG, "500101002", 404, "您的区域里没有这个街镇"),
        (Role.PATROL, GAOSUNTANG, "000", 404, "您的区域里没有这个街镇"),
        (Role.OBSERVER, GAOSUNTANG, "", 403, "值班"),
        (Role.DISTRICT_COMMANDER, WANZHOU, "", 422, "请选今天要巡查的街镇"),
        (Role.DISTRICT_COMMANDER, WANZHOU, "500101002", 200, "太白涵洞"),
    ],
)
def test_a_pack_is_of_one_street_of_ones_own(
    client, sign_in, codes, role, area, street, status, told
):
    sign_in(client, role, area)
    answer = client.get("/api/v1/street-pack", params={"street": street} if street else {})
    assert answer.status_code == status
    assert told in answer.text


def test_a_rotated_key_holds_for_its_packs_until_it_is_forgotten(
    client, codes, database, monkeypatch, tmp_path, owner
):
    monkeypatch.setenv("DATABASE_URL", database.owner)
    monkeypatch.setenv("YITONG_APP_DATABASE_URL", database.app)
    monkeypatch.setenv("YITONG_HOME", str(tmp_path))
    before = client.get("/api/v1/street-pack").json()
    assert "Key 2 signs" in CliRunner().invoke(app, ["rotate"]).output
    after = client.get("/api/v1/street-pack").json()
    assert (before["key_id"], after["key_id"]) == (1, 2)
    assert holds(client, before)
    assert holds(client, after)
    assert "Key 3 signs" in CliRunner().invoke(app, ["rotate", "--forget"]).output
    assert not holds(client, before)
    listed = CliRunner().invoke(app, ["keys"]).output
    assert listed.split() == ["3*", keys_of(client)[3].hex()]
    assert owner.execute(text("select count(*) from pack_key")).scalar() == 1
    owner.rollback()


def test_nobody_reads_the_keys_with_a_query_of_his_own(sessions, client, codes):
    from gis.authority import Actor
    from gis.store.engine import unit_of_work
    from gis.store.scope import NO_ONE, Scope

    client.get("/scan")
    commander = Actor(NO_ONE, "市长", Role.CITY_COMMANDER, CITY)
    with unit_of_work(sessions, Scope.of(commander)) as session:
        assert session.execute(text("select count(*) from pack_key")).scalar() == 0


@pytest.mark.parametrize(
    ("made", "ends"),
    [
        ("2026-07-01T08:00+08:00", "2026-07-02T00:00+08:00"),
        ("2026-07-01T23:50+08:00", "2026-07-02T11:50+08:00"),
        ("2026-06-30T16:30+00:00", "2026-07-02T00:00+08:00"),
    ],
)
def test_a_pack_ends_with_the_day_but_not_before_a_night_is_over(made, ends):
    found = rules.ends_at(datetime.fromisoformat(made), zone=LOCAL_ZONE)
    assert found == datetime.fromisoformat(ends)
