"""Two real series as their owners publish them: needs ../shared/data."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.monitoring.importing import files
from rescue_app.settings import PROJECT
from tests.monitoring import bring

DATA = PROJECT.parent / "shared" / "data"
MAPPINGS = PROJECT / "data" / "mappings"
NOW = datetime(2026, 7, 1, tzinfo=UTC)
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
