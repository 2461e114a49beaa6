"""A label's life through the front: issued, mounted, damaged, replaced, revoked, forged."""

import io
from uuid import uuid4

import pytest
import zxingcpp
from PIL import Image
from shapely import LineString, Point
from sqlalchemy import text

from gis.authority import Role
from gis.store import audit
from gis.store.engine import unit_of_work
from gis.store.scope import RESIDENT, SYSTEM, Scope
from qr_codes import signing
from qr_codes.assets import keys
from qr_codes.signing import Content, KeyRing
from tests.patrols import labelled, load_reference, make_asset, make_label, visit
from tests.world import GAOSUNTANG, OUTSIDE, SHUANGJIANG, TAIBAI, WANZHOU, YUNYANG

pytestmark = pytest.mark.usefixtures("world", "reference")


@pytest.fixture
def reference(sessions):
    load_reference(sessions)


@pytest.fixture
def street(client, sign_in):
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG)
    return client


def test_an_asset_is_placed_by_its_geometry_and_says_its_street(street):
    asset = make_asset(street, built_year=1998)
    assert asset["area_path"] == GAOSUNTANG
    assert asset["street"] == "万州区高笋塘街道"
    line = LineString([(108.33, 30.80), (108.36, 30.81)])
    assert (
        make_asset(street, type="road_section", name="高笋塘路", at=line)["area_path"] == GAOSUNTANG
    )


def test_the_same_asset_sent_twice_is_one_asset(street):
    body = {"id": str(uuid4()), "type": "gate", "name": "闸", "place": {
        "type": "Point", "coordinates": [108.35, 30.8]}}  # fmt: skip
    first, second = (street.post("/api/v1/assets", json=body) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"place": OUTSIDE.__geo_interface__}, "area"),
        ({"place": {"type": "Point", "coordinates": [30.8, 108.35]}}, "swapped"),
        ({"type": "moon"}, "moon"),
        ({"name": "  "}, "name"),
        ({"name": "桥" * 121}, "too long"),
        ({"built_year": 3000}, "3000"),
        ({"type": "gate", "place": LineString([(108.33, 30.8), (108.36, 30.81)]).__geo_interface__},
         "is a point"),
        ({"place": Point(108.35, 30.8).buffer(0.01).__geo_interface__}, "point or a line"),
    ],
)  # fmt: skip
def test_an_impossible_asset_is_refused_with_the_reason(street, change, told):
    body = {"type": "bridge", "name": "桥", "place": Point(108.35, 30.8).__geo_interface__}
    answer = street.post("/api/v1/assets?lang=en", json=body | change)
    assert answer.status_code == 422
    assert told in answer.json()["detail"]


def test_a_street_registers_and_labels_nothing_outside_itself(street, client, sign_in):
    body = {"type": "bridge", "name": "桥", "place": Point(108.45, 30.8).__geo_interface__}
    assert street.post("/api/v1/assets", json=body).status_code == 403
    sign_in(client, Role.STREET_COMMANDER, TAIBAI)
    there = make_asset(client, at=Point(108.45, 30.8))
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG)
    assert client.post(f"/api/v1/assets/{there['id']}/codes", json={}).status_code == 404


@pytest.mark.parametrize("role", [Role.PATROL, Role.OBSERVER, Role.CREW])
def test_only_commanders_and_planners_issue_codes(street, client, sign_in, role):
    asset = make_asset(street)
    sign_in(client, role, GAOSUNTANG)
    assert client.post(f"/api/v1/assets/{asset['id']}/codes", json={}).status_code == 403


def test_anyone_may_verify_a_code_however_it_is_typed(street, client):
    one = labelled(street)
    client.cookies.clear()
    typed = f" {one.label['printed_code'].lower().replace('1', 'l').replace('0', 'o')} "
    found = client.get(f"/api/v1/codes/{typed}").json()
    assert (found["in_force"], found["asset_name"]) == (True, "万州长江大桥")


def test_mistyped_forged_and_lost_codes_are_told_apart(street, client, sessions):
    one = labelled(street)
    wrong = "Z" if one.code[5] != "Z" else "Y"
    mistyped = client.get(f"/api/v1/codes/{one.code[:5]}{wrong}{one.code[6:]}?lang=en")
    assert (mistyped.status_code, mistyped.json()["code"]) == (422, "mistyped")
    forger = KeyRing(keys={0: b"guess" * 8}, current=0)
    forged = client.get(f"/api/v1/codes/{signing.sign(forger, Content(1, 1))}?lang=en")
    assert (forged.status_code, forged.json()["code"]) == (422, "forged")
    with unit_of_work(sessions, SYSTEM) as session:
        lost = signing.sign(keys.read(session), Content(999_999, 1))
    assert client.get(f"/api/v1/codes/{lost}").status_code == 404


def test_a_new_label_replaces_the_old_one_and_only_one_is_in_force(street):
    one = labelled(street)
    new = make_label(street, one.asset, hangs_at="东侧桥头", reason="被撞")
    states = [
        label["state"] for label in street.get(f"/api/v1/assets/{one.asset['id']}/codes").json()
    ]
    assert states == ["printed", "replaced"]
    old = street.get(f"/api/v1/codes/{one.code}").json()
    assert (old["in_force"], old["state"], old["reason"]) == (False, "replaced", "被撞")
    assert new["issue"] == 2


