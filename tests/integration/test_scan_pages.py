"""What stands behind a code, for everyone who may scan it, and behind one that is no good."""

import re
from uuid import uuid4

import pytest
from shapely import Point

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.duty.models import Unit
from qr_codes import signing
from qr_codes.assets import keys
from qr_codes.signing import Content, KeyRing
from tests.patrols import labelled, load_reference, make_label, visit
from tests.world import GAOSUNTANG, SHUANGJIANG, TAIBAI, WANZHOU

pytestmark = pytest.mark.usefixtures("world")
PAGE = {"accept": "text/html"}


@pytest.fixture
def bridge(client, sign_in, sessions):
    load_reference(sessions)
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG, "高书记")
    return labelled(client)


def see(client, path, **more):
    return client.get(path, headers=PAGE, **more)


def fields(html):
    """Read the hidden fields and the items of the form."""
    return {"id": re.search(r'name="id" value="([^"]+)"', html)[1]}


@pytest.mark.parametrize(
    "spoil", [str.lower, signing.grouped, lambda code: f"%20{code}%20", lambda code: "".join(
        chr(ord(sign) + 0xFEE0) for sign in code)],
    ids=["lower", "dashes", "spaces", "full-width"],
)  # fmt: skip
def test_a_code_is_found_however_it_is_typed(client, bridge, spoil):
    assert "万州长江大桥" in see(client, f"/c/{spoil(bridge.code)}").text
    answer = see(client, "/c", params={"code": spoil(bridge.code).replace("%20", " ")})
    assert answer.status_code == 303
    assert see(client, answer.headers["location"]).status_code == 200


def test_the_address_in_capitals_as_printed_is_the_same_page(client, bridge):
    assert see(client, f"/C/{bridge.code}").status_code == 200


def test_each_bad_code_has_its_own_page_and_status(client, bridge, sessions):
    client.cookies.clear()
    wrong = "Z" if bridge.code[3] != "Z" else "Y"
    mistyped = see(client, f"/c/{bridge.code[:3]}{wrong}{bridge.code[4:]}")
    assert (mistyped.status_code, "编码输错了" in mistyped.text) == (400, True)
    forged = see(client, f"/c/{signing.sign(KeyRing({0: b'x' * 32}, 0), Content(1, 1))}")
    assert (forged.status_code, "不是我们的码" in forged.text) == (403, True)
    with unit_of_work(sessions, SYSTEM) as session:
        lost = signing.sign(keys.read(session), Content(77_777, 1))
    found = see(client, f"/c/{lost}")
    assert (found.status_code, "登记册里没有" in found.text) == (404, True)
    long = see(client, f"/c/{'A' * 3000}")
    assert long.status_code == 400


def test_a_page_never_repeats_a_script_from_its_address(client, bridge):
    found = see(client, "/c/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert found.status_code in {400, 404}
    assert "<script>alert" not in found.text


def test_a_replaced_label_says_where_the_new_one_hangs(client, bridge):
    new = make_label(client, bridge.asset, hangs_at="东侧桥头灯杆", reason="被撞坏")
    client.cookies.clear()
    old = see(client, f"/c/{bridge.code}")
    assert old.status_code == 410
    assert "东侧桥头灯杆" in old.text
    assert "被撞坏" in old.text
    assert new["code"][-4:] in old.text
    assert new["code"] not in old.text


def test_a_revoked_label_says_why_and_offers_no_form(client, bridge):
    client.post(f"/api/v1/codes/{bridge.label['id']}/revoke", json={"reason": "贴到了别的桥上"})
    gone = see(client, f"/c/{bridge.code}")
    assert gone.status_code == 410
    assert "贴到了别的桥上" in gone.text
    assert "<form" not in gone.text


def test_the_centres_that_answer_for_the_place_can_be_called_by_anyone(client, bridge, sessions):
    centres = [("高笋塘值班室", GAOSUNTANG, "023-1"), ("万州中心", WANZHOU, "023-2"),
               ("太白值班室", TAIBAI, "023-3")]  # fmt: skip
    with unit_of_work(sessions, SYSTEM) as session:
        for name, path, phone in centres:
            session.add(Unit(name=name, name_en=name, kind="centre", level="street",
                             area_path=path, phone=phone))  # fmt: skip
    client.cookies.clear()
    html = see(client, f"/c/{bridge.code}").text
    assert html.index("tel:023-1") < html.index("tel:023-2")
    assert "tel:023-3" not in html


def test_a_patrol_of_another_district_reads_it_like_a_resident(client, sign_in, sessions):
    load_reference(sessions)
    sign_in(client, Role.STREET_COMMANDER, SHUANGJIANG)
    there = labelled(client, at=Point(108.90, 30.95), name="云阳大桥")
    said = {"outcome": "problem", "answers": {"joints": "yes"}}
    done = client.post("/api/v1/inspections", json=visit(there.code, **said)).json()
    sign_in(client, Role.PATROL, WANZHOU)
    html = see(client, f"/c/{there.code}").text
    assert "云阳大桥" in html
    assert 'id="visit"' not in html
    assert "/findings/" not in html
    assert see(client, f"/c/{there.code}/done/{done['id']}").status_code == 404
    form = {"id": str(uuid4()), "outcome": "all_normal"}
    assert client.post(f"/c/{there.code}", data=form, headers=PAGE).status_code == 404


def test_the_plain_form_counts_once_however_often_it_is_sent(client, bridge):
    html = see(client, f"/c/{bridge.code}").text
    form = fields(html) | {"outcome": "problem", "a.joints": "yes", "note": "掉了一块"}
    first, second = (client.post(f"/c/{bridge.code}", data=form, headers=PAGE) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    assert client.get("/api/v1/findings").json()["items"][0]["times_seen"] == 1
    changed = client.post(f"/c/{bridge.code}", data=form | {"note": "别的"}, headers=PAGE)
    assert changed.headers["location"].startswith("/conflicts/")


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"id": "7", "outcome": "all_normal"},
        {"outcome": "perfect"},
        {"lon": "abc", "lat": "1", "outcome": "all_normal"},
        {"a.moon": "yes", "outcome": "all_normal"},
        {"note": "长" * 10_000, "outcome": "problem"},
    ],
)
def test_a_spoilt_form_comes_back_with_a_reason(client, bridge, form):
    told = client.post(f"/c/{bridge.code}", data={"id": str(uuid4())} | form, headers=PAGE)
    assert told.status_code == 422
    assert re.search(r'id="said" role="alert">[^<]{4,}', told.text)


