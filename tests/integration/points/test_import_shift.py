"""A ledger that says 4326 and is GCJ-02 in truth is stopped, with the distance it lies off."""

import pytest

from gis import crs
from gis.errors import Rejected
from tests.integration.points.importing import MAPPING, row, told

# A little inside Wanzhou's western border: shifted some 500 m they leave it.
INSIDE = [(108.0005, 30.45 + n / 50) for n in range(30)]
FIELDS = MAPPING["fields"] | {"district": "财产"}
del FIELDS["threatened_property_10k_yuan"]


def shifted(name: str, places: list[tuple[float, float]]) -> list[str]:
    x, y = crs.from_wgs84([p[0] for p in places], [p[1] for p in places], crs=name)
    return [
        row(f"W{n}", 经度=f"{lon:.7f}", 纬度=f"{lat:.7f}", 财产="万州区")
        for n, (lon, lat) in enumerate(zip(x, y, strict=True))
    ]


def test_a_shifted_ledger_is_stopped_with_the_measured_offset(office):
    # GCJ-02 moves points here to the east: those inside the eastern border cross it.
    inside = [(108.7985, 30.65 + n / 60) for n in range(30)]
    with pytest.raises(Rejected, match=r"lies \d+ m off the known districts.*GCJ-02"):
        office.rows(*shifted("GCJ-02", inside), fields=FIELDS)


def test_the_same_ledger_named_rightly_comes_in(office):
    inside = [(108.7985, 30.65 + n / 60) for n in range(30)]
    report = office.rows(*shifted("GCJ-02", inside), fields=FIELDS, crs="GCJ-02")
    assert told(report) == (30, 0, 0, 0)


def test_an_honest_ledger_is_not_suspected(office):
    assert told(office.rows(*shifted("EPSG:4326", INSIDE), fields=FIELDS)) == (30, 0, 0, 0)


def test_points_that_the_ledger_knows_tell_a_shift_in_the_middle_of_a_district(office):
    places = [(108.35 + n / 200, 30.80) for n in range(8)]
    assert told(office.rows(*shifted("EPSG:4326", places), fields=FIELDS)) == (8, 0, 0, 0)
    again = shifted("GCJ-02", places)
    with pytest.raises(Rejected, match=r"8 points of the file are known here, and lie \d+ m off"):
        office.rows(*again, fields=FIELDS)
    with pytest.raises(Rejected, match="known here"):
        office.rows(*again, fields=FIELDS, source="another office")
    assert told(office.rows(*again, fields=FIELDS, crs="GCJ-02")) == (0, 8, 0, 0), "rounded"