def test_a_revoked_label_never_comes_back_and_needs_a_reason(street):
    one = labelled(street)
    path = f"/api/v1/codes/{one.label['id']}"
    assert street.post(f"{path}/revoke", json={"reason": " "}).status_code == 422
    assert street.post(f"{path}/revoke", json={"reason": "贴错桥"}).json()["state"] == "revoked"
    assert street.post(f"{path}/revoke", json={"reason": "again"}).status_code == 409
    assert street.post(f"{path}/damage", json={}).status_code == 409
    assert street.get(f"{path}/symbol.png").status_code == 409


def test_a_printed_label_is_mounted_by_the_first_scan_on_site(street, client, sign_in):
    one = labelled(street)
    sign_in(client, Role.PATROL, GAOSUNTANG)
    client.post("/api/v1/inspections", json=visit(one.code, lon=108.40, lat=30.80))
    assert client.get(f"/api/v1/codes/{one.code}").json()["state"] == "printed"
    client.post("/api/v1/inspections", json=visit(one.code, lon=108.3502, lat=30.80))
    assert client.get(f"/api/v1/codes/{one.code}").json()["state"] == "mounted"


def test_the_symbol_is_handed_out_as_png_and_svg(street):
    one = labelled(street)
    png = street.get(f"/api/v1/codes/{one.label['id']}/symbol.png")
    found = zxingcpp.read_barcode(Image.open(io.BytesIO(png.content)))
    assert found.text == f"HTTP://127.0.0.1:8000/C/{one.code}"
    svg = street.get(f"/api/v1/codes/{one.label['id']}/symbol.svg")
    assert svg.headers["content-type"].startswith("image/svg+xml")


def test_codes_signed_before_a_rotation_stay_good(street, sessions):
    before = labelled(street)
    with unit_of_work(sessions, SYSTEM) as session:
        keys.rotate(session, secret=b"n" * 32, now=session.scalar(text("select now()")))
    after = make_label(street, make_asset(street, name="二桥"))
    assert street.get(f"/api/v1/codes/{before.code}").json()["in_force"]
    assert street.get(f"/api/v1/codes/{after['code']}").json()["in_force"]
    assert signing.key_id_of(before.code) != signing.key_id_of(after["code"])


def test_a_seventeenth_key_takes_the_place_of_the_oldest_that_no_label_needs(street, sessions):
    labelled(street)
    with unit_of_work(sessions, SYSTEM) as session:
        now = session.scalar(text("select clock_timestamp()"))
        made = [keys.rotate(session, secret=bytes([n]) * 32, now=now) for n in range(16)]
        session.flush()
        assert made[-1] != 0
        assert len(keys.read(session).keys) == signing.KEYS_ON_THE_RING


def test_nobody_but_the_program_reads_the_keys(street, client, sessions, people):
    labelled(street)
    city = people.add(Role.CITY_COMMANDER).as_actor()
    with unit_of_work(sessions, Scope.of(city)) as session:
        assert session.execute(text("select * from code_key")).all() == []


def test_a_scan_is_answered_by_an_index_under_the_policies(street, sessions):
    one = labelled(street)
    explain = text("explain select * from risk_code where code = :code")
    with unit_of_work(sessions, RESIDENT) as session:
        # So few rows are scanned anyway; a bitmap is made by a condition alone.
        for way in ("seqscan", "indexscan", "indexonlyscan"):
            session.execute(text(f"set local enable_{way} = off"))
        plan = "\n".join(session.scalars(explain, {"code": one.code}))
    assert "Index Cond: (code =" in plan, plan


def test_every_step_of_a_label_is_in_the_audit_log(street, sessions):
    one = labelled(street)
    make_label(street, one.asset, reason="旧")
    with unit_of_work(sessions, SYSTEM) as session:
        acts = session.scalars(text("select act from audit_entry order by seq")).all()
        assert audit.verify(session).broken_at is None
    assert [act for act in acts if act.startswith(("asset", "code."))] == [
        "asset.registered", "code.issued", "code.replaced",
    ]  # fmt: skip


def test_wanzhou_sees_no_asset_of_yunyang_but_reads_its_label_like_anyone(client, sign_in):
    sign_in(client, Role.STREET_COMMANDER, SHUANGJIANG)
    there = labelled(client, at=Point(108.90, 30.95), name="云阳大桥")
    sign_in(client, Role.DISTRICT_COMMANDER, WANZHOU)
    assert client.get("/api/v1/assets").json()["total"] == 0
    assert client.get(f"/api/v1/assets/{there.asset['id']}").status_code == 404
    assert client.get(f"/api/v1/codes/{there.code}").json()["asset_name"] == "云阳大桥"
    sign_in(client, Role.OBSERVER, YUNYANG)
    assert client.get("/api/v1/assets").json()["total"] == 1
