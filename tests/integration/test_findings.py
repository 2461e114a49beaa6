"""A finding goes round through four people: routed, handed back, finished, verified, fed back."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from shapely import Point

from qr_codes.findings import alarm
from tests.integration.files.ugly import jpeg
from tests.patrols import labelled
from tests.troubles import PAGE, offices, see
from tests.world import WANZHOU

__all__ = ["offices"]

pytestmark = pytest.mark.usefixtures("world")


def test_a_finding_goes_round_and_is_verified_by_somebody_else_who_scanned_again(street, bridge):
    found = street.find(bridge.code)["id"]
    assert street.take("patrol", found, "accept").status_code == 403
    street.go("street", found, "accept", "begin", "finish")
    own = street.verify("street", found, bridge.code)
    assert (own.status_code, own.json()["code"]) == (403, "forbidden")
    assert street.take("patrol", found, "verify", file_ids=[]).status_code == 422
    no_photo = street.take("patrol", found, "verify", code=bridge.code)
    assert no_photo.status_code == 422
    done = street.verify("patrol", found, bridge.code, lon=108.3501, lat=30.80)
    assert done.json()["state"] == "verified"
    assert done.json()["closed_at"]
    asset = street.client.get(f"/api/v1/assets/{bridge.asset['id']}").json()
    assert asset["worst_open_grade"] is None
    assert street.take("wanzhou", found, "feed_back").status_code == 422
    assert street.take("patrol", found, "feed_back").json()["state"] == "fed_back"
    assert street.acts(found) == [
        "discover", "accept", "begin", "finish", "verify", "feed_back",
    ]  # fmt: skip
    steps = street.client.get(f"/api/v1/findings/{found}/steps").json()
    assert 9 < steps[4]["distance_m"] < 10


def test_the_days_pack_lists_what_others_call_finished_until_it_is_verified(street, bridge):
    def listed(who):
        asked = street.sign_in(who).get("/api/v1/street-pack", params={"street": "500101001"})
        return json.loads(asked.json()["pack"])["verify"]

    found = street.find(bridge.code)["id"]
    street.go("street", found, "accept", "begin")
    assert listed("patrol") == []
    street.go("street", found, "finish")
    (one,) = listed("patrol")
    assert (one["id"], one["code"], one["grade"]) == (found, bridge.code, 3)
    assert one["zh"]
    assert one["en"]
    assert listed("street") == [], "whoever finished it does not verify it"
    street.verify("patrol", found, bridge.code)
    assert listed("patrol") == []


def test_a_code_of_another_asset_verifies_nothing(street, bridge):
    other = labelled(street.sign_in("street"), name="长江二桥", at=Point(108.352, 30.801))
    found = street.find(bridge.code)["id"]
    street.go("street", found, "accept", "begin", "finish")
    wrong = street.verify("patrol", found, other.code)
    assert (wrong.status_code, street.shown(found)["state"]) == (422, "finished")
    street.sign_in("street").post(f"/api/v1/assets/{bridge.asset['id']}/codes", json={})
    ended = street.verify("patrol", found, bridge.code)
    assert (ended.status_code, street.shown(found)["state"]) == (409, "finished")


def test_a_verification_that_was_overtaken_is_kept_as_a_look_and_moves_nothing(street, bridge):
    found = street.find(bridge.code)["id"]
    street.go("street", found, "accept", "begin", "finish")
    assert street.verify("patrol", found, bridge.code).json()["state"] == "verified"
    on_site = f"/c/{bridge.code}/findings/{found}"
    figures = see(street.client, on_site).text.count("<figure")
    late = {"id": str(uuid4()), "lon": 108.3501, "lat": 30.80}
    for _ in range(2):  # the phone did not hear the answer
        kept = street.verify("wanzhou", found, bridge.code, **late)
        assert (kept.status_code, kept.json()["state"]) == (200, "verified")
        assert kept.json()["kept_as"] == "look"
    assert street.acts(found)[-2:] == ["verify", "look"]
    steps = street.client.get(f"/api/v1/findings/{found}/steps").json()
    assert 9 < steps[-1]["distance_m"] < 10
    page = see(street.client, on_site).text
    assert "已作为到场查看记录保存" in page
    assert page.count("<figure") == figures  # the pair stays that of the verification
    by_hand = street.take("street", found, "look", note="看过")
    assert by_hand.status_code == 422


def test_a_verification_that_waited_on_a_phone_keeps_its_person_and_its_time(street, bridge):
    found = street.find(bridge.code)["id"]
    street.go("street", found, "accept", "begin", "finish")
    done, ahead = datetime.now(UTC), timedelta(hours=2)
    client, photo = street.sign_in("patrol"), uuid4()
    own, other = (street.cast.accounts[who].id for who in ("patrol", "wanzhou"))
    path = f"/api/v1/finding-files/{photo}?name=a.jpg"
    for by, status in ((other, 403), (own, 200), (own, 200)):
        assert client.put(f"{path}&by={by}", content=jpeg()).status_code == status
    said = {"code": bridge.code, "file_ids": [str(photo)]}
    said |= {"done_at": (done + ahead).isoformat(), "sent_at": (done + ahead).isoformat()}
    foreign = street.take("patrol", found, "verify", by=str(other), **said)
    assert (foreign.status_code, foreign.json()["code"]) == (403, "somebody_elses")
    kept = street.take("patrol", found, "verify", by=str(own), **said)
    assert (kept.status_code, kept.json()["kept_as"]) == (200, "verify")
    step = client.get(f"/api/v1/findings/{found}/steps").json()[-1]
    assert abs(datetime.fromisoformat(step["done_at"]) - done) < timedelta(minutes=2)


def test_the_same_step_sent_again_counts_once(street, bridge):
    found = street.find(bridge.code)["id"]
    once = {"id": str(uuid4()), "act": "accept"}
    path = f"/api/v1/findings/{found}/steps"
    client = street.sign_in("street")
    assert client.post(path, json=once).json()["state"] == "accepted"
    assert client.post(path, json=once).json()["state"] == "accepted"
    assert client.post(path, json=once | {"act": "begin"}).status_code == 409
    assert street.acts(found) == ["discover", "accept"]
    assert client.post(path, json={"id": str(uuid4()), "act": "discover"}).status_code == 422


def test_a_round_that_arrives_late_undoes_no_work_and_opens_nothing_anew(street, bridge):
    found = street.find(bridge.code)["id"]
    before = datetime.now(UTC)
    street.go("street", found, "accept", "begin", "finish")
    late = street.find(bridge.code, done_at=before.isoformat())
    assert (late["id"], late["state"], late["times_seen"]) == (found, "finished", 2)
    assert street.find(bridge.code)["state"] == "in_hand"
    street.go("street", found, "finish")
    seen = datetime.now(UTC)
    assert street.verify("patrol", found, bridge.code).status_code == 200
    later = street.find(bridge.code, done_at=seen.isoformat())
    assert (later["id"], later["state"]) == (found, "verified")
    assert street.find(bridge.code)["id"] != found


def test_the_list_routes_a_finding_and_the_share_is_measured(street, bridge, offices):
    found = street.find(bridge.code)
    assert (found["unit_id"], found["owned"], found["routed_by"]) == (offices[0], True, "list")
    slope = labelled(street.sign_in("street"), type="gate", name="沙河闸门")
    street.find(slope.code, answers={}, note="闸门锈死")
    figures = street.sign_in("wanzhou").get("/api/v1/findings/routing").json()
    assert (figures["total"], figures["by_list"], figures["share"]) == (2, 2, 1.0)


def test_share_and_time_without_an_owner_are_what_one_reckons_by_hand(street, bridge, offices):
    street.find(bridge.code)
    lone = labelled(street.sign_in("street"), name="三桥")
    found = street.find(lone.code, answers={}, note="栏杆断了")["id"]
    street.take("street", found, "hand_back", unit_id=offices[1], note="属市政")
    street.take("wanzhou", found, "accept", note="接收")
    street.find(lone.code, answers={"joints": "yes"})
    steps = {step["act"]: datetime.fromisoformat(step["done_at"])
             for step in street.client.get(f"/api/v1/findings/{found}/steps").json()}  # fmt: skip
    waited = int((steps["accept"] - steps["hand_back"]).total_seconds())
    told = street.sign_in("wanzhou").get("/api/v1/findings/routing").json()
    assert (told["total"], told["by_list"], told["unowned_now"]) == (3, 3, 0)
    assert told["unowned_s"] - waited in (0, 1)  # the moments between finding and routing
    assert "自动派单率：3 个未闭环问题中占 100%" in see(street.client, "/findings").text


def test_the_share_that_the_list_routed_is_right_among_routed_by_hand_and_unrouted_ones(
    street, bridge, request
):
    by_hand = street.find(bridge.code)["id"]
    street.find(bridge.code, answers={}, note="栏杆断了")
    centre = str(street.cast.units[WANZHOU])
    assert street.take("street", by_hand, "route", unit_id=centre).json()["routed_by"] == "hand"
    request.getfixturevalue("offices")  # only now somebody lays down who owns what
    other = labelled(street.sign_in("street"), name="五桥")
    street.find(other.code)
    street.find(other.code, answers={}, note="标志牌掉了")
    closed = street.find(other.code, answers={"joints": "no", "drains": "yes"})["id"]
    street.go("street", closed, "accept", "begin", "finish")
    assert street.verify("patrol", closed, other.code).json()["state"] == "verified"
    told = street.sign_in("wanzhou").get("/api/v1/findings/routing").json()
    assert (told["total"], told["by_list"], told["share"]) == (4, 2, 0.5)
    assert told["unowned_now"] == 1
    assert "自动派单率：4 个未闭环问题中占 50%" in see(street.client, "/findings").text


def test_what_no_list_names_has_no_owner_until_somebody_says_whose_it_is(street, bridge):
    found = street.find(bridge.code)
    assert (found["unit_id"], found["unowned_since"] is not None) == (None, True)
    figures = street.client.get("/api/v1/findings/routing").json()
    assert (figures["by_list"], figures["unowned_now"]) == (0, 1)
    centre = str(street.cast.units[WANZHOU])
    given = street.take("street", found["id"], "route", unit_id=centre).json()
    assert (given["unit_name"], given["routed_by"], given["unowned_since"]) == (
        "万州区指挥中心", "hand", None,
    )  # fmt: skip
    strange = street.find(bridge.code, answers={}, note="栏杆断了")["id"]
    far = str(street.cast.units["/500000/500235/"])
    assert street.take("street", strange, "route", unit_id=far).status_code == 422


def test_the_second_hand_back_goes_to_the_superior_and_there_is_no_third(street, bridge, offices):
    found = street.find(bridge.code)["id"]
    transport, urban = offices
    silent = street.take("street", found, "hand_back", unit_id=urban)
    assert silent.status_code == 422
    assert street.take("street", found, "hand_back", note="不是桥面").status_code == 422
    once = street.take("street", found, "hand_back", unit_id=urban, note="属市政排水").json()
    assert (once["unit_id"], once["owned"], once["awaits_ruling"]) == (urban, False, False)
    twice = street.take("street", found, "hand_back", unit_id=transport, note="属桥梁").json()
    assert twice["awaits_ruling"]
    assert street.take("street", found, "accept").status_code == 409
    third = street.take("street", found, "hand_back", unit_id=urban, note="还是不收")
    assert third.status_code == 409
    ruling = {"unit_id": transport, "note": "桥面排水归交通"}
    assert street.take("street", found, "rule", **ruling).status_code == 403
    ruled = street.take("wanzhou", found, "rule", **ruling).json()
    assert (ruled["unit_id"], ruled["owned"], ruled["unowned_since"]) == (transport, True, None)
    after = street.take("street", found, "hand_back", unit_id=urban, note="不服")
    assert after.status_code == 409
    html = see(street.sign_in("street"), f"/findings/{found}").text
    for said in ("属市政排水", "属桥梁", "桥面排水归交通", "万主任", "万州区城市管理局"):
        assert said in html


def test_grade_one_calls_at_once_and_its_own_answer_is_the_persons_own(street, bridge, offices):
    street.find(bridge.code, answers={"clearance": "49"})
    for who in ("planner", "street"):
        calls = street.sign_in(who).get("/api/v1/calls").json()
        assert [call["topic"] for call in calls] == ["finding"]
        assert "49" in calls[0]["text_zh"] or "Ⅰ级" in calls[0]["text_zh"]
    assert street.sign_in("wanzhou").get("/api/v1/calls").json() == []


def test_an_overdue_finding_calls_once_a_day_and_is_quiet_when_it_moves(
    street, bridge, offices, sessions
):
    found = street.find(bridge.code)
    due = datetime.fromisoformat(found["due_at"])
    assert alarm.call_overdue(sessions, now=due - timedelta(minutes=1)) == 0
    late = due + timedelta(minutes=1)
    assert alarm.call_overdue(sessions, now=late) == 1
    assert alarm.call_overdue(sessions, now=late + timedelta(seconds=5)) == 0
    assert alarm.call_overdue(sessions, now=late + timedelta(days=1)) == 1
    mine = street.sign_in("planner").get("/api/v1/calls").json()
    assert len(mine) == 2
    moved = street.go("street", found["id"], "accept")
    assert datetime.fromisoformat(moved["due_at"]) > datetime.now(UTC) + timedelta(days=6)
    owed = [call for call in street.sign_in("planner").get("/api/v1/calls").json()
            if call["owed"]]  # fmt: skip
    assert len(owed) < 2


def test_the_site_page_verifies_without_a_script_and_shows_both_photos(street, bridge):
    found = street.find(bridge.code)["id"]
    page = f"/c/{bridge.code}/findings/{found}"
    client = street.sign_in("patrol")
    assert f'href="{page}"' in see(client, f"/c/{bridge.code}").text
    first = {"id": str(uuid4()), "act": "note", "note": "裂缝在东侧", "lon": "108.3501",
             "lat": "30.80"}  # fmt: skip
    shot = {"photos": ("a.jpg", jpeg(), "image/jpeg")}
    assert client.post(page, data=first, files=shot, headers=PAGE).status_code == 303
    street.go("street", found, "accept", "begin", "finish")
    street.sign_in("patrol")
    said = {"id": str(uuid4()), "act": "verify", "note": "已修", "lon": "108.35", "lat": "30.80"}
    empty = {"photos": ("", b"", "application/octet-stream")}
    bare = client.post(page, data=said, files=empty, headers=PAGE)
    assert (bare.status_code, "照片" in bare.text, "已修" in bare.text) == (422, True, True)
    assert client.post(page, data=said, files=shot, headers=PAGE).status_code == 303
    html = see(client, f"/findings/{found}").text
    assert "发现时" in html
    assert "核验时" in html
    assert "两张相距 10 米" in html
    shown = see(client, page).text
    assert shown.count("<figure>") == 2
