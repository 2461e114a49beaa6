"""What goes out comes in again, in every kind of file; and nothing in it runs or is left out."""

import io
import json
import warnings
import zipfile

import geopandas as gpd
import openpyxl
import pytest
import yaml
from sqlalchemy import text

from gis import exchange
from gis.authority import Role
from gis.crs import distance_m
from gis.exchange.writing.forms import Form
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.points import exporting
from hazards.points.filters import PointFilter
from rescue_app import exports
from rescue_app.settings import PROJECT
from tests.integration.points.desks import bring, compare, desk_of_wanzhou, fields, figures
from tests.integration.points.importing import told
from tests.integration.test_jobs import run_worker
from tests.world import IN_SHUANGJIANG, WANZHOU, YUNYANG

__all__ = ["bring", "compare", "desk_of_wanzhou", "fields", "run_worker"]
OWN = PROJECT / "data" / "mappings" / "yitong.yaml"
UGLY = "=1+1 “引号”\"与'逗号',\n第二行;分号\t制表 — 曌䶮"
START = [108.351, 30.801]
RING = [START, [108.3612345678901, 30.8], [108.36, 30.812345678901234], START]
EXTENT = {"type": "Polygon", "coordinates": [RING]}
MANY = [[[108.3 + n / 1e5, 30.75 + (n % 7) / 1e4] for n in range(1200)] + [[108.32, 30.7]]]
SAID = text("""
    SELECT to_jsonb(point) - ARRAY['id', 'place', 'extent', 'created_at', 'changed_at',
            'changed_by', 'changed_by_name'], ST_AsEWKB(place), ST_AsEWKB(extent)
    FROM hazard_point AS point ORDER BY source, number
""")
"""Everything an entry says; not when it was signed and by whom."""
WATCHED = {
    "monitors": [
        {"name": "李 明(组长)", "phone": "138 0000 1111"},
        {"name": "=王强", "phone": "023-58000000"},
        {"name": "Ann-Lee", "phone": "+86 139 0000 2222"},
        {"name": "曌䶮", "phone": "02358000001"},
        {"name": "赵五/钱六", "phone": "58000002"},
        {"name": "O'Neil, \"Jo\"", "phone": "13800003333"},
    ],
    "warning_means": ["terminal", "gong", "loudspeaker"],
    "monitoring_name": "周敏", "monitoring_post": "组长", "monitoring_phone": "+86 1",
    "monitoring_method": "both", "plan_exists": True, "cards_given": False,
    "drilled_on": "2026-04-30", "found_on": "1998-07-01",
}  # fmt: skip
BODY = {
    "direction": "北偏东 30°", "volume_m3": "12000.5", "scale": "medium", "trigger": "=降雨",
    "works": "抗滑桩；截水沟", "works_stage": "under_way", "owner_name": "-2",
    "owner_unit": "@市局", "owner_post": "主任", "grade": "I",
    "grade_reason": "下方有学校,\n见附件",
    "threatened_households": 31,
}  # fmt: skip


@pytest.fixture
def ledger(desk, enter):
    """Points as ugly as offices have them."""
    many = {"type": "Polygon", "coordinates": [[*MANY[0], MANY[0][0]]]}
    enter(desk, number="001", name="=1+1", address=UGLY, owner_phone="+86 138", extent=EXTENT)
    enter(desk, number="002", name="长" * 200, address="北滨大道 " * 300, threatened_frail=3)
    enter(
        desk,
        number="003",
        name="曌䶮",
        threatened_persons=None,
        longitude=108.3512345678901,
        **WATCHED,
    )
    enter(desk, number="@4", name="-2", threatened_property_10k_yuan="12.5", extent=many, **BODY)
    enter(desk, number="5", grade="III", grade_reason="与数字相符,但由人定", **WATCHED)


def everything(owner):
    owner.rollback()
    return owner.execute(SAID).all()


@pytest.mark.parametrize("form", Form)
def test_what_goes_out_comes_in_again_and_nothing_is_lost(
    ledger, office, owner, sessions, tmp_path, form
):
    before = everything(owner)
    path = tmp_path / f"points.{form.suffix}"
    with unit_of_work(sessions, SYSTEM) as session:
        exporting.write(session, PointFilter(), form, path)
    owner.execute(text("TRUNCATE hazard_point, hazard_point_version CASCADE"))
    owner.commit()
    office.mapping = yaml.safe_load(OWN.read_text())
    assert told(office.bring(path)) == (5, 0, 0, 0)
    assert everything(owner) == before
    assert told(office.bring(path)) == (0, 0, 5, 0)


@pytest.mark.parametrize("form", [Form.CSV, Form.EXCEL, Form.GEOPACKAGE, Form.KML, Form.SHAPEFILE])
def test_a_file_in_the_offices_words_comes_in_again_by_the_page(
    ledger, desk_of_wanzhou, tmp_path, form, bring, compare
):
    answer = desk_of_wanzhou.post("/exports", data={"format": form, "words": "zh"})
    path = tmp_path / f"台账.{form.suffix}"
    path.write_bytes(answer.content)
    if form is Form.EXCEL:
        head, first, *_ = openpyxl.load_workbook(path)["points"].iter_rows(values_only=True)
        said = dict(zip(head, first, strict=True))
        assert [n for n in head if n.isascii()] == []
        assert (said["统一编号"], said["灾害类型"], said["险情等级"]) == ("001", "滑坡", "III级")
        assert (said["在册状态"], said["演示数据"]) == ("在册", "否")
    page = bring(path)
    assert figures(compare(page)) == [0, 0, 5, 0]


