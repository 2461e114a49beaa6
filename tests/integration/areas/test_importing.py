"""Real boundaries come in feature by feature: mended, refused with the reason, or stopped whole."""

from datetime import date

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Polygon, box
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from gis import crs, exchange
from gis.areas import importing
from gis.areas import repository as areas
from gis.areas.english import Speller
from gis.areas.importing import Terms
from gis.areas.incoming import Columns
from gis.areas.models import Area, BoundaryKind
from gis.areas.rules import AreaLevel
from gis.areas.service import Outcome
from gis.errors import Rejected
from gis.store.engine import unit_of_work
from gis.store.notify import LiveEvent
from gis.store.scope import SYSTEM
from tests.world import GAOSUNTANG, IN_GAOSUNTANG, IN_TAIBAI, TAIBAI, WANZHOU

REAL = box(108.31, 30.71, 108.41, 30.89)


@pytest.fixture
def bring(sessions, world, tmp_path):
    """Write features to a file, read it as anybody's file is read, and import it."""

    def do(*features, apply=True, path=None, driver="GPKG", valid_from=None, **reading):
        if path is None:
            path = tmp_path / "街镇.gpkg"
            path.unlink(missing_ok=True)
            shapes = [feature.pop("shape", REAL) for feature in features]
            frame = gpd.GeoDataFrame(list(features), geometry=shapes, crs=4326)
            frame.to_file(path, driver=driver)
        table = exchange.read(path, **reading)
        optional = {"parent": "上级", "valid_from": "起"}
        present = {key: name for key, name in optional.items() if name in table.columns}
        columns = Columns(name="名称", code="编码", **present)
        terms = Terms(columns, source=table.source, valid_from=valid_from)
        with unit_of_work(sessions, SYSTEM) as session:
            return importing.import_boundaries(
                session, table, terms, speller=Speller(), apply=apply
            )

    return do


@pytest.fixture
def approximate(sessions, world):
    with unit_of_work(sessions, SYSTEM) as session:
        area = areas.by_code(session, "500101001")
        area.boundary_kind = BoundaryKind.APPROXIMATE
        area.code_system = "nbs2023"


def now(sessions, path, on=None):
    with unit_of_work(sessions, SYSTEM) as session:
        area = areas.by_path(session, path, on)
        return area and (area.boundary, area.boundary_kind, area.source, area.validity.lower)


def outcomes(report):
    return [line.outcome for line in report.lines]


def town(**fields):
    return {"编码": "500101001", "名称": "高笋塘街道"} | fields


def test_a_real_boundary_replaces_an_approximate_one(sessions, approximate, bring):
    assert outcomes(bring(town())) == [Outcome.CHANGED]
    boundary, kind, source, begin = now(sessions, GAOSUNTANG)
    assert boundary.equals(REAL)
    assert (kind, source, begin) == ("surveyed", "import 街镇.gpkg", date(2000, 1, 1))


def test_without_apply_nothing_is_changed_and_all_is_said(sessions, approximate, bring):
    assert outcomes(bring(town(), apply=False)) == [Outcome.CHANGED]
    assert now(sessions, GAOSUNTANG)[1] == "approximate"
    with unit_of_work(sessions, SYSTEM) as session:
        assert session.scalars(select(LiveEvent)).all() == []


def test_the_same_file_again_changes_nothing(sessions, approximate, bring):
    bring(town())
    assert outcomes(bring(town())) == [Outcome.SAME]


def test_a_new_area_finds_its_parent_by_code_name_or_its_own_digits(sessions, bring):
    inside = [box(108.1 + i / 10, 30.5, 108.15 + i / 10, 30.55) for i in range(3)]
    report = bring(
        {"编码": "500101103", "名称": "甲镇", "上级": "500101", "shape": inside[0]},
        {"编码": "500101104", "名称": "乙镇", "上级": "万州区", "shape": inside[1]},
        {"编码": "500101105", "名称": "丙乡", "上级": None, "shape": inside[2]},
    )
    assert outcomes(report) == [Outcome.ADDED] * 3
    with unit_of_work(sessions, SYSTEM) as session:
        made = areas.by_name(session, "丙乡")[0]
        assert (made.path, made.name_en) == ("/500000/500101/500101105/", "Bing Township")
        assert areas.smallest(session, made.centre).code == "500101105"


