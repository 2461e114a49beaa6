"""Files people attach: what is kept of them, who sees them, and what never gets in."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import text

from gis.authority import Role
from gis.errors import Missing
from gis.store import files
from gis.store.base import new_id
from gis.store.engine import make_sessions, unit_of_work
from gis.store.scope import SYSTEM, Scope
from tests.integration.files import ugly
from tests.world import GAOSUNTANG, WANZHOU, YUNYANG

FORM = "application/x-www-form-urlencoded"
BOMB = ugly.zip_bomb()


@pytest.fixture
def planner(world, client, sign_in):
    return sign_in(client, Role.PLANNER, WANZHOU)


def send(client, content, name="photo.jpg", file_id=None):
    address = f"/api/v1/files/{file_id or new_id()}"
    return client.put(address, params={"name": name, "lang": "en"}, content=content)


def as_seen(client, file_id):
    answer = client.get(f"/files/{file_id}")
    assert answer.status_code == 200
    return Image.open(io.BytesIO(answer.content))


def blobs(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "files").rglob("*") if path.is_file()]


def test_a_photo_is_upright_and_tells_its_place_to_the_record_alone(client, planner, sessions):
    photo = ugly.jpeg(size=(4000, 3000), lon=108.37, lat=30.8, turned=True)
    kept = send(client, photo, "北滨路 1号.jpg").json()
    assert (kept["name"], kept["media_type"]) == ("北滨路 1号.jpg", "image/jpeg")
    seen = as_seen(client, kept["id"])
    assert seen.size == (1920, 2560)
    assert not seen.getexif()
    assert b"HUAWEI" not in client.get(f"/files/{kept['id']}").content
    with unit_of_work(sessions, Scope.of(planner.as_actor())) as session:
        place = files.visible(session, kept["id"]).place
    assert (round(place.x, 4), round(place.y, 4)) == (108.37, 30.8)


def test_a_file_is_handed_out_so_that_it_cannot_run(client, planner):
    picture = send(client, ugly.jpeg(after=ugly.HTML)).json()
    book = send(client, ugly.office(**{"xl/workbook.xml": "<x/>"}), "台账.xlsx").json()
    answer = client.get(f"/files/{picture['id']}")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert b"<script>" not in answer.content
    answer = client.get(f"/files/{book['id']}")
    assert answer.headers["content-disposition"].startswith(
        "attachment; filename*=UTF-8''%E5%8F%B0"
    )


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (ugly.HTML, "photo.jpg", "no picture and no document"),
        (ugly.SVG, "plan.svg", "no picture and no document"),
        (b"", "photo.jpg", "is empty"),
        (ugly.jpeg()[:700], "photo.jpg", "broken picture"),
        (ugly.png_that_claims(60_000, 60_000), "plan.png", "million pixels"),
        (ugly.png_that_claims(9_000, 9_000), "plan.png", "million pixels"),
        (BOMB, "台账.xlsx", "beyond measure"),
        (ugly.office(ugly.MACRO), "台账.xlsx", "holds macros"),
        (ugly.office(**{"xl/vbaProject.bin": b"x"}), "台账.xlsx", "holds macros"),
        (b"PK\x03\x04" + b"\x00" * 200, "台账.docx", "no picture and no document"),
        (b"MZ\x90\x00", "../../setup.pdf", "setup.pdf is no picture"),
    ],
)
def test_what_is_not_what_it_says_is_refused_with_what_to_do(
    client, planner, tmp_path, content, name, said
):
    answer = send(client, content, name)
    assert answer.status_code == 422
    assert said in answer.json()["detail"]
    assert blobs(tmp_path) == []


def test_what_is_too_large_is_refused_before_it_fills_the_disk(client, planner, tmp_path):
    answer = send(client, (b"\xff\xd8\xff" + b"0" * 1_000_000 for _ in range(60)))
    assert answer.status_code == 422
    assert "larger than 50 MB" in answer.json()["detail"]
    assert list((tmp_path / "incoming").iterdir()) == []


def test_an_endless_form_is_stopped(client, planner):
    endless = (b"x" * 1_000_000 for _ in range(70))
    answer = client.post("/points", content=endless, headers={"content-type": FORM})
    assert answer.status_code == 413
    assert "一次发送的内容过多" in answer.json()["detail"]


def test_the_same_bytes_are_kept_once_and_the_same_id_is_one_file(client, planner, tmp_path):
    photo, file_id = ugly.jpeg(), new_id()
    first = send(client, photo, file_id=file_id)
    again = send(client, photo, "other.jpg", file_id=file_id)
    other = send(client, photo)
    assert first.json() == again.json()
    assert other.json()["id"] != str(file_id)
    assert len(blobs(tmp_path)) == 1


def test_another_district_sees_nothing_of_a_file(client, planner, sign_in):
    kept = send(client, ugly.jpeg()).json()
    sign_in(client, Role.PLANNER, YUNYANG)
    assert client.get(f"/files/{kept['id']}").status_code == 404
    assert client.delete(f"/api/v1/files/{kept['id']}").status_code == 404
    assert send(client, ugly.jpeg(), file_id=kept["id"]).status_code == 409
    sign_in(client, Role.CITY_COMMANDER)
    assert client.get(f"/files/{kept['id']}").status_code == 200
    client.cookies.clear()
    assert client.get(f"/files/{kept['id']}").status_code == 401
    assert send(client, ugly.jpeg()).status_code == 401


def test_an_unchanged_file_is_not_sent_again_but_the_right_to_it_is_asked(client, planner, sign_in):
    kept = send(client, ugly.jpeg()).json()
    etag = {"if-none-match": client.get(f"/files/{kept['id']}").headers["etag"]}
    assert client.get(f"/files/{kept['id']}", headers=etag).status_code == 304
    sign_in(client, Role.PLANNER, YUNYANG)
    assert client.get(f"/files/{kept['id']}", headers=etag).status_code == 404


def test_a_file_is_attached_by_its_owner_alone_and_then_stays(client, planner, sessions, people):
    kept = send(client, ugly.jpeg()).json()
    mine, step = planner.as_actor(), new_id()
    other = people.add(Role.PLANNER, WANZHOU).as_actor()
    to = {"kind": "case_step", "ref": step, "area_path": GAOSUNTANG}
    with pytest.raises(Missing), unit_of_work(sessions, Scope.of(other)) as session:
        files.attach(session, [files.visible(session, kept["id"]).id], by=other, **to)
    with unit_of_work(sessions, Scope.of(mine)) as session:
        file_id = files.visible(session, kept["id"]).id
        files.attach(session, [file_id], by=mine, **to)
        files.attach(session, [file_id], by=mine, **to)
        assert [f.id for f in files.attached(session, "case_step", [step])[step]] == [file_id]
    assert client.delete(f"/api/v1/files/{kept['id']}").status_code == 403


def test_what_nobody_attached_goes_after_a_day_and_its_bytes_with_it(
    client, planner, sessions, owner, tmp_path
):
    gone = send(client, ugly.jpeg(size=(10, 10))).json()
    stays = send(client, ugly.jpeg(size=(20, 20))).json()
    with unit_of_work(sessions, Scope.of(planner.as_actor())) as session:
        ids = [files.visible(session, stays["id"]).id]
        at = {"ref": new_id(), "area_path": WANZHOU, "by": planner.as_actor()}
        files.attach(session, ids, kind="case_step", **at)
    with unit_of_work(sessions, SYSTEM) as session:
        assert files.sweep(session, now=datetime.now(UTC)) == 0
    with unit_of_work(sessions, SYSTEM) as session:
        assert files.sweep(session, now=datetime.now(UTC) + timedelta(days=2)) == 1
    assert client.get(f"/files/{gone['id']}").status_code == 404
    assert client.get(f"/files/{stays['id']}").status_code == 200
    assert len(blobs(tmp_path)) == 1
    acts = owner.scalars(text("SELECT act FROM audit_entry ORDER BY seq")).all()
    assert acts.count("file.kept") == 2


def test_bytes_may_lie_in_any_storage_that_fsspec_knows(world, sessions, people):
    actor = people.add(Role.PLANNER, WANZHOU).as_actor()
    elsewhere = make_sessions(sessions.kw["bind"], files_url="memory://yitong-files")
    with unit_of_work(elsewhere, Scope.of(actor)) as session:
        made = files.put(
            session, io.BytesIO(ugly.jpeg()), id=new_id(), name="a.jpg", by=actor, area_path=WANZHOU
        )
        pieces = b"".join(files.shelf_of(session).pieces(made.sha256))
    assert len(pieces) == made.size_bytes
    assert pieces.startswith(b"\xff\xd8\xff")
