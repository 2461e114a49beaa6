"""Shapes come in from GeoJSON, GeoPackage, KML and the Shapefiles of the real world."""

import json
import zipfile

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pytest
import shapely

from gis import exchange
from gis.errors import Rejected
from gis.exchange.cells import as_text, numbers_as_text

SQUARE = shapely.box(108.1, 30.1, 108.2, 30.2)


@pytest.fixture
def towns():
    names = ["高笋塘街道", "龙驹镇"]
    return gpd.GeoDataFrame(
        {"名称": names, "编码": ["500101001", "500101101"], "人口": [35_000, 12_345_678_901]},
        geometry=[SQUARE, shapely.Point(108.5, 30.5).buffer(0.1)],
        crs=4326,
    )


@pytest.fixture
def shapefile(tmp_path, towns):
    def make(encoding, without=(), cpg=None, crs=4326):
        folder = tmp_path / "shp"
        folder.mkdir()
        towns.to_crs(crs).to_file(folder / "towns.shp", encoding=encoding)
        for suffix in without:
            (folder / f"towns{suffix}").unlink()
        if cpg:
            (folder / "towns.cpg").write_text(cpg)
        return folder / "towns.shp"

    return make


@pytest.mark.parametrize(
    ("name", "driver"), [("t.geojson", "GeoJSON"), ("t.gpkg", "GPKG"), ("t.kml", "KML")]
)
def test_text_and_shapes_come_from_every_format(tmp_path, towns, name, driver):
    towns.rename(columns={"名称": "Name"}).to_file(tmp_path / name, driver=driver)
    table = exchange.read(tmp_path / name)
    assert table.frame["Name"].tolist() == ["高笋塘街道", "龙驹镇"]
    assert table.geometry[0].equals(SQUARE)
    assert (table.crs, table.unit, table.lines.tolist()) == ("EPSG:4326", "feature", [1, 2])


def test_numbers_keep_their_digits(tmp_path, towns):
    towns.to_file(tmp_path / "t.gpkg")
    assert exchange.read(tmp_path / "t.gpkg").frame["人口"].tolist() == ["35000", "12345678901"]


@pytest.mark.parametrize("encoding", ["UTF-8", "GB18030", "GBK"])
def test_a_shapefile_without_cpg_and_prj_keeps_its_names(shapefile, encoding):
    path = shapefile(encoding, without=(".cpg", ".prj"))
    table = exchange.read(path)
    assert table.frame["名称"].tolist() == ["高笋塘街道", "龙驹镇"]
    assert table.crs is None
    assert "without its .prj" in str(table.notes[0])


def test_a_cpg_that_lies_is_overruled_by_the_texts(shapefile):
    table = exchange.read(shapefile("GBK", without=(".cpg",), cpg="UTF-8"))
    assert table.frame["名称"].tolist() == ["高笋塘街道", "龙驹镇"]
    assert "the .cpg says utf-8, the texts are gb18030" in str(table.notes[0])


def test_a_name_cut_in_the_middle_of_a_character_does_not_spoil_the_guess(tmp_path):
    long = "石柱土家族自治县" * 4
    frame = gpd.GeoDataFrame({"n": [long, "忠县"]}, geometry=[SQUARE, SQUARE], crs=4326)
    frame.to_file(tmp_path / "cut.shp", encoding="UTF-8", engine="pyogrio")
    data = (tmp_path / "cut.dbf").read_bytes()
    (tmp_path / "cut.dbf").write_bytes(
        data.replace("忠县".encode() + b"  ", "忠县".encode()[:5] + b"   ")
    )
    (tmp_path / "cut.cpg").unlink()
    table = exchange.read(tmp_path / "cut.shp")
    assert (table.encoding, table.frame["n"].tolist()) == ("utf-8", [long, "忠"])


def test_the_zone_of_a_projected_shapefile_is_named(shapefile):
    assert exchange.read(shapefile("UTF-8", crs=4524)).crs == "EPSG:4524"


