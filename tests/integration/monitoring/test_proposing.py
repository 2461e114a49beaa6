"""What stands at stations is proposed once, to somebody who is called, and grows with the storm."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.alerts import loader, service
from hazards.alerts.models import Alert
from hazards.alerts.ringing import TOPIC
from hazards.calls.models import Call
from hazards.duty import service as duty
from hazards.duty.rules import MemberEntry, Roster
from hazards.judging import proposing, repository
from hazards.judging.rules import Standing
from hazards.monitoring.models import MonitoringPoint
from hazards.points import types
from rescue_app.settings import PROJECT
from tests.monitoring import LIST, NOW, bring
from tests.world import CITY, GAOSUNTANG, SHUANGJIANG, TAIBAI, WANZHOU

MINUTE = timedelta(minutes=1)
CENTRES = (WANZHOU, SHUANGJIANG)
IN_TAIBAI = "TB-1,太白雨量站,108.45,30.80,rain,5"


@pytest.fixture
def stations(sessions, cast, tmp_path):
    bring(sessions, tmp_path, cast.actor("city"), *LIST, IN_TAIBAI)
    staff = [MemberEntry(f"{area} 值班", "值班员", "139", cast.units[area]) for area in CENTRES]
    with unit_of_work(sessions, SYSTEM) as session:
        duty.register(session, Roster([], staff, []), area_path=CITY)
        types.load(session, PROJECT / "data" / "hazard_types.yaml")
        loader.load(session, PROJECT / "data" / "alerts" / "colours.yaml")


def stand(sessions, **colours):
    """`stand(sessions, YB_1="red")`: so it stands at a station by the rule of rainstorms."""
    with unit_of_work(sessions, SYSTEM) as session:
        points = {one.code: one for one in session.scalars(select(MonitoringPoint))}
        for code, colour in colours.items():
            point = points[code.replace("_", "-")]
            told = {point.id: Standing(repository.colour_of(colour), NOW)}
            repository.keep(session, "rainstorm", told, {point.id: point.area_path})


def look(sessions, minutes=0):
    return proposing.look(sessions, now=NOW + minutes * MINUTE)


def warnings(sessions, *states):
    with unit_of_work(sessions, SYSTEM) as session:
        rows = session.scalars(select(Alert).order_by(Alert.proposed_at, Alert.id)).all()
        return [one for one in rows if not states or one.state in states]


def ringing(sessions):
    with unit_of_work(sessions, SYSTEM) as session:
        query = select(Call).where(Call.topic == TOPIC, Call.over_at.is_(None))
        return [call.text_zh for call in session.scalars(query)]


def test_a_storm_is_one_proposal_for_each_district_and_somebody_is_called(sessions, stations):
    stand(sessions, YB_1="yellow", TB_1="orange", YB_2="blue")
    assert look(sessions) == 2
    assert look(sessions, 1) == 0
    told = {(one.colour, tuple(one.area_paths)) for one in warnings(sessions)}
    assert told == {("orange", (GAOSUNTANG, TAIBAI)), ("blue", (SHUANGJIANG,))}
    assert {one.source for one in warnings(sessions)} == {"rule"}
    assert len(ringing(sessions)) == 2


def test_what_grows_before_it_is_approved_takes_the_drafts_place(sessions, stations):
    stand(sessions, YB_1="yellow")
    look(sessions)
    stand(sessions, YB_1="red")
    assert look(sessions, 5) == 1
    stand(sessions, TB_1="blue")
    assert look(sessions, 10) == 1
    states = [(one.state, one.colour) for one in warnings(sessions)]
    assert states == [("dropped", "yellow"), ("dropped", "red"), ("draft", "red")]
    assert len(ringing(sessions)) == 1


def test_what_grows_after_it_was_issued_follows_it(sessions, stations, cast):
    stand(sessions, YB_1="yellow")
    look(sessions)
    (first,) = warnings(sessions)
    city = cast.actor("city")
    with unit_of_work(sessions, Scope.of(city)) as session:
        service.issue(session, alert_id=first.id, by=city, now=NOW + MINUTE)
    look(sessions, 2)
    assert ringing(sessions) == []
    stand(sessions, YB_1="red")
    assert look(sessions, 5) == 1
    (second,) = warnings(sessions, "draft")
    assert (second.follows_id, second.colour) == (first.id, "red")


def test_who_throws_a_proposal_away_is_not_asked_again_unless_it_grows(sessions, stations, cast):
    stand(sessions, YB_1="yellow")
    look(sessions)
    (first,) = warnings(sessions)
    city = cast.actor("city")
    with unit_of_work(sessions, Scope.of(city)) as session:
        service.drop(session, alert_id=first.id, by=city, now=NOW + MINUTE, why="仪器检修")
    assert look(sessions, 2) == 0
    assert ringing(sessions) == []
    stand(sessions, YB_1="orange")
    assert look(sessions, 3) == 1


def test_what_still_stands_when_the_time_of_a_warning_is_over_is_proposed_again(sessions, stations):
    stand(sessions, YB_1="yellow")
    assert look(sessions) == 1
    assert look(sessions, 6 * 60) == 1


def test_the_reason_is_that_of_its_own_rule_and_colour(sessions, stations):
    stand(sessions, YB_1="yellow")
    with unit_of_work(sessions, SYSTEM) as session:
        rules = {one.code: one.id for one in repository.in_force(session)}
        point = session.scalars(select(MonitoringPoint).where(MonitoringPoint.code == "YB-1")).one()
        told = [("landslide_rain", "yellow", "别的"), ("rainstorm", "yellow", "近 6 小时 60 mm"),
                ("rainstorm", "blue", "近 12 小时 55 mm")]  # fmt: skip
        repository.add_judgements(session, [
            {"point_id": point.id, "rule_id": rules[code], "area_path": point.area_path,
             "at": NOW + n * MINUTE, "before": None, "colour": colour, "why_zh": why,
             "why_en": "because", "facts": {}} for n, (code, colour, why) in enumerate(told)
        ])  # fmt: skip
    look(sessions, 5)
    (alert,) = warnings(sessions)
    assert alert.why == "龙宝雨量站：近 6 小时 60 mm · because"
