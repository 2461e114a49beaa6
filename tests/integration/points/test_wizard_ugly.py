"""Files as they really come from offices and phones, through the page: understood, or refused."""

import json

import geopandas as gpd
from shapely import MultiPolygon, Point, box
from sqlalchemy import update

from gis import crs
from gis.areas.models import Area
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from tests import offices
from tests.integration.points.desks import (
    bring,
    compare,
    desk_of_wanzhou,
    fields,
    figures,
    run_worker,
)
from tests.world import WANZHOU

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


def of_a_phone_map(path):
    """A GeoJSON that says nothing of its system, drawn on a phone map."""
    lon, lat = crs.from_wgs84([108.35, 108.36], [30.8, 30.81], crs="GCJ-02")
    features = [
        {
            "type": "Feature",
            "properties": {"编号": f"J{n}", "名称": f"点{n}", "灾种": "滑坡"},
            "geometry": {"type": "Point", "coordinates": [float(x), float(y)]},
        }
        for n, (x, y) in enumerate(zip(lon, lat, strict=True))
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_degrees_of_which_nobody_says_whether_they_are_shifted_are_asked_about(
    bring, compare, tmp_path, desk_of_wanzhou
):
    page = bring(of_a_phone_map(tmp_path / "标注.geojson"))
    html = desk_of_wanzhou.get(page).text
    assert "没有写明" in html
    assert "2 个样例点中有 2 个" in html, "and are on the map all the same"
    refused = compare(page, crs="")
    assert "请选择：卫星定位用 WGS84" in refused
    assert figures(compare(page, crs="GCJ-02")) == [2, 0, 0, 0]
    assert "108.35000, 30.80000" in desk_of_wanzhou.get(f"{page}?show=new").text


def test_a_layer_that_names_its_system_is_believed_at_first(bring, tmp_path, desk_of_wanzhou):
    frame = gpd.GeoDataFrame(
        {"编号": ["S1"], "名称": ["甲"]}, geometry=[Point(108.35, 30.8)], crs=4326
    )
    frame.to_file(tmp_path / "点.gpkg")
    html = desk_of_wanzhou.get(bring(tmp_path / "点.gpkg")).text
    assert '<option value="EPSG:4326" selected' in html
    assert "没有写明" not in html


def test_points_in_the_frame_of_a_district_but_over_its_border_are_not_said_to_lie_in_it(
    bring, tmp_path, desk_of_wanzhou, sessions
):
    corners = MultiPolygon([box(108.0, 30.4, 108.1, 30.5), box(108.7, 31.1, 108.8, 31.2)])
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(update(Area).where(Area.path == WANZHOU).values(boundary=corners))
    html = desk_of_wanzhou.get(bring(offices.workbook(tmp_path / "台账.xlsx"))).text
    assert "12 个样例点中有 0 个在您的辖区内" in html
    assert "请换一种坐标系" in html
