"""A large file goes to the disk: the server's memory stays the same, and there is an end."""

import http.client
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyogrio
import pytest
import shapely
from shapely import Point

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


MEASURED = """
import sys
from gis import exchange
rows = len(exchange.read(sys.argv[1]))
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(rows, peak.split()[1])
"""
WIDE = "沿江公路内侧边坡、前缘临河" * 8
ROWS, MORE_ROWS = 60_000, 360_000
SLICES_KB = 150_000
"""What a reader may need beyond the first slices; the larger file's texts alone are as much."""


def write_wide(path, rows):
    numbers, places = [f"N{n}" for n in range(rows)], [f"{WIDE}{n}" for n in range(rows)]
    if path.suffix == ".csv":
        lines = map(",".join, zip(numbers, places, strict=True))
        path.write_text("\n".join(["编号,地址", *lines, ""]), encoding="gbk")
        return path
    point = pa.repeat(pa.scalar(shapely.to_wkb(Point(108, 30)), pa.binary()), rows)
    table = pa.table({"编号": numbers, "地址": places, "geometry": point})
    pyogrio.write_arrow(
        table, path, driver="GPKG", geometry_name="geometry", geometry_type="Point", crs="EPSG:4326"
    )
    return path


def read_apart(path):
    """Rows and peak memory of a process that reads one file."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, path], capture_output=True, check=True, text=True
    )
    return [int(word) for word in done.stdout.split()]


@pytest.mark.parametrize("suffix", ["csv", "gpkg"])
def test_a_file_six_times_as_large_is_read_in_the_memory_of_its_slices(tmp_path, suffix):
    small = read_apart(write_wide(tmp_path / f"small.{suffix}", ROWS))
    large = read_apart(write_wide(tmp_path / f"large.{suffix}", MORE_ROWS))
    assert (small[0], large[0]) == (ROWS, MORE_ROWS)
    assert large[1] - small[1] < SLICES_KB