def test_an_area_may_come_with_its_parent_in_one_file(bring):
    village = {"编码": "500101106001", "名称": "村", "上级": "500101106"}
    report = bring(
        village | {"shape": box(108.11, 30.51, 108.12, 30.52)},
        {
            "编码": "500101106",
            "名称": "丁镇",
            "上级": "500101",
            "shape": box(108.1, 30.5, 108.2, 30.6),
        },
    )
    assert outcomes(report) == [Outcome.ADDED] * 2


def test_a_newer_real_boundary_begins_on_its_day_and_history_keeps_the_old(sessions, bring):
    day = date(2024, 7, 1)
    with unit_of_work(sessions, SYSTEM) as session:
        areas.by_code(session, "500101001").code_system = "nbs2023"
    assert outcomes(bring(town(起="2024-07-01"))) == [Outcome.CHANGED]
    assert now(sessions, GAOSUNTANG, date(2024, 6, 30))[0].equals(box(108.3, 30.7, 108.4, 30.9))
    assert now(sessions, GAOSUNTANG, day)[0].equals(REAL)
    assert now(sessions, GAOSUNTANG)[3] == day
    assert outcomes(bring(town(), valid_from=day)) == [Outcome.SAME]


def test_each_feature_is_mended_or_refused_with_its_reason(bring):
    slip = Polygon([(108.1, 30.5), (108.2, 30.5), (108.2, 30.6), (108.15, 30.6),
                    (108.15, 30.6005), (108.151, 30.6), (108.1, 30.6)])  # fmt: skip
    bow_tie = Polygon([(108.1, 30.5), (108.2, 30.6), (108.2, 30.5), (108.1, 30.6)])
    cases = {
        "500101110": (slip, "Mended: Self-intersection"),
        "500101111": (bow_tie, "crosses itself"),
        "500101112": (Polygon(), "empty"),
        "500101113": (shapely.box(30.5, 108.1, 30.6, 108.2), "look swapped"),
        "500101114": (shapely.Point(108.1, 30.5), "must be a polygon, this is a Point"),
        "50010": (REAL, "is no area code"),
        "500999001": (REAL, "is not known. Import it first"),
        "500235111": (box(108.1, 30.5, 108.2, 30.6), "Only 0 % of it lies in 云阳县"),
    }
    report = bring(
        *({"编码": code, "名称": "某镇", "shape": shape} for code, (shape, _) in cases.items())
    )
    for line, (code, (_, said)) in zip(report.lines, cases.items(), strict=True):
        assert line.code == code
        assert said in " ".join(map(str, line.reasons))
    assert outcomes(report) == [Outcome.ADDED] + [Outcome.REFUSED] * 7


def test_codes_that_occur_twice_are_both_refused(bring):
    report = bring(
        town(),
        town(名称="另一个"),
        {"编码": None, "名称": "无码"},
        {"编码": "500101118", "名称": None},
    )
    assert outcomes(report) == [Outcome.REFUSED] * 4
    said = [str(line.reasons[0]) for line in report.lines]
    assert "occurs 2 times (features 1, 2)" in said[0]
    assert said[2:] == ["The code is missing.", "The name is missing."]


def test_a_code_used_again_for_other_ground_does_not_overwrite_what_it_means_today(bring):
    reused = town(名称="江北街道", shape=box(108.1, 30.5, 108.2, 30.6))
    (line,) = bring(reused).lines
    assert "Code 500101001 is 高笋塘街道 here, and 江北街道 covers another ground" in str(
        line.reasons[0]
    )


def test_a_column_that_is_not_there_is_named_with_those_that_are(bring):
    with pytest.raises(Rejected, match=r"no column 名称, 编码. It has: code, name"):
        bring({"code": "1", "name": "x"})


def test_a_bad_day_and_an_ended_code_are_refused(sessions, bring):
    with unit_of_work(sessions, SYSTEM) as session:
        area = areas.by_code(session, "500101001")
        area.validity, area.code_system = Range(date(2000, 1, 1), date(2025, 11, 6)), "nbs2023"
    (line,) = bring(town(起="someday")).lines
    assert str(line.reasons[0]) == "someday is no day. Write it as 2025-11-06."
    (line,) = bring(town()).lines
    assert "高笋塘街道) ended on 2025-11-06. Name the day" in str(line.reasons[0])


