"""The way of a case: applied for, surveyed, reviewed, approved; each step one person's own."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from starlette.testclient import TestClient

from gis.authority import Role
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.points.cases import drafting
from hazards.points.cases import service as cases
from hazards.points.cases.models import CaseStep, HazardPointDraft, LedgerCase
from hazards.points.cases.rules import Kind
from rescue_app.http.dependencies import COOKIE
from tests.integration.files.ugly import jpeg
from tests.ledger import PROGRAM, entered, said
from tests.world import CITY, GAOSUNTANG, IN_SHUANGJIANG, WANZHOU, YUNYANG

SEATS = {
    "planner": (Role.PLANNER, WANZHOU),
    "street": (Role.STREET_COMMANDER, GAOSUNTANG),
    "district": (Role.DISTRICT_COMMANDER, WANZHOU),
    "city": (Role.CITY_COMMANDER, CITY),
    "other": (Role.PLANNER, YUNYANG),
}
VISIT = {"act": "survey", "visited_on": "2026-05-30", "opinion": "后缘裂缝 12 米"}


@pytest.fixture
def office(client, world, hazard_types, people):
    """`office(who, method, path, body)` is one request of one person."""
    tokens = {who: people.token(people.add(*seat, name=who)) for who, seat in SEATS.items()}

    def ask(who: str, method: str, path: str, body: object = None):
        client.cookies.set(COOKIE, tokens[who])
        return client.request(method, f"/api/v1/{path}", json=body)

    return ask


@pytest.fixture
def step(office):
    def take(who: str, case: dict[str, str], act: str, **more: object):
        return office(who, "POST", f"cases/{case['id']}/steps", {"act": act} | more)

    return take


@pytest.fixture
def point(office, sessions) -> str:
    return str(entered(sessions))


def through(step, case):
    step("planner", case, **VISIT)
    step("district", case, "review")
    return step("city", case, "approve", opinion="同意")


def test_a_new_point_stands_only_after_every_office_had_its_say(office, step):
    body = said(id=str(uuid4()), reason="雨后新发现")
    case = office("planner", "POST", "points", body).json()
    again = office("planner", "POST", "points", body)
    assert (again.status_code, again.json()["id"]) == (200, case["id"])
    assert (case["state"], case["count_new"], case["unit_path"]) == ("applied", 1, WANZHOU)
    assert office("planner", "GET", f"points/{body['id']}").status_code == 404

    assert step("planner", case, "survey").status_code == 422
    assert step("planner", case, "survey", visited_on="2999-01-01", opinion="x").status_code == 422
    assert step("planner", case, "review").status_code in {403, 409}
    assert step("planner", case, **VISIT).json()["state"] == "surveyed"
    assert step("planner", case, "review").status_code == 403
    assert step("district", case, "review").json()["state"] == "reviewed"
    assert step("district", case, "approve").status_code == 403
    taken = str(uuid4())
    done = [step("city", case, "approve", id=taken) for _ in range(2)]
    assert [answer.status_code for answer in done] == [200, 200]
    assert [s["act"] for s in done[1].json()["steps"]] == ["apply", "survey", "review", "approve"]
    point = office("planner", "GET", f"points/{body['id']}").json()
    assert (point["state"], point["version"], point["changed_by_name"]) == (
        "approved",
        1,
        "planner",
    )
    assert step("city", case, "approve").status_code == 409


def test_nobody_judges_what_he_applied_for_or_approves_what_he_reviewed(office, step, client):
    case = office("city", "POST", "points", said()).json()
    step("city", case, **VISIT)
    assert step("city", case, "review").status_code == 403
    assert step("city", case, "send_back", opinion="x").status_code == 403
    theirs = office("planner", "POST", "points", said(name="另一处")).json()
    step("planner", theirs, **VISIT)
    assert step("city", theirs, "review").status_code == 200
    assert step("city", theirs, "approve").status_code == 403
    assert "复核过的人不能再核准" in client.get(f"/cases/{theirs['id']}").text
    assert step("planner", theirs, "approve").status_code == 403
    assert "待市级核准" in client.get(f"/cases/{theirs['id']}").text


def test_what_goes_back_says_why_and_comes_again_better(office, step, point):
    case = office("planner", "PATCH", f"points/{point}", {"version": 1, "name": "新名"}).json()
    assert step("district", case, "send_back").status_code == 422
    back = step("district", case, "send_back", opinion="请补充依据").json()
    assert (back["state"], back["steps"][-1]["opinion"]) == ("returned", "请补充依据")
    assert step("street", case, "apply").status_code in {403, 404}
    assert step("planner", case, "apply").json()["state"] == "applied"
    assert through(step, case).json()["state"] == "approved"
    assert office("planner", "GET", f"points/{point}").json()["name"] == "新名"


def test_another_district_sees_neither_cases_nor_drafts_nor_steps(office, step, sessions, point):
    case = office("planner", "PATCH", f"points/{point}", {"version": 1, "name": "新名"}).json()
    assert office("other", "GET", f"cases/{case['id']}").status_code == 404
    assert office("other", "GET", "cases").json() == {"total": 0, "items": []}
    assert step("other", case, "withdraw").status_code == 404
    with unit_of_work(sessions, Scope(YUNYANG, Role.PLANNER)) as session:
        for table in (LedgerCase, HazardPointDraft, CaseStep):
            assert session.scalar(select(func.count()).select_from(table)) == 0
    there = said(longitude=IN_SHUANGJIANG.x, latitude=IN_SHUANGJIANG.y)
    assert office("planner", "POST", "points", there).status_code == 403


def test_a_draft_the_ledger_has_left_goes_back_with_both_versions(office, step, point):
    first = office("planner", "PATCH", f"points/{point}", {"version": 1, "name": "先"}).json()
    second = office("street", "PATCH", f"points/{point}", {"version": 1, "address": "后"}).json()
    for case in (first, second):
        step("planner", case, **VISIT)
        step("district", case, "review")
    assert step("city", first, "approve").status_code == 200
    stale = step("city", second, "approve")
    assert (stale.status_code, stale.json()["state"]) == (409, "returned")
    (old,) = stale.json()["steps"][-1]["facts"]["outdated"]
    assert (old["point_id"], old["base"], old["ledger"]) == (point, 1, 2)
    assert office("city", "GET", f"cases/{second['id']}").json()["state"] == "returned"
    again = step("street", second, "apply")
    assert again.status_code == 409
    assert "planner" in again.json()["detail"]
    assert "1" in again.json()["detail"]


def test_two_approvers_at_once_approve_once(office, step, sessions, people, point):
    case = office("planner", "PATCH", f"points/{point}", {"version": 1, "name": "新名"}).json()
    step("planner", case, **VISIT)
    step("district", case, "review")
    actors = [people.add(Role.CITY_COMMANDER, CITY).as_actor() for _ in range(2)]

    def approve(actor) -> str:
        now = datetime.now(UTC)
        try:
            with unit_of_work(sessions, Scope.of(actor)) as session:
                cases.approve(session, case_id=case["id"], by=actor, now=now)
        except cases.Conflict as error:
            return str(error)
        return "approved"

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(approve, actors))
    assert told[0].startswith("Somebody has moved this case on")
    assert told[1] == "approved"
    assert office("city", "GET", f"points/{point}").json()["version"] == 2


def test_what_was_applied_is_undone_while_nothing_builds_on_it(office, step, point):
    change = {"version": 1, "name": "新名", "threatened_persons": 1200}
    case = office("planner", "PATCH", f"points/{point}", change).json()
    assert office("planner", "POST", f"cases/{case['id']}/undo", {}).status_code == 409
    through(step, case)
    undo = office("planner", "POST", f"cases/{case['id']}/undo", {}).json()
    assert (undo["kind"], undo["state"]) == ("undo", "applied")
    assert office("planner", "POST", f"cases/{case['id']}/undo", {}).status_code == 409
    step("district", undo, "review")
    step("city", undo, "approve")
    now = office("city", "GET", f"points/{point}").json()
    assert (now["name"], now["grade"], now["version"]) == ("大石坡滑坡", "III", 3)
    later = office("planner", "POST", f"cases/{case['id']}/undo", {})
    assert later.status_code == 409

    new = office("planner", "POST", "points", said(name="误录", id=str(uuid4()))).json()
    through(step, new)
    gone = office("planner", "POST", f"cases/{new['id']}/undo", {}).json()
    step("district", gone, "review")
    step("city", gone, "approve")
    ended = office("city", "GET", f"points/{new['id']}").json()
    assert (ended["state"], ended["delisted_ground"]) == ("delisted", "entered_in_error")


ROWS = f"""
    SELECT id, version, {", ".join("'某人'" if c == "owner_name" else c for c in drafting.SAYS)}
    FROM hazard_point WHERE area_path >= :path
