"""`yitong points`: a ledger in, a ledger out, and what comes out goes in unchanged."""

import csv

import geopandas as gpd
import pytest
import yaml

from rescue_app.settings import PROJECT
from tests.integration.points.commands import yitong
from tests.integration.points.importing import MAPPING, row

OWN = str(PROJECT / "data" / "mappings" / "yitong.yaml")


@pytest.fixture
def files(office):
    how = office.folder / "how.yaml"
    how.write_text(yaml.safe_dump(MAPPING, allow_unicode=True))
    path = office.save(row("W1"), row("W2", 名称="=1+1", 威胁人数="1,200"), row("W3", 灾种="崩塌"))
    return str(path), str(how)


def test_a_ledger_is_brought_in_by_command(files, database, desk):
    path, how = files
    dry = yitong("points", "import", path, "--mapping", how, database=database)
    assert "Dry run: nothing was written" in dry
    assert "line 3: 威胁人数 “1,200”: 1,200 has thousands separators. Write 1200" in dry
    assert desk.get("/api/v1/points").json()["total"] == 0
    done = yitong("points", "import", path, "--mapping", how, "--apply", database=database)
    assert "Imported" in done
    assert desk.get("/api/v1/points").json()["total"] == 2
    refused = path.replace(".csv", "-refused.csv")
    with open(refused, encoding="utf-8-sig", newline="") as file:  # noqa: PTH123 - a text path
        assert [line["line"] for line in csv.DictReader(file)] == ["3"]


@pytest.mark.parametrize("suffix", ["csv", "geojson", "gpkg"])
def test_what_goes_out_comes_in_unchanged(desk, enter, database, tmp_path, suffix):
    box = {"type": "Polygon"}
    box["coordinates"] = [[[108.35, 30.8], [108.36, 30.8], [108.36, 30.81], [108.35, 30.8]]]
    enter(desk, name="=1+1", owner_phone="+86 138", extent=box, threatened_persons=7)
    enter(desk, name="Second", grade="I", grade_reason="A school", threatened_frail=3)
    enter(desk, name="Third", category="critical", threatened_property_10k_yuan="12.5")
    path = tmp_path / f"points.{suffix}"
    assert "3 points" in yitong("points", "export", str(path), database=database)
    again = yitong("points", "import", str(path), "--mapping", OWN, "--apply", database=database)
    assert "│    3 │   0 │       0 │    3 │       0 │" in again, again


def test_an_export_holds_what_its_filter_means(desk, enter, database, tmp_path):
    enter(desk, name="Bad", threatened_persons=2000)
    enter(desk, name="Small", threatened_persons=2)
    path = tmp_path / "worst.gpkg"
    words = ["points", "export", str(path), "--grade", "I", "--area", "500101"]
    yitong(*words, database=database)
    frame = gpd.read_file(path)
    assert list(frame["name"]) == ["Bad"]
    assert frame.crs.to_epsg() == 4326
    over_http = desk.get("/api/v1/points/export?format=geojson&grade=IV").json()
    assert [f["properties"]["name"] for f in over_http["features"]] == ["Small"]
    wrong = yitong("points", "export", "worst.doc", database=database, fails=True)
    assert ".gpkg" in wrong
