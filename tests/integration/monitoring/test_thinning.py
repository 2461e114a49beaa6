"""A month that is old enough is kept by the hour; what comes late is never lost."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.monitoring import reading, service, thinning
from hazards.monitoring.models import Datastream, MonitoringPoint
from hazards.monitoring.rules import FOR_EVER, Keeping
from hazards.monitoring.service import Sent
from rescue_app.http.dependencies import COOKIE
from tests.monitoring import LIST, bring

NOW = datetime.now(UTC)
OLD = (NOW - timedelta(days=200)).replace(day=10, hour=8, minute=0, second=0, microsecond=0)
KEEPING = Keeping(raw_days=90, hour_years=5)
RAW = text("SELECT count(*) FROM reading")
HOURS = text("SELECT believed, odd, low, high, total FROM reading_hour ORDER BY hour")


@pytest.fixture
def told(sessions, cast, tmp_path):
    bring(sessions, tmp_path, cast.actor("city"), *LIST)

    def take(*rows):
        sent = [Sent("YB-1/rain", at, value) for at, value in rows]
        with unit_of_work(sessions, SYSTEM) as session:
            return service.take(session, sent, source="hydro", area_path="/", now=NOW)

    take(*((OLD + timedelta(minutes=5 * n), n / 2) for n in range(24)),
         (OLD + timedelta(minutes=3), "NA"), (OLD + timedelta(minutes=4), 999),
         (NOW - timedelta(minutes=1), 1))  # fmt: skip
    return take


def thin(sessions, keeping=KEEPING):
    """Thin until nothing is due: months of other tests stand there too, empty."""
    months = []
    while True:
        with unit_of_work(sessions, SYSTEM) as session:
            due = thinning.thin(session, keeping, now=NOW)
        months += due
        if not due:
            return months


def seen(session, **asked):
    """What a chart of the station's rain shows."""
    of = Datastream
    rain = select(of.number).join(MonitoringPoint, MonitoringPoint.id == of.point_id)
    rain = rain.where(MonitoringPoint.code == "YB-1", of.property == "rain")
    number = session.scalars(rain).one()
    return reading.series(session, [number], **asked)[number]


def test_a_month_is_added_up_by_the_hour_once_and_its_chart_stays(sessions, told):
    asked = {"start": OLD - timedelta(hours=1), "end": OLD + timedelta(hours=3), "slots": 4}
    with unit_of_work(sessions, SYSTEM) as session:
        before = seen(session, **asked)
    assert thin(sessions, FOR_EVER) == []
    assert OLD.date().replace(day=1) in thin(sessions)
    assert thin(sessions) == []
    with unit_of_work(sessions, SYSTEM) as session:
        assert session.scalar(RAW) == 1
        assert session.execute(HOURS).all() == [(12, 2, 0, 5.5, 33), (12, 0, 6, 11.5, 105)]
        assert seen(session, **asked) == before


def test_a_reading_that_comes_late_for_such_a_month_is_kept_and_shown_where_none_was(
    sessions, told
):
    thin(sessions)
    again, fresh = OLD + timedelta(minutes=5), OLD + timedelta(hours=6)
    assert told((again, 0.5), (fresh, 4)).kept == 2
    assert thin(sessions) == []
    asked = {"start": OLD, "end": OLD + timedelta(hours=8), "slots": 8}
    with unit_of_work(sessions, SYSTEM) as session:
        assert session.scalar(RAW) == 3
        totals = {one.slot: one.total for one in seen(session, **asked)}
    assert totals == {0: 33, 1: 105, 6: 4}


def test_nobody_but_the_program_thins_and_never_what_rules_look_back_at(sessions, told, cast):
    for scope, month in ((Scope.of(cast.actor("city")), OLD), (SYSTEM, NOW)):
        with pytest.raises(ProgrammingError), unit_of_work(sessions, scope) as session:
            session.execute(text("SELECT reading_thin(:month)"), {"month": month.date()})


def test_the_page_of_ways_in_says_how_long_readings_are_kept(client, sessions, told, cast, people):
    thin(sessions)
    client.cookies.set(COOKIE, people.token(cast.accounts["city"]))
    page = client.get("/feeds").text
    assert "汇总了 26 条读数" in page