def test_a_gbk_shapefile_without_cpg_and_prj_comes_in(sessions, approximate, bring, tmp_path):
    frame = gpd.GeoDataFrame([town()], geometry=[REAL], crs=4326)
    frame.to_file(tmp_path / "街镇.shp", encoding="GBK")
    for suffix in (".cpg", ".prj"):
        (tmp_path / f"街镇{suffix}").unlink()
    report = bring(path=tmp_path / "街镇.shp")
    assert outcomes(report) == [Outcome.CHANGED]
    assert any("taken as WGS84" in str(note) for note in report.notes)


def moved(shape, system):
    places = shapely.get_coordinates(shape)
    there = crs.from_wgs84(places[:, 0], places[:, 1], crs=system)
    return shapely.set_coordinates(shapely.from_wkb(shape.wkb), np.column_stack(there))


def test_a_three_degree_zone_is_asked_for_and_then_converted(
    sessions, approximate, bring, tmp_path
):
    frame = gpd.GeoDataFrame([town()], geometry=[moved(REAL, "EPSG:4524")], crs=4524)
    frame.to_file(tmp_path / "带号.shp", encoding="UTF-8")
    (tmp_path / "带号.prj").unlink()
    with pytest.raises(Rejected, match="looks like EPSG:4524"):
        bring(path=tmp_path / "带号.shp")
    bring(path=tmp_path / "带号.shp", crs="EPSG:4524")
    assert now(sessions, GAOSUNTANG)[0].symmetric_difference(REAL).area < 1e-9


def test_a_set_in_gcj02_is_stopped_with_its_offset_and_taken_when_declared(sessions, bring):
    def rows():
        with unit_of_work(sessions, SYSTEM) as session:
            known = session.scalars(select(Area).where(Area.level == AreaLevel.DISTRICT)).all()
            return [
                {"编码": a.code, "名称": a.name, "shape": moved(a.boundary, "GCJ-02")}
                for a in known
            ]

    before = now(sessions, WANZHOU)
    with pytest.raises(Rejected) as refused:
        bring(*rows())
    said = str(refused.value)
    assert "it is GCJ-02" in said
    assert 400 < refused.value.values["metres"] < 700
    assert now(sessions, WANZHOU) == before
    assert Outcome.REFUSED not in outcomes(bring(*rows(), crs="GCJ-02"))
    drift = now(sessions, WANZHOU)[0].symmetric_difference(before[0]).area
    assert drift < 1e-8


def test_streets_in_bd09_are_measured_by_the_district_they_fill(bring):
    halves = [box(108.0, 30.4, 108.4, 31.2), box(108.4, 30.4, 108.8, 31.2)]
    shifted = [moved(half, "BD-09") for half in halves]
    with pytest.raises(Rejected, match="it is BD-09"):
        bring(
            town(shape=shifted[0]),
            {"编码": "500101002", "名称": "太白街道", "shape": shifted[1]},
        )


def test_a_town_that_moves_with_its_new_boundary_is_found_under_its_new_district(sessions, bring):
    with unit_of_work(sessions, SYSTEM) as session:
        areas.by_code(session, "500101002").code_system = "nbs2023"
    shape = MultiPolygon([box(108.45, 30.75, 108.95, 30.85)])
    report = bring(
        {"编码": "500101002", "名称": "太白街道", "上级": "云阳县", "起": "2026-01-01",
         "shape": shape.intersection(box(108.8, 30, 109, 31))}
    )  # fmt: skip
    assert outcomes(report) == [Outcome.CHANGED]
    with unit_of_work(sessions, SYSTEM) as session:
        assert areas.smallest(session, IN_TAIBAI, date(2025, 12, 31)).path == TAIBAI
        assert areas.by_code(session, "500101002", date(2026, 1, 1)).path == (
            "/500000/500235/500101002/"
        )
        assert areas.smallest(session, IN_GAOSUNTANG, date(2026, 1, 1)).path == GAOSUNTANG
