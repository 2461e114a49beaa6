"""A round through the front: sent once or ten times, kept once, and nothing bad gets lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from shapely import Point
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import RESIDENT, SYSTEM, Scope
from hazards.checklists import files, publishing
from rescue_app.settings import PROJECT
from tests.patrols import labelled, load_reference, visit
from tests.world import GAOSUNTANG, SHUANGJIANG, WANZHOU, YUNYANG

pytestmark = pytest.mark.usefixtures("world", "reference")
URL = "/api/v1/inspections"
SHIPPED = PROJECT / "data/checklists"
BAD = {"outcome": "problem", "answers": {"joints": "yes"}}


@pytest.fixture
def reference(sessions):
    load_reference(sessions)


@pytest.fixture
def bridge(client, sign_in):
    """A labelled bridge in Gaosuntang, its patrol signed in."""
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG, "高书记")
    made = labelled(client)
    sign_in(client, Role.PATROL, GAOSUNTANG, "巡查员小李")
    return made


def worst(client, bridge):
    return client.get(f"/api/v1/assets/{bridge.asset['id']}").json()["worst_open_grade"]


def test_a_normal_round_is_kept_with_its_time_place_and_distance(client, bridge):
    done_at = datetime.now(UTC) - timedelta(minutes=20)
    body = visit(bridge.code, lon=108.3502, lat=30.80, accuracy_m=8, done_at=done_at.isoformat())
    answer = client.post(URL, json=body)
    kept = answer.json()
    assert answer.status_code == 201
    assert (kept["actor_name"], kept["outcome"], kept["far"]) == ("巡查员小李", "all_normal", False)
    assert 18 < kept["distance_m"] < 20
    assert abs(datetime.fromisoformat(kept["done_at"]) - done_at) < timedelta(seconds=1)
    assert datetime.fromisoformat(kept["received_at"]) > done_at + timedelta(minutes=19)


def test_a_scan_from_afar_is_flagged_and_never_refused(client, bridge):
    kept = client.post(URL, json=visit(bridge.code, lon=108.36, lat=30.80)).json()
    assert kept["far"]
    assert kept["distance_m"] > 900


def test_a_round_without_a_scan_is_possible_and_shows(client, bridge):
    body = visit(bridge.code, asset_id=bridge.asset["id"])
    del body["code"]
    kept = client.post(URL, json=body).json()
    assert kept["code_id"] is None


def test_a_bad_answer_opens_a_finding_of_the_grade_in_the_template(client, bridge):
    answers = {"joints": True, "abnormal_movement": "no", "clearance": "４９"}
    done = client.post(URL, json=visit(bridge.code, outcome="problem", answers=answers)).json()
    opened = {one["item_code"]: one for one in done["opened"]}
    assert set(opened) == {"joints", "clearance"}
    assert (opened["joints"]["grade"], opened["joints"]["stop"]) == (3, False)
    assert (opened["clearance"]["grade"], opened["clearance"]["stop"]) == (1, True)
    assert opened["clearance"]["answer"] == "49 cm"
    assert worst(client, bridge) == 1


def test_words_alone_open_a_finding_of_their_own(client, bridge):
    for words in ("桥下有人烧火", "护栏上有蜂窝"):
        done = client.post(URL, json=visit(bridge.code, outcome="problem", note=words)).json()
        assert [one["item_code"] for one in done["opened"]] == ["other"]
    assert client.get("/api/v1/findings").json()["total"] == 2


def test_the_same_open_defect_joins_instead_of_opening_another(client, bridge):
    first = client.post(URL, json=visit(bridge.code, **BAD)).json()
    second = client.post(URL, json=visit(bridge.code, note="更严重了", **BAD)).json()
    assert (len(first["opened"]), len(second["opened"])) == (1, 0)
    assert second["joined"][0]["id"] == first["opened"][0]["id"]
    assert second["joined"][0]["times_seen"] == 2
    steps = client.get(f"/api/v1/findings/{first['opened'][0]['id']}/steps").json()
    assert [step["act"] for step in steps] == ["discover", "see_again"]


def test_a_double_tap_counts_once(client, bridge):
    body = visit(bridge.code, **BAD)
    first, second = client.post(URL, json=body), client.post(URL, json=body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json()["new"] is False
    assert first.json()["id"] == second.json()["id"]
    assert client.get("/api/v1/findings").json()["items"][0]["times_seen"] == 1


def test_ten_at_once_count_once_and_two_rounds_at_once_open_one_finding(client, bridge):
    one, other = visit(bridge.code, **BAD), visit(bridge.code, **BAD)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda body: client.post(URL, json=body), [one, other] * 5))
    assert sorted(answer.status_code for answer in answers) == [200] * 8 + [201] * 2
    found = client.get("/api/v1/findings").json()
    assert (found["total"], found["items"][0]["times_seen"]) == (1, 2)


@pytest.mark.parametrize(
    ("said", "status", "told"),
    [
        ({"answers": {"clearance": "-3"}}, 422, "Measure again"),
        ({"answers": {"clearance": "abc"}}, 422, "“Clearance from water to deck” needs a number"),
        ({"answers": {"moon": "yes"}}, 422, "moon"),
        ({"answers": {"joints": "yes"}}, 422, "all normal"),
        ({"outcome": "problem"}, 422, "few words"),
        ({"outcome": "fine"}, 422, "outcome"),
        ({"note": "长" * 10_000}, 422, "10000"),
        ({"lon": 108.3}, 422, "lat"),
        ({"lon": 30.8, "lat": 108.3}, 422, "swapped"),
        ({"code": "AAAA"}, 422, "16"),
        ({"code": None}, 422, "asset_id"),
        ({"id": "7"}, 422, "id"),
    ],
)  # fmt: skip
def test_a_senseless_round_is_refused_with_the_reason_and_nothing_is_kept(
    client, bridge, said, status, told, owner
):
    answer = client.post(f"{URL}?lang=en", json=visit(bridge.code) | said)
    assert answer.status_code == status
    assert told in answer.json()["detail"]
    assert owner.scalar(text("select count(*) from inspection")) == 0


def test_a_phone_two_hours_ahead_is_put_right_and_noted(client, bridge):
    now = datetime.now(UTC)
    ahead = now + timedelta(hours=2)
    said = {"done_at": (ahead - timedelta(minutes=30)).isoformat(), "sent_at": ahead.isoformat()}
    kept = client.post(URL, json=visit(bridge.code, **said)).json()
    assert abs(kept["clock_off_s"] - 7200) < 60
    done = datetime.fromisoformat(kept["done_at"])
    assert abs(done - (now - timedelta(minutes=30))) < timedelta(minutes=1)


def test_a_time_in_the_future_without_the_phones_clock_becomes_now(client, bridge):
    later = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
    kept = client.post(URL, json=visit(bridge.code, done_at=later)).json()
    assert kept["clock_off_s"] > 7000
    assert kept["done_at"] <= kept["received_at"]


def test_an_observer_reads_and_inspects_nothing(client, bridge, sign_in):
    sign_in(client, Role.OBSERVER, WANZHOU)
    assert client.post(URL, json=visit(bridge.code)).status_code == 403
    client.cookies.clear()
    assert client.post(URL, json=visit(bridge.code)).status_code == 401


def test_a_patrol_of_another_district_cannot_inspect_here(client, bridge, sign_in):
    sign_in(client, Role.PATROL, YUNYANG)
    assert client.post(URL, json=visit(bridge.code)).status_code == 404


@pytest.fixture
def two_districts(client, sign_in):
    """A finding in Yunyang; the patrol of Wanzhou signed in, as an actor."""
    sign_in(client, Role.STREET_COMMANDER, SHUANGJIANG)
    there = labelled(client, at=Point(108.90, 30.95), name="云阳大桥")
    done = client.post(URL, json=visit(there.code, **BAD)).json()
    patrol = sign_in(client, Role.PATROL, WANZHOU).as_actor()
    return there, done, Scope.of(patrol)


def test_a_wanzhou_patrol_reads_nothing_of_yunyang_not_even_by_hand(
    client, sessions, two_districts
):
    _, done, wanzhou = two_districts
    assert client.get(f"{URL}/{done['id']}").status_code == 404
    assert client.get(f"/api/v1/findings/{done['opened'][0]['id']}").status_code == 404
    assert client.get("/api/v1/findings").json()["total"] == 0
    for scope in (wanzhou, RESIDENT):
        with unit_of_work(sessions, scope) as session:
            for table in ("inspection", "finding", "finding_step"):
                assert session.scalar(text(f"select count(*) from {table}")) == 0
    with unit_of_work(sessions, SYSTEM) as session:
        assert session.scalar(text("select count(*) from finding")) == 1


@pytest.mark.parametrize(
    "statement",
    [
        (
            "insert into inspection (id, asset_id, area_path, template_code, actor_id, actor_name,"
            " template_version, outcome, answers, note, done_at, received_at, clock_off_s, far,"
            " fingerprint) values (gen_random_uuid(), :asset,"
            " '/500000/500235/500235001/', 't', gen_random_uuid(), 'x',"
            " 1, 'all_normal', '[]', '', now(), now(), 0, false, '')"
        ),
        (
            "insert into finding_step (id, finding_id, area_path, act, state, actor_name, note,"
            " actor_id, done_at, received_at) values (gen_random_uuid(), :finding,"
            " '/500000/500235/500235001/', 'verify', 'verified', 'x', '', gen_random_uuid(), now(),"
            " now())"
        ),
        (
            "insert into risk_code (id, asset_id, issue, code, key_id, state, hangs_at, reason,"
            " area_path, printed_at) values (gen_random_uuid(), :asset, 9, 'X', 0, 'printed', '',"
            " '', '/500000/500235/500235001/', now())"
        ),
    ],
    ids=["inspection", "step", "code"],
)
def test_a_wanzhou_patrol_adds_nothing_to_yunyang_not_even_by_hand(
    sessions, two_districts, statement
):
    there, done, wanzhou = two_districts
    facts = {"finding": done["opened"][0]["id"], "asset": there.asset["id"]}
    names = {name: value for name, value in facts.items() if f":{name}" in statement}
    refused = pytest.raises(DBAPIError, match="row-level security")
    with refused, unit_of_work(sessions, wanzhou) as session:
        session.execute(text(statement), names)


@pytest.mark.parametrize("change", ["update finding set state = 'verified', closed_at = now()",
                                    "update risk_code set state = 'revoked'",
                                    "update asset set worst_open_grade = null"])  # fmt: skip
def test_a_wanzhou_patrol_changes_nothing_of_yunyang_not_even_by_hand(
    sessions, two_districts, change
):
    with unit_of_work(sessions, two_districts[2]) as session:
        assert session.execute(text(change)).rowcount == 0


@pytest.mark.parametrize("wipe", ["delete from finding", "delete from inspection",
                                  "update inspection set outcome = 'all_normal'",
                                  "delete from finding_step"])  # fmt: skip
def test_the_application_itself_can_lose_no_finding_and_rewrite_no_round(
    sessions, two_districts, wipe
):
    refused = pytest.raises(DBAPIError, match="permission denied")
    with refused, unit_of_work(sessions, SYSTEM) as session:
        session.execute(text(wipe))


def test_answers_to_the_list_that_was_shown_are_judged_by_it_whatever_is_published_meanwhile(
    client, bridge, sessions
):
    page = client.get(f"/c/{bridge.code}", headers={"accept": "text/html"}).text
    assert 'name="template_code" value="bridge_patrol"' in page
    assert 'name="template_version" value="1"' in page
    shown = {"template_code": "bridge_patrol", "template_version": 1}
    before, after = (visit(bridge.code, **BAD, **shown) for _ in range(2))
    assert client.post(URL, json=before).status_code == 201
    own = next(one for one in files.templates(SHIPPED) if one.code == "bridge_patrol")
    left = tuple(item for item in own.items if item.code != "joints")
    with unit_of_work(sessions, SYSTEM) as session:
        publishing.publish(session, own.model_copy(update={"items": left}), by_name="陈规划")
    assert client.post(URL, json=before).status_code == 200
    assert client.post(URL, json=after).status_code == 201
    assert client.post(URL, json=visit(bridge.code, **BAD)).status_code == 422
    query = text("SELECT template_version, answers -> 0 ->> 'item' FROM inspection")
    with unit_of_work(sessions, SYSTEM) as session:
        assert session.execute(query).all() == [(1, "joints"), (1, "joints")]
    for strange in ({"template_code": "evacuation"}, {"template_version": 99}):
        refused = client.post(URL, json=visit(bridge.code, **shown | strange))
        assert refused.status_code == 422
    assert client.post(URL, json=visit(bridge.code, template_version=1)).status_code == 422
