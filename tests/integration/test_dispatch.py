"""An order goes down hop by hop, each answered by a named person, and the log keeps all of it."""

import importlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from gis.errors import Conflict, Forbidden, Missing, Rejected
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.notify import LiveEvent
from gis.store.scope import NO_ONE, SYSTEM
from rescue_app.dispatch import repository, service
from rescue_app.dispatch.models import Assignment, AssignmentStep, Order
from rescue_app.dispatch.rules import derive
from rescue_app.incidents import service as incidents
from rescue_app.incidents.rules import IncidentDraft
from tests.world import CITY, GAOSUNTANG, IN_GAOSUNTANG, OUTSIDE, TAIBAI, WANZHOU, YUNYANG


def test_a_city_order_goes_down_to_a_crew_and_each_answer_has_a_name(night, owner):
    _, crew = night.down_to_the_crew()
    for kind in ("accepted", "moving", "arrived", "done"):
        crew = night.tell("crew", crew, kind, note="住户 12 人已撤" if kind == "done" else "")
    assert (crew.state, crew.answer_name, crew.answer_phone) == ("done", "李队长", "13800000007")
    named = owner.scalars(select(Assignment.answer_name).order_by(Assignment.began_at)).all()
    assert named == ["万主任", "高书记", "李队长"]
    last = owner.scalars(select(AssignmentStep).order_by(AssignmentStep.received_at)).all()[-1]
    assert (last.kind, last.note, last.by_name) == ("done", "住户 12 人已撤", "李队长")


def test_the_same_order_pressed_twice_is_one_order(night, cast, owner):
    order_id = new_id()
    for _ in range(2):
        night.issue(cast.unit(WANZHOU), order_id=order_id)
    assert owner.scalar(select(func.count()).select_from(Assignment)) == 1


def test_two_pressing_at_the_same_moment_make_one_order(night, cast, owner):
    order_id = new_id()
    with ThreadPoolExecutor(4) as presses:
        for press in [
            presses.submit(night.issue, cast.unit(WANZHOU), order_id=order_id) for _ in range(8)
        ]:
            press.result()
    assert owner.scalar(select(func.count()).select_from(Order)) == 1
    assert owner.scalar(select(func.count()).select_from(Assignment)) == 1


def test_changed_words_under_a_used_number_are_refused_not_lost(night, cast):
    order_id = new_id()
    night.issue(cast.unit(WANZHOU), order_id=order_id)
    with pytest.raises(Conflict, match="with other words"):
        night.issue(cast.unit(WANZHOU), order_id=order_id, what="改为抽水")


def test_the_same_step_twice_counts_once(night, owner):
    _, crew = night.down_to_the_crew()
    step_id = new_id()
    for _ in range(3):
        night.tell("crew", crew, "accepted", step_id=step_id)
    query = select(func.count()).where(AssignmentStep.id == step_id)
    assert owner.scalar(query) == 1


def test_late_and_disordered_steps_end_where_the_deeds_ended(night, owner):
    _, crew = night.down_to_the_crew()
    start = datetime.now(UTC)
    deeds = ["accepted", "moving", "arrived", "done"]
    times = {kind: start + timedelta(milliseconds=n) for n, kind in enumerate(deeds)}
    for kind in ("done", "moving", "accepted", "arrived"):
        crew = night.tell("crew", crew, kind, done_at=times[kind])
    assert crew.state == "done"
    assert crew.answered_at == times["accepted"]


def test_what_is_kept_beside_each_hop_is_the_replay_of_its_log(night, owner):
    order, crew = night.down_to_the_crew()
    night.tell("crew", crew, "cannot", note="路断了")
    night.tell("crew", crew, "accepted")
    night.take_back("wanzhou", night.hop(order, "Gaosuntang centre"))
    hops = owner.scalars(select(Assignment)).all()
    logs = repository.logs(owner, [hop.id for hop in hops])
    assert len(hops) == 3
    for hop in hops:
        state = derive(logs[hop.id])
        assert (hop.state, hop.state_at) == (state.kind, state.since)
        assert hop.answer_name == (state.answer.by_name if state.answer else None)


def test_cannot_goes_back_up_with_its_reason_and_another_takes_over(night, cast):
    order, crew = night.down_to_the_crew()
    with pytest.raises(Rejected, match="Say why"):
        night.tell("crew", crew, "cannot")
    crew = night.tell("crew", crew, "cannot", note="路断了")
    assert (crew.state, crew.answer_note) == ("cannot", "路断了")
    street = night.hop(order, "Gaosuntang centre")
    night.take_back("street", crew)
    night.pass_down("street", street, cast.crew("gaosuntang2"))
    assert night.hop(order, "Gaosuntang crew 1").state == "withdrawn"
    assert (
        night.tell("crew2", night.hop(order, "Gaosuntang crew 2"), "accepted").state == "accepted"
    )


def test_taking_back_reaches_everyone_below(night):
    order, _ = night.down_to_the_crew()
    night.take_back("city", night.hop(order, "Wanzhou centre"))
    for name in ("Wanzhou centre", "Gaosuntang centre", "Gaosuntang crew 1"):
        assert night.hop(order, name).state == "withdrawn"


def test_two_commanders_passing_down_at_once_reach_a_street_once(night, cast, owner):
    order = night.issue(cast.unit(WANZHOU))
    hop = night.hop(order, "Wanzhou centre")
    with ThreadPoolExecutor(2) as presses:
        done = [
            presses.submit(night.pass_down, who, hop, cast.unit(GAOSUNTANG))
            for who in ("wanzhou", "wanzhou2")
        ]
        for press in done:
            press.result()
    query = select(func.count()).where(Assignment.parent_id == hop.id)
    assert owner.scalar(query) == 1


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("city", "Gaosuntang crew 1"),
        ("wanzhou", "Gaosuntang centre"),
        ("street", "Gaosuntang crew 1"),
        ("crew2", "Gaosuntang crew 1"),
        ("crew", "Gaosuntang centre"),
    ],
)
def test_nobody_answers_for_another(night, who, name):
    order, _ = night.down_to_the_crew()
    with pytest.raises(Forbidden):
        night.tell(who, night.hop(order, name), "accepted")


