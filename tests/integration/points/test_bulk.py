"""One change of many points: looked at first, one case, and only where its author may."""

import re
from uuid import uuid4

from gis.authority import Role
from tests.ledger import carried
from tests.world import IN_SHUANGJIANG, WANZHOU

PAGE = {"accept": "text/html"}
NEW = {"set": ["owner_name", "plan_exists"], "owner_name": "王强", "plan_exists": "true"}


def looked(desk, which: str, **more: object):
    """The preview, and the form that applies for what it shows."""
    first = desk.get(f"/points/bulk?{which}", headers=PAGE)
    assert first.status_code == 200, first.text
    case = re.findall(r'name="id" value="([^"]+)"', first.text)[0]
    form = {"id": case} | NEW | more
    shown = desk.post(f"/points/bulk/preview?{which}", data=form, headers=PAGE)
    seen = re.findall(r'name="seen" value="(\w+)"', shown.text)
    return shown, form | {"seen": seen[0] if seen else "", "reason": "换届"}


def test_two_fields_of_many_points_are_one_case_and_stand_after_its_approval(
    desk, enter, delist, sessions
):
    points = [enter(desk, name=f"点{n}", owner_name="李明") for n in range(3)]
    enter(desk, name="已是", owner_name="王强", plan_exists=True)
    gone = enter(desk, name="核销")
    delist(desk, f"/api/v1/points/{gone['id']}", version=1)
    which = "state=approved&state=delisted"
    shown, form = looked(desk, which)
    for words in ("修改 3", "1 个本来如此", "1 个已核销"):
        assert words in shown.text
    assert shown.text.count("<del>") == 6
    sent = [desk.post(f"/points/bulk?{which}", data=form, headers=PAGE) for _ in range(2)]
    assert [answer.status_code for answer in sent] == [303, 303]
    case = desk.get(f"/api/v1/cases/{form['id']}").json()
    assert (case["kind"], case["state"], case["count_changed"]) == ("bulk", "applied", 3)
    assert desk.get(f"/api/v1/points/{points[0]['id']}").json()["owner_name"] == "李明"
    rows = desk.get(f"/cases/{form['id']}", headers=PAGE).text
    # A bare word would be squeezed into the arrow's column on a phone.
    assert len(re.findall(r"<span>[^<]*高笋塘街道</span>", rows)) == 3
    carried(sessions, form["id"])
    for point in points:
        now = desk.get(f"/api/v1/points/{point['id']}").json()
        assert (now["owner_name"], now["plan_exists"], now["version"]) == ("王强", True, 2)
        assert (now["name"], now["threatened_persons"]) == (point["name"], 120)


def test_what_changed_since_it_was_looked_at_is_looked_at_again(desk, enter, change):
    point = enter(desk)
    _, form = looked(desk, f"pick={point['id']}")
    change(desk, f"/api/v1/points/{point['id']}", version=1, trigger="强降雨")
    late = desk.post(f"/points/bulk?pick={point['id']}", data=form, headers=PAGE)
    assert late.status_code == 409
    assert "请重新预览" in late.text


def test_what_is_wrong_with_a_value_is_said_beside_it(desk, enter):
    enter(desk)
    wrong, _ = looked(desk, "", set=["drilled_on", "category"], drilled_on="昨天", category="nice")
    assert wrong.status_code == 422
    assert "请选择一项" in wrong.text
    forced = {"id": str(uuid4()), "set": "category", "category": "nice"}
    assert desk.post("/points/bulk", data=forced, headers=PAGE).status_code == 422
    nothing, _ = looked(desk, "", set=[])
    assert "请至少选一个项目" in nothing.text
    assert desk.get("/points/bulk?ticked=true", headers=PAGE).status_code == 422
    assert desk.get("/points/bulk?as_of=2026-01-01", headers=PAGE).status_code == 422


def test_another_district_has_no_such_points_and_an_observer_changes_none(desk, enter, sign_in):
    mine = enter(desk, name="万州点")
    theirs = enter(desk, name="云阳点", longitude=IN_SHUANGJIANG.x, latitude=IN_SHUANGJIANG.y)
    sign_in(desk, Role.PLANNER, WANZHOU)
    which = f"pick={mine['id']}&pick={theirs['id']}"
    refused = desk.get(f"/points/bulk?{which}", headers=PAGE)
    assert refused.status_code == 404
    form = {"id": mine["id"]} | NEW
    for step in ("/preview", ""):
        assert desk.post(f"/points/bulk{step}?{which}", data=form).status_code == 404
    shown, _ = looked(desk, "q=点")
    assert "万州点" in shown.text
    assert "云阳点" not in shown.text
    sign_in(desk, Role.OBSERVER, WANZHOU)
    assert desk.get("/points/bulk", headers=PAGE).status_code == 403
    assert 'name="pick"' not in desk.get("/points", headers=PAGE).text