"""


def test_a_case_of_many_rows_is_drafted_and_applied_as_a_set(sessions, office):
    for number in range(5):
        entered(sessions, name=f"点 {number}")
    now, case_id = datetime.now(UTC), new_id()
    with unit_of_work(sessions, SYSTEM) as session:
        opened = {"kind": Kind.IMPORT, "title": "台账", "by": PROGRAM, "now": now}
        case = cases.open_case(session, id=case_id, **opened)
        assert drafting.fill(session, case, ROWS, path=CITY) == 5
        done = cases.carry_through(session, case_id=case_id, by=PROGRAM, now=now)
        assert (done.count_changed, done.area_path) == (5, GAOSUNTANG)
        owners = session.scalars(text("SELECT DISTINCT owner_name || version FROM hazard_point"))
        assert owners.all() == ["某人2"]


def test_a_photo_of_the_visit_goes_with_its_step_to_those_who_see_the_case(
    office, step, client, point
):
    case = office("planner", "PATCH", f"points/{point}", {"version": 1, "name": "新名"}).json()
    photo = str(uuid4())
    sent = client.put(f"/api/v1/files/{photo}", params={"name": "裂缝.jpg"}, content=jpeg())
    assert sent.status_code == 200, sent.text
    assert step("planner", case, **VISIT, file_ids=[photo]).json()["steps"][-1]["file_ids"] == [
        photo
    ]
    office("district", "GET", "cases")
    page = client.get(f"/cases/{case['id']}", headers={"accept": "text/html"}).text
    assert f'<img src="/files/{photo}/small" alt="' in page
    assert client.get(f"/files/{photo}").status_code == 200
    assert step("district", case, "review", file_ids=[photo]).status_code == 404
    office("other", "GET", "cases")
    assert client.get(f"/files/{photo}").status_code == 404


def test_the_board_says_what_waits_for_whom(office, step, client: TestClient, point):
    case = office("planner", "PATCH", f"points/{point}", {"version": 1, "name": "新名"}).json()
    waiting = {"applied": {"planner", "district", "city"}, "surveyed": {"district", "city"}}

    def board(who: str) -> str:
        office(who, "GET", "cases")
        return client.get("/cases", headers={"accept": "text/html"}).text

    for state, whom in waiting.items():
        assert {who for who in SEATS if "大石坡" in board(who)} == whom, state
        step("planner", case, **VISIT)
    step("district", case, "send_back", opinion="请补充依据")
    assert {who for who in SEATS if "大石坡" in board(who)} == {"planner"}
