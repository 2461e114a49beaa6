"""Two real series as their owners publish them: needs ../shared/data."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.judging import files as files_of_rules
from hazards.judging import live, publishing, repository
from hazards.judging.replay import replay
from hazards.monitoring.importing import files
from hazards.monitoring.models import MonitoringPoint
from rescue_app.settings import PROJECT
from tests.monitoring import bring

DATA = PROJECT.parent / "shared" / "data"
MAPPINGS = PROJECT / "data" / "mappings"
NOW = datetime(2026, 7, 1, tzinfo=UTC)
STORM_2016 = [("07-20 04:00", "yellow"), ("07-20 13:00", "orange"), ("07-20 16:00", "yellow"),
              ("07-20 19:00", "blue"), ("07-21 01:00", None)]  # fmt: skip
SEEN = text("""
    SELECT count(*), count(value), sum(value), min(observed_at), max(observed_at) FROM reading
""")


@pytest.fixture
def bring_file(sessions, cast, tmp_path):
    def do(row, mapping, *parts, source):
        bring(sessions, tmp_path, cast.actor("city"), row, source=source)
        told = []
        for _ in range(2):
            with unit_of_work(sessions, SYSTEM) as session:
                how = files.load(MAPPINGS / mapping)
                told.append(files.bring_in(session, DATA.joinpath(*parts), how, now=NOW))
        with unit_of_work(sessions, SYSTEM) as session:
            return *told, session.execute(SEEN).one()

    return do


def test_four_years_of_hourly_rain_come_in_once_and_hours_without_a_value_are_not_zero(bring_file):
    parts = ("rain_beijing", "rain_Changping_20130301-20170228.csv")
    row = "Changping,昌平,108.35,30.80,rain,60"
    first, again, seen = bring_file(row, "readings_hourly.yaml", *parts, source="rain-hourly")
    assert (first.kept, first.same, first.refused) == (35_064, 0, 0)
    assert (again.kept, again.same, again.refused) == (0, 35_064, 0)
    assert seen[0] == 35_064
    assert seen[1] < seen[0]
    assert seen[3] == datetime(2013, 2, 28, 16, tzinfo=UTC)  # midnight in Beijing


def test_days_of_a_river_come_in_from_a_text_without_headings_in_our_unit(bring_file):
    parts = ("hydro_camels", "01013500_streamflow_qc.txt")
    row = "01013500,Fish River,108.35,30.80,flow,1440"
    first, again, seen = bring_file(row, "readings_daily_flow.yaml", *parts, source="camels")
    assert (first.kept, first.refused, again.kept) == (12_784, 0, 0)
    assert seen[0] - seen[1] == first.flagged[files.Flag.MISSING] > 0
    with open(DATA.joinpath(*parts)) as lines:  # noqa: PTH123 - as the file's owner reads it
        told = [float(line.split()[4]) for line in lines]
    assert seen[2] == pytest.approx(sum(one for one in told if one >= 0) * 0.028316846592)


def replayed(sessions, code, *, first, last):
    with unit_of_work(sessions, SYSTEM) as session:
        (point,) = session.scalars(select(MonitoringPoint.id))
        rule = live.rule_of(repository.held(session, code))
        return replay(session, rule, point, start=first, end=last)


def test_the_storm_of_july_2016_replays_to_the_same_alerts_every_time(bring_file, sessions):
    parts = ("rain_beijing", "rain_Changping_20130301-20170228.csv")
    bring_file("Changping,昌平,108.35,30.80,rain,60", "readings_hourly.yaml", *parts,
               source="rain-hourly")  # fmt: skip
    span = {"first": datetime(2016, 3, 1, tzinfo=UTC), "last": datetime(2017, 2, 28, tzinfo=UTC)}
    told = {code: replayed(sessions, code, **span) for code in ("rainstorm", "landslide_wet")}
    assert told == {code: replayed(sessions, code, **span) for code in told}
    told = [(f"{one.at:%m-%d %H:%M}", one.colour) for one in told["rainstorm"]]
    assert told == STORM_2016


def test_35_years_of_a_river_replay_to_the_same_floods_every_time(bring_file, sessions):
    parts = ("hydro_camels", "01013500_streamflow_qc.txt")
    row = "01013500,Fish River,108.35,30.80,flow,1440"
    bring_file(row, "readings_daily_flow.yaml", *parts, source="camels")
    flood = files_of_rules.checked(
        {
            "code": "flood", "name": {"zh": "洪水", "en": "flood"}, "hazard_type": "river_flood",
            "property": "flow", "kind": "value", "down_after_min": 1440,
            "steps": [{"colour": "yellow", "at": 330}, {"colour": "red", "at": 400}],
        }
    )  # fmt: skip
    with unit_of_work(sessions, SYSTEM) as session:
        publishing.add(session, flood, shipped=False, in_force=True, by_name="测试")
    span = {"first": datetime(1980, 1, 2, tzinfo=UTC), "last": datetime(2014, 12, 31, tzinfo=UTC)}
    told = replayed(sessions, "flood", **span)
    assert told == replayed(sessions, "flood", **span)
    first = [(f"{one.at:%Y-%m-%d}", one.colour) for one in told[:2]]
    assert first == [("1983-04-20", "yellow"), ("1983-05-05", "blue")]
    assert len(told) == 12
