"""Readings become a colour, live and in a replay the same, with the reason in plain words."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.events.models import DisasterEvent
from hazards.judging import live, publishing, repository
from hazards.judging.live import Judge
from hazards.judging.models import Judgement
from hazards.judging.replay import replay
from hazards.monitoring import service
from hazards.monitoring.models import MonitoringPoint
from hazards.monitoring.service import Sent
from hazards.points import types
from rescue_app.http.dependencies import COOKIE
from rescue_app.settings import PROJECT
from tests.monitoring import DATA, LIST, NOW, bring
from tests.world import GAOSUNTANG, IN_GAOSUNTANG

TICK = timedelta(minutes=5)
HOUR = timedelta(hours=1)
STORM = [0.0] * 12 + [2.0] * 12 + [6.0] * 18 + [0.0] * 60
"""Millimetres each five minutes: 24 in the first hour, 108 in the next one and a half."""


@pytest.fixture
def stations(sessions, cast, tmp_path):
    bring(sessions, tmp_path, cast.actor("city"), *LIST)


def take(sessions, now, *sent):
    with unit_of_work(sessions, SYSTEM) as session:
        service.take(session, sent, source="hydro", area_path="/", now=now)


def storm(sessions, judge, *, late=frozenset(), again=frozenset(), judge_of=None):
    """Send the storm tick by tick, and look after each; some come a tick late, some twice."""
    waiting = []
    for n, fell in enumerate(STORM):
        at = NOW + n * TICK
        waiting.append(Sent("YB-1/rain", at, fell))
        if n not in late:
            take(sessions, at, *waiting)
            take(sessions, at, *(waiting if n in again else ()))
            waiting = []
        judge = judge_of(n) if judge_of else judge
        judge.look(sessions, now=at + timedelta(seconds=20))


def changes(sessions, scope=SYSTEM, code="rainstorm"):
    with unit_of_work(sessions, scope) as session:
        rules = {one.id: one.code for one in repository.in_force(session)}
        rows = session.scalars(select(Judgement).order_by(Judgement.at))
        return [(r.at, r.colour, r.why_zh, r.why_en) for r in rows if rules[r.rule_id] == code]


def replayed(sessions, code="rainstorm"):
    with unit_of_work(sessions, SYSTEM) as session:
        point = session.scalars(select(MonitoringPoint).where(MonitoringPoint.code == "YB-1")).one()
        (version,) = [one for one in repository.in_force(session) if one.code == code]
        end = NOW + len(STORM) * TICK
        moments = replay(session, live.rule_of(version), point.id, start=NOW - HOUR, end=end)
        return [(m.at, m.colour, m.why_zh, m.why_en) for m in moments]


def test_a_storm_raises_colours_and_takes_them_back_step_by_step(sessions, stations):
    storm(sessions, Judge())
    told = changes(sessions)
    assert [colour for _, colour, *_ in told][:2] == ["orange", "red"]
    at, _, zh, en = told[0]
    assert zh == "近 3 小时降雨量 54 mm，达到橙色阈值 50 mm"
    assert en == "Rain of the last 3 h 54 mm; the orange threshold is 50 mm"
    assert at == NOW + 28 * TICK  # 24 mm and five times 6
    assert told[2][2] == "降雨量低于红色阈值的 80% 已 60 分钟，降为橙色"


@pytest.mark.parametrize("code", ["rainstorm", "landslide_rain"])
def test_a_replay_gives_what_live_gave(sessions, stations, code):
    storm(sessions, Judge())
    assert changes(sessions, code=code) == replayed(sessions, code)
    assert replayed(sessions, code) != []


def test_readings_sent_twice_change_nothing(sessions, stations):
    storm(sessions, Judge(), again=frozenset(range(0, 100, 3)))
    assert changes(sessions) == replayed(sessions)


def test_a_worker_that_died_and_another_that_goes_on_judge_as_one(sessions, stations):
    held = {}

    def judge_of(n):
        return held.setdefault(n // 7, Judge())

    storm(sessions, None, judge_of=judge_of)
    assert changes(sessions) == replayed(sessions)


def test_a_late_reading_counts_from_when_it_is_there(sessions, stations):
    storm(sessions, Judge(), late=frozenset({27, 28}))
    (first, *_) = changes(sessions)
    assert first[0] == NOW + 29 * TICK
    assert first[2] == "近 3 小时降雨量 60 mm，达到橙色阈值 50 mm"


def test_silence_never_ends_a_warning(sessions, stations):
    judge = Judge()
    for n, fell in enumerate(STORM[:42]):
        take(sessions, NOW + n * TICK, Sent("YB-1/rain", NOW + n * TICK, fell))
        judge.look(sessions, now=NOW + n * TICK)
    before = changes(sessions)
    for n in range(42, 42 + 12 * 12, 12):
        judge.look(sessions, now=NOW + n * TICK)
    assert before[-1][1] == "red"
    assert changes(sessions)[len(before) :] == []


def test_what_is_not_believed_is_not_judged(sessions, stations):
    judge = Judge()
    for n in range(12):
        at = NOW + n * TICK
        take(sessions, at, Sent("YB-1/rain", at, 999), Sent("YB-1/rain", at, "NA"))
        judge.look(sessions, now=at)
    assert changes(sessions) == []


def test_a_colour_is_seen_where_its_station_is(sessions, stations, cast):
    storm(sessions, Judge())
    assert changes(sessions, Scope.of(cast.actor("wanzhou"))) != []
    assert changes(sessions, Scope.of(cast.actor("yunyang"))) == []


def test_a_changed_file_is_the_next_version_and_a_citys_own_stays(sessions, stations, cast):
    city = cast.actor("city")
    with unit_of_work(sessions, Scope.of(city)) as session:
        (held,) = [one for one in repository.in_force(session) if one.code == "rainstorm"]
        entry = live.RuleEntry.model_validate(held.definition)
        own = entry.model_copy(update={"down_after_min": 30})
        assert publishing.publish(session, own, seen_version=1, by=city).version == 2
    with unit_of_work(sessions, SYSTEM) as session:
        publishing.load(session, DATA / "rules.yaml")
        told = [(one.version, one.in_force) for one in repository.versions(session, "rainstorm")]
    assert told == [(2, True), (1, False)]


def record(sessions, happened_at, place, accuracy_m=500.0):
    with unit_of_work(sessions, SYSTEM) as session:
        session.add(
            DisasterEvent(
                source="office", source_id=str(happened_at), hazard_type="waterlogging",
                title="", happened_at=happened_at, time_precision="hour", place=place,
                location_accuracy_m=accuracy_m, area_path=GAOSUNTANG, synthetic=False, raw={},
            )
        )  # fmt: skip


def test_two_rules_are_tried_on_the_past_and_held_against_what_happened(
    client, sessions, cast, people, stations
):
    storm(sessions, Judge())
    with unit_of_work(sessions, SYSTEM) as session:
        types.load(session, PROJECT / "data" / "hazard_types.yaml")
    record(sessions, NOW + 5 * HOUR, IN_GAOSUNTANG)
    record(sessions, NOW + 5 * HOUR + TICK, IN_GAOSUNTANG, accuracy_m=50_000.0)
    record(sessions, NOW - 20 * 24 * HOUR, IN_GAOSUNTANG)
    with unit_of_work(sessions, SYSTEM) as session:
        point = session.scalars(select(MonitoringPoint).where(MonitoringPoint.code == "YB-1")).one()
        rules = {one.code: str(one.id) for one in repository.in_force(session)}
    client.cookies.set(COOKIE, people.token(cast.accounts["wanzhou"]))
    span = "first=2026-06-05&last=2026-07-03"
    asked = f"rule={rules['rainstorm']}&other={rules['landslide_rain']}&{span}"
    told = client.get(f"/monitoring/{point.id}/backtest?{asked}&lang=en").text
    assert "Rain of the last 3 h 54 mm; the orange threshold is 50 mm" in told
    figures = re.findall(r'<b class="num">(\d+)</b>', told)
    assert figures == ["1", "1", "0", "0", "0", "1"]
    client.cookies.set(COOKIE, people.token(cast.accounts["yunyang"]))
    assert client.get(f"/monitoring/{point.id}/backtest").status_code == 404