def test_what_the_caller_declares_goes_first(tmp_path, towns):
    towns.to_file(tmp_path / "t.geojson")
    assert exchange.read(tmp_path / "t.geojson", crs="GCJ-02").crs == "GCJ-02"


def test_a_lone_shp_says_which_files_are_missing(shapefile):
    with pytest.raises(Rejected, match=r"without its \.dbf and \.shx"):
        exchange.read(shapefile("UTF-8", without=(".dbf", ".shx")))


def test_a_zipped_shapefile_with_a_gbk_name_in_a_folder(shapefile, tmp_path):
    path = shapefile("GBK", without=(".cpg",))
    with zipfile.ZipFile(tmp_path / "送.zip", "w") as archive:
        for part in path.parent.iterdir():
            archive.write(part, f"docs/街镇{part.suffix}")
        archive.writestr("docs/readme.txt", "nothing")
    table = exchange.read(tmp_path / "送.zip")
    assert table.frame["名称"].tolist() == ["高笋塘街道", "龙驹镇"]
    assert table.source == "街镇.shp"


def test_a_zip_of_two_asks_which(tmp_path):
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.csv", "x,y\n1,2\n")
        archive.writestr("b.csv", "x,y\n3,4\n")
    with pytest.raises(Rejected, match=r"a\.csv, b\.csv"):
        exchange.read(tmp_path / "two.zip")
    assert exchange.read(tmp_path / "two.zip", layer="b").frame["x"].tolist() == ["3"]


def test_a_geopackage_of_two_layers_asks_which(tmp_path, towns):
    towns.to_file(tmp_path / "two.gpkg", layer="towns")
    towns.to_file(tmp_path / "two.gpkg", layer="old")
    with pytest.raises(Rejected, match="towns, old"):
        exchange.read(tmp_path / "two.gpkg")
    assert exchange.read(tmp_path / "two.gpkg", layer="old").layer == "old"


def test_geojson_in_gbk_with_nested_values_and_without_a_shape(tmp_path):
    features = [
        {
            "type": "Feature",
            "properties": {"名称": "滑坡", "责任人": {"电话": "1"}},
            "geometry": None,
        },
        {
            "type": "Feature",
            "properties": {"名称": "危岩"},
            "geometry": shapely.geometry.mapping(SQUARE),
        },
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    (tmp_path / "gbk.json").write_bytes(text.encode("gbk"))
    table = exchange.read(tmp_path / "gbk.json")
    assert table.encoding == "gb18030"
    assert table.frame["名称"].tolist() == ["滑坡", "危岩"]
    assert "电话" in table.frame["责任人"][0]
    assert [shape is None for shape in table.geometry] == [True, False]


def test_broken_files_are_refused_and_say_what_to_do(tmp_path):
    for name, data in {
        "x.geojson": b'{"type": "FeatureCollection", "features": [',
        "x.gpkg": b"SQLite format 3\x00 and no more",
        "x.kml": b"<kml><Document>",
    }.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(Rejected, match="Export it again"):
            exchange.read(tmp_path / name)


def test_a_file_that_is_not_what_its_name_says_never_reaches_gdal(tmp_path):
    vrt = b"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc</SrcDataSource>"
    for name in ("x.geojson", "x.gpkg", "x.kml", "x.shp"):
        (tmp_path / name).write_bytes(vrt)
        with pytest.raises(Rejected, match="is not"):
            exchange.read(tmp_path / name)


def test_a_column_of_numbers_is_written_as_each_of_its_cells():
    dice = np.random.default_rng(5)
    some = [
        *dice.normal(0, 1e3, 200),
        *(10.0 ** dice.uniform(-12, 20, 400)),
        12.0,
        -0.0,
        1e15,
        1e22,
    ]
    column = pa.chunked_array([[*some, None], [], [float("inf"), 0.001, 1e7]], pa.float64())
    assert numbers_as_text(column).to_pylist() == [as_text(one) for one in column.to_pylist()]
