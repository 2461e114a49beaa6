"""Lists of assets as offices have them, in by a mapping file alone."""

import geopandas as gpd
import pytest
from shapely import LineString, MultiLineString
from sqlalchemy import text

from gis.authority import Actor, Role
from gis.errors import Rejected
from gis.store.base import new_id
from rescue_app.settings import PROJECT
from tests.integration.points.importing import told, why
from tests.patrols import make_asset
from tests.world import CITY, TAIBAI, WANZHOU, YUNYANG

pytestmark = pytest.mark.usefixtures("world", "reference")
SHIPPED = PROJECT / "data/assets/mappings"
YEARS = range(2017, 2026)
DRAINS = "编号,经度,纬度,权属单位,养护单位,建设年份,类型,井深(m),管径,排入"
RATED = ",".join(f"{year}年评级" for year in YEARS)
BRIDGES = f"桥梁编号,经度,纬度,桥梁名称,管养单位,养护等级,建成年份,结构形式,全长(m),跨数,{RATED}"
INLET = "Y1,108.35,30.80,市政,三所,1998,雨水箅,1.5,300,长江"


def inlets(desk):
    return desk.get("/api/v1/assets?type=drain_inlet").json()


def test_a_drain_inventory_goes_in_by_a_mapping_alone_and_twice_changes_nothing(bring, save, desk):
    rows = [
        f"Y{n:05d},{108.31 + n % 80 / 1000:.4f},{30.71 + n // 80 / 1000:.4f},市政,三所,"
        f"{'不详' if n % 7 else 1998},{'雨水箅' if n % 3 else '雨水井'},1.{n % 10},300,长江"
        for n in range(14_000)
    ]
    path = save(DRAINS, *rows)
    dry = bring(path, SHIPPED / "drains.yaml", apply=False)
    assert told(dry) == (14_000, 0, 0, 0), why(dry)[:3]
    assert inlets(desk)["total"] == 0
    assert told(bring(path, SHIPPED / "drains.yaml")) == (14_000, 0, 0, 0)
    assert told(bring(path, SHIPPED / "drains.yaml")) == (0, 0, 14_000, 0)
    one = desk.get("/api/v1/assets?q=Y00007").json()["items"][0]
    assert (one["name"], one["street"]) == ("雨水口Y00007", "万州区高笋塘街道")
    assert one["facts"] == {"form": "gully", "depth_m": 1.7, "pipe_mm": 300, "drains_to": "长江"}
    assert (one["built_year"], one["maintainer"]) == (1998, "三所")


@pytest.mark.parametrize(
    ("order", "cells"),
    [
        ("lat_lon", ["30.80,108.35", "（30.80；108.351）", "30.80 108.352",
                     "N30°48′, E108°21′10.8″", "30.80", "", "东桥头", "108.35,30.80"]),
        ("lon_lat", ["108.35,30.80", "（108.351；30.80）", "108.352 30.80",
                     "E108°21′10.8″, N30°48′", "108.35", "", "东桥头", "30.80,108.35"]),
    ],
)  # fmt: skip
def test_one_cell_with_both_numbers_is_read_in_the_order_that_the_mapping_says(
    bring, save, desk, order, cells
):
    rows = [f"Y{n}\t{cell}" for n, cell in enumerate(cells)]
    path = save("编号\t坐标", *rows, encoding="utf-8")
    how = {"source": "drains", "crs": "EPSG:4326", "place": {"column": "坐标", "order": order},
           "fields": {"number": "编号", "type": {"value": "drain_inlet"}}}  # fmt: skip
    report = bring(path, how)
    assert told(report) == (4, 0, 0, 4), why(report)
    assert report.refused_lines == {6, 7, 8, 9}
    assert {one.column for one in report.refusals} == {"坐标"}
    places = [one["place"]["coordinates"] for one in inlets(desk)["items"]]
    assert sorted(round(x, 3) for x, _ in places) == [108.35, 108.351, 108.352, 108.353]
    with pytest.raises(Rejected, match="twice"):
        bring(path, how | {"longitude": "坐标", "latitude": "坐标"})


