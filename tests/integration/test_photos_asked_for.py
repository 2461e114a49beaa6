"""A list asks for a photo: without it nothing is all normal, unless somebody says why."""

from io import BytesIO
from uuid import uuid4

import pytest

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.checklists import publishing
from hazards.checklists.files import TemplateEntry
from tests.integration.files.ugly import jpeg
from tests.patrols import labelled, load_reference, visit
from tests.world import GAOSUNTANG

pytestmark = pytest.mark.usefixtures("world")
NOW = "2026-07-01T04:00:00Z"
LIST = {
    "code": "bridge",
    "applies_to": ["asset:bridge"],
    "name": {"zh": "桥梁拍照", "en": "Bridge with photos"},
    "items": [
        {"code": "crack", "kind": "yes_no", "bad": True, "grade": 2,
         "text": {"zh": "有裂缝", "en": "Cracks"}},
        {"code": "pier", "kind": "photo", "required": True,
         "text": {"zh": "桥墩照片", "en": "Photo of the pier"}},
        {"code": "sign", "kind": "signature", "text": {"zh": "值守人签名", "en": "Signature"}},
    ],
}  # fmt: skip


@pytest.fixture
def code(client, sign_in, sessions):
    load_reference(sessions)
    with unit_of_work(sessions, SYSTEM) as session:
        publishing.publish(session, TemplateEntry.model_validate(LIST), by_name="t")
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG)
    made = labelled(client).code
    sign_in(client, Role.PATROL, GAOSUNTANG, "覃小红")
    return made


def shot(item="pier"):
    return {"id": str(uuid4()), "taken_at": NOW, "item": item}


def test_all_normal_needs_the_photo_or_the_reason_why_there_is_none(client, code):
    def post(**said):
        return client.post("/api/v1/inspections", json=visit(code, **said))

    refused = post()
    assert refused.status_code == 422
    assert "桥墩照片" in refused.json()["detail"]
    assert post(photos=[shot(item="")]).status_code == 422, "another photo is not this one"
    assert post(photos=[shot()]).status_code == 201
    excused = post(answers={"pier": "大雾，看不清", "sign": "覃小红"})
    assert excused.status_code == 201
    done = client.get(f"/c/{code}/done/{excused.json()['id']}").text
    assert '未拍，原因： <span lang="zh-CN" data-data>大雾，看不清' in done
    assert '值守人签名：<span lang="zh-CN" data-data>覃小红' in done, "a name is no excuse"
    bad = post(outcome="problem", answers={"crack": "yes"})
    assert bad.status_code == 201, "a danger never waits for a photo"


def test_the_photo_stands_beside_its_item_and_in_the_finding(client, code, sign_in):
    photo = shot()
    said = visit(code, outcome="problem", answers={"crack": "yes"}, photos=[photo])
    led_to = client.post("/api/v1/inspections", json=said).json()
    sent = client.put(f"/api/v1/photos/{photo['id']}?name=a.jpg", content=jpeg())
    assert sent.status_code == 200, sent.text
    done = client.get(f"/c/{code}/done/{said['id']}").text
    assert "<small>桥墩照片</small>" in done
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG)
    finding = client.get(f"/findings/{led_to['opened'][0]['id']}").text
    assert f"/files/{photo['id']}/small" in finding


def test_without_a_script_the_photo_goes_with_the_form(client, code):
    page = client.get(f"/c/{code}").text
    assert 'name="p.pier"' in page
    form = {"id": str(uuid4()), "outcome": "all_normal", "note": ""}
    bare = client.post(f"/c/{code}", data=form, files={"p.pier": ("", BytesIO(b""))})
    assert bare.status_code == 422
    files = {"p.pier": ("a.jpg", BytesIO(jpeg()), "image/jpeg")}
    kept = client.post(f"/c/{code}", data=form, files=files)
    assert kept.status_code == 303, kept.text
    again = client.post(f"/c/{code}", data=form, files=files)
    assert again.status_code == 303, "sent twice is one visit with one photo"
    shown = client.get(f"/api/v1/inspections/{form['id']}").json()
    assert [one["item"] for one in shown["photos"]] == ["pier"]
    assert shown["photos"][0]["received_at"]
