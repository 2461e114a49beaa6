"""A base map is optional, served by us or asked for at one host, and never a shifted one."""

import pytest
from fastapi.testclient import TestClient
from pmtiles.tile import TileType

from gis.authority import Role
from gis.errors import Rejected
from rescue_app.http.dependencies import COOKIE
from rescue_app.main import create_app
from tests.pmtiles import write_pmtiles
from tests.world import CITY

PICTURE = b"\x89PNG one"
TIANDITU = "https://t0.tianditu.gov.cn/vec_w/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=k"


@pytest.fixture
def with_ground(settings, database, people, world):
    """`with_ground(basemap=…)`: the application with these settings, the commander signed in."""

    def do(**more):
        made = create_app(settings.model_copy(update=more), app_url=database.app)
        client = TestClient(made, headers={"sec-fetch-site": "same-origin"})
        token = people.token(people.add(Role.CITY_COMMANDER, CITY, "Zhang"))
        return client, {"cookie": f"{COOKIE}={token}"}

    return do


def test_a_file_is_served_tile_by_tile_and_described(with_ground, tmp_path):
    file = write_pmtiles(tmp_path / "a.pmtiles", {(5, 25, 13): PICTURE}, TileType.PNG)
    client, headers = with_ground(basemap=str(file), basemap_attribution="© OSM")
    with client:
        answer = client.get("/api/v1/basemap/5/25/13", headers=headers)
        assert (answer.content, answer.headers["content-type"]) == (PICTURE, "image/png")
        assert client.get("/api/v1/basemap/5/25/14", headers=headers).status_code == 204
        assert client.get("/api/v1/basemap/5/25/99", headers=headers).status_code == 404
        assert client.get("/api/v1/basemap/5/25/13").status_code == 401
        told = client.get("/api/v1/style.json", headers=headers).json()
        source = told["sources"]["basemap"]
        assert source["tiles"] == ["http://testserver/api/v1/basemap/{z}/{x}/{y}"]
        assert (source["type"], source["attribution"]) == ("raster", "© OSM")
        ids = [layer["id"] for layer in told["layers"]]
        assert ids.index("districts") < ids.index("basemap") < ids.index("district-lines")
        assert "https:" not in answer.headers["content-security-policy"]


def test_the_pages_may_ask_one_host_more_and_no_other(with_ground):
    client, headers = with_ground(basemap=TIANDITU)
    with client:
        answer = client.get("/map", headers=headers)
        policy = answer.headers["content-security-policy"]
        assert "connect-src 'self' https://t0.tianditu.gov.cn;" in policy
        assert policy.count("https:") == 2
        assert 'value="basemap"' in answer.text
        told = client.get("/api/v1/style.json", headers=headers).json()
        assert told["sources"]["basemap"]["tiles"] == [TIANDITU]


def test_without_one_nothing_is_different(with_ground):
    client, headers = with_ground()
    with client:
        assert client.get("/api/v1/basemap/5/25/13", headers=headers).status_code == 404
        assert "basemap" not in client.get("/api/v1/style.json", headers=headers).text
        assert 'value="basemap"' not in client.get("/map", headers=headers).text


@pytest.mark.parametrize("system", ["GCJ-02", "BD-09"])
def test_a_shifted_one_is_refused_with_the_way_out(with_ground, system):
    with pytest.raises(Rejected, match="Tianditu"):
        with_ground(basemap=TIANDITU, basemap_crs=system)


@pytest.mark.parametrize("content", [b"", b"PNG", b"PMTiles" + bytes(200)])
def test_what_is_no_base_map_is_refused(with_ground, tmp_path, content):
    (tmp_path / "a.pmtiles").write_bytes(content)
    with pytest.raises(Rejected, match="PMTiles"):
        with_ground(basemap=str(tmp_path / "a.pmtiles"))
    with pytest.raises(Rejected, match="PMTiles"):
        with_ground(basemap=str(tmp_path / "gone.pmtiles"))