def test_what_does_not_fit_is_refused_with_line_column_value_and_reason(bring, save):
    good = "Y1,108.35,30.80,市政,,1998,雨水箅,1.5,300,长江"
    report = bring(
        save(
            DRAINS, good,
            "Y2,30.80,108.35,市政,,1998,雨水箅,1.5,300,",
            "Y3,108.35,30.80,市政,,1998,雨水箅,一米五,300,",
            "Y4,108.35,30.80,市政,,1998,雨水箅,1.5,99999,",
            "Y5,116.40,39.90,市政,,1998,雨水箅,1.5,300,",
            "Y1,108.36,30.80,市政,,1998,雨水箅,1.5,300,",
            ",108.36,30.80,市政,,1998,雨水箅,1.5,300,",
        ),
        SHIPPED / "drains.yaml",
    )  # fmt: skip
    assert told(report)[:2] == (0, 0)
    reasons = {(line, column): reason for line, column, reason in why(report)}
    assert "swapped" in reasons[3, "经度, 纬度"]
    assert "not a number" in reasons[4, "井深(m)"]
    assert "from 1 to 10000" in reasons[5, "管径"]
    assert "No known area" in reasons[6, ""]
    assert "comes again" in reasons[2, "编号"]
    assert "stands on line 2" in reasons[7, "编号"]
    assert "empty" in reasons[8, "编号"]


def test_a_bridge_list_keeps_nine_years_of_ratings_and_shows_them(bring, save, desk):
    marks = "A,A,A,B,B,,C,C,{}"
    row = "Q1,108.35,30.80,高笋塘桥,桥梁所,II等,1996,连续梁桥,126.5,5," + marks
    path = save(BRIDGES, row.format("D"))
    assert told(bring(path, SHIPPED / "bridges.yaml")) == (1, 0, 0, 0)
    assert told(bring(path, SHIPPED / "bridges.yaml")) == (0, 0, 1, 0)
    again = save(BRIDGES, row.format("B"))
    assert told(bring(again, SHIPPED / "bridges.yaml")) == (0, 1, 0, 0)
    bridge = desk.get("/api/v1/assets?type=bridge").json()["items"][0]
    rated = desk.get(f"/api/v1/assets/{bridge['id']}/ratings").json()
    assert rated["2025"] == "B"
    assert "2022" not in rated
    assert len(rated) == 8
    assert bridge["version"] == 1, "a new rating is no change of the bridge"
    page = desk.get(f"/assets/{bridge['id']}").text
    assert "历年评级" in page
    assert ">2017<" in page


def test_a_second_list_changes_what_it_speaks_of_and_leaves_the_rest(bring, save, desk):
    bring(save(DRAINS, INLET), SHIPPED / "drains.yaml")
    how = {"source": "drainage-office", "crs": "EPSG:4326", "longitude": "x", "latitude": "y"}
    how["fields"] = {"number": "id", "type": {"value": "drain_inlet"}, "cleaned_on": "清掏"}
    report = bring(save("id,x,y,清掏", "Y1,108.35,30.80,2026-05-30"), how)
    assert told(report) == (0, 1, 0, 0)
    one = inlets(desk)["items"][0]
    assert one["facts"]["cleaned_on"] == "2026-05-30"
    assert (one["facts"]["pipe_mm"], one["maintainer"], one["version"]) == (300, "三所", 2)
    newest = desk.get(f"/api/v1/assets/{one['id']}/history").json()[0]
    assert [change["field"] for change in newest["changes"]] == ["facts.cleaned_on"]


def test_lines_come_in_as_lines_in_their_own_coordinates_and_a_point_kind_takes_none(
    bring, tmp_path, desk
):
    road = LineString([(108.31, 30.80), (108.36, 30.81)])
    two = [[(108.32, 30.75), (108.33, 30.75)], [(108.34, 30.75), (108.36, 30.75)]]
    split = MultiLineString(two)
    frame = gpd.GeoDataFrame(
        {"id": ["R1", "R2", "G1"], "kind": ["路段", "路段", "闸门"]},
        geometry=[road, split, road],
        crs="EPSG:4326",
    ).to_crs("EPSG:4545")
    path = tmp_path / "roads.gpkg"
    frame.to_file(path)
    how = {"source": "roads", "fields": {"number": "id", "type": "kind"}}
    report = bring(path, how)
    assert told(report) == (2, 0, 0, 1)
    assert "is a point" in why(report)[0][2]
    assert told(bring(path, how))[:3] == (0, 0, 2)
    found = desk.get("/api/v1/assets?type=road_section").json()["items"]
    assert {one["place"]["type"] for one in found} == {"LineString", "MultiLineString"}


def test_a_list_in_amap_coordinates_that_claims_its_districts_is_stopped(bring, save):
    rows = [f"Y{n},{108.8032 - n * 1e-4:.5f},30.9,万州区" for n in range(30)]
    how = {"source": "x", "crs": "EPSG:4326", "longitude": "x", "latitude": "y"}
    how["fields"] = {"number": "id", "type": {"value": "gate"}, "district": "区县"}
    with pytest.raises(Rejected, match="it is GCJ-02"):
        bring(save("id,x,y,区县", *rows), how, apply=False)


