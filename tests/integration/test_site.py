"""What a crew tells from its site comes up; support is answered too, silence is an alarm."""

from datetime import UTC, datetime, timedelta

import pytest
from shapely import Point
from sqlalchemy import select

from gis.errors import Conflict, Forbidden, Missing, Rejected
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.calls.drafts import AnswerDraft
from hazards.calls.models import Call
from hazards.calls.rules import EventKind
from rescue_app.dispatch import answering, changes_repository
from rescue_app.dispatch.changes import ChangeKind
from rescue_app.dispatch.models import AssignmentStep
from rescue_app.http.dependencies import COOKIE
from rescue_app.site import places, repository, service, watching
from rescue_app.site.models import CrewPlace, SiteReport
from rescue_app.site.rules import Need, ReportDraft, ReportKind, Spot
from tests.calling import ladders, rungs, tick
from tests.teams import team
from tests.world import IN_GAOSUNTANG

__all__ = ["team"]


@pytest.fixture
def on_site(night):
    order, crew = night.down_to_the_crew()
    for kind in ("accepted", "moving", "arrived"):
        crew = night.tell("crew", crew, kind)
    return order, crew


@pytest.fixture
def tell(acting):
    def do(crew, kind, *, who="crew", report_id=None, **more):
        draft = ReportDraft(report_id or new_id(), ReportKind(kind), **more)
        with acting(who) as (session, actor):
            return service.report(
                session, hop_id=crew.id, draft=draft, by=actor, now=datetime.now(UTC)
            )

    return do


def shifted(point, degrees):
    return Point(point.x + degrees, point.y)


def call_about(sessions, topic):
    with unit_of_work(sessions, SYSTEM) as session:
        query = select(Call).where(Call.topic == topic).order_by(Call.opened_at)
        return list(session.scalars(query))


def test_a_report_comes_up_with_place_and_times_and_counts_once(on_site, tell, acting):
    order, crew = on_site
    report_id, began = new_id(), datetime.now(UTC) - timedelta(hours=3)
    for _ in range(2):
        kept = tell(crew, "moved", report_id=report_id, people_moved=12, words="沿江路 3 号",
                    place=Point(108.4, 30.8), done_at=began)  # fmt: skip
    with acting("city") as (session, _):
        (seen,) = repository.of_orders(session, [order.id])
        assert (seen.people_moved, seen.words, seen.by_name) == (12, "沿江路 3 号", "李队长")
        assert seen.done_at == crew.began_at  # a phone's slow clock, brought to the order's time
        assert seen.received_at > seen.done_at
    assert kept.id == report_id


def test_what_tells_nothing_is_refused_with_what_to_do(on_site, tell):
    _, crew = on_site
    with pytest.raises(Rejected, match="what you need"):
        tell(crew, "support")
    with pytest.raises(Rejected, match="how many people"):
        tell(crew, "moved", people_moved=-3)
    with pytest.raises(Rejected, match="word, or take a photo"):
        tell(crew, "situation", words="  ")


def test_nobody_but_the_crew_speaks_from_its_site(on_site, tell):
    _, crew = on_site
    with pytest.raises(Forbidden):
        tell(crew, "situation", words="在此", who="street")
    with pytest.raises(Missing):
        tell(crew, "situation", words="在此", who="taibai_crew")
    with pytest.raises(Conflict):
        kept = tell(crew, "situation", words="水退了")
        tell(crew, "moved", people_moved=1, report_id=kept.id)


def test_a_call_for_support_rings_up_until_somebody_answers_it(on_site, tell, sessions, acting):
    _, crew = on_site
    kept = tell(crew, "support", need=Need.POWER_OFF, words="电线落水")
    (call,) = call_about(sessions, "support")
    assert (call.ref, call.urgency) == (kept.id, "flash")
    assert call.text_zh == "求援：切断电源 · 高笋塘抢险一队 · 电线落水"
    assert [rung.name for rung in rungs(sessions, call.id)] == ["高书记", "万主任", "陈市长"]
    with acting("street") as (session, actor):
        said = AnswerDraft(EventKind.CANNOT, why="没有电工")
        answering.answer(session, call_id=call.id, draft=said, by=actor, now=datetime.now(UTC))
    (ladder,) = ladders(sessions, call.id)
    assert (ladder.state, ladder.position) == ("climbing", 1)
    with acting("wanzhou") as (session, actor):
        said = AnswerDraft(EventKind.YES, next_step="供电公司 10 分钟到")
        answering.answer(session, call_id=call.id, draft=said, by=actor, now=datetime.now(UTC))
    (ladder,) = ladders(sessions, call.id)
    assert (ladder.state, ladder.outcome) == ("answered", "superior")


