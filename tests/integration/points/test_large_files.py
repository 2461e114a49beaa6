"""A large file goes to the disk: the server's memory stays the same, and there is an end."""

import http.client
import os
from pathlib import Path

from gis.authority import Role
from gis.store.base import new_id
from rescue_app.http.dependencies import COOKIE
from tests.world import WANZHOU

PIECE = b"0" * 1_000_000
PIECES = 120
ROOM_KB = 40_000
"""How much the server may grow while three times as much comes in."""


def peak_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def upload(server, token, pieces):
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    headers = {"cookie": f"{COOKIE}={token}", "sec-fetch-site": "same-origin"}
    headers["content-length"] = str(pieces * len(PIECE))
    body = (PIECE for _ in range(pieces))
    line.request("PUT", f"/api/v1/imports/{new_id()}?name=a.csv", body, headers)
    answer = line.getresponse()
    line.close()
    return answer.status


def test_a_large_upload_does_not_grow_the_server(world, live_server, people, tmp_path):
    token = people.token(people.add(Role.PLANNER, WANZHOU))
    assert upload(live_server, token, 1) == 201
    before = peak_kb(live_server.pid)
    assert upload(live_server, token, PIECES) == 201
    assert peak_kb(live_server.pid) - before < ROOM_KB
    blobs = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert {path.stat().st_size for path in blobs} == {len(PIECE), PIECES * len(PIECE)}
    for path in blobs:
        os.truncate(path, 0)  # pytest keeps the folder of a run for a while


def test_a_file_beyond_the_limit_is_refused_with_the_limit(world, client, settings, sign_in):
    client.app.state.settings = settings.model_copy(update={"upload_limit_mb": 1})
    sign_in(client, Role.PLANNER, WANZHOU)
    address = f"/api/v1/imports/{new_id()}?name=a.csv"
    for content in (PIECE + b"0", (PIECE for _ in range(2))):
        answer = client.put(address, content=content)
        assert answer.status_code == 422
        assert "1 MB" in answer.json()["detail"]
    assert list((settings.home / "incoming").iterdir()) == []