def test_an_office_brings_in_only_what_lies_in_its_area_and_takes_nobodys_number(bring, save, desk):
    rows = ["Y1,108.35,30.80", "Y2,108.90,30.95"]
    how = {"source": "x", "crs": "EPSG:4326", "longitude": "x", "latitude": "y"}
    how["fields"] = {"number": "id", "type": {"value": "gate"}}
    yunyang = Actor(new_id(), "云阳", Role.PLANNER, YUNYANG)
    assert told(bring(save("id,x,y", *rows), how, by=yunyang)) == (1, 0, 0, 1)
    wanzhou = Actor(new_id(), "万州", Role.PLANNER, WANZHOU)
    report = bring(save("id,x,y", "Y1,108.35,30.80", "Y2,108.36,30.80"), how, by=wanzhou)
    assert told(report) == (1, 0, 0, 1)
    assert "outside your area" in why(report)[0][2]
    assert desk.get("/api/v1/assets").json()["total"] == 1


def test_a_line_is_of_the_area_nearest_to_its_middle_and_one_wholly_outside_is_refused(
    bring, client, sign_in, save, tmp_path, owner
):
    sign_in(client, Role.CITY_COMMANDER, CITY)
    lines = {
        "L1": LineString([(108.39, 30.8), (108.392, 30.8), (110.4, 30.8)]),
        "L2": LineString([(110.3, 31.0), (110.4, 31.0)]),
        "L3": LineString([(108.39, 30.8), (108.41, 30.81), (108.46, 30.8)]),
    }
    how = {"source": "x", "crs": "EPSG:4326", "extent": "形状"}
    how["fields"] = {"number": "id", "name": "id", "type": {"value": "road_section"}}
    rows = [f'{name},"{line.wkt}"' for name, line in lines.items()]
    report = bring(save("id,形状", *rows), how)
    assert [said[0] for said in why(report)] == [3], why(report)
    assert "No known area" in why(report)[0][2]
    border = LineString([(110.1, 31.0), (110.3, 31.01), (110.1, 31.02)])
    make_asset(client, type="road_section", name="界路", at=border)
    found = {one["name"]: one["area_path"] for one in client.get("/api/v1/assets").json()["items"]}
    assert found == {"L1": CITY, "界路": CITY, "L3": TAIBAI}
    path = tmp_path / "assets.csv"
    path.write_bytes(client.get("/api/v1/assets/export").content)
    again = bring(path, SHIPPED / "yitong.yaml")
    assert told(again) == (0, 0, 3, 0), why(again)
    # A border was drawn anew and left it wholly outside: what stands there stays where it was.
    owner.execute(text("UPDATE area SET boundary = ST_Multi(ST_MakeEnvelope(105.2, 28.1, 109.9,"
                       " 32.2, 4326)) WHERE level = 'city'"))  # fmt: skip
    owner.commit()
    again = bring(path, SHIPPED / "yitong.yaml")
    assert told(again) == (0, 0, 3, 0), why(again)
    content = path.read_text(encoding="utf-8").replace("110.3", "110.35")
    path.write_text(content, encoding="utf-8")
    moved = bring(path, SHIPPED / "yitong.yaml")
    assert told(moved)[3] == 1, "another place outside is refused all the same"


def test_links_come_in_by_columns_of_numbers(bring, save, desk):
    how = {"source": "x", "crs": "EPSG:4326", "longitude": "x", "latitude": "y"}
    how["fields"] = {"number": "id", "type": "类别", "flows_into": "排入", "drained_by": "泵站"}
    rows = [
        "Y1,108.35,30.80,雨水口,P1；P2,",
        "U1,108.35,30.81,下穿道,,P1",
        "P1,108.36,30.80,泵站,,",
        "P2,108.36,30.81,泵站,,",
        "Y2,108.35,30.82,雨水口,Y3,",
        "Y3,108.35,30.83,雨水口,P9,",
    ]
    path = save("id,x,y,类别,排入,泵站", *rows)
    report = bring(path, how)
    assert told(report) == (4, 0, 0, 2)
    assert [(line, column) for line, column, _ in why(report)] == [(6, "排入"), (7, "排入")]
    assert told(bring(path, how)) == (0, 0, 4, 2)
    pump = desk.get("/api/v1/assets?q=泵站P1").json()["items"][0]
    links = desk.get(f"/api/v1/assets/{pump['id']}/links").json()
    assert [(one["relation"], one["outward"], one["name"]) for one in links] == [
        ("drained_by", False, "下穿道U1"),
        ("flows_into", False, "雨水口Y1"),
    ]
    more = save("id,x,y,类别,排入,泵站", "P1,108.36,30.80,泵站,P2,", *rows[:2], rows[3])
    assert told(bring(more, how)) == (0, 1, 3, 0)
