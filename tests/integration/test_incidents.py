"""Incidents: where they lie, which are one, and the reports up that are owed by the clock."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from shapely import MultiPolygon, Point, box
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from gis.errors import Conflict, Forbidden, Missing, Rejected
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.notify import LiveEvent
from gis.store.scope import SYSTEM, Scope
from hazards.calls import reading as calls
from hazards.calls import service as answering
from hazards.calls.drafts import AnswerDraft
from hazards.calls.models import Call
from hazards.calls.rules import EventKind, LadderState
from rescue_app.incidents import joining, limits, raising, reporting, repository, service
from rescue_app.incidents.clock import Limits, ReportDraft
from rescue_app.incidents.models import Incident
from rescue_app.incidents.rules import IncidentDraft, Likeness
from rescue_app.settings import PROJECT
from rescue_app.web.incident_page import readers
from tests.world import CITY, IN_GAOSUNTANG, IN_TAIBAI, TAIBAI, WANZHOU, YUNYANG

NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
NEAR = Likeness(within_m=1000, within=timedelta(hours=24))
SLIDE = IncidentDraft(uuid4(), "landslide", "后坡滑动", IN_GAOSUNTANG, "IV")
SAID = {"place": "高笋塘街道沿江路", "nature": "滑坡"}
H = timedelta(hours=1)
IN_TAIBAI_EDGE = Point(108.405, 30.80)
ACROSS_THE_BORDER = MultiPolygon([box(108.45, 30.75, 108.85, 30.85)])
ACROSS_TWO_STREETS = MultiPolygon([box(108.38, 30.79, 108.42, 30.81)])
IN_BOTH = Point(108.39, 30.80)


@pytest.fixture
def do(sessions, cast):
    """`do("street", verb, ...)` acts as that person in a transaction of its own."""

    def act(who, verb, *, now=NOW, **more):
        actor = cast.actor(who)
        with unit_of_work(sessions, Scope.of(actor)) as session:
            return verb(session, by=actor, now=now, **more)

    return act


@pytest.fixture
def slide(do):
    return do("street", service.open_incident, draft=replace(SLIDE, id=new_id()))


def log(sessions, incident):
    with unit_of_work(sessions, SYSTEM) as session:
        return [step.kind for step in reversed(repository.steps(session, [incident.id]))]


def report(**more):
    return ReportDraft(new_id(), texts=SAID, **more)


def lines(sessions, ref):
    with unit_of_work(sessions, SYSTEM) as session:
        return calls.lines_of(session, [ref], topic=raising.TOPIC).get(ref, [])


def test_a_drawn_area_belongs_to_the_smallest_area_that_holds_all_of_it(do):
    draft = replace(SLIDE, id=new_id(), place=IN_BOTH, extent=ACROSS_TWO_STREETS)
    with pytest.raises(Rejected, match="beyond yours"):  # half of it is not his
        do("street", service.open_incident, draft=draft)
    assert do("wanzhou", service.open_incident, draft=draft).area_path == WANZHOU


def test_a_drawn_area_across_the_border_is_seen_by_all_that_it_reaches(do, cast, sessions):
    draft = replace(SLIDE, id=new_id(), place=IN_TAIBAI, extent=ACROSS_THE_BORDER)
    shared = do("city", service.open_incident, draft=draft)
    assert shared.area_path == CITY

    def seen(who):
        with unit_of_work(sessions, Scope.of(cast.actor(who))) as session:
            return [one.id for one in repository.latest(session, open_only=True)]

    assert seen("wanzhou") == seen("yunyang") == seen("taibai_street") == [shared.id]
    assert seen("street") == []  # Gaosuntang: the area does not reach it
    again = replace(SLIDE, id=new_id(), place=IN_TAIBAI, grade="I")
    do("wanzhou", joining.tell_again, draft=again, same_as=shared.id)
    assert log(sessions, shared) == ["opened", "told"]
    with pytest.raises(Missing):
        do("wanzhou", service.close, incident_id=shared.id)  # the city ends it
    with unit_of_work(sessions, SYSTEM) as session:
        told = session.scalars(select(LiveEvent).where(LiveEvent.topic == service.TOPIC)).all()
        assert all(event.area_paths == [CITY, WANZHOU, TAIBAI, YUNYANG] for event in told)


def test_one_finding_is_one_incident_whoever_opens_it_how_often(do):
    ref = uuid4()
    came = [
        do("street", joining.enter, limits=NEAR,
           draft=replace(SLIDE, id=new_id(), source="finding", source_ref=ref)).id
        for _ in range(2)
    ]  # fmt: skip
    assert came[0] == came[1]


def test_what_a_sensor_tells_again_nearby_joins_by_itself_and_a_person_is_asked(do, sessions):
    first = do("street", joining.enter, draft=replace(SLIDE, id=new_id()), limits=NEAR)
    sensed = replace(SLIDE, id=new_id(), hazard_type="collapse", source="sensor", grade="II")
    later = NOW + timedelta(minutes=5)
    for _ in range(2):
        again = do("street", joining.enter, draft=sensed, limits=NEAR, now=later)
        assert (again.id, again.grade) == (first.id, "II")
    assert log(sessions, first) == ["opened", "told", "graded"]
    drill = do("street", joining.enter, limits=NEAR, now=later,
               draft=replace(sensed, id=new_id(), is_drill=True))  # fmt: skip
    flood = do("street", joining.enter, limits=NEAR, now=later,
               draft=replace(sensed, id=new_id(), hazard_type="waterlogging"))  # fmt: skip
    assert len({first.id, drill.id, flood.id}) == 3
    word = replace(SLIDE, id=new_id(), title="又有人来电", source="resident")
    own = do("street", joining.enter, draft=word, limits=NEAR, same_as=first.id)
    assert own.id == first.id


def test_joined_incidents_are_one_for_the_clock_and_come_apart_again(do, slide, sessions):
    other = do("taibai_street", service.open_incident,
               draft=replace(SLIDE, id=new_id(), place=IN_TAIBAI_EDGE, grade="II"))  # fmt: skip
    with pytest.raises(Missing):  # a street does not join what lies in the next one
        do("street", joining.merge, incident_id=slide.id, into_id=other.id)
    for _ in range(2):
        into = do("wanzhou", joining.merge, incident_id=other.id, into_id=slide.id)
    assert (into.id, into.grade) == (slide.id, "II")
    assert log(sessions, other) == ["opened", "merged"]
    assert log(sessions, slide) == ["opened", "took_in", "graded"]
    with pytest.raises(Conflict):
        do("wanzhou", joining.merge, incident_id=slide.id, into_id=other.id)
    with pytest.raises(Conflict, match="joined"):
        do("wanzhou", reporting.send, incident_id=other.id, draft=report())
    gone = do("wanzhou", joining.part, incident_id=other.id)
    assert (gone.merged_into_id, gone.report_kind) == (None, "first")


def test_of_two_that_are_joined_with_each_other_at_once_one_stays(do, slide, sessions):
    other = do("street", service.open_incident, draft=replace(SLIDE, id=new_id()))

    def join(pair):
        try:
            do("wanzhou", joining.merge, incident_id=pair[0], into_id=pair[1])
        except Conflict:
            return "late"
        return "joined"

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(join, [(slide.id, other.id), (other.id, slide.id)]))
    assert sorted(said) == ["joined", "late"]
    with unit_of_work(sessions, SYSTEM) as session:
        merged = session.scalars(select(Incident.merged_into_id)).all()
    assert merged.count(None) == 1


def test_what_splits_off_knows_where_it_came_from(do, slide, sessions):
    lake = replace(SLIDE, id=new_id(), title="堰塞湖", hazard_type="river_flood")
    for _ in range(2):
        made = do("street", joining.split, from_id=slide.id, draft=lake)
    assert made.split_from_id == slide.id
    assert log(sessions, made) == ["opened", "came_from"]
    assert log(sessions, slide) == ["opened", "split_off"]


def test_reports_go_first_then_follow_up_then_final_each_with_its_time(do, slide):
    assert (slide.report_kind, slide.report_due_at) == ("first", NOW + timedelta(hours=2))
    sent = draft = report(counts={"deaths": 3})
    one = do("street", reporting.send, incident_id=slide.id, draft=draft, now=NOW + H)
    same = do("street", reporting.send, incident_id=slide.id, draft=sent, now=NOW + 2 * H)
    assert (one.id, one.number, one.kind, one.grade, one.late) == (
        same.id, 1, "first", "III", False,
    )  # fmt: skip
    two = do("wanzhou", reporting.send, incident_id=slide.id, draft=report(), now=NOW + 9 * H)
    assert (two.number, two.kind, two.late) == (2, "follow_up", True)
    ended = do("street", service.close, incident_id=slide.id, now=NOW + 10 * H)
    assert ended.report_kind == "final"
    last = do("street", reporting.send, incident_id=slide.id, draft=report(is_final=True))
    assert last.kind == "final"
    with pytest.raises(Conflict, match="final"):
        do("street", reporting.send, incident_id=slide.id, draft=report())
    mended = do("street", reporting.send, incident_id=slide.id, draft=report(is_final=True))
    assert (mended.number, mended.kind) == (4, "final")


def test_a_late_report_calls_up_the_ladder_until_it_is_sent(do, slide, sessions):
    due = slide.report_due_at
    assert raising.call_late(sessions, now=due - timedelta(seconds=1)) == 0
    assert raising.call_late(sessions, now=due) == 1
    assert raising.call_late(sessions, now=due) == 0
    with unit_of_work(sessions, SYSTEM) as session:
        first = session.get(Incident, slide.id).report_call_ref
    assert first is not None
    assert raising.call_late(sessions, now=due + raising.AGAIN) == 1
    with unit_of_work(sessions, SYSTEM) as session:
        open_calls = session.scalars(select(Call).where(Call.over_at.is_(None))).all()
    assert [call.text_zh for call in open_calls] == ["后坡滑动：首报超时未报"]
    assert open_calls[0].ref != first
    do("street", reporting.send, incident_id=slide.id, draft=report(), now=due + 2 * H)
    (line,) = lines(sessions, open_calls[0].ref)
    assert line.ladder.state == LadderState.OVER
    assert raising.call_late(sessions, now=due + 3 * H) == 0


def test_a_report_is_up_when_somebody_of_each_centre_above_answered(do, slide, sessions, cast):
    sent = do("street", reporting.send, incident_id=slide.id, draft=report(grade="II"))
    refs = [raising.read_ref(sent.id, path) for path in (WANZHOU, "/500000/")]
    asked = [line.rungs[0].name for ref in refs for line in lines(sessions, ref)]
    assert asked == ["万主任", "陈市长"]
    (line,) = lines(sessions, refs[0])
    do("wanzhou", answering.answer, call_id=line.call.id, draft=AnswerDraft(EventKind.YES))
    assert [lines(sessions, ref)[0].ladder.state for ref in refs] == ["answered", "waiting"]
    low = do("street", reporting.send, incident_id=slide.id, draft=report(grade="IV"))
    assert not lines(sessions, raising.read_ref(low.id, "/500000/"))


def test_a_newer_report_is_said_in_the_call_that_waits_and_rings_anew_where_it_is_graver(
    do, slide, sessions
):
    sent = [
        do("street", reporting.send, incident_id=slide.id, draft=report(grade=grade))
        for grade in ("III", "III", "II")
    ]
    first, second, graver = (lines(sessions, raising.read_ref(one.id, WANZHOU)) for one in sent)
    assert (len(first), len(second), len(graver)) == (1, 0, 1)
    assert first[0].call.text_zh.startswith("后坡滑动：续报")
    with unit_of_work(sessions, SYSTEM) as session:
        read = readers(session, sent)
    told = [next(line for path, line in read[one.id] if path == WANZHOU) for one in sent]
    assert [line.call.id for line in told] == [
        first[0].call.id, first[0].call.id, graver[0].call.id,
    ]  # fmt: skip


def test_the_city_sets_the_times_and_what_ships_later_leaves_them(do, slide, sessions):
    ours = Limits(first_min=5, follow_up_min=10, final_min=60, up_to="city")

    def put(session, *, by, **when):
        return limits.put(session, "IV", ours, by=by)

    def none(session, *, by, **when):
        return limits.put(session, "I", replace(ours, first_min=0), by=by)

    with pytest.raises(Forbidden):
        do("wanzhou", put)
    do("city", put)
    with unit_of_work(sessions, SYSTEM) as session:
        limits.load(session, PROJECT / "data" / "incidents" / "reporting.yaml")
    opened = do("street", service.open_incident, draft=replace(SLIDE, id=new_id()))
    assert opened.report_due_at == NOW + timedelta(minutes=5)
    with pytest.raises(Rejected, match="minutes"):
        do("city", none)


@pytest.mark.parametrize("table", ["incident", "incident_step", "situation_report"])
def test_a_neighbour_sees_nothing_and_nothing_is_unsaid(do, slide, sessions, cast, table):
    do("street", reporting.send, incident_id=slide.id, draft=report())
    with unit_of_work(sessions, Scope.of(cast.actor("yunyang"))) as session:
        assert not session.execute(text(f"SELECT FROM {table}")).all()
    with unit_of_work(sessions, Scope.of(cast.actor("city"))) as session:
        assert session.execute(text(f"SELECT FROM {table}")).all()
    if table != "incident":
        denied = pytest.raises(ProgrammingError, match="permission denied")
        with denied, unit_of_work(sessions, SYSTEM) as session:
            session.execute(text(f"DELETE FROM {table}"))
    with pytest.raises(Missing):
        do("yunyang", service.close, incident_id=slide.id)
