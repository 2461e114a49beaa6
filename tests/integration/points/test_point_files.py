"""Photos and documents of a point: they come and go by cases, and who sees the point sees them."""

import io
from uuid import uuid4

import pytest
from PIL import Image

from gis.authority import Role
from tests.integration.files.ugly import jpeg, office
from tests.integration.points.test_pages import PAGE, opened, send, typed
from tests.ledger import carried, entered, said
from tests.world import GAOSUNTANG, TAIBAI, WANZHOU, YUNYANG

SEEN = {"act": "survey", "visited_on": "2026-05-30", "opinion": "后缘裂缝 12 米"}


@pytest.fixture
def sent(desk):
    """`sent("坡脚.jpg")` sends a photo as the page does; gives its id."""

    def do(name: str = "坡脚.jpg", content: bytes = b"") -> str:
        file_id = str(uuid4())
        body = content or jpeg(size=(1600, 1200))
        answer = desk.put(f"/api/v1/files/{file_id}", params={"name": name}, content=body)
        assert answer.status_code == 200, answer.text
        return file_id

    return do


@pytest.fixture
def seen(desk, sign_in):
    """`seen(id)` names those who get a file: each of one area, the patrol of its street too."""

    def ask(file_id: str) -> set[str]:
        found = set()
        for name, role, area in (
            ("district", Role.DISTRICT_COMMANDER, WANZHOU),
            ("street", Role.PATROL, GAOSUNTANG),
            ("other street", Role.STREET_COMMANDER, TAIBAI),
            ("other district", Role.PLANNER, YUNYANG),
        ):
            sign_in(desk, role, area)
            status = {desk.get(f"/files/{file_id}{small}").status_code for small in ("", "/small")}
            assert status in ({200}, {404})
            found |= {name} if status == {200} else set()
        return found

    return ask


def test_a_photo_comes_with_a_case_and_is_seen_by_who_sees_the_point(
    desk, sent, seen, sessions, sign_in
):
    sign_in(desk, Role.PLANNER, WANZHOU, name="万规划")
    photo, plan = sent(), sent("方案.xlsx", office())
    form = opened(desk, "/points/new") | typed(file_ids=[photo, plan])
    case = send(desk, "/points", form).headers["location"]
    shown = desk.get(case, headers=PAGE).text
    assert f'<img src="/files/{photo}/small" alt="大石坡滑坡，照片 1"' in shown
    assert "方案.xlsx" in shown
    assert seen(photo) == {"district"}

    carried(sessions, case.rsplit("/", 1)[1])
    assert seen(photo) == {"district", "street"}
    sign_in(desk, Role.PATROL, GAOSUNTANG)
    point = desk.get("/api/v1/points").json()["items"][0]["id"]
    assert desk.get(f"/api/v1/points/{point}").json()["file_ids"] == [photo, plan]
    for address in (f"/points/{point}", f"/points/{point}/panel"):
        assert f"/files/{photo}/small" in desk.get(address, headers=PAGE).text
    around = {"longitude": form["longitude"], "latitude": form["latitude"]}
    assert desk.get("/api/v1/points/near", params=around).json()["items"][0]["photo_id"] == photo
    part = desk.get("/points/near", params=around, headers=PAGE).text
    assert f'<img src="/files/{photo}/small" alt="大石坡滑坡的照片"' in part


