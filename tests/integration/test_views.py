"""Kept views: one's own, offered to one's area when shared, and never a way elsewhere."""

from uuid import uuid4

import pytest

from gis.authority import Role
from tests.world import CITY, GAOSUNTANG, WANZHOU, YUNYANG

ADDRESS = "?grade=I&polygon=POLYGON((108+30,109+30,109+31,108+30))#map=9/30.8/108.3"


def view(**more):
    return {"id": str(uuid4()), "name": "坡上的一级点", "address": ADDRESS} | more


@pytest.fixture
def keep(client):
    def do(**more):
        body = view(**more)
        answer = client.post("/api/v1/views", json=body)
        assert answer.status_code in {200, 201}, answer.text
        return body

    return do


def names(client):
    return [kept["name"] for kept in client.get("/api/v1/views").json()]


def test_a_view_is_kept_once_however_often_it_is_sent(world, client, sign_in, keep):
    sign_in(client, Role.PLANNER, WANZHOU)
    body = keep()
    again = client.post("/api/v1/views", json=body | {"name": "  改了   名 "})
    assert again.status_code == 200
    (kept,) = client.get("/api/v1/views").json()
    assert (kept["name"], kept["address"], kept["own"]) == ("改了 名", ADDRESS, True)
    assert client.delete(f"/api/v1/views/{body['id']}").status_code == 204
    assert names(client) == []
    assert client.delete(f"/api/v1/views/{body['id']}").status_code == 404
    keep(**body)
    assert names(client) == [body["name"]]


def test_a_shared_view_is_offered_to_the_area_and_to_nobody_beside_it(world, client, sign_in, keep):
    sign_in(client, Role.PLANNER, WANZHOU, name="谭静")
    keep(name="我的")
    shared = keep(name="大家的", shared=True)
    for role, area in (
        (Role.PLANNER, WANZHOU),
        (Role.PATROL, GAOSUNTANG),
        (Role.CITY_COMMANDER, CITY),
    ):
        sign_in(client, role, area)
        assert names(client) == ["大家的"]
    refused = client.post("/api/v1/views", json=shared | {"name": "别人的"})
    assert refused.status_code == 403
    assert "谭静" in refused.json()["detail"]
    assert client.delete(f"/api/v1/views/{shared['id']}").status_code == 403
    sign_in(client, Role.PLANNER, YUNYANG)
    assert names(client) == []
    assert client.delete(f"/api/v1/views/{shared['id']}").status_code == 404


def test_a_view_opens_by_its_id_and_a_private_one_is_nobody_elses(world, client, sign_in, keep):
    page = {"accept": "text/html"}
    sign_in(client, Role.PLANNER, WANZHOU)
    private, shared = keep(), keep(shared=True)
    for body in (private, shared):
        answer = client.get(f"/map?view={body['id']}", headers=page)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/map{ADDRESS}")
    sign_in(client, Role.PATROL, GAOSUNTANG)
    assert client.get(f"/map?view={shared['id']}", headers=page).status_code == 303
    for role, area in ((Role.PATROL, GAOSUNTANG), (Role.CITY_COMMANDER, CITY)):
        sign_in(client, role, area)
        for address in (private["id"], str(uuid4())):
            answer = client.get(f"/map?view={address}", headers=page)
            assert answer.status_code == 404
            assert "此视图已不存在" in answer.text
        taken = client.post("/api/v1/views", json=private)
        assert (taken.status_code, "重新保存" in taken.json()["detail"]) == (409, True)
    assert client.get("/map?view=1", headers=page).status_code == 422
    sign_in(client, Role.PLANNER, YUNYANG)
    assert client.get(f"/map?view={shared['id']}", headers=page).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "   "},
        {"name": "x" * 61},
        {"address": "https://example.org/"},
        {"address": "?q=1\n#map"},
        {"address": "//example.org"},
        {"address": "?" + "a" * 9_000},
        {"more": 1},
    ],
)
def test_what_is_no_view_of_the_map_is_refused(world, client, sign_in, wrong):
    sign_in(client, Role.PLANNER, WANZHOU)
    assert client.post("/api/v1/views", json=view(**wrong)).status_code == 422
