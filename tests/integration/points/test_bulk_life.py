"""A change of many points through its offices: back, amended, withdrawn, undone, or killed."""

import re
from uuid import uuid4

import pytest
from httpx2 import Client

from gis.authority import Role
from rescue_app.http.dependencies import COOKIE
from tests.ledger import carried, entered
from tests.world import CITY, WANZHOU, YUNYANG

PAGE = {"accept": "text/html"}
SEATS = {
    "planner": (Role.PLANNER, WANZHOU),
    "district": (Role.DISTRICT_COMMANDER, WANZHOU),
    "city": (Role.CITY_COMMANDER, CITY),
    "other": (Role.PLANNER, YUNYANG),
}
VISIT = {"act": "survey", "visited_on": "2026-05-30", "opinion": "逐点核对"}
NEW = {"set": ["owner_name", "drilled_on"], "owner_name": "王强", "drilled_on": "2026-05-01"}


@pytest.fixture
def tokens(world, hazard_types, people):
    return {who: people.token(people.add(*seat, name=who)) for who, seat in SEATS.items()}


@pytest.fixture
def ask(client, tokens):
    """`ask(who, method, path, …)` is one request of one person."""

    def do(who: str, method: str, path: str, **more: object):
        client.cookies.set(COOKIE, tokens[who])
        return client.request(method, path, headers=PAGE, **more)

    return do


@pytest.fixture
def step(ask):
    def take(who: str, case: str, act: str, **more: object):
        return ask(who, "POST", f"/api/v1/cases/{case}/steps", json={"act": act} | more)

    return take


@pytest.fixture
def points(sessions, tokens):
    """Four points of one owner, in the order of their names."""
    return [str(entered(sessions, name=f"点{n}", owner_name="李明")) for n in range(4)]


def applied(ask, **more: object) -> str:
    """Look at the change, then apply for it as the page does."""
    form = {"id": str(uuid4()), "reason": "换届"} | NEW | more
    shown = ask("planner", "POST", "/points/bulk/preview", data=form).text
    sent = ask("planner", "POST", "/points/bulk", data=form | {"seen": seen_in(shown)})
    assert sent.status_code == 303, sent.text
    return form["id"]


def seen_in(html: str) -> str:
    return re.findall(r'name="seen" value="(\w+)"', html)[0]


def through(step, case: str, **approval: object):
    assert step("planner", case, **VISIT).status_code == 200
    assert step("district", case, "review").status_code == 200
    return step("city", case, "approve", **approval)


def says(ask, point: str) -> tuple[object, ...]:
    now = ask("city", "GET", f"/api/v1/points/{point}").json()
    return now["owner_name"], now["drilled_on"], now["version"]


def test_it_comes_back_loses_a_point_gets_another_value_and_goes_through(ask, step, points):
    case = applied(ask)
    step("planner", case, **VISIT)
    back = step("district", case, "send_back", opinion="点2 已移交,责任人写错")
    assert back.json()["state"] == "returned"
    page = ask("planner", "GET", f"/cases/{case}").text
    assert page.count("剔除") == 4
    out = f"/cases/{case}/points/{points[2]}/leave-out"
    assert [ask("planner", "POST", out).status_code for _ in range(2)] == [303, 303]
    assert ask("planner", "GET", f"/api/v1/cases/{case}").json()["count_changed"] == 3
    assert ask("planner", "GET", f"/cases/{case}/edit").headers["location"].endswith("/bulk")
    form = ask("planner", "GET", f"/cases/{case}/bulk").text
    assert 'value="王强"' in form
    assert 'value="2026-05-01"' in form
    better = NEW | {"id": case, "owner_name": "王小强", "reason": "换届,已核对"}
    shown = ask("planner", "POST", f"/cases/{case}/bulk/preview", data=better).text
    assert "修改 3" in shown
    again = better | {"seen": seen_in(shown)}
    assert ask("planner", "POST", f"/cases/{case}/bulk", data=again).status_code == 303
    twice = ask("planner", "POST", f"/cases/{case}/bulk", data=again)
    assert twice.status_code == 409
    assert through(step, case).json()["state"] == "approved"
    assert says(ask, points[0]) == ("王小强", "2026-05-01", 2)
    assert says(ask, points[2]) == ("李明", None, 1)


def test_what_was_left_out_comes_back_in_and_the_last_point_stays(ask, step, points):
    case = applied(ask)
    step("district", case, "send_back", opinion="范围不对")
    for point in points[:3]:
        ask("planner", "POST", f"/cases/{case}/points/{point}/leave-out")
    last = ask("planner", "POST", f"/cases/{case}/points/{points[3]}/leave-out")
    assert last.status_code == 422
    assert "撤回办件" in last.text
    for _ in range(2):
        ask("planner", "POST", f"/cases/{case}/points/{points[1]}/take-in")
    assert step("planner", case, "apply").json()["count_changed"] == 2
    assert through(step, case).json()["state"] == "approved"
    assert [says(ask, point)[0] for point in points] == ["李明", "王强", "李明", "王强"]


