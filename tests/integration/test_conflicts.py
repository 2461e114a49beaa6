"""Two versions that contradict each other: both kept, looked at side by side, ruled, taken back."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from shapely import Point
from sqlalchemy import text

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.checklists import files, publishing
from rescue_app.settings import PROJECT
from tests.integration.files.ugly import jpeg
from tests.patrols import labelled, load_reference, make_label, visit
from tests.world import GAOSUNTANG, SHUANGJIANG, TAIBAI

pytestmark = pytest.mark.usefixtures("world")
URL, CONFLICTS = "/api/v1/inspections", "/api/v1/conflicts"
BAD = {"outcome": "problem", "answers": {"joints": "yes"}}
SHOWN = {"template_code": "bridge_patrol", "template_version": 1}


@pytest.fixture
def street(client, sign_in, sessions):
    load_reference(sessions)
    return sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG, "高书记")


@pytest.fixture
def bridge(client, street):
    return labelled(client)


@pytest.fixture
def patrol(client, sign_in, bridge):
    return sign_in(client, Role.PATROL, GAOSUNTANG, "覃小红")


@pytest.fixture
def rule(client, people, street):
    """`rule(conflict, "first")` as the street's commander."""
    token = people.token(street)

    def do(conflict, choice, status=201, **said):
        body = {"id": str(uuid4()), "choice": choice, "reason": "到现场看过"} | said
        cookie = {"cookie": f"yitong_session={token}"}
        there = f"{CONFLICTS}/{conflict}/rulings"
        answer = client.post(there, json=body, headers=cookie)
        assert answer.status_code == status, answer.text
        return answer.json()

    return do


def send(client, body):
    answer = client.post(URL, json=body)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


def waiting(client):
    return client.get(CONFLICTS).json()["items"]


def states(client, state="discovered"):
    found = client.get("/api/v1/findings", params={"state": state}).json()["items"]
    return sorted((one["item_code"], one["times_seen"]) for one in found)


def test_another_content_under_the_same_number_is_kept_beside_the_first_for_review(
    client, patrol, bridge
):
    took = datetime.now(UTC) - timedelta(hours=3)
    body = visit(bridge.code, done_at=took.isoformat(), sent_at=datetime.now(UTC).isoformat())
    first = send(client, body)
    assert first["conflict"] is None
    second = send(client, body | BAD | {"note": "重新看过"})
    assert second["id"] != first["id"]
    assert second["conflict"]
    assert client.get(f"{URL}/{first['id']}").json()["outcome"] == "all_normal"
    assert client.get(f"{URL}/{second['id']}").json()["note"] == "重新看过"
    (one,) = waiting(client)
    assert (one["kind"], one["first_id"], one["second_id"], one["author_name"]) == (
        "number", first["id"], second["id"], "覃小红",
    )  # fmt: skip
    done, sent, came = (
        datetime.fromisoformat(one[f"{n}_at"]) for n in ("done", "sent", "received")
    )
    assert done < sent <= came
    # What is bad in either counts at once: danger does not wait for a review.
    assert states(client) == [("joints", 1)]


def test_both_versions_sent_ten_times_are_one_conflict(client, patrol, bridge):
    body = visit(bridge.code)
    answers = [send(client, body | more) for more in ({}, BAD) * 5]
    assert [one["new"] for one in answers] == [True, True] + [False] * 8
    assert len({one["conflict"] for one in answers[1:]}) == 1
    assert len(waiting(client)) == 1


def test_a_phone_restored_with_the_same_photo_keeps_both_versions_and_the_photo(
    client, patrol, bridge
):
    took = datetime.now(UTC).isoformat()
    old, new = ({"id": str(uuid4()), "taken_at": took} for _ in range(2))
    body = visit(bridge.code) | {"photos": [old]}
    send(client, body)
    kept = send(client, body | BAD | {"photos": [old, new]})
    for photo in (old, new):
        there = f"/api/v1/photos/{photo['id']}"
        assert client.put(there, content=jpeg(), params={"name": "桥.jpg"}).status_code == 200
    page = client.get(f"/conflicts/{kept['conflict']}").text
    assert page.count(f"/files/{old['id']}/small") == 2
    assert page.count(f"/files/{new['id']}/small") == 1


