"""Rain of many days and a river's marks are judged live as in a replay."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.judging import files, publishing, repository
from hazards.judging.live import Judge, rule_of
from hazards.judging.memory import Memory
from hazards.judging.replay import replay
from hazards.judging.rules import Kind
from hazards.monitoring.models import Datastream, MonitoringPoint
from hazards.monitoring.service import Sent
from tests.integration.monitoring.test_judging import HOUR, TICK, changes, take
from tests.monitoring import LIST, NOW, bring

WET = files.checked(
    {
        "code": "wet", "name": {"zh": "湿", "en": "wet"}, "hazard_type": "landslide",
        "property": "rain", "kind": "sum", "decay": 0.5, "ease": 1, "down_after_min": 10,
        "steps": [{"colour": "yellow", "hours": 48, "at": 60},
                  {"colour": "red", "hours": 48, "at": 100}],
    }
)  # fmt: skip
LEVEL = [6.0, 7.2, 7.6, 8.1, 9.3, 9.9, 9.4, 7.9, 7.75, 7.4, 7.2, 7.1, 7.0, 6.9, 6.8, 6.6, 6.4]
MARKS = {"warning": 8.0, "guaranteed": 9.0, "historical": 9.8}


@pytest.fixture
def stations(sessions, cast, tmp_path):
    bring(sessions, tmp_path, cast.actor("city"), *LIST)
    with unit_of_work(sessions, SYSTEM) as session:
        publishing.add(session, WET, shipped=False, in_force=True, by_name="测试")
        river = update(Datastream).where(Datastream.property == "water_level")
        session.execute(river.values(marks=MARKS))


def replayed(sessions, code, *, start, end):
    with unit_of_work(sessions, SYSTEM) as session:
        point = session.scalars(select(MonitoringPoint).where(MonitoringPoint.code == "YB-1")).one()
        rule = rule_of(repository.held(session, code))
        moments = replay(session, rule, point.id, start=start, end=end)
        return [(m.at, m.colour, m.why_zh, m.why_en) for m in moments]


def wet_days(sessions, judges, *, rain=8.0):
    """Let 80 mm have fallen 40 hours ago; it rains again, and looks go on till that is over."""
    before = NOW - 40 * HOUR
    told = [Sent("YB-1/rain", before + n * TICK, 8.0) for n in range(10)]
    take(sessions, before + HOUR, *told)
    for n in [*range(20), *range(85, 110)]:
        at = NOW + n * TICK
        take(sessions, at, Sent("YB-1/rain", at, rain if n < 8 else 0.0))
        judges(n).look(sessions, now=at + timedelta(seconds=20))


@pytest.mark.parametrize("lives", [1000, 7])
def test_rain_of_days_before_counts_less_each_day_live_as_in_a_replay(sessions, stations, lives):
    held = {}
    wet_days(sessions, lambda n: held.setdefault(n // lives, Judge()))
    told = changes(sessions, code="wet")
    assert told == replayed(sessions, "wet", start=NOW - TICK, end=NOW + 109 * TICK)
    assert [colour for _, colour, *_ in told] == ["yellow", "red", "orange", "yellow"]
    assert told[0][0] == NOW + 2 * TICK  # half of 80 mm, and three times 8
    assert told[0][2] == "近 2 天降雨量（逐日衰减 0.5） 64 mm，达到黄色阈值 60 mm"
    assert told[2][0] >= NOW + 8 * HOUR  # when the 80 mm are two days old


def test_a_reading_that_is_two_days_late_still_makes_the_ground_wet(sessions, stations):
    judge = Judge()
    for n in range(12):
        at = NOW + n * TICK
        late = [Sent("YB-1/rain", NOW - 30 * HOUR + m * TICK, 20.0) for m in range(7)]
        take(sessions, at, Sent("YB-1/rain", at, 0.0), *(late if n == 5 else ()))
        judge.look(sessions, now=at + timedelta(seconds=20))
    ((at, colour, *_),) = changes(sessions, code="wet")
    assert (at, colour) == (NOW + 5 * TICK, "yellow")


def test_what_is_kept_for_days_is_followed_through_the_hourly_renewal(sessions, stations):
    judge = Judge()
    for n in range(30):
        at = NOW + n * TICK
        take(sessions, at, Sent("YB-1/rain", at, 2.1))
        judge.look(sessions, now=at + timedelta(seconds=20))
    (first, *_) = changes(sessions, code="wet")
    assert first[0] == NOW + 28 * TICK  # 29 times 2.1 mm, none of them twice


def test_a_river_is_judged_by_its_own_marks_live_as_in_a_replay(sessions, stations):
    judge = Judge()
    for n in range(12 * len(LEVEL)):
        at = NOW + n * TICK
        take(sessions, at, Sent("YB-1/water_level", at, LEVEL[n // 12]))
        judge.look(sessions, now=at + timedelta(seconds=20))
    told = changes(sessions, code="river_level")
    end = NOW + 12 * len(LEVEL) * TICK
    assert told == replayed(sessions, "river_level", start=NOW - TICK, end=end)
    colours = ["blue", "yellow", "orange", "red", "orange", "yellow", "blue", None]
    assert [colour for _, colour, *_ in told] == colours
    assert told[0][2] == "水位 7.6 m，距警戒水位 8 m 还有 0.4 m（阈值为低 0.5 m），达到蓝色"
    assert (
        told[3][3] == "Water level 9.9 m: 0.1 m over the highest level on record 9.8 m; that is red"
    )
    assert told[4][2] == "水位低于红色阈值 0.2 m 已 60 分钟，降为橙色"


def test_a_river_without_marks_is_never_judged_by_them(sessions, stations):
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(update(Datastream).values(marks={}))
    for n in range(4):
        at = NOW + n * TICK
        take(sessions, at, Sent("YB-1/water_level", at, 50.0))
        Judge().look(sessions, now=at)
    assert changes(sessions, code="river_level") == []


def test_days_before_count_once_wherever_in_a_workers_hour_they_are_read_anew(sessions, stations):
    take(sessions, NOW, *[Sent("YB-1/rain", NOW - 10 * HOUR + n * TICK, 8.0) for n in range(10)])
    old = Memory()
    for hours in (0, 23.5):
        followed(sessions, old, NOW + hours * HOUR)
    later = NOW + 24.2 * HOUR
    summed = followed(sessions, old, later)
    assert summed == followed(sessions, Memory(), later)
    assert max(summed) == 80


def followed(sessions, memory, now):
    with unit_of_work(sessions, SYSTEM) as session:
        memory.follow(session, [WET.rule()], at=now, now=now)
    return memory.windows["rain"].measured(Kind.SUM, (48 * HOUR, "")).tolist()
