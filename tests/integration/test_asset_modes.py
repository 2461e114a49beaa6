"""Lists of assets for emergencies: asked at the scan, and a known defect stays the one it is."""

import re
from uuid import uuid4

import pytest

from gis.authority import Role
from tests.patrols import labelled, load_reference, visit
from tests.world import GAOSUNTANG, WANZHOU

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def underpass(client, sign_in, sessions):
    load_reference(sessions)
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG)
    return labelled(client, type="underpass", name="高笋塘下穿道")


def turn(client, sign_in, mode):
    sign_in(client, Role.DISTRICT_COMMANDER, WANZHOU)
    body = {"id": str(uuid4()), "area_path": WANZHOU, "mode": mode, "reason": "暴雨橙色预警"}
    assert client.post("/api/v1/modes", json=body).is_success
    sign_in(client, Role.PATROL, GAOSUNTANG)


def report(client, code, **answers):
    body = visit(code, outcome="problem", answers=answers)
    answer = client.post("/api/v1/inspections", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_each_mode_asks_its_own_list_and_a_known_defect_is_joined_not_found_anew(
    client, sign_in, underpass
):
    sign_in(client, Role.PATROL, GAOSUNTANG)
    found = report(client, underpass.code, grate="yes")["opened"][0]
    for mode, asked in (("urgent", "standby_pump"), ("war", "trapped")):
        turn(client, sign_in, mode)
        assert f'name="a.{asked}"' in client.get(f"/c/{underpass.code}").text
        assert 'name="a.walls"' not in client.get(f"/c/{underpass.code}").text
        told = report(client, underpass.code, water_depth="26")
        assert [one["grade"] for one in told["opened"] or told["joined"]] == [1]
    turn(client, sign_in, "urgent")
    again = report(client, underpass.code, grate="yes", standby_pump="no")
    assert [one["id"] for one in again["joined"]] == [found["id"]]
    assert again["joined"][0]["times_seen"] == 2
    assert len(again["opened"]) == 1
    assert client.get("/api/v1/findings").json()["total"] == 3


def test_the_desk_sees_the_list_of_each_mode_which_is_asked_now_and_that_nobody_approved_it(
    client, sign_in, underpass
):
    turn(client, sign_in, "urgent")
    page = client.get(f"/assets/{underpass.asset['id']}?lang=en").text
    lists = page.split("<h2>Checklist</h2>")[1].split("</section>")[0]
    asked = [re.search(r'href="/checklists/(\w+)"', row)[1] for row in lists.split("<dt>")[1:]
             if "Asked now" in row]  # fmt: skip
    assert len(lists.split("<dt>")) == 4
    assert asked == ["underpass_urgent"]
    assert "No authority has approved them" in lists
    assert "未经任何主管部门批准" in client.get("/checklists?lang=zh").text
    assert "未经任何主管部门批准" in client.get(f"/checklists/{asked[0]}?lang=zh").text
