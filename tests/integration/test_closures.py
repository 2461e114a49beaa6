"""A bridge is closed and opened again; who scans it reads what his role and the mode call for."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from tests.patrols import labelled, make_asset
from tests.world import IN_SHUANGJIANG

pytestmark = pytest.mark.usefixtures("world")
PAGE = {"accept": "text/html"}
STOPS = "108.349 30.80 西桥头路口\n108.353,30.8005 东桥头"
DETOUR = "108.349 30.80\n108.350 30.806\n108.353 30.8005"


@pytest.fixture
def bridge(street):
    return labelled(street.sign_in("street"), owner_unit="市政养护中心", owner_phone="023-58220000")


def see(street, bridge, who="", **more):
    if who:
        street.sign_in(who)
    else:
        street.client.cookies.clear()
    answer = street.client.get(f"/c/{bridge.code}", headers=PAGE, **more)
    assert answer.status_code == 200
    return answer.text


def close(street, bridge, who="patrol", **said):
    form = {"id": str(uuid4()), "reason": "桥墩被船撞了"} | said
    path = f"/assets/{bridge.asset['id']}/closures"
    return street.sign_in(who).post(path, data=form, headers=PAGE)


def plan(street, bridge, who="planner", **said):
    form = {"id": str(uuid4()), "version": "0", "stops": STOPS, "detour": DETOUR,
            "words": "经新华路绕行", "closer": "交警一大队", "closer_phone": "023-122"}  # fmt: skip
    path = f"/assets/{bridge.asset['id']}/traffic"
    return street.sign_in(who).post(path, data=form | said, headers=PAGE)


def in_order(page, *words):
    places = [page.find(word) for word in words]
    assert -1 not in places, dict(zip(words, places, strict=True))
    assert places == sorted(places), dict(zip(words, places, strict=True))


def test_a_patrol_closes_it_and_the_residents_page_says_so_before_all_else(street, bridge, owner):
    plan(street, bridge)
    assert "禁止通行" not in see(street, bridge)
    until = (datetime.now(UTC) + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    again = {"id": str(uuid4()), "expected_at": until, "next": f"/c/{bridge.code}"}
    assert close(street, bridge, **again).headers["location"] == f"/c/{bridge.code}"
    assert close(street, bridge, **again).status_code == 303  # the same id is the same closure
    told = see(street, bridge)
    main = told[told.index("<main") :]
    in_order(
        main,
        "shape-red",
        "交通封闭，禁止通行",
        "桥墩被船撞了",
        "预计",
        "<h1",
        "tel:119",
        "经新华路绕行",
    )
    assert "市政养护中心" in main
    assert "覃巡查" not in told  # who closed it is the offices' matter
    assert "023-122" not in told
    second = close(street, bridge, "street")
    assert (second.status_code, "已经封闭" in second.text) == (409, True)
    lines = owner.execute(text("select act from audit_entry where act like 'asset.%' order by seq"))
    assert [row.act for row in lines][-2:] == ["asset.traffic_planned", "asset.closed"]
    live = owner.execute(text("select kind from live_event where topic = 'asset' order by seq"))
    assert [row.kind for row in live][-1] == "closed"
    assert "Do not pass" in see(street, bridge, params={"lang": "en"})


def test_an_office_opens_it_again_and_the_history_keeps_both(street, bridge):
    close(street, bridge)
    page = see(street, bridge, "patrol")
    assert "/reopen" not in page
    closure = re.search(r"/closures/([0-9a-f-]{36})/reopen", see(street, bridge, "street"))[1]
    path = f"/closures/{closure}/reopen"
    assert street.sign_in("patrol").post(path, headers=PAGE).status_code == 403
    assert street.sign_in("yunyang").post(path, headers=PAGE).status_code == 409
    for _twice in range(2):
        sent = street.sign_in("street").post(path, data={"note": "潜水检查无损"}, headers=PAGE)
        assert sent.status_code == 303
    assert "禁止通行" not in see(street, bridge)
    page = street.client.get(f"/assets/{bridge.asset['id']}", headers=PAGE)
    street.sign_in("street")
    page = street.client.get(f"/assets/{bridge.asset['id']}", headers=PAGE).text
    in_order(page, "封闭过 1 次", "桥墩被船撞了", "潜水检查无损")
    assert close(street, bridge).status_code == 303


def test_a_closure_that_says_too_little_is_refused_with_what_to_do(street, bridge):
    ugly = {
        "请写明封闭原因": {"reason": " \x00\n "},
        "预计恢复时间应晚于现在": {"expected_at": "2020-01-01T08:00"},
        "请刷新页面": {"expected_at": "明天"},
        "表单不完整": {"id": "7"},
    }
    for told, said in ugly.items():
        refused = close(street, bridge, **said)
        assert (refused.status_code, told in refused.text) == (422, True), told
    assert "禁止通行" not in see(street, bridge)


def test_nobody_of_another_place_or_without_the_right_closes_it(street, bridge):
    assert close(street, bridge, "yunyang").status_code == 404
    assert close(street, bridge, "taibai_street").status_code == 404
    assert close(street, bridge, "planner").status_code == 403
    assert plan(street, bridge, "patrol").status_code == 403
    assert plan(street, bridge, "yunyang").status_code == 404


def test_a_plan_is_drawn_without_a_script_and_every_version_stays(street, bridge):
    assert plan(street, bridge).status_code == 303
    stale = plan(street, bridge)
    assert (stale.status_code, "已被他人修改" in stale.text, "经新华路" in stale.text) == (
        422,
        True,
        True,
    )
    assert plan(street, bridge, version="1", words="经二桥绕行", detour="").status_code == 303
    page = see(street, bridge, "patrol")
    in_order(
        page,
        'id="visit"',
        "交通保障",
        "way-map",
        "经二桥绕行",
        "西桥头路口",
        "108.34900, 30.80000",
        "tel:023-122",
        "第 2 版",
    )
    street.sign_in("planner")
    versions = street.client.get(f"/assets/{bridge.asset['id']}/traffic", headers=PAGE).text
    in_order(versions, "经二桥绕行", "历次方案", "经新华路绕行")


def test_an_ugly_plan_comes_back_with_the_reason_and_what_was_typed(street, bridge):
    ugly = {
        "至少标出一个封控点": {"stops": ""},
        "每行写一个点": {"stops": "西桥头"},
        "纬度": {"stops": "30.80 108.349 西桥头"},
        "至少要有两处位置": {"detour": "108.35 30.8"},
        "最多 12 个": {"stops": "\n".join(["108.35 30.8"] * 13)},
        "太长": {"words": "长" * 600},
    }
    for told, said in ugly.items():
        refused = plan(street, bridge, **said)
        assert (refused.status_code, told in refused.text) == (422, True), told
        assert "交警一大队" in refused.text
    assert "还没有封控点" in see(street, bridge, "patrol")


def test_calls_climb_from_the_list_to_the_centres_above(street, bridge, owner):
    owner.execute(text("update unit set phone = '023580' || length(area_path)"))
    owner.commit()
    page = see(street, bridge, "patrol")
    in_order(page, 'id="visit"', "指挥通信", "第一责任人", "上级", "tel:0235808", "tel:119")
    row = {"matter": "桥梁", "level": "区县", "lead": "万州区指挥中心", "valid_from": "2026-01-01",
           "first_name": "周敏", "first_phone": "02358000001",
           "deputy_name": "王强", "deputy_phone": "02358000002"}  # fmt: skip
    street.sign_in("planner")
    assert street.client.post("/duty/new", data=row, follow_redirects=False).status_code == 303
    page = see(street, bridge, "patrol")
    in_order(page, "周敏", "tel:02358000002", "上级", "管养单位")
    resident = see(street, bridge)
    assert "周敏" not in resident
    assert "周敏" not in see(street, bridge, "yunyang")
    assert "tel:02358000001" not in resident


def test_in_an_emergency_closure_and_calls_come_before_the_list(street, bridge):
    plan(street, bridge)
    calm = see(street, bridge, "patrol")
    in_order(calm, "<h1", 'id="visit"', "指挥通信", "封闭交通")
    body = {
        "id": str(uuid4()),
        "area_path": "/500000/500101/",
        "mode": "urgent",
        "reason": "暴雨橙色预警",
    }
    assert street.sign_in("wanzhou").post("/api/v1/modes", json=body).status_code == 201
    urgent = see(street, bridge, "patrol")
    in_order(urgent, "急时状态", "指挥通信", "封闭交通", "交通保障", 'id="visit"')
    in_order(see(street, bridge), "shape-orange", "急时状态", "tel:119", "全市在册")


def test_a_linked_asset_is_shown_with_its_keeper_and_whether_it_is_closed(street, bridge):
    client = street.sign_in("street")
    pump = make_asset(
        client,
        type="pump_station",
        name="滨江泵站",
        owner_unit="排水公司",
        owner_phone="023-58229999",
    )
    road = make_asset(client, type="road_section", name="滨江路", owner_unit="")
    for other, relation in ((pump, "drained_by"), (road, "on_road")):
        link = {"relation": relation, "number": str(other["number"])}
        assert (
            client.post(f"/api/v1/assets/{bridge.asset['id']}/links", json=link).status_code == 201
        )
    far = make_asset(
        street.sign_in("yunyang"), type="pump_station", name="云阳泵站", at=IN_SHUANGJIANG
    )
    close(street, type("Other", (), {"asset": road}))
    page = see(street, bridge, "patrol")
    in_order(page, "所在道路", "滨江路", "交通封闭", "排水靠", "滨江泵站", "tel:023-58229999")
    assert far["name"] not in page
    assert "滨江泵站" not in see(street, bridge)


def test_other_programs_close_open_and_plan_by_the_same_rules(street, bridge):
    assert plan(street, bridge).status_code == 303
    here = f"/api/v1/assets/{bridge.asset['id']}"
    body = {"id": str(uuid4()), "reason": "桥墩被船撞了"}
    client = street.sign_in("patrol")
    made = client.post(f"{here}/closures", json=body).json()
    assert client.post(f"{here}/closures", json=body).json() == made
    assert client.post(f"{here}/closures", json=body | {"id": str(uuid4())}).status_code == 409
    assert client.post(f"{here}/closures", json=body | {"expected_at": "2030-01-01T08:00"}
                       ).status_code == 422  # fmt: skip
    open_it = f"/api/v1/closures/{made['id']}/reopen"
    assert client.post(open_it, json={}).status_code == 403
    (before,) = street.sign_in("planner").get(f"{here}/traffic-plans").json()
    assert [one["name"] for one in before["stops"]] == ["西桥头路口", "东桥头"]
    said = {name: before[name] for name in ("version", "stops", "detour", "closer")}
    again = {"id": str(uuid4()), "words": "经三桥绕行"} | said
    assert client.post(f"{here}/traffic-plans", json=again).json()["version"] == 2
    stale = client.post(f"{here}/traffic-plans", json=again | {"id": str(uuid4())})
    line = {"type": "Point", "coordinates": [108.35, 30.8]}
    crooked = again | {"id": str(uuid4()), "version": 2, "detour": line}
    assert stale.status_code == 409
    assert client.post(f"{here}/traffic-plans", json=crooked).status_code == 422
    opened = street.sign_in("street").post(open_it, json={"note": "检查无损"}).json()
    (kept,) = client.get(f"{here}/closures").json()
    assert kept == opened
    assert (kept["reopened_note"], kept["closed_by_name"]) == ("检查无损", made["closed_by_name"])
    client = street.sign_in("yunyang")
    for path in ("closures", "traffic-plans"):
        assert client.get(f"{here}/{path}").status_code == 404
