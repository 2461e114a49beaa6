"""Voice notes: sounds alone, short ones, joined to their visit in any order."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from gis.authority import Role
from gis.store import files
from tests.integration.files.ugly import jpeg
from tests.patrols import visit
from tests.world import GAOSUNTANG, TAIBAI

pytestmark = pytest.mark.usefixtures("world")
WEBM = b"\x1aE\xdf\xa3\x9fB\x82\x84webm" + bytes(60) + b"A_OPUS" + bytes(200)
OGG = b"OggS" + bytes(24) + b"OpusHead" + bytes(200)
M4A = b"\x00\x00\x00\x1cftypiso5" + bytes(40) + b"moovsoun" + bytes(40) + b"mp4a" + bytes(200)
FILM = b"\x1aE\xdf\xa3\x9fB\x82\x84webm" + bytes(60) + b"V_VP8" + bytes(20) + b"A_OPUS"
FILM_MP4 = M4A + b"vide"


def say(client, note, content=WEBM, **said):
    return client.put(f"/api/v1/voices/{note}", content=content, params={"name": "a.webm"} | said)


def spoken(note):
    return {"id": str(note), "kind": "voice", "taken_at": datetime.now(UTC).isoformat()}


def test_a_note_finds_its_visit_whichever_comes_first_and_counts_once(client, patrol, code):
    early, late = uuid4(), uuid4()
    body = visit(code, outcome="problem", note="见语音说明。") | {
        "photos": [spoken(early), spoken(late)]
    }
    assert say(client, early).json()["media_type"] == "audio/webm"
    assert [client.post("/api/v1/inspections", json=body).status_code for _ in "12"] == [201, 200]
    page = f"/c/{code}/done/{body['id']}"
    assert "有一条语音还在手机上" in client.get(page).text
    assert [say(client, late, OGG).status_code for _ in "12"] == [200, 200]
    shown = client.get(f"/api/v1/inspections/{body['id']}").json()["photos"]
    assert {(one["id"], one["kind"]) for one in shown} == {(str(n), "voice") for n in (early, late)}
    assert client.get(page).text.count("<audio") == 2
    finding = client.get("/api/v1/findings").json()
    assert finding


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (FILM, "不是这里保存的"),
        (FILM_MP4, "不是这里保存的"),
        (b"ID3" + bytes(300), "不是这里保存的"),
        (jpeg(), "这里不接受"),
        (WEBM + bytes(files.MOST_SOUND_BYTES), "录音太长"),
    ],
)
def test_what_is_no_short_recording_is_refused_with_what_to_do(client, patrol, content, told):
    answer = say(client, uuid4(), content)
    assert answer.status_code == 422
    assert told in answer.json()["detail"]
    photo = client.put(f"/api/v1/photos/{uuid4()}", content=WEBM, params={"name": "a.jpg"})
    assert photo.status_code == 422


@pytest.mark.parametrize("content", [WEBM, OGG, M4A])
def test_a_note_is_heard_by_its_street_whole_or_in_parts_and_by_nobody_else(
    client, patrol, code, sign_in, content
):
    note = uuid4()
    body = visit(code) | {"photos": [spoken(note)]}
    client.post("/api/v1/inspections", json=body)
    assert say(client, note, content).status_code == 200
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG)
    heard = client.get(f"/files/{note}")
    assert (heard.content, heard.headers["accept-ranges"]) == (content, "bytes")
    assert "sandbox" in heard.headers["content-security-policy"]
    part = client.get(f"/files/{note}", headers={"range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, content[4:8])
    assert part.headers["content-range"] == f"bytes 4-7/{len(content)}"
    assert client.get(f"/files/{note}", headers={"range": "bytes=99999-"}).status_code == 416
    sign_in(client, Role.STREET_COMMANDER, TAIBAI)
    assert client.get(f"/files/{note}").status_code == 404


def test_nobody_sends_as_somebody_else(client, patrol):
    assert say(client, uuid4(), by=str(uuid4())).status_code == 403


def test_a_voice_note_does_not_take_the_place_of_the_photo_of_a_verification(
    client, patrol, code, sign_in
):
    seen = visit(code, outcome="problem", note="护栏松动")
    finding = client.post("/api/v1/inspections", json=seen).json()["opened"][0]["id"]
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG)
    for act in ("accept", "begin", "finish"):
        step = {"id": str(uuid4()), "act": act}
        assert client.post(f"/api/v1/findings/{finding}/steps", json=step).is_success
    sign_in(client, Role.PATROL, GAOSUNTANG)
    form = {"id": str(uuid4()), "act": "verify", "lon": "108.35", "lat": "30.8"}
    note, photo = ("photos", ("a.webm", WEBM, "audio/webm")), ("photos", ("a.jpg", jpeg()))
    there = f"/c/{code}/findings/{finding}"
    answer = client.post(there, data=form, files=[note])
    assert answer.status_code == 422
    assert "拍" in answer.text
    form["id"] = str(uuid4())
    both = client.post(there, data=form, files=[note, photo], follow_redirects=False)
    assert both.status_code == 303
    assert client.get(f"/findings/{finding}").text.count("<audio") == 1
