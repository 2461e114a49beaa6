"""A catalogue of disasters comes in, and a vague record never passes for a point."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from gis import exchange
from gis.authority import Actor, Role
from gis.exchange.importing.mapping import Mapping
from gis.exchange.importing.report import Report
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.events import rules
from hazards.events.importing import catalogue
from hazards.events.models import EVERYWHERE, DisasterEvent
from tests.world import CITY, GAOSUNTANG, WANZHOU

PROGRAM = Actor(id=new_id(), name="program", role=Role.SYSTEM, area_path="/")
NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
MAPPING = Mapping.model_validate(
    {
        "source": "office",
        "crs": "EPSG:4326",
        "longitude": "lon",
        "latitude": "lat",
        "fields": {
            "number": "id",
            "hazard_type": {"value": "landslide"},
            "title": "what",
            "happened_at": "day",
            "location_accuracy_m": {
                "column": "accuracy",
                "values": {"exact": "0", "1km": "1000"},
                "empty": ["unknown"],
            },
            "deaths": "deaths",
            "raw": {"columns": ["what", "accuracy"]},
        },
    }
)


def bring(sessions, folder: Path, *rows: str, by: Actor = PROGRAM, apply: bool = True) -> Report:
    path = folder / "events.csv"
    path.write_text("\n".join(["id,what,day,accuracy,deaths,lon,lat", *rows, ""]))
    scope = SYSTEM if by is PROGRAM else Scope.of(by)
    with unit_of_work(sessions, scope) as session:
        return catalogue.bring_in(
            session, table=exchange.read(path), mapping=MAPPING, by=by, now=NOW, apply=apply
        )


def records(sessions, scope: Scope = SYSTEM) -> dict[str, DisasterEvent]:
    with unit_of_work(sessions, scope) as session:
        return {event.source_id: event for event in session.scalars(select(DisasterEvent))}


def told(report: Report) -> tuple[int, int, int, int]:
    return report.new, report.changed, report.same, report.refused


@pytest.mark.parametrize(
    ("accuracy", "area"),
    [
        ("exact", GAOSUNTANG),
        ("1km", GAOSUNTANG),
        ("10000", WANZHOU),
        ("50000", CITY),
        ("unknown", CITY),
        ("", CITY),
    ],
)
def test_a_record_belongs_to_the_smallest_area_that_surely_holds_it(
    sessions, world, hazard_types, tmp_path, accuracy, area
):
    bring(sessions, tmp_path, f"1,Slide,2020-07-01,{accuracy},3,108.35,30.80")
    event = records(sessions)["1"]
    assert event.area_path == area
    assert (event.deaths, event.time_precision) == (3, "day")
    assert event.raw["what"] == "Slide"


def test_only_a_well_placed_record_stands_for_a_place():
    assert rules.stands_for_a_place(0)
    assert rules.stands_for_a_place(1_000)
    assert not rules.stands_for_a_place(5_000)
    assert not rules.stands_for_a_place(None)


def test_what_happened_elsewhere_is_kept_for_statistics_and_seen_by_the_program_alone(
    sessions, world, hazard_types, tmp_path
):
    rows = ["1,Here,2020-07-01,exact,,108.35,30.80", "2,Peru,2020-07-01,exact,,-75.3,-11.1"]
    assert told(bring(sessions, tmp_path, *rows)) == (2, 0, 0, 0)
    assert records(sessions)["2"].area_path == EVERYWHERE
    assert set(records(sessions, Scope(CITY, Role.CITY_COMMANDER))) == {"1"}


def test_the_same_catalogue_again_changes_nothing_and_a_correction_one_record(
    sessions, world, hazard_types, tmp_path
):
    rows = ["1,Slide,2020-07-01,exact,3,108.35,30.80", "2,Slide,2020-07-02,1km,0,108.35,30.80"]
    assert told(bring(sessions, tmp_path, *rows, apply=False)) == (2, 0, 0, 0)
    assert records(sessions) == {}
    assert told(bring(sessions, tmp_path, *rows)) == (2, 0, 0, 0)
    assert told(bring(sessions, tmp_path, *rows)) == (0, 0, 2, 0)
    rows[0] = rows[0].replace(",3,", ",4,")
    assert told(bring(sessions, tmp_path, *rows)) == (0, 1, 1, 0)
    assert records(sessions)["1"].deaths == 4


def test_wrong_records_are_refused_with_their_reason(sessions, world, hazard_types, tmp_path):
    report = bring(
        sessions,
        tmp_path,
        "1,Slide,last summer,exact,,108.35,30.80",
        "2,Slide,2020-07-01,about,,108.35,30.80",
        "3,Slide,2020-07-01,exact,-1,108.35,30.80",
        "4,Slide,2020-07-01,exact,,30.80,108.35",
        "5,Slide,2020-07-01,exact,,108.35,30.80",
        "5,Slide,2020-07-01,exact,,108.35,30.80",
    )
    assert told(report) == (0, 0, 0, 6)
    said = [str(refused.reason) for refused in report.refusals]
    for n, part in enumerate(["not a time", "not a number", "at least 0", "swapped"]):
        assert part in said[n]


def test_a_district_brings_in_only_what_surely_happened_there(
    sessions, world, hazard_types, tmp_path
):
    planner = Actor(id=new_id(), name="Wang", role=Role.PLANNER, area_path=WANZHOU)
    rows = ["1,Slide,2020-07-01,exact,,108.35,30.80", "2,Slide,2020-07-01,50000,,108.35,30.80"]
    report = bring(sessions, tmp_path, *rows, by=planner)
    assert told(report) == (1, 0, 0, 1)
    assert "surely" in str(report.refusals[0].reason)