# GeoJSON and KML name their columns with each feature only.
@pytest.mark.parametrize("form", sorted(set(Form) - {Form.GEOJSON, Form.KML}))
def test_an_export_of_nothing_is_a_file_with_a_heading(desk, office, sessions, tmp_path, form):
    path = tmp_path / f"points.{form.suffix}"
    with unit_of_work(sessions, SYSTEM) as session:
        exporting.write(session, PointFilter(), form, path)
    office.mapping = yaml.safe_load(OWN.read_text())
    assert told(office.bring(path)) == (0, 0, 0, 0)


@pytest.mark.parametrize("form", [Form.CSV, Form.EXCEL, Form.GEOPACKAGE, Form.SHAPEFILE])
def test_an_export_in_a_shifted_system_says_so_and_lies_where_that_map_shows_it(
    ledger, sessions, tmp_path, form
):
    path = tmp_path / f"points.{form.suffix}"
    with unit_of_work(sessions, SYSTEM) as session:
        exporting.write(session, PointFilter(q="曌䶮"), form, path, crs="gcj02")
    table = exchange.read(path)
    row = table.frame.iloc[-1]
    assert row["crs"] == "GCJ-02"
    lon, lat = float(row["longitude"]), float(row["latitude"])
    assert 400 < float(distance_m(lon, lat, 108.3512345678901, 30.8)) < 800
    assert table.crs in {None, "GCJ-02"}


def test_a_projected_export_is_read_by_map_programs(ledger, sessions, tmp_path):
    path = tmp_path / "points.gpkg"
    with unit_of_work(sessions, SYSTEM) as session:
        exporting.write(session, PointFilter(), Form.GEOPACKAGE, path, crs="EPSG:4545")
    frame = gpd.read_file(path)
    assert frame.crs.to_epsg() == 4545
    assert abs(frame.to_crs(4326).geometry.x.max() - 108.3512345678901) < 1e-9


def test_no_cell_of_a_workbook_is_a_formula(ledger, sessions, tmp_path):
    path = tmp_path / "points.xlsx"
    with unit_of_work(sessions, SYSTEM) as session:
        exporting.write(session, PointFilter(), Form.EXCEL, path)
    book = openpyxl.load_workbook(path)
    cells = [cell for row in book["points"].iter_rows() for cell in row]
    assert "=1+1" in [cell.value for cell in cells]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_a_shapefile_tells_what_its_short_names_mean(ledger, sessions, tmp_path):
    path = tmp_path / "points.shp.zip"
    with unit_of_work(sessions, SYSTEM) as session:
        exporting.write(session, PointFilter(), Form.SHAPEFILE, path)
    with zipfile.ZipFile(path) as packed:
        assert packed.read("points.cpg").strip() == b"UTF-8"
        note = packed.read("points.fields.txt").decode()
    assert "persons,threatened_persons" in note
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = gpd.read_file(f"zip://{path}!points.shp")
    assert "曌䶮" in set(frame["name"])


def test_an_export_holds_what_its_filter_and_its_rights_mean(ledger, desk, enter, sign_in):
    enter(desk, name="Yunyang", longitude=IN_SHUANGJIANG.x, latitude=IN_SHUANGJIANG.y)
    sign_in(desk, Role.PLANNER, WANZHOU)
    sent = {"question": "q=" + "%E9%95%BF", "format": "geojson"}
    answer = desk.post("/exports", data=sent)
    assert answer.status_code == 200
    assert [f["properties"]["number"] for f in answer.json()["features"]] == ["002"]
    answer = desk.post("/exports", data={"format": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book["points"].max_row == 6
    sign_in(desk, Role.PLANNER, YUNYANG)
    answer = desk.post("/exports", data={"format": "geojson"})
    assert [f["properties"]["name"] for f in answer.json()["features"]] == ["Yunyang"]
    assert desk.post("/exports", data={"question": "colour=red"}).status_code == 422
    kml = desk.post("/exports", data={"format": "kml", "crs": "GCJ-02"})
    assert kml.status_code == 422


def test_a_large_export_is_a_job_whose_file_stays(
    ledger, desk, sign_in, monkeypatch, run_worker, owner
):
    monkeypatch.setattr(exports, "AT_ONCE_ROWS", 3)
    sign_in(desk, Role.PLANNER, WANZHOU)
    assert desk.get("/api/v1/points/export").status_code == 409
    answer = desk.post("/exports", data={"format": "geojson"})
    assert answer.headers["location"] == "/exports"
    assert "等待" in desk.get("/exports").text
    run_worker()
    (job,) = desk.get("/api/v1/jobs").json()
    assert (job["state"], job["done"], job["total"]) == ("done", 5, 5)
    kept = job["result_ref"].removeprefix("file:")
    assert f"/files/{kept}" in desk.get("/exports").text
    assert len(json.loads(desk.get(f"/files/{kept}").content)["features"]) == 5
    sign_in(desk, Role.PLANNER, YUNYANG)
    assert desk.get(f"/files/{kept}").status_code == 404
