"""Files in a storage that speaks S3: a real server process, the same promises as a folder."""

import io
import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
import s3fs
from starlette.testclient import TestClient

from gis.authority import Role
from gis.errors import Unavailable
from gis.store import files
from gis.store.engine import make_sessions, unit_of_work
from gis.store.scope import SYSTEM
from gis.store.shelf import Shelf
from rescue_app.main import create_app
from tests.integration.files import ugly
from tests.integration.files.test_files import as_seen, send
from tests.processes import free_port
from tests.world import WANZHOU, YUNYANG

URL = "s3://yitong/files"
LATER = timedelta(days=2)


@pytest.fixture
def storage(monkeypatch):
    """A storage with an empty bucket, as the environment tells every S3 program."""
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    for name, value in {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "yitong",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while not answers(port):
        assert time.monotonic() < until, "the storage did not start"
    s3fs.S3FileSystem.clear_instance_cache()
    s3fs.S3FileSystem().mkdir("yitong")
    yield
    s3fs.S3FileSystem.clear_instance_cache()
    process.terminate()
    process.wait(timeout=60)


def answers(port):
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
        return True
    return False


@pytest.fixture
def client(storage, settings, database):
    app = create_app(settings.model_copy(update={"files_url": URL}), app_url=database.app)
    with TestClient(app, headers={"sec-fetch-site": "same-origin"}) as made:
        yield made


def test_a_photo_goes_to_the_bucket_and_comes_back_to_whoever_may_see_it(
    world, client, sign_in, sessions
):
    sign_in(client, Role.PLANNER, WANZHOU)
    kept = send(client, ugly.jpeg(size=(800, 600)), "桥.jpg").json()
    assert as_seen(client, kept["id"]).size == (800, 600)
    again = send(client, ugly.jpeg(size=(800, 600)), "再来.jpg").json()
    assert again["id"] != kept["id"]
    bucket = s3fs.S3FileSystem(use_listings_cache=False)
    (blob,) = bucket.find("yitong")
    assert blob.startswith("yitong/files/")
    sign_in(client, Role.PLANNER, YUNYANG)
    assert client.get(f"/files/{kept['id']}").status_code == 404
    with unit_of_work(make_sessions(sessions.kw["bind"], files_url=URL), SYSTEM) as session:
        assert files.sweep(session, now=datetime.now(UTC) + LATER) == 1
    assert bucket.find("yitong") == []


def test_a_large_blob_goes_in_parts_and_what_was_left_half_written_is_swept(storage, tmp_path):
    path = tmp_path / "large"
    path.write_bytes(os.urandom(1_000_000) * 70)  # more than one part of an upload
    shelf, other = Shelf(URL), Shelf(URL)
    assert list(shelf.kept(before=datetime.now(UTC) + LATER)) == []
    other.put("ab12", path)
    assert list(shelf.kept(before=datetime.now(UTC) + LATER)) == ["ab12"]
    assert shelf.fetch("ab12", tmp_path / "back").read_bytes() == path.read_bytes()
    # As another process would: what this one has listed before must not hide it.
    elsewhere = s3fs.S3FileSystem(skip_instance_cache=True)
    elsewhere.pipe("yitong/files/incoming/half", b"half")
    elsewhere.pipe("yitong/files/cd/cd34", b"other")
    assert list(shelf.kept(before=datetime.now(UTC) - LATER)) == []
    assert list(shelf.kept(before=datetime.now(UTC) + LATER)) == ["ab12", "cd34"]
    bucket = s3fs.S3FileSystem(use_listings_cache=False)
    assert bucket.find("yitong") == ["yitong/files/ab/ab12", "yitong/files/cd/cd34"]
    elsewhere.rm_file("yitong/files/ab/ab12")
    other.put("ab12", path)
    assert bucket.size("yitong/files/ab/ab12") == path.stat().st_size
    shelf.remove("ab12")
    other.remove("ab12")
    with pytest.raises(Unavailable, match="not in the storage"):
        io.BytesIO(other.open("ab12").read())