def test_what_others_changed_meanwhile_is_taken_over_when_it_is_amended(
    ask, step, points, sessions
):
    case = applied(ask)
    theirs = {"version": 1, "name": "点0(改)"}
    other = ask("city", "PATCH", f"/api/v1/points/{points[0]}", json=theirs).json()
    carried(sessions, other["id"])
    stale = through(step, case)
    assert (stale.status_code, stale.json()["state"]) == (409, "returned")
    shown = ask("planner", "POST", f"/cases/{case}/bulk/preview", data=NEW | {"id": case}).text
    again = NEW | {"id": case, "seen": seen_in(shown)}
    assert ask("planner", "POST", f"/cases/{case}/bulk", data=again).status_code == 303
    assert through(step, case).json()["state"] == "approved"
    assert says(ask, points[0]) == ("王强", "2026-05-01", 3)
    assert ask("city", "GET", f"/api/v1/points/{points[0]}").json()["name"] == "点0(改)"


def test_withdrawn_is_the_end_of_it_and_nobody_else_amends_it(ask, step, points):
    case = applied(ask)
    out = f"/cases/{case}/points/{points[0]}/leave-out"
    assert ask("planner", "POST", out).status_code == 409
    step("district", case, "send_back", opinion="重办")
    assert ask("district", "POST", out).status_code == 409
    assert ask("district", "GET", f"/cases/{case}/bulk").status_code == 409
    for path in (f"/cases/{case}/bulk", f"/cases/{case}"):
        assert ask("other", "GET", path).status_code == 404
    assert ask("other", "POST", out).status_code == 404
    assert step("planner", case, "withdraw").json()["state"] == "withdrawn"
    assert step("planner", case, "apply").status_code == 409
    assert says(ask, points[0]) == ("李明", None, 1)


def test_an_approved_one_is_undone_as_one_and_only_while_nothing_builds_on_it(
    ask, step, points, sessions
):
    case = applied(ask)
    assert through(step, case).json()["state"] == "approved"
    undo = {"id": str(uuid4())}
    made = [ask("planner", "POST", f"/cases/{case}/undo", data=undo) for _ in range(2)]
    assert [answer.status_code for answer in made] == [303, 303]
    step("district", undo["id"], "review")
    assert step("city", undo["id"], "approve").json()["state"] == "approved"
    for page in (f"/cases/{case}", "/cases?whose=mine"):
        assert "已被撤销" in ask("planner", "GET", page).text, page
    assert {says(ask, point) for point in points} == {("李明", None, 3)}
    second = applied(ask)
    assert through(step, second).json()["state"] == "approved"
    later = ask("city", "PATCH", f"/api/v1/points/{points[1]}", json={"version": 4, "name": "后"})
    carried(sessions, later.json()["id"])
    refused = ask("planner", "POST", f"/cases/{second}/undo", data={"id": str(uuid4())})
    assert refused.status_code == 409
    assert "后" in refused.text


def test_a_killed_server_between_two_steps_loses_nothing_and_a_repeat_does_nothing_twice(
    ask, points, tokens, live_server
):
    case = applied(ask)
    way = [("planner", VISIT), ("district", {"act": "review"}), ("city", {"act": "approve"})]
    for who, said in way:
        body = said | {"id": str(uuid4())}
        cookies, headers = {COOKIE: tokens[who]}, {"sec-fetch-site": "same-origin"}
        address = f"{live_server.url}/api/v1/cases/{case}/steps"
        with Client(cookies=cookies, headers=headers, timeout=60) as person:
            first = person.post(address, json=body)
            assert first.status_code == 200, first.text
            live_server.kill()
            live_server.start()
            again = person.post(address, json=body)
        assert again.status_code == 200
        assert again.json() == first.json()
    steps = [one["act"] for one in again.json()["steps"]]
    assert steps == ["apply", "survey", "review", "approve"]
    assert {says(ask, point) for point in points} == {("王强", "2026-05-01", 2)}


def test_a_case_of_many_points_is_read_by_the_page_each_in_a_line_that_opens(ask, sessions, tokens):
    for n in range(51):
        entered(sessions, name=f"点{n:02}", number=f"N-{n:02}", owner_name="李明")
    case = applied(ask)
    first, second = (ask("planner", "GET", f"/cases/{case}?page={n}").text for n in (1, 2))
    assert first.count('<details id="draft-') == 50
    assert (second.count('<details id="draft-'), "点50" in second) == (1, True)
    assert re.search(r"<del>.*?李明.*?</del> → <ins>.*?王强.*?</ins>", first)
