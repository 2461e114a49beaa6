"""A station that says nothing rings its keeper, as itself and not as a danger."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.calls.models import Call, CallRung
from hazards.monitoring import service, watching
from hazards.monitoring.models import Datastream, MonitoringPoint
from hazards.monitoring.service import Sent
from tests.monitoring import LIST, NOW, bring

MINUTE = timedelta(minutes=1)


@pytest.fixture
def stations(sessions, cast, tmp_path):
    bring(sessions, tmp_path, cast.actor("city"), *LIST)
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(update(Datastream).values(created_at=NOW))
        session.execute(update(MonitoringPoint).values(keeper="周站长", keeper_phone="13900007777"))


def say(sessions, now, value=1.0, *, streams=("YB-1/rain", "YB-1/water_level", "YB-2/rain")):
    sent = [Sent(stream, now, value) for stream in streams]
    with unit_of_work(sessions, SYSTEM) as session:
        service.take(session, sent, source="hydro", area_path="/", now=now)


def troubled(sessions):
    with unit_of_work(sessions, SYSTEM) as session:
        query = select(MonitoringPoint.code, Datastream.property, Datastream.trouble).join(
            MonitoringPoint, MonitoringPoint.id == Datastream.point_id
        )
        return {(code, of): trouble for code, of, trouble in session.execute(query) if trouble}


def matters(sessions):
    with unit_of_work(sessions, SYSTEM) as session:
        return session.scalars(select(Call).where(Call.topic == "station")).all()


def test_silence_is_noticed_after_three_intervals_and_never_before_a_quarter_of_an_hour(
    sessions, stations
):
    say(sessions, NOW)
    assert watching.watch(sessions, now=NOW + 15 * MINUTE) == 0
    assert watching.watch(sessions, now=NOW + 16 * MINUTE) == 1
    assert set(troubled(sessions)) == {("YB-1", "rain"), ("YB-1", "water_level")}
    watching.watch(sessions, now=NOW + 181 * MINUTE)
    assert ("YB-2", "rain") in troubled(sessions)


def test_a_silent_station_rings_its_keeper_once_and_is_quiet_when_heard_again(sessions, stations):
    say(sessions, NOW)
    for minutes in (16, 17, 18):
        watching.watch(sessions, now=NOW + minutes * MINUTE)
    (call,) = matters(sessions)
    assert call.text_zh == "监测站无数据：龙宝雨量站（YB-1）"
    with unit_of_work(sessions, SYSTEM) as session:
        first = session.scalars(select(CallRung).where(CallRung.position == 0)).all()
    assert [(rung.name, rung.phone) for rung in first] == [("周站长", "13900007777")]
    say(sessions, NOW + 19 * MINUTE)
    watching.watch(sessions, now=NOW + 20 * MINUTE)
    (call,) = matters(sessions)
    assert (call.over_why, troubled(sessions)) == (watching.HEARD_AGAIN, {})
    watching.watch(sessions, now=NOW + 40 * MINUTE)
    assert len(matters(sessions)) == 2


def test_rain_that_stands_still_is_a_stuck_gauge_and_no_rain_is_not(sessions, stations):
    for quarter in range(14):
        now = NOW + quarter * 15 * MINUTE
        say(sessions, now, 4.0, streams=["YB-1/rain", "YB-1/water_level"])
        say(sessions, now, 0.0, streams=["YB-2/rain"])
        watching.watch(sessions, now=now)
    assert troubled(sessions) == {("YB-1", "rain"): "stuck"}
    assert [call.text_en for call in matters(sessions)] == [
        "Station stands still: 龙宝雨量站 (YB-1)"
    ]