def test_the_desk_lists_assets_and_findings_and_moves_them(client, bridge, sign_in):
    said = {"outcome": "problem", "answers": {"joints": "yes"}}
    done = client.post("/api/v1/inspections", json=visit(bridge.code, **said)).json()
    finding = f"/findings/{done['opened'][0]['id']}"
    assert "万州长江大桥" in see(client, "/assets?type=bridge&label=printed&sort=-street").text
    assert "没有符合条件的设施" in see(client, "/assets?q=%25&label=none").text
    assert "伸缩缝" in see(client, "/findings?state=discovered&grade=3").text
    html = see(client, finding).text
    form = fields(html) | {"act": "accept", "note": "已派人"}
    assert client.post(f"{finding}/steps", data=form, headers=PAGE).status_code == 303
    assert "已派人" in see(client, finding).text
    sign_in(client, Role.PATROL, GAOSUNTANG)
    assert 'value="begin"' not in see(client, finding).text


def test_labels_are_printed_from_the_desk(client, bridge):
    asset = f"/assets/{bridge.asset['id']}"
    assert client.get(f"{asset}/label.pdf?size=roll_25x38").content.startswith(b"%PDF-")
    answer = client.post(f"{asset}/codes", data={"hangs_at": "西头"}, headers=PAGE)
    assert answer.headers["location"] == asset
    assert "已打印" in see(client, f"{asset}/panel").text
    html = see(client, asset).text
    assert "西头" in html
    assert html.count("已更换") >= 1
    assert see(client, "/findings").status_code == see(client, "/assets?page=7").status_code == 200


def test_an_inspection_without_a_scan_counts_and_says_so(client, bridge, sign_in):
    asset = f"/assets/{bridge.asset['id']}"
    assert f'href="{asset}/visit"' in see(client, asset).text
    html = see(client, f"{asset}/visit").text
    assert "没有扫码" in html
    assert bridge.code not in html
    form = fields(html) | {"outcome": "all_normal"}
    assert (
        client.post(f"{asset}/visit", data={"outcome": "problem"}, headers=PAGE).status_code == 422
    )
    done = client.post(f"{asset}/visit", data=form, headers=PAGE)
    assert done.headers["location"].startswith(f"{asset}/visit/done/")
    assert "未扫码" in see(client, done.headers["location"]).text
    assert "未扫码" in see(client, asset).text
    sign_in(client, Role.OBSERVER, GAOSUNTANG)
    assert see(client, f"{asset}/visit").status_code == 403


def test_a_damaged_label_is_noted_where_one_stands_and_what_was_answered_stays(
    client, bridge, sign_in
):
    sign_in(client, Role.OBSERVER, GAOSUNTANG)
    assert client.post(f"/c/{bridge.code}/damaged", headers=PAGE).status_code == 403
    sign_in(client, Role.PATROL, GAOSUNTANG)
    asked = {"a.joints": "yes", "note": "伸缩缝有石子"}
    for _ in range(2):  # a second tap says the same
        html = client.post(f"/c/{bridge.code}/damaged", data=asked, headers=PAGE).text
        assert "已记下：这块标签已破损" in html
        assert 'name="a.joints" value="yes" checked' in html
        assert "伸缩缝有石子" in html
    assert "formaction" not in see(client, f"/c/{bridge.code}").text
    assert see(client, f"/c/{bridge.code}/damaged").headers["location"] == f"/c/{bridge.code}"
