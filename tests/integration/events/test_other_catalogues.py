"""Catalogues that know a place only by the size or the name of an area. All rows are made up."""

import math
from pathlib import Path

import pytest

from gis import exchange
from gis.exchange.importing import mapping as mappings
from gis.exchange.importing.report import Report
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.events.importing import catalogue
from hazards.events.importing.whereabouts import radius_m
from rescue_app.settings import PROJECT
from tests.integration.events.test_catalogue import NOW, PROGRAM, records
from tests.world import CITY, GAOSUNTANG, WANZHOU

DFO_HEAD = (
    "ID,GlideNumber,Country,OtherCountry,long,lat,Area,Began,Ended,Validation,Dead,"
    "Displaced,MainCause,Severity"
)
EMDAT_HEAD = (
    "DisNo.,Disaster Type,Disaster Subtype,Event Name,Country,Location,Latitude,Longitude,"
    "Start Year,Start Month,Start Day,Total Deaths,No. Injured"
)


@pytest.fixture
def bring(sessions, world, hazard_types, tmp_path):
    def bring_in(name: str, head: str, *rows: str, **fields: object) -> Report:
        path: Path = tmp_path / "list.csv"
        path.write_text("\n".join([head, *rows, ""]))
        how = mappings.load(PROJECT / "data" / "mappings" / name)
        merged = how.model_dump(exclude_none=True)
        for field, more in fields.items():
            merged["fields"][field] |= more
        if fields:
            how = mappings.Mapping.model_validate(merged)
        with unit_of_work(sessions, SYSTEM) as session:
            return catalogue.bring_in(
                session,
                table=exchange.read(path),
                mapping=how,
                by=PROGRAM,
                now=NOW,
                apply=True,
            )

    return bring_in


def test_the_middle_of_a_flooded_area_is_as_exact_as_the_area_is_wide(bring, sessions):
    row = (
        "{},0,China,0,108.35,30.80,{},1998-07-03 00:00:00,1998-08-01 00:00:00,News,5,9,Heavy rain,2"
    )
    bring("dfo_floods.yaml", DFO_HEAD, row.format(1, 9275.31), row.format(2, 0.5))
    wide, narrow = (records(sessions)[n] for n in "12")
    assert wide.location_accuracy_m == pytest.approx(54_336, abs=1)
    assert wide.area_path == CITY
    assert narrow.location_accuracy_m == pytest.approx(399, abs=1)
    assert narrow.area_path == GAOSUNTANG
    assert (wide.hazard_type, wide.deaths, wide.raw["Ended"]) == (
        "river_flood",
        5,
        "1998-08-01 00:00:00",
    )
    assert radius_m(math.pi) == 1_000


def test_a_named_area_stands_for_a_place_and_the_truth_lies_anywhere_in_it(bring, sessions):
    rows = [
        "1,Flood,Flash flood,,China,Wanzhou district,,,1998,7,,3,",
        "2,Flood,Riverine flood,,China,高笋塘街道,,,1998,,,,",
        "3,Flood,Riverine flood,Yangtze,China,nowhere,30.80,108.35,1998,7,31,,2",
    ]
    bring("emdat.yaml", EMDAT_HEAD, *rows, area={"values": {"Wanzhou district": "500101"}})
    district, street, place = (records(sessions)[n] for n in "123")
    assert (district.area_path, district.time_precision) == (WANZHOU, "month")
    # The world's Wanzhou is 0.8 degrees wide and high: 38.3 km and 44.4 km from the middle.
    assert district.location_accuracy_m == pytest.approx(58_600, rel=0.01)
    assert (street.area_path, street.time_precision) == (GAOSUNTANG, "year")
    assert f"{street.happened_at:%Y-%m-%d}" == "1998-01-01"
    assert (place.location_accuracy_m, place.time_precision) == (50_000, "day")
    assert place.area_path == CITY


def test_what_says_neither_where_nor_when_is_refused_with_its_reason(bring):
    rows = [
        "1,Flood,Flash flood,,China,Atlantis,,,1998,7,1,,",
        "2,Flood,Flash flood,,China,,,,1998,7,1,,",
        "3,Flood,Flash flood,,China,高笋塘街道,,,,7,1,,",
        "4,Flood,Flash flood,,China,高笋塘街道,,,1998,2,30,,",
    ]
    report = bring("emdat.yaml", EMDAT_HEAD, *rows)
    assert (report.new, report.refused) == (0, 4)
    said = {one.line: str(one.reason) for one in report.refusals}
    assert "No area" in said[2]
    assert "no coordinates" in said[3]
    assert "when it happened" in said[4]
    assert "1998-2-30 is not a day" in said[5]
