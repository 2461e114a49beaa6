"""A resident reports at a code, without an account and without a script, and follows it."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from gis.store.engine import unit_of_work
from gis.store.scope import RESIDENT, Scope
from qr_codes.findings import reporting
from tests.integration.files.ugly import HTML, jpeg
from tests.patrols import labelled

pytestmark = pytest.mark.usefixtures("world")
PAGE = {"accept": "text/html"}


@pytest.fixture
def bridge(street):
    made = labelled(street.sign_in("street"))
    street.client.cookies.clear()
    return made


def send(client, code, *, photo=None, **said):
    client.cookies.clear()
    form = {"id": str(uuid4()), "kind": "crack", "words": "桥墩开裂", "website": ""} | said
    picture = ("a.jpg", photo, "image/jpeg") if photo else ("", b"", "application/octet-stream")
    return client.post(f"/c/{code}/report", data=form, files={"photos": picture}, headers=PAGE)


def findings(street):
    return street.sign_in("street").get("/api/v1/findings").json()


def test_a_report_goes_round_to_fed_back_and_shows_nobodys_data(street, bridge):
    client = street.client
    assert f"/c/{bridge.code}/report" in client.get(f"/c/{bridge.code}", headers=PAGE).text
    form = client.get(f"/c/{bridge.code}/report", headers=PAGE)
    assert (form.status_code, "开裂、下沉或变形" in form.text) == (200, True)
    sent = send(client, bridge.code, photo=jpeg(), lon="108.3501", lat="30.80",
                words="桥墩开裂,我叫王小明 13812345678")  # fmt: skip
    assert sent.status_code == 303
    receipt = sent.headers["location"]
    assert re.fullmatch(r"/r/[0-9A-Z]{10}", receipt)
    assert "街镇已收到" in client.get(receipt, headers=PAGE).text
    (found,) = findings(street)["items"]
    assert (found["item_code"], found["grade"], found["found_by_name"]) == (
        "crack", 2, "居民 · resident",
    )  # fmt: skip
    page = street.client.get(f"/findings/{found['id']}", headers=PAGE).text
    assert "/files/" in page
    street.go("street", found["id"], "accept", "begin", "finish")
    assert street.verify("patrol", found["id"], bridge.code).status_code == 200
    client.cookies.clear()
    html = client.get(receipt, headers=PAGE).text
    assert "已修好" in html
    for private in ("王小明", "13812345678", "高书记", "覃巡查", "已派人处理", "/files/"):
        assert private not in html
    assert client.post(f"{receipt}/read", headers=PAGE).status_code == 303
    assert client.post(f"{receipt}/read", headers=PAGE).status_code == 303
    assert "您也已知晓" in client.get(receipt, headers=PAGE).text
    street.sign_in("street")
    assert street.acts(found["id"])[-1] == "feed_back"
    assert street.acts(found["id"]).count("feed_back") == 1


def test_a_number_is_found_as_people_type_it_and_a_wrong_one_is_told(street, bridge):
    receipt = send(street.client, bridge.code).headers["location"].removeprefix("/r/")
    typed = f" {receipt[:5].lower()}-{receipt[5:].lower().replace('0', 'o')}"
    entered = street.client.get("/r", params={"number": typed}, headers=PAGE)
    assert entered.status_code == 303
    assert street.client.get(entered.headers["location"], headers=PAGE).status_code == 200
    assert street.client.get("/r/0000000000", headers=PAGE).status_code == 404
    assert street.client.get("/r/%00%27--", headers=PAGE).status_code in {404, 422}


def test_the_same_report_counts_once_and_the_same_place_and_kind_joins(street, bridge):
    once = str(uuid4())
    first, again = (send(street.client, bridge.code, id=once) for _ in range(2))
    assert first.headers["location"] == again.headers["location"]
    anew = send(street.client, bridge.code)
    assert anew.headers["location"] == first.headers["location"]
    assert [one["times_seen"] for one in findings(street)["items"]] == [1]
    elsewhere = ("203.0.113.9", 50_000)
    neighbour = TestClient(street.client.app, client=elsewhere, follow_redirects=False)
    other = send(neighbour, bridge.code)
    assert other.headers["location"] != first.headers["location"]
    assert [one["times_seen"] for one in findings(street)["items"]] == [2]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"kind": "moon"}, "请选择您看到的情况"),
        ({"website": "https://example.org"}, "请选择您看到的情况"),
        ({"kind": "other", "words": "  "}, "请简要写明"),
        ({"id": "7"}, "表单"),
        ({"photo": HTML}, 'role="alert"'),
        ({"lon": "abc", "lat": "1"}, "表单"),
        ({"words": "长" * 501}, "501"),
    ],
)  # fmt: skip
def test_spam_and_slips_come_back_with_the_reason_and_leave_nothing(street, bridge, said, told):
    answer = send(street.client, bridge.code, **said)
    assert (answer.status_code, told in answer.text) == (422, True)
    assert findings(street)["total"] == 0


def test_a_flood_from_one_sender_is_stopped_and_told_to_call(street, bridge):
    kinds = ("crack", "falling", "water", "blocked", "broken", "light")
    answers = [send(street.client, bridge.code, kind=kind) for kind in kinds]
    assert [answer.status_code for answer in answers] == [
        *(303 for _ in range(reporting.MOST_PER_SENDER)), 422,
    ]  # fmt: skip
    assert "请打电话" in answers[-1].text
    assert findings(street)["total"] == reporting.MOST_PER_SENDER


def test_many_phones_behind_one_address_may_report_but_not_a_flood_of_them(
    street, bridge, monkeypatch
):
    monkeypatch.setattr(reporting, "MOST_PER_SENDER", 1)
    monkeypatch.setattr(reporting, "MOST_PER_ADDRESS", 3)
    answers = []
    for kind, phone in (("crack", "A"), ("water", "A"), ("water", "B"), ("broken", "C"),
                        ("light", "D")):  # fmt: skip
        street.client.headers["user-agent"] = phone
        answers.append(send(street.client, bridge.code, kind=kind).status_code)
    assert answers == [303, 422, 303, 303, 422]


def test_what_only_a_resident_says_is_told_as_being_checked_until_an_office_accepts_it(
    street, bridge
):
    def shown():
        street.client.cookies.clear()
        return street.client.get(f"/c/{bridge.code}", headers=PAGE).text

    assert "正常：没有已知险情" in shown()
    send(street.client, bridge.code)
    told = shown()
    assert "有人上报险情，正在核实：请先不要靠近" in told
    assert "此处有 Ⅱ 级隐患" not in told.replace("II", "Ⅱ")
    street.find(bridge.code)  # a patrol's own sight of something lesser does not hide it
    assert "正在核实" in shown()
    items = findings(street)["items"]
    crack = next(one["id"] for one in items if one["item_code"] == "crack")
    street.go("street", crack, "accept")
    assert "正在核实" not in shown()
    assert "级隐患，尚未消除" in shown()


def test_reports_are_seen_by_their_area_alone_and_written_by_nobody_by_hand(
    street, bridge, sessions
):
    send(street.client, bridge.code)
    count = text("select count(*) from resident_report")
    for scope, there in (
        (Scope.of(street.cast.actor("street")), 1),
        (Scope.of(street.cast.actor("yunyang")), 0),
        (Scope.of(street.cast.actor("taibai_street")), 0),
        (RESIDENT, 0),
    ):
        with unit_of_work(sessions, scope) as session:
            assert session.scalar(count) == there
    assert street.sign_in("yunyang").get("/api/v1/findings").json()["total"] == 0


def test_something_else_said_twice_near_by_is_shown_as_likely_the_same_and_stays_two(
    street, bridge
):
    places = {"栏杆松了": ("108.3501", "30.80"), "扶手晃动": ("108.3503", "30.8001")}
    places |= {"有怪味": ("108.3601", "30.80"), "没有位置": ("", "")}
    for said, (lon, lat) in places.items():
        sent = send(street.client, bridge.code, kind="other", words=said, lon=lon, lat=lat)
        assert sent.status_code == 303, sent.text
    found = {one["note"]: one["id"] for one in findings(street)["items"]}
    assert set(found) == set(places), "the program joins nothing"
    page = street.client.get(f"/findings/{found['栏杆松了']}", headers=PAGE).text
    assert "可能是同一件事" in page
    assert f"/findings/{found['扶手晃动']}" in page
    assert f"/findings/{found['没有位置']}" in page, "the asset itself is the place"
    assert f"/findings/{found['有怪味']}" not in page, "a kilometre away"
    street.go("street", found["扶手晃动"], "accept", "begin", "finish")
    assert street.verify("patrol", found["扶手晃动"], bridge.code).status_code == 200
    page = street.sign_in("street").get(f"/findings/{found['栏杆松了']}", headers=PAGE).text
    assert f"/findings/{found['扶手晃动']}" not in page, "it is over"
