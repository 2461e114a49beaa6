"""Photos of a visit: in any order, any number of times, with the time and place of the deed."""

import io
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import text

from gis.authority import Role
from tests.integration.files.ugly import jpeg
from tests.patrols import visit
from tests.world import GAOSUNTANG, SHUANGJIANG

pytestmark = pytest.mark.usefixtures("world")


def send(client, photo_id, content=None, **said):
    there = f"/api/v1/photos/{photo_id}"
    return client.put(there, content=content or jpeg(), params={"name": "桥.jpg"} | said)


def test_photos_find_their_visit_whichever_comes_first_and_count_once(
    client, patrol, code, sign_in, owner
):
    early, late = str(uuid4()), str(uuid4())
    ahead = datetime.now(UTC) + timedelta(hours=2)  # the phone's clock is two hours wrong
    took = (ahead - timedelta(minutes=10)).isoformat()
    place = {"lon": 108.3501, "lat": 30.8, "accuracy_m": 9}
    body = visit(code, by=str(patrol.id), done_at=took, sent_at=ahead.isoformat())
    body["photos"] = [{"id": early, "taken_at": took} | place, {"id": late, "taken_at": took}]
    assert send(client, early).status_code == 200
    statuses = [client.post("/api/v1/inspections", json=body).status_code for _ in range(2)]
    assert statuses == [201, 200]
    page = f"/c/{code}/done/{body['id']}"
    assert "还有 1 张照片在手机上" in client.get(page).text
    assert [send(client, late).status_code for _ in range(2)] == [200, 200]
    shown = client.get(f"/api/v1/inspections/{body['id']}").json()
    assert {one["id"] for one in shown["photos"]} == {early, late}
    assert all(one["received_at"] for one in shown["photos"])
    for one in (shown["photos"][0]["taken_at"], shown["done_at"]):
        passed = datetime.fromisoformat(shown["received_at"]) - datetime.fromisoformat(one)
        assert timedelta(minutes=9) < passed < timedelta(minutes=11)
    said = client.get(page).text
    assert f"/files/{early}/small" in said
    assert "手机时钟" in said
    found = owner.execute(text("select count(*) from visit_photo where place is not null"))
    assert found.scalar() == 1
    owner.rollback()
    sign_in(client, Role.STREET_COMMANDER, SHUANGJIANG)
    assert client.get(f"/api/v1/inspections/{body['id']}").status_code == 404
    assert client.get(f"/files/{early}").status_code == 404


def test_what_somebody_else_answered_on_this_phone_is_not_sent_as_ones_own(
    client, patrol, code, sign_in
):
    body = visit(code, by=str(patrol.id))
    sign_in(client, Role.PATROL, GAOSUNTANG, "新来的")
    refused = client.post("/api/v1/inspections", json=body)
    assert (refused.status_code, refused.json()["code"]) == (403, "somebody_elses")
    assert send(client, uuid4(), by=str(patrol.id)).status_code == 403
    assert client.get(f"/api/v1/inspections/{body['id']}").status_code == 404


@pytest.mark.parametrize("content", [b"%PDF-1.7 no picture", jpeg()[:200]])
def test_only_a_picture_that_can_be_drawn_is_a_photo(client, patrol, content):
    assert send(client, uuid4(), content).status_code == 422


def test_a_photo_belongs_to_one_visit_and_another_photo_makes_another_visit(client, patrol, code):
    photo = {"id": str(uuid4()), "taken_at": datetime.now(UTC).isoformat()}
    first = visit(code) | {"photos": [photo]}
    assert client.post("/api/v1/inspections", json=first).status_code == 201
    assert (
        client.post("/api/v1/inspections", json=visit(code) | {"photos": [photo]}).status_code
        == 409
    )
    many = [photo | {"id": str(uuid4())} for _ in range(13)]
    assert (
        client.post("/api/v1/inspections", json=visit(code) | {"photos": many}).status_code == 422
    )


def test_the_photo_of_a_round_is_the_first_of_its_finding_on_the_board_and_on_site(
    client, patrol, code
):
    photo = {"id": str(uuid4()), "taken_at": datetime.now(UTC).isoformat()}
    bad = {"outcome": "problem", "answers": {"joints": "yes"}}
    done = client.post("/api/v1/inspections", json=visit(code) | bad | {"photos": [photo]}).json()
    found = done["opened"][0]["id"]
    for page in ("/findings", f"/findings/{found}", f"/c/{code}/findings/{found}"):
        assert photo["id"] not in client.get(page, headers={"accept": "text/html"}).text
    assert send(client, photo["id"]).status_code == 200
    assert f"/files/{photo['id']}/small" in client.get("/findings").text
    for page in (f"/findings/{found}", f"/c/{code}/findings/{found}"):
        html = client.get(page).text
        assert html.count("<figure") == 1
        assert f'<figure><a href="/files/{photo["id"]}">' in html


def test_the_app_is_described_in_the_readers_language(client):
    said = {
        lang: client.get("/app.webmanifest", params={"lang": lang}).json() for lang in ("zh", "en")
    }
    assert [one["name"] for one in said.values()] == ["一通巡查", "Yitong patrol"]
    assert {icon["purpose"] for icon in said["zh"]["icons"]} == {"any", "maskable"}
    for icon in said["zh"]["icons"]:
        drawn = Image.open(io.BytesIO(client.get(icon["src"]).content))
        assert icon["sizes"] == f"{drawn.width}x{drawn.height}"
    assert (said["zh"]["start_url"], said["zh"]["display"]) == ("/round", "standalone")