def test_danger_on_site_calls_everybody_there_away_and_the_orders_stand(
    on_site, tell, night, sessions, acting
):
    order, crew = on_site
    kept = tell(crew, "danger", words="后缘在裂")
    assert tell(crew, "danger", words="后缘在裂", report_id=kept.id).id == kept.id
    (about,) = call_about(sessions, "order_change")
    assert (about.urgency, about.rule) == ("flash", "each")
    assert about.text_zh.startswith("撤！现场危险，立即离开")
    assert "后缘在裂" in about.text_zh
    (up,) = call_about(sessions, "support")
    assert up.text_zh == "现场呼撤 · 高笋塘抢险一队 · 后缘在裂"
    with acting("crew") as (session, _):
        (owed,) = changes_repository.owed(session, [order.id])[crew.id]
        assert (owed[1].kind, owed[1].by_name) == ("alarmed", "李队长")
        assert changes_repository.lines_of(session, order.id)[0].asked == 1
        assert owed[1].before == owed[1].after
        assert changes_repository.alarmed(session, order.id).why == "后缘在裂"
        assert night.hop(order, "Gaosuntang crew 1").state == "arrived"
    night.change("city", order, ChangeKind.SUSPENDED)  # its giver has spoken
    with acting("crew") as (session, _):
        assert changes_repository.alarmed(session, order.id) is None


def test_the_alarm_reaches_other_orders_at_the_place_and_none_elsewhere(
    night, tell, cast, sessions
):
    at = {"near": IN_GAOSUNTANG, "beside": shifted(IN_GAOSUNTANG, 0.003), "again": IN_GAOSUNTANG}
    at["far"] = shifted(IN_GAOSUNTANG, 0.02)
    crews = {}
    for name, place in at.items():
        who = "gaosuntang" if name != "beside" else "taibai"
        order = night.issue(cast.crew(who), place=place, what=name)
        crews[name] = night.hop(order, f"{who.title()} crew 1")
    night.tell("crew", crews["near"], "accepted")
    tell(crews["near"], "danger")
    told = call_about(sessions, "order_change")
    assert sorted("near" in one.text_zh for one in told) == [False, True]
    assert not any("far" in one.text_zh for one in told)
    assert not any("again" in one.text_zh for one in told)  # one crew, one alarm


def test_a_crew_not_heard_of_in_time_is_called_and_then_its_chain(on_site, sessions):
    _, _crew = on_site
    start = datetime.now(UTC)
    assert watching.watch(sessions, now=start) == 0
    assert watching.watch(sessions, now=start + timedelta(minutes=31)) == 1
    assert watching.watch(sessions, now=start + timedelta(minutes=32)) == 0
    (call,) = call_about(sessions, "check_in")
    assert "平安吗" in call.text_zh
    assert next(rung.name for rung in rungs(sessions, call.id)) == "李队长"
    tick(sessions, start + timedelta(minutes=36))
    (ladder,) = ladders(sessions, call.id)
    assert ladder.position == 1


def test_any_word_from_the_site_stops_the_alarm_and_winds_the_clock(on_site, tell, sessions):
    _, crew = on_site
    start = datetime.now(UTC)
    watching.watch(sessions, now=start + timedelta(minutes=31))
    tell(crew, "situation", words="平安")
    watching.watch(sessions, now=start + timedelta(minutes=29))
    (call,) = call_about(sessions, "check_in")
    assert ladders(sessions, call.id)[0].state == "over"
    assert watching.watch(sessions, now=start + timedelta(minutes=32)) == 1
    assert len(call_about(sessions, "check_in")) == 2


def test_a_crew_that_left_the_site_is_not_asked(on_site, night, sessions):
    _, crew = on_site
    start = datetime.now(UTC)
    watching.watch(sessions, now=start)
    night.tell("crew", crew, "done")
    assert watching.watch(sessions, now=start + timedelta(hours=5)) == 0
    assert call_about(sessions, "check_in") == []


