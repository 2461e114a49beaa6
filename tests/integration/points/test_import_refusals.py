"""Every fault of a row is told with line, column and what to do, and costs only that row."""

import csv
from pathlib import Path

import geopandas as gpd
import pytest
from openpyxl import Workbook
from shapely import LineString, Point, box

from gis import crs
from tests.integration.points.importing import HEADING, MAPPING, row, told, why

GOOD = row("W1")


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"编号": ""}, "编号", "is empty"),
        ({"名称": ""}, "名称", "is empty"),
        ({"类别": "好点"}, "类别", "not known here. Known are: critical, hidden_danger"),
        ({"灾种": "龙卷风"}, "灾种", "say under values in the mapping what it means"),
        ({"威胁人数": "-1"}, "威胁人数", "at least 0"),
        ({"威胁人数": "1,234"}, "威胁人数", "has thousands separators. Write 1234"),
        ({"威胁人数": "12,34"}, "威胁人数", "is not a number"),
        ({"威胁人数": "NaN"}, "威胁人数", "Leave the cell empty when unknown"),
        ({"威胁人数": "#N/A"}, "威胁人数", "Leave the cell empty when unknown"),
        ({"威胁人数": "约50人"}, "威胁人数", "digits only, without a unit"),
        ({"威胁人数": "1.5"}, "威胁人数", "is not whole"),
        ({"威胁人数": "1e300"}, "威胁人数", "at most"),
        ({"财产": "-3"}, "财产", "at least 0"),
        ({"经度": "30.80", "纬度": "108.35"}, "经度, 纬度", "look swapped. Swap the two"),
        ({"经度": ""}, "经度", "no coordinates"),
        ({"经度": "nan"}, "经度", "is not a number"),
        ({"经度": "abc"}, "经度", "is not a number"),
        ({"经度": "36450000", "纬度": "3410000"}, "经度, 纬度", "metres"),
        ({"经度": "116.4", "纬度": "39.9"}, "", "No known area covers this place"),
        ({"经度": "0", "纬度": "0"}, "", "No known area covers this place"),
        ({"名称": "长" * 201}, "名称", "longer than 200 characters"),
    ],
)
def test_a_wrong_cell_costs_its_row_and_is_told(office, cells, column, reason):
    bad = row("W2", **{k: v for k, v in cells.items() if k != "编号"})
    if "编号" in cells:
        bad = row(number="")
    report = office.rows(GOOD, bad)
    assert told(report) == (1, 0, 0, 1)
    found = why(report)
    assert [(line, col) for line, col, _ in found] == [(3, column)]
    assert reason in found[0][2]


def test_a_number_that_comes_twice_is_refused_both_times(office):
    report = office.rows(GOOD, row("W2"), row("W2", 威胁人数="5"), row("W3"))
    assert told(report) == (2, 0, 0, 2)
    first, second = why(report)
    assert (first[0], second[0]) == (3, 4)
    assert "further down" in first[2]
    assert "stands on line 3" in second[2]


def test_a_row_tells_all_its_faults_and_counts_once(office):
    report = office.rows(GOOD, row("W2", 灾种="龙", 威胁人数="-1", 经度="x"))
    assert report.refused == 1
    assert sorted(column or "" for _, column, _ in why(report)) == ["威胁人数", "灾种", "经度"]


def test_more_frail_than_people_are_refused(office):
    fields = MAPPING["fields"] | {"threatened_frail": "财产"}
    del fields["threatened_property_10k_yuan"]
    report = office.rows(row("W1", 财产="121"), row("W2", 财产="120"), fields=fields)
    assert told(report) == (1, 0, 0, 1)
    assert "121 frail persons are more than the 120" in why(report)[0][2]


def test_the_mapping_may_allow_thousands_and_other_words(office):
    fields = MAPPING["fields"] | {
        "threatened_persons": {"column": "威胁人数", "thousands": ",", "empty": ["无", "/"]},
        "hazard_type": {"column": "灾种", "otherwise": "other"},
    }
    report = office.rows(
        row("W1", 威胁人数="1,234"),
        row("W2", 威胁人数="无"),
        row("W3", 威胁人数="１２３"),
        row("W4", 灾种="龙卷风"),
        fields=fields,
    )
    assert told(report) == (4, 0, 0, 0)


def test_a_gbk_file_is_read(office):
    path = office.save(GOOD, row("W2"), encoding="gb18030")
    assert told(office.bring(path)) == (2, 0, 0, 0)


def test_an_excel_ledger_is_read(office):
    book = Workbook()
    sheet = book.active
    sheet.append(["2026 年台账"])
    sheet.append(HEADING.split(","))
    sheet.append(["W1", "滑坡", "隐患点", "滑坡", 108.35, 30.8, 120.0, None])
    sheet.append(["W2", "滑坡", "隐患点", "滑坡", 108.35, 30.8, -1, 5])
    path = office.folder / "台账.xlsx"
    book.save(path)
    report = office.bring(path)
    assert told(report) == (1, 0, 0, 1)
    assert why(report)[0][:2] == (4, "威胁人数")