def test_taking_a_photo_away_is_a_change_like_any_other(desk, sent, seen, sessions):
    old, new = sent("旧.jpg"), sent("新.jpg", jpeg(size=(40, 30)))
    body = said(id=str(uuid4()), file_ids=[old])
    carried(sessions, desk.post("/api/v1/points", json=body).json()["id"])
    address = f"/points/{body['id']}"
    form = opened(desk, f"{address}/edit")
    assert form["file_ids"] == old
    case = send(desk, f"{address}/edit", form | {"file_ids": [new]}).headers["location"]
    told = desk.get(case, headers=PAGE).text
    assert told.index("照片和文件") < told.index(f"/files/{old}") < told.index(f"/files/{new}")
    carried(sessions, case.rsplit("/", 1)[1])
    assert desk.get(f"/api/v1{address}").json()["file_ids"] == [new]
    head = desk.get(address, headers=PAGE).text
    assert f"/files/{old}" in head[head.index('id="history"') :]
    assert f"/files/{old}" not in head[: head.index('id="history"')]

    undone = str(uuid4())
    assert desk.post(f"{case}/undo", data={"id": undone}).status_code == 303
    carried(sessions, undone)
    assert desk.get(f"/api/v1{address}").json()["file_ids"] == [old]
    assert seen(new) == {"district", "street"}, "history shows it to those who see the point"


def test_photos_of_the_survey_join_the_point(desk, sent, seen, sessions, sign_in):
    point = entered(sessions)
    sign_in(desk, Role.PLANNER, WANZHOU, name="申请人")
    change = {"version": 1, "threatened_persons": 640}
    case = desk.patch(f"/api/v1/points/{point}", json=change).json()["id"]
    steps = f"/api/v1/cases/{case}/steps"
    sign_in(desk, Role.STREET_COMMANDER, WANZHOU)
    on_site, paper = sent("现场.jpg"), sent("意见.jpg", jpeg(size=(9, 9)))
    assert (
        desk.post(steps, json=SEEN | {"file_ids": [on_site], "of_point": True}).status_code == 200
    )
    sign_in(desk, Role.DISTRICT_COMMANDER, WANZHOU)
    late = {"act": "review", "file_ids": [paper], "of_point": True}
    assert "照片随踏勘存入点位档案" in desk.post(steps, json=late).json()["detail"]
    page = desk.get(f"/cases/{case}", headers=PAGE).text
    assert page.count(f"/files/{on_site}/small") == 2, "in the steps, and in what would change"
    assert seen(on_site) == {"district"}
    carried(sessions, case)
    assert seen(on_site) == {"district", "street"}


def test_nobody_hangs_up_what_is_not_his_or_not_there(desk, sent, sign_in, sessions):
    theirs = sent()
    point = entered(sessions)
    sign_in(desk, Role.PLANNER, WANZHOU)
    for ids, status in (([theirs], 404), ([str(uuid4())], 404), (["x"], 422)):
        body = {"version": 1, "file_ids": ids}
        assert desk.patch(f"/api/v1/points/{point}", json=body).status_code == status
    many = [str(uuid4()) for _ in range(21)]
    assert (
        desk.patch(f"/api/v1/points/{point}", json={"version": 1, "file_ids": many}).status_code
        == 422
    )
    form = opened(desk, f"/points/{point}/edit") | {"file_ids": many}
    answer = send(desk, f"/points/{point}/edit", form)
    assert (answer.status_code, "最多二十个" in answer.text) == (422, True)
    assert desk.get("/api/v1/cases").json()["total"] == 0


def test_a_form_that_was_not_right_still_has_its_photos(desk, sent):
    photo = sent()
    form = opened(desk, "/points/new") | typed(name="", file_ids=[photo])
    again = send(desk, "/points", form)
    assert again.status_code == 422
    assert f'name="file_ids" value="{photo}" checked' in again.text
    assert f"/files/{photo}/small" in again.text


def test_a_small_picture_is_small_and_asked_for_each_time(desk, sent):
    photo, plan = sent(), sent("方案.xlsx", office())
    first = desk.get(f"/files/{photo}/small")
    with Image.open(io.BytesIO(first.content)) as drawn:
        assert (drawn.format, drawn.size) == ("JPEG", (320, 240))
    again = {"if-none-match": first.headers["etag"]}
    assert desk.get(f"/files/{photo}/small", headers=again).status_code == 304
    assert desk.get(f"/files/{photo}", headers=again).status_code == 200
    assert desk.get(f"/files/{plan}/small").status_code == 404
    desk.cookies.clear()
    assert desk.get(f"/files/{photo}/small", headers=again).status_code == 401