def test_who_did_not_give_an_order_cannot_take_it_back(night):
    order, crew = night.down_to_the_crew()
    with pytest.raises(Forbidden):
        night.take_back("street", night.hop(order, "Gaosuntang centre"))
    with pytest.raises(Forbidden):
        night.take_back("crew", crew)


def test_outside_the_area_an_order_does_not_exist(night, cast):
    order, crew = night.down_to_the_crew()
    for who in ("yunyang", "taibai_crew", "taibai_street"):
        with pytest.raises(Missing):
            night.tell(who, crew, "accepted")
        with night.acting(who) as (session, _), pytest.raises(Missing):
            service.visible(session, order.id)


def test_targets_outside_the_givers_area_are_missing(night, cast):
    order = night.issue(cast.unit(WANZHOU))
    with pytest.raises(Missing):
        night.pass_down("wanzhou", night.hop(order, "Wanzhou centre"), cast.crew("shuangjiang"))
    with pytest.raises(Missing):
        night.issue(cast.crew("shuangjiang"), who="wanzhou")


@pytest.mark.parametrize(
    "table", ["dispatch_order", "assignment", "assignment_step", "incident", "member", "crew"]
)
def test_a_hand_made_query_shows_a_neighbour_nothing(night, cast, sessions, table):
    with night.acting("city") as (session, actor):
        draft = IncidentDraft(new_id(), "waterlogging", "沿江路积水", IN_GAOSUNTANG)
        incidents.open_incident(session, draft=draft, by=actor, now=datetime.now(UTC))
    night.down_to_the_crew()
    with night.acting("yunyang") as (session, _):
        paths = session.scalars(text(f"SELECT area_path FROM {table}")).all()
        assert all(path.startswith(YUNYANG) for path in paths)
    with night.acting("city") as (session, _):
        assert session.scalars(text(f"SELECT area_path FROM {table}")).all()


def test_a_shared_order_shows_each_district_its_own_hops_alone(night, cast):
    order = night.issue(cast.unit(WANZHOU), cast.unit(YUNYANG))
    for who, name in (("wanzhou", "Wanzhou centre"), ("yunyang", "Yunyang centre")):
        night.tell(who, night.hop(order, name), "accepted")
    with night.acting("yunyang") as (session, _):
        assert service.visible(session, order.id).what == "撤离河边住户"
        names = session.scalars(select(Assignment.name_en)).all()
        assert names == ["Yunyang centre"]
        assert set(session.scalars(select(AssignmentStep.area_path))) == {YUNYANG}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assignment_step SET by_name = 'somebody else'",
        "DELETE FROM assignment_step",
        "UPDATE dispatch_order SET what = 'something else'",
        "DELETE FROM dispatch_order",
        "DELETE FROM assignment",
        "DELETE FROM crew",
        "DELETE FROM unit",
        "UPDATE assignment SET name = 'somebody else'",
    ],
)
def test_what_was_said_cannot_be_unsaid_by_hand(night, sessions, statement):
    night.down_to_the_crew()
    denied = pytest.raises(ProgrammingError, match=r"permission denied|by an order_change only")
    with denied, unit_of_work(sessions, SYSTEM) as session:
        session.execute(text(statement))


def test_each_hop_is_announced_to_the_areas_it_concerns(night, owner):
    night.down_to_the_crew()
    said = owner.scalars(
        select(LiveEvent).where(LiveEvent.topic == "order").order_by(LiveEvent.seq)
    ).all()
    assert [event.kind for event in said] == [
        "issued",
        "accepted",
        "passed_down",
        "accepted",
        "passed_down",
    ]
    assert set(said[0].area_paths) == {CITY, WANZHOU}
    assert set(said[-1].area_paths) == {GAOSUNTANG}
    assert not any(TAIBAI in event.area_paths for event in said)


def test_an_incident_is_placed_by_its_point_and_opened_once(night, owner):
    draft = IncidentDraft(new_id(), "landslide", "后坡滑动", IN_GAOSUNTANG, "II")
    for _ in range(2):
        with night.acting("city") as (session, actor):
            made = incidents.open_incident(session, draft=draft, by=actor, now=datetime.now(UTC))
    assert made.area_path == GAOSUNTANG
    with night.acting("city") as (session, actor), pytest.raises(Rejected, match="no area"):
        lost = IncidentDraft(new_id(), "landslide", "在北京", OUTSIDE)
        incidents.open_incident(session, draft=lost, by=actor, now=datetime.now(UTC))


def test_a_planner_gives_no_orders(night, cast):
    with pytest.raises(Forbidden):
        night.issue(cast.unit(GAOSUNTANG), who="planner")


def test_lines_that_going_back_writes_again_name_who_gave_each_hop(night, owner, cast):
    night.down_to_the_crew()
    versions = importlib.import_module("rescue_app.migrations.versions.0299_hops_alone")
    owner.execute(text(versions.AGAIN), {"program": NO_ONE})
    wrote = text("SELECT by_name, by_id FROM assignment_step WHERE kind = 'queued'")
    givers = [cast.accounts[who] for who in ("city", "wanzhou", "street")]
    assert dict(owner.execute(wrote).all()) == {giver.name: giver.id for giver in givers}
    owner.rollback()
