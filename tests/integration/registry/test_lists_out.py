"""The registry as files: out, and in again unchanged."""

import csv

import geopandas as gpd
import pytest
from shapely import LineString, Point

from gis.authority import Role
from rescue_app.settings import PROJECT
from tests.integration.points.commands import yitong
from tests.integration.points.importing import told, why
from tests.patrols import make_asset, make_label
from tests.world import YUNYANG

pytestmark = pytest.mark.usefixtures("world", "reference")
SHIPPED = PROJECT / "data/assets/mappings"
DRAINS = "编号,经度,纬度,权属单位,养护单位,建设年份,类型,井深(m),管径,排入"
INLET = "Y1,108.35,30.80,市政,三所,1998,雨水箅,1.5,300,长江"


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "gpkg", "geojson", "shp.zip", "parquet"])
def test_what_goes_out_comes_in_unchanged(bring, desk, tmp_path, suffix):
    line = LineString([(108.33, 30.80), (108.36, 30.81), (108.37, 30.80)])
    make_label(desk, make_asset(desk, name="=1+1", facts={"length_m": 12, "structure": "arch"}))
    make_asset(desk, type="road_section", name="路", at=line, facts={"lanes": 4}, built_year=1998)
    make_asset(desk, type="shelter", name="库", facts={"indoor": True}, maintainer="街道,社区")
    form = suffix.removesuffix(".zip")
    answer = desk.get(f"/api/v1/assets/export?format={form}")
    assert answer.status_code == 200
    path = tmp_path / f"assets.{suffix}"
    path.write_bytes(answer.content)
    report = bring(path, SHIPPED / "yitong.yaml")
    assert told(report) == (0, 0, 3, 0), why(report)


def test_an_export_means_what_the_list_means_and_shows_lines(desk, client, sign_in, tmp_path):
    line = LineString([(108.33, 30.80), (108.36, 30.81)])
    make_asset(desk, type="road_section", name="路", at=line)
    make_asset(desk, name="桥")
    path = tmp_path / "roads.gpkg"
    path.write_bytes(desk.get("/api/v1/assets/export?format=gpkg&type=road_section").content)
    frame = gpd.read_file(path)
    assert list(frame["name"]) == ["路"]
    assert frame.geometry[0].equals(line)
    kml = desk.get("/api/v1/assets/export?format=kml").text
    assert "<LineString><coordinates>108.33,30.8 108.36,30.81</coordinates>" in kml
    assert "road_section" in desk.get("/assets?type=road_section").text
    sign_in(client, Role.PLANNER, YUNYANG)
    elsewhere = client.get("/api/v1/assets/export").content.decode("utf-8-sig")
    assert len(list(csv.reader(elsewhere.splitlines()))) == 1


def test_the_commands_say_first_and_write_when_told(save, database, desk, tmp_path):
    path = save(DRAINS, INLET)
    words = ["assets", "import", str(path), "--mapping", str(SHIPPED / "drains.yaml")]
    assert "Dry run: nothing was written" in yitong(*words, database=database)
    assert "Imported" in yitong(*words, "--apply", database=database)
    out = tmp_path / "out.geojson"
    told_out = yitong("assets", "export", str(out), "--area", "500101001", database=database)
    assert "1 assets" in told_out
    frame = gpd.read_file(out)
    assert frame.geometry[0].equals(Point(108.35, 30.80))
    assert desk.get("/api/v1/assets?type=drain_inlet").json()["total"] == 1