def test_what_only_the_version_that_does_not_hold_saw_ends_and_comes_back_with_it(
    client, patrol, bridge, rule
):
    body = visit(bridge.code, **BAD)
    conflict = send(client, body) and send(client, body | {"outcome": "all_normal", "answers": {}})
    conflict = conflict["conflict"]
    finding = client.get("/api/v1/findings").json()["items"][0]["id"]
    rule(conflict, "second")
    assert states(client) == []
    assert states(client, "set_aside") == [("joints", 0)]
    assert client.get(f"/api/v1/assets/{bridge.asset['id']}").json()["worst_open_grade"] is None
    assert "不算数" in client.get(f"/findings/{finding}").text
    assert "不算数" in client.get(f"/assets/{bridge.asset['id']}").text
    again = rule(conflict, "open", reason="看错了桥")
    assert states(client) == [("joints", 1)]
    assert client.get(f"/api/v1/assets/{bridge.asset['id']}").json()["worst_open_grade"] == 3
    assert [one["choice"] for one in again["rulings"]] == ["second", "open"]
    rule(conflict, "both")
    assert waiting(client) == []
    assert states(client) == [("joints", 1)]


def test_what_somebody_else_saw_too_stays(client, patrol, bridge, rule):
    body = visit(bridge.code)
    send(client, body)
    conflict = send(client, body | BAD)["conflict"]
    send(client, visit(bridge.code, **BAD))
    assert states(client) == [("joints", 2)]
    rule(conflict, "first")
    assert states(client) == [("joints", 1)]


def test_a_finding_cannot_come_back_beside_a_newer_one_of_the_same_defect(
    client, patrol, bridge, rule
):
    body = visit(bridge.code)
    send(client, body)
    conflict = send(client, body | BAD)["conflict"]
    rule(conflict, "first")
    assert send(client, visit(bridge.code, **BAD))["opened"]
    assert "请在那一条上继续" in rule(conflict, "both", status=409)["detail"]


def test_a_ruling_needs_a_reason_and_is_one_however_often_it_is_sent(client, patrol, bridge, rule):
    body = visit(bridge.code)
    send(client, body)
    conflict = send(client, body | BAD)["conflict"]
    rule(conflict, "first", status=422, reason=" ")
    number = str(uuid4())
    rule(conflict, "first", id=number)
    assert len(rule(conflict, "first", id=number)["rulings"]) == 1
    rule(conflict, "second", status=409, id=number)
    rule(conflict, "first", status=409)


def test_the_street_rules_the_author_reads_and_the_next_street_sees_nothing(
    client, patrol, bridge, sign_in, sessions
):
    body = visit(bridge.code)
    send(client, body)
    conflict = send(client, body | BAD)["conflict"]
    said = {"id": str(uuid4()), "choice": "first", "reason": "x"}
    assert client.post(f"{CONFLICTS}/{conflict}/rulings", json=said).status_code == 403
    page = client.get(f"/conflicts/{conflict}").text
    assert "以哪份为准由街镇核对" in page
    assert 'name="reason"' not in page
    neighbour = sign_in(client, Role.STREET_COMMANDER, TAIBAI)
    assert client.get(f"/conflicts/{conflict}").status_code == 404
    assert client.post(f"{CONFLICTS}/{conflict}/rulings", json=said).status_code == 404
    assert waiting(client) == []
    with unit_of_work(sessions, Scope.of(neighbour.as_actor())) as session:
        assert session.scalar(text("select count(*) from version_conflict")) == 0
        change = text("update version_conflict set choice = 'first'")
        assert session.execute(change).rowcount == 0