def test_reports_of_another_district_are_nobody_s_business(on_site, tell, acting):
    order, crew = on_site
    tell(crew, "situation", words="水位下降")
    with acting("yunyang") as (session, _):
        assert session.scalars(select(SiteReport)).all() == []
        assert repository.of_orders(session, [order.id]) == []


@pytest.fixture
def under_way(night, cast):
    order = night.issue(cast.crew("gaosuntang"), who="street", place=IN_GAOSUNTANG)
    crew = night.hop(order, "Gaosuntang crew 1", "street")
    night.tell("crew", crew, "accepted")
    return order, night.tell("crew", crew, "moving")


@pytest.fixture
def be_at(acting):
    def do(crew, lon, lat, *, who="crew", accuracy=10.0, at=None):
        spot = Spot(Point(lon, lat), accuracy, at or datetime.now(UTC))
        with acting(who) as (session, actor):
            told = {"hop_id": crew.id, "spots": [spot], "by": actor, "now": datetime.now(UTC)}
            return places.share(session, **told)

    return do


def where(acting, order, who="street"):
    with acting(who) as (session, _):
        return repository.places(session, order.id)


def test_the_chain_sees_where_a_crew_is_and_a_late_older_place_changes_nothing(
    under_way, be_at, acting
):
    order, crew = under_way
    now = datetime.now(UTC)
    be_at(crew, 108.30, 30.70, at=now)
    be_at(crew, 108.20, 30.60, at=now - timedelta(minutes=5))
    (kept,) = where(acting, order)[crew.id]
    assert (kept.place.x, kept.name) == (108.30, "李队长")
    assert where(acting, order, "taibai_street") == {}


def test_who_comes_near_the_place_has_arrived_and_the_log_says_how(under_way, be_at, owner):
    _, crew = under_way
    near = IN_GAOSUNTANG.x + 0.0005, IN_GAOSUNTANG.y
    assert be_at(crew, IN_GAOSUNTANG.x + 0.01, IN_GAOSUNTANG.y).state == "moving"
    assert be_at(crew, *near, accuracy=500).state == "moving"  # nobody knows where that is
    for _ in range(2):
        assert be_at(crew, *near).state == "arrived"
    steps = owner.scalars(select(AssignmentStep).where(AssignmentStep.kind == "arrived")).all()
    assert [step.how for step in steps] == ["geofence"]


def test_a_place_is_shared_while_on_an_order_only(under_way, be_at, night, acting, sessions):
    order, crew = under_way
    be_at(crew, 108.30, 30.70)
    night.tell("crew", crew, "done")
    assert where(acting, order) == {}
    with pytest.raises(Conflict, match="only while"):
        be_at(crew, 108.31, 30.71)
    watching.watch(sessions, now=datetime.now(UTC))
    with unit_of_work(sessions, SYSTEM) as session:
        assert session.scalars(select(CrewPlace)).all() == []


def test_a_label_at_the_place_of_the_order_proves_that_the_crew_is_there(under_way, acting, owner):
    _, crew = under_way
    step_id = new_id()
    with acting("crew") as (session, actor):
        now = datetime.now(UTC)
        told = {"hop_id": crew.id, "step_id": step_id, "done_at": now, "by": actor, "now": now}
        with pytest.raises(Conflict, match="does not hang"):
            places.scanned(session, asset=Point(IN_GAOSUNTANG.x + 0.02, IN_GAOSUNTANG.y), **told)
        hop = places.scanned(session, asset=IN_GAOSUNTANG, **told)
    assert hop.state == "arrived"
    assert owner.get(AssignmentStep, step_id).how == "scan"


def test_a_crew_and_a_member_read_on_their_own_page_that_they_are_asked_until_they_speak(
    on_site, tell, team, sessions, client, people, cast
):
    _, crew = on_site
    part = team.give(crew, "周队员")["周队员"]
    team.tell("zhou", part, "arrived")

    def asked(who):
        client.cookies.set(COOKIE, people.token(cast.accounts[who]))
        return "平安吗？" in client.get("/crew", headers={"accept": "text/html"}).text

    assert not asked("crew")
    assert watching.watch(sessions, now=datetime.now(UTC) + timedelta(minutes=31)) == 2
    assert asked("crew")
    assert asked("zhou")
    tell(crew, "situation", words="平安")
    assert not asked("crew")
    assert asked("zhou")  # his leader's word is not his
    tell(crew, "situation", words="我也平安", who="zhou")
    assert not asked("zhou")
