"""Files as they really come from offices and phones, through the page: understood, or refused."""

import json

import geopandas as gpd
from shapely import Point

from gis import crs
from tests import offices
from tests.integration.points.desks import (
    bring,
    compare,
    desk_of_wanzhou,
    fields,
    figures,
    run_worker,
)

__all__ = ["bring", "compare", "desk_of_wanzhou", "fields", "run_worker"]


def test_two_rows_of_headings_are_one_name_each(bring, compare, tmp_path, desk_of_wanzhou, fields):
    page = bring(offices.workbook_with_two_rows_of_headings(tmp_path / "一览表.xlsx"))
    said = fields(desk_of_wanzhou.get(page).text)
    assert said["f.threatened_households"] == "c:威胁对象·户数"
    assert said["f.threatened_persons"] == "c:威胁对象·人数"
    assert (said["longitude"], said["latitude"]) == ("位置·东经", "位置·北纬")
    assert figures(compare(page)) == [3, 0, 0, 0]


def test_metres_that_begin_with_the_zone_need_no_word_about_it(
    bring, compare, tmp_path, desk_of_wanzhou, fields
):
    x, y = crs.from_wgs84([offices.EAST, offices.EAST + 0.01], [30.8, 30.8], crs="EPSG:4524")
    rows = [f"Z{n},点{n},滑坡,{a:.3f},{b:.3f}" for n, (a, b) in enumerate(zip(x, y, strict=True))]
    path = tmp_path / "坐标.csv"
    path.write_bytes("\n".join(["编号,名称,灾种,X坐标,Y坐标", *rows]).encode("gb18030"))
    page = bring(path)
    assert x[0] > 36_000_000
    assert fields(desk_of_wanzhou.get(page).text)["crs"] == "EPSG:4524"
    assert figures(compare(page)) == [2, 0, 0, 0]


def test_placemarks_of_a_phone_come_in_once_their_kind_is_said(
    bring, compare, tmp_path, desk_of_wanzhou
):
    page = bring(offices.phone_track(tmp_path / "收藏.kml"))
    html = desk_of_wanzhou.get(page).text
    assert "屋后裂缝" in html
    said = {"f.number": "c:Name", "f.hazard_type": "v:landslide", "f.address": "c:Description"}
    assert figures(compare(page, **said)) == [2, 0, 0, 0]


def test_of_a_number_that_two_features_share_neither_is_taken(
    bring, compare, tmp_path, desk_of_wanzhou
):
    places = [Point(offices.EAST, 30.8), Point(offices.EAST, 30.81), Point(offices.EAST, 30.82)]
    names = {"编号": ["A", "A", "B"], "名称": ["甲", "乙", "丙"], "灾种": ["滑坡"] * 3}
    told = json.loads(gpd.GeoDataFrame(names, geometry=places, crs=4326).to_json())
    for feature in told["features"]:
        feature["id"] = "same"
    path = tmp_path / "重号.geojson"
    path.write_text(json.dumps(told, ensure_ascii=False))
    page = bring(path)
    assert figures(compare(page)) == [1, 0, 0, 2]
    assert "A" in desk_of_wanzhou.get(f"{page}?show=refused").text
