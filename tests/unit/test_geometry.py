"""Geometry from outside is put right or turned away with the reason."""

import contextlib
import json
import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis import crs, geometry
from gis.errors import Rejected

SQUARE = shapely.box(108.1, 30.1, 108.2, 30.2)
BOW_TIE = shapely.Polygon([(108, 30), (109, 31), (109, 30), (108, 31)])
# A square whose edge makes a small loop: a slip of the hand.
SLIP = shapely.Polygon(
    [(108, 30), (109, 30), (109, 31), (108.5, 31), (108.5, 31.01), (108.51, 31), (108, 31)]
)


@pytest.mark.parametrize(
    "value",
    [
        json.dumps(shapely.geometry.mapping(SQUARE)),
        {"type": "Feature", "properties": None, "geometry": shapely.geometry.mapping(SQUARE)},
        SQUARE.wkt,
        "SRID=4326;" + SQUARE.wkt,
        SQUARE.wkb,
        SQUARE.wkb_hex,
        shapely.to_wkb(shapely.set_srid(SQUARE, 4326), include_srid=True),
        "\ufeff" + json.dumps({"type": "FeatureCollection", "features": [
            {"type": "Feature", "geometry": shapely.geometry.mapping(SQUARE)}]}),
        SQUARE,
    ],
)  # fmt: skip
def test_every_usual_writing_of_a_shape_is_read(value):
    assert geometry.parse(value).equals(SQUARE)


def test_heights_are_dropped():
    assert not geometry.parse("POINT Z (108 30 250)").has_z


def test_an_ewkt_in_a_zone_is_brought_to_degrees():
    x, y = crs.from_wgs84(108.4, 30.8, crs="EPSG:4524")
    place = geometry.parse(f"SRID=4524;POINT({x} {y})")
    assert place.distance(shapely.Point(108.4, 30.8)) < 1e-9


@pytest.mark.parametrize(
    "value",
    [
        "",
        "nothing",
        "{",
        "{}",
        '{"type": "Point"}',
        '{"type": "Point", "coordinates": "x"}',
        '{"type": "Blob", "coordinates": [1, 2]}',
        '{"type": "Polygon", "coordinates": [[[1, 2]]]}',
        '{"type": "Feature", "geometry": null}',
        '{"type": "FeatureCollection", "features": []}',
        '{"type": "FeatureCollection", "features": [7]}',
        "[" * 10_000,
        '{"a":' * 5_000,
        "01zz",
        b"\x01",
        "POINT(1",
        "SRID=x;POINT(1 2)",
        "POINT EMPTY",
        "POINT(nan nan)",
        "LINESTRING(1 2, inf 3)",
    ],
)
def test_what_is_no_shape_is_refused(value):
    with pytest.raises(Rejected):
        geometry.parse(value)


@given(st.one_of(st.text(max_size=60), st.binary(max_size=60)))
def test_no_text_breaks_the_door(value):
    with contextlib.suppress(Rejected):
        assert geometry.parse(value).is_empty is False


def test_swapped_coordinates_are_named():
    with pytest.raises(Rejected, match=r"Longitude 29\.56 and latitude 106\.55 look swapped"):
        geometry.point(29.56, 106.55)
    with pytest.raises(Rejected, match="look swapped"):
        geometry.parse(shapely.box(30.1, 108.1, 30.2, 108.2))


def test_metres_without_their_system_are_recognised():
    with pytest.raises(Rejected, match="metres of EPSG:4524"):
        geometry.point(36_512_345, 3_400_000)
    with pytest.raises(Rejected, match="name the coordinate system"):
        geometry.point(512_345, 3_400_000)


@pytest.mark.parametrize("lon", [math.nan, math.inf])
def test_a_missing_coordinate_is_named(lon):
    with pytest.raises(Rejected, match="missing"):
        geometry.point(lon, 30)


def test_a_sound_polygon_passes_unchanged():
    found = geometry.boundary(SQUARE)
    assert found.shape.equals(SQUARE)
    assert found.shape.geom_type == "MultiPolygon"
    assert found.repairs == ()


def test_a_slip_of_the_hand_is_mended_and_said():
    found = geometry.boundary(SLIP)
    assert found.shape.is_valid
    assert found.shape.area == pytest.approx(1, rel=0.001)
    assert "Self-intersection[108.5 31]" in str(found.repairs[0])


def test_a_bow_tie_is_refused_for_nobody_knows_what_was_meant():
    with pytest.raises(Rejected, match="100 % of its area is unclear"):
        geometry.boundary(BOW_TIE)


def test_two_parts_that_overlap_are_one_area_if_the_overlap_is_small():
    both = shapely.MultiPolygon([shapely.box(108, 30, 109, 31), shapely.box(108.99, 30, 110, 31)])
    found = geometry.boundary(both)
    assert len(found.shape.geoms) == 1
    assert found.repairs


def test_lines_and_points_beside_the_polygons_are_left_out():
    mixed = shapely.GeometryCollection(
        [SQUARE, shapely.Point(1, 2), shapely.LineString([(1, 2), (3, 4)])]
    )
    assert geometry.boundary(mixed).shape.equals(SQUARE)
    with pytest.raises(Rejected, match="must be a polygon, this is a LineString"):
        geometry.boundary(shapely.LineString([(1, 2), (3, 4)]))


@pytest.mark.parametrize("shape", [None, shapely.Polygon(), shapely.GeometryCollection()])
def test_nothing_is_no_boundary(shape):
    with pytest.raises(Rejected, match="empty"):
        geometry.boundary(shape)


def test_a_flat_polygon_has_no_area():
    with pytest.raises(Rejected, match="no area"):
        geometry.boundary(shapely.Polygon([(108, 30), (109, 31), (108, 30)]))


def test_a_monster_is_refused_before_work_is_spent_on_it():
    circle = shapely.Point(108, 30).buffer(0.1, quad_segs=1_000)
    with pytest.raises(Rejected, match="4001 vertices, the most is 4000"):
        geometry.boundary(circle, most_vertices=4_000)


def test_a_boundary_in_a_three_degree_zone_lands_in_degrees():
    x, y = crs.from_wgs84([108.1, 108.2, 108.2], [30.1, 30.1, 30.2], crs="EPSG:4524")
    shape = shapely.Polygon(zip(x, y, strict=True))
    assert (
        geometry.boundary(shape, crs="EPSG:4524").shape.centroid.distance(
            shapely.Point(108.1667, 30.1333)
        )
        < 0.001
    )
