"""Texts that a file's own language would read otherwise leave and come back as they are."""

import json
import zipfile

import pyarrow as pa
import pytest

from gis import crs, exchange
from gis.exchange.writing import kml, layers, sheets
from gis.exchange.writing.slices import Slices

UGLY = ["a&b<c>", "=1+1", "_x0041_x0042_", "x\x01y", "两行\n第二", "😀曌䶮", None, '"; DROP']
SEEN = ["a&b<c>", "=1+1", "_x0041_x0042_", "x y", "两行\n第二", "😀曌䶮", "", '"; DROP']


def slices(system: str = crs.WGS84) -> Slices:
    count = len(UGLY)
    batch = pa.record_batch(
        {
            "name": pa.array(UGLY, pa.string()),
            "longitude": pa.array([108.3512345678901] * count),
            "latitude": pa.array([30.8] * count),
        }
    )
    return Slices(batch.schema, iter([batch.slice(0, 3), batch.slice(3)]), system)


@pytest.mark.parametrize(("write", "name"), [(sheets.workbook, "x.xlsx"), (kml.document, "x.kml")])
def test_ugly_texts_come_back_as_they_are_and_what_cannot_be_written_is_a_space(
    tmp_path, write, name
):
    write(slices(), tmp_path / name)
    frame = exchange.read(tmp_path / name).frame
    column = "name" if "name" in frame else "Name"
    assert [text or "" for text in frame[column].fillna("")] == SEEN


@pytest.mark.parametrize("system", [crs.WGS84, "EPSG:4545", crs.GCJ02])
def test_geojson_holds_every_text_and_digit_and_names_its_system(tmp_path, system):
    path = tmp_path / "x.geojson"
    layers.geojson(slices(system), path)
    told = json.loads(path.read_text(encoding="utf-8"))
    assert [one["properties"]["name"] for one in told["features"]] == UGLY
    places = {tuple(one["geometry"]["coordinates"]) for one in told["features"]}
    assert places == {(108.3512345678901, 30.8)}
    assert exchange.read(path).crs == (system if system != crs.GCJ02 else crs.WGS84)


def test_geojson_draws_a_line_where_a_row_has_one(tmp_path):
    batch = pa.record_batch(
        {
            "name": pa.array(["路", "桥"]),
            "longitude": pa.array([1.5, 3.5]),
            "latitude": pa.array([2.5, 4.5]),
            "extent": pa.array(["LINESTRING (1 2, 2 3)", None], pa.string()),
        }
    )
    path = tmp_path / "x.geojson"
    layers.geojson(Slices(batch.schema, iter([batch]), crs.WGS84, lines=True), path)
    shapes = [one["geometry"] for one in json.loads(path.read_text())["features"]]
    assert shapes == [
        {"type": "LineString", "coordinates": [[1, 2], [2, 3]]},
        {"type": "Point", "coordinates": [3.5, 4.5]},
    ]


def test_a_shapefile_is_no_wider_than_its_texts(tmp_path):
    batch = pa.record_batch({"name": pa.array(["滑坡", "崩"]), "longitude": [1.0, 2.0],
                             "latitude": [1.0, 2.0]})  # fmt: skip
    layers.shapefile(Slices(batch.schema, iter([batch]), crs.WGS84), tmp_path / "x.shp.zip")
    with zipfile.ZipFile(tmp_path / "x.shp.zip") as packed:
        table = packed.read("points.dbf")
    # Fields are told from byte 32 on, 32 bytes each, the width at the 17th (dBase III).
    assert (table[32:36], table[48]) == (b"name", len("滑坡".encode()))