def test_shifted_coordinates_are_put_back_where_the_mapping_names_their_system(office, desk):
    for name in ("GCJ-02", "BD-09", "EPSG:4524"):
        (x,), (y,) = crs.from_wgs84([108.35], [30.80], crs=name)
        shifted = row(name, 经度=f"{x:.9f}", 纬度=f"{y:.9f}")
        assert told(office.rows(shifted, crs=name)) == (1, 0, 0, 0)
    for point in desk.get("/api/v1/points.geojson").json()["features"]:
        assert point["geometry"]["coordinates"] == pytest.approx([108.35, 30.80], abs=2e-6)


SHAPES = {
    "geojson": "GeoJSON",
    "gpkg": "GPKG",
    "shp": "ESRI Shapefile",
}


def layer(folder: Path, suffix: str, shapes: list[object], crs_name: str = "EPSG:4326") -> Path:
    count = len(shapes)
    frame = gpd.GeoDataFrame(
        {
            "编号": [f"W{n}" for n in range(count)],
            "名称": ["滑坡"] * count,
            "类别": ["隐患点"] * count,
            "灾种": ["滑坡"] * count,
            "威胁人数": [120] * count,
            "财产": [5000000.0] * count,
        },
        geometry=shapes,
        crs="EPSG:4326",
    ).to_crs(crs_name)
    path = folder / f"layer.{suffix}"
    frame.to_file(path, driver=SHAPES[suffix], encoding="gbk" if suffix == "shp" else "utf-8")
    return path


@pytest.mark.parametrize("suffix", list(SHAPES))
@pytest.mark.parametrize("crs_name", ["EPSG:4326", "EPSG:4524"])
def test_a_layer_of_points_is_read_in_its_own_system(office, desk, suffix, crs_name):
    if suffix == "geojson" and crs_name != "EPSG:4326":
        crs_name = "EPSG:4490"
    path = layer(office.folder, suffix, [Point(108.35, 30.8), Point(116.4, 39.9)], crs_name)
    place = {"longitude": None, "latitude": None, "crs": None}
    report = office.bring(path, **place)
    assert told(report) == (1, 0, 0, 1)
    assert why(report)[0][0] == 2
    (found,) = desk.get("/api/v1/points").json()["items"]
    assert (found["longitude"], found["latitude"]) == pytest.approx((108.35, 30.8), abs=1e-6)
    assert found["threatened_persons"] == 120
    assert told(office.bring(path, **place)) == (0, 0, 1, 1)
    corrected = office.folder / "refused.csv"
    with corrected.open(encoding="utf-8-sig", newline="") as file:
        (line,) = csv.DictReader(file)
    (x,), (y,) = crs.from_wgs84([108.36], [30.8], crs=crs_name)
    corrected.write_text(corrected.read_text("utf-8-sig").replace(line["WKT"], f"POINT ({x} {y})"))
    assert told(office.bring(corrected, **place | {"extent": "WKT", "crs": crs_name})) == (
        1,
        0,
        0,
        0,
    )


def test_a_polygon_becomes_a_point_inside_with_its_extent(office, desk):
    slope = box(108.35, 30.80, 108.351, 30.801)
    line = LineString([(108.35, 30.8), (108.36, 30.8)])
    path = layer(office.folder, "gpkg", [slope, line])
    report = office.bring(path, longitude=None, latitude=None, crs=None)
    assert told(report) == (1, 0, 0, 1)
    assert "no point and no extent" in why(report)[0][2]
    (found,) = desk.get("/api/v1/points").json()["items"]
    full = desk.get(f"/api/v1/points/{found['id']}").json()
    assert full["extent"]["type"] == "MultiPolygon"
    assert slope.contains(Point(full["longitude"], full["latitude"]))


@pytest.mark.parametrize(
    ("monitors", "means", "told_what"),
    [
        ("张三138 0000 1111；李四：13900001111\n王五(023-58000000)", "铜锣、喇叭,口哨 gong", None),
        ("张三 １３８００００１１１１;", "", None),
        ("", "；", None),
        ("张三", "", "“张三” is no name with its phone"),
        ("13800001111", "", "is no name with its phone"),
        ("张三 13800001111，李四 13900001111", "", None),
        ("；".join(f"{name} 1380000111" for name in "甲乙丙丁戊己庚"), "", "up to 6 monitors"),
        ("", "铜锣和狗", "“铜锣和狗” is no warning means we know. Known are: 铜锣；"),
    ],
)
def test_several_in_one_cell_are_read_in_one_way_or_refused(office, monitors, means, told_what):
    path = office.folder / "several.csv"
    cells = f'{GOOD},"{monitors}",{"" if not means else chr(34) + means + chr(34)}'
    path.write_text(f"{HEADING},监测员,预警手段\n{cells}\n")
    fields = {"monitors": "监测员", "warning_means": "预警手段"}
    report = office.bring(path, fields=MAPPING["fields"] | fields)
    if told_what is None:
        assert told(report) == (1, 0, 0, 0)
        return
    ((line, column, reason),) = why(report)
    assert (line, column) == (2, "监测员" if monitors else "预警手段")
    assert told_what in reason
    assert report.refusals[0].value == (monitors or means)