def test_the_page_marks_what_differs_and_its_form_rules(client, patrol, bridge, street, people):
    body = visit(bridge.code, answers={"clearance": "80"})
    send(client, body)
    conflict = send(client, body | BAD | {"answers": {"joints": "yes", "clearance": "80"}})
    client.cookies.set("yitong_session", people.token(street))
    assert "待核对的内容" in client.get("/findings").text
    there = f"/conflicts/{conflict['conflict']}"
    page = client.get(there).text
    assert page.count('class="differs"') == 1
    number = re.search(r'name="id" value="([^"]+)"', page)[1]
    form = {"id": number, "choice": "first", "reason": ""}
    assert "请写明理由" in client.post(there, data=form).text
    assert client.post(there, data=form | {"reason": "误触"}).status_code == 303
    page = client.get(there).text
    assert "误触" in page
    assert "撤回结论" in page
    assert "待核对的内容" not in client.get("/findings").text


def publish(sessions, change):
    """Let the planner publish the bridge's list anew."""
    shipped = files.templates(PROJECT / "data/checklists")
    own = next(one for one in shipped if one.code == "bridge_patrol")
    items = tuple(change(item) for item in own.items)
    with unit_of_work(sessions, SYSTEM) as session:
        publishing.publish(session, own.model_copy(update={"items": items}), by_name="陈规划")


def test_a_newer_list_that_judges_the_answers_otherwise_is_laid_beside(
    client, patrol, bridge, sessions, rule
):
    def turned(item):
        return item.model_copy(update={"bad": False}) if item.code == "joints" else item

    publish(sessions, turned)
    normal = visit(bridge.code, answers={"joints": "no"}, **SHOWN)
    kept = send(client, normal)
    assert kept["outcome"] == "all_normal"
    assert [one["item_code"] for one in kept["opened"]] == ["joints"]
    (one,) = waiting(client)
    assert (one["kind"], one["first_id"]) == ("list", kept["id"])
    rule(kept["conflict"], "first")
    assert states(client) == []


def test_a_newer_list_that_judges_the_same_is_no_conflict(client, patrol, bridge, sessions):
    publish(sessions, lambda item: item.model_copy(update={"grade": 4}))
    assert send(client, visit(bridge.code, **BAD, **SHOWN))["conflict"] is None


def test_a_label_that_had_ended_before_the_visit_is_looked_at_and_one_that_ended_later_is_not(
    client, patrol, bridge, street, people, rule, sign_in
):
    before = (datetime.now(UTC) - timedelta(minutes=5)).isoformat()
    mine = people.token(patrol)
    client.cookies.set("yitong_session", people.token(street))
    make_label(client, bridge.asset, hangs_at="桥头", reason="被水冲走")
    client.cookies.set("yitong_session", mine)
    assert send(client, visit(bridge.code, done_at=before))["conflict"] is None
    late = send(client, visit(bridge.code, **BAD))
    (one,) = waiting(client)
    assert (one["kind"], one["first_id"], one["second_id"]) == ("label", None, late["id"])
    page = client.get(f"/conflicts/{one['id']}").text
    assert "巡查之前，扫到的标签已经失效" in page
    rule(one["id"], "both", status=422)
    rule(one["id"], "first")
    assert states(client) == []


def test_an_asset_taken_out_of_use_before_the_visit_is_looked_at(
    client, patrol, bridge, street, people, rule
):
    client.cookies.set("yitong_session", people.token(street))
    gone = client.post(f"/api/v1/assets/{bridge.asset['id']}/retire", json={"reason": "已拆除"})
    assert gone.status_code == 200, gone.text
    client.cookies.set("yitong_session", people.token(patrol))
    kept = send(client, visit(bridge.code, **BAD))
    (one,) = waiting(client)
    assert (one["kind"], one["facts"]["reason"]) == ("asset", "已拆除")
    assert kept["opened"]
    rule(one["id"], "second")
    assert states(client) == [("joints", 1)]


def test_another_streets_number_is_no_second_version(client, patrol, bridge, sign_in):
    body = visit(bridge.code)
    send(client, body)
    sign_in(client, Role.STREET_COMMANDER, SHUANGJIANG)
    there = labelled(client, at=Point(108.90, 30.95), name="云阳大桥")
    taken = client.post(URL, json=body | {"code": there.code})
    assert taken.status_code == 409
