"""An order that is out is amended, suspended, cancelled or recalled, and each hop answers that."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import ProgrammingError

from gis.errors import Conflict, Forbidden, Missing, Rejected
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.calls.drafts import AnswerDraft
from hazards.calls.models import Call
from hazards.calls.rules import EventKind
from hazards.duty import service as duty
from hazards.duty.models import Crew, CrewSeat
from hazards.duty.rules import MemberEntry, Roster
from rescue_app.dispatch import answering, telling
from rescue_app.dispatch.board import board
from rescue_app.dispatch.drafts import StepDraft
from rescue_app.dispatch.models import ChangeNotice, OrderChange
from rescue_app.dispatch.rules import StepKind
from rescue_app.http.dependencies import COOKIE
from tests.calling import ladders, rungs, tick
from tests.world import CITY, WANZHOU


@pytest.fixture
def out(night):
    """An order that went from the city to a crew, which is on its way."""
    order, crew = night.down_to_the_crew()
    night.tell("crew", crew, "accepted")
    return order, night.tell("crew", crew, "moving")


def shown(acting, order, who="city"):
    with acting(who) as (session, actor):
        return board(session, actor, order.id)


def calls_about(sessions, topic="order_change"):
    with unit_of_work(sessions, SYSTEM) as session:
        return list(session.scalars(select(Call).where(Call.topic == topic).order_by(Call.ref)))


def test_an_amended_order_has_new_words_and_everyone_owes_an_answer(night, out, acting):
    order, _ = out
    new = replace(order.words, where="枇杷坪码头")
    night.change("city", order, "amended", why="水位上涨", words=new)
    now = shown(acting, order)
    assert (now.order.what, now.order.where) == ("撤离河边住户", "枇杷坪码头")
    (line,) = now.changes
    assert (line.change.before["where"], line.change.after["where"]) == (
        "高笋塘街道沿江路",
        "枇杷坪码头",
    )
    assert (line.asked, line.taken) == (3, 0)
    assert [len(each.owes) for each in now.lines] == [1, 1, 1]
    assert {each.hop.state for each in now.lines} == {"passed_down", "moving"}


def test_who_heard_a_change_has_answered_its_call_and_stays_where_he_was(night, out, acting):
    order, crew = out
    night.change("city", order, "suspended")
    owed = {line.hop.id: line.owes for line in shown(acting, order).lines}
    (mine,) = owed[crew.id]
    with acting("crew") as (session, actor):
        step = StepDraft(new_id(), StepKind.CHANGE_TAKEN, notice_id=mine.notice.id)
        for _ in range(2):
            telling.tell(session, hop_id=crew.id, step=step, by=actor, now=datetime.now(UTC))
    now = shown(acting, order)
    (line,) = now.changes
    assert (line.asked, line.taken) == (3, 1)
    (hop,) = [each for each in now.lines if each.hop.id == crew.id]
    assert (hop.hop.state, hop.owes) == ("moving", ())
    assert now.order.standing == "suspended"


def test_answering_the_call_of_a_change_is_answering_the_change(night, out, acting, owner):
    order, crew = out
    night.change("city", order, "suspended")
    notice = owner.scalar(select(ChangeNotice).where(ChangeNotice.assignment_id == crew.id))
    call = owner.scalar(select(Call).where(Call.ref == notice.id))
    with acting("crew") as (session, actor):
        said = AnswerDraft(EventKind.YES)
        answering.answer(session, call_id=call.id, draft=said, by=actor, now=datetime.now(UTC))
    owner.expire_all()
    assert (notice.answer, notice.answer_name) == ("change_taken", "李队长")


def test_cannot_do_the_changed_order_sends_the_whole_hop_back_up(night, out, acting, owner):
    order, crew = out
    night.change("city", order, "amended", words=replace(order.words, what="改为抽水"))
    notice = owner.scalar(select(ChangeNotice).where(ChangeNotice.assignment_id == crew.id))
    with acting("crew") as (session, actor):
        step = StepDraft(new_id(), StepKind.CANNOT, "没有水泵", notice_id=notice.id)
        hop = telling.tell(session, hop_id=crew.id, step=step, by=actor, now=datetime.now(UTC))
    owner.expire_all()
    assert (hop.state, hop.answer_note) == ("cannot", "没有水泵")
    assert notice.answer == "cannot"


def test_a_cancelled_order_is_taken_back_everywhere_and_still_wants_an_answer(night, out, acting):
    order, _ = out
    night.change("city", order, "cancelled", why="雨停了")
    now = shown(acting, order)
    assert {line.hop.state for line in now.lines} == {"withdrawn"}
    assert now.order.standing == "ended"
    assert [len(line.owes) for line in now.lines] == [1, 1, 1]
    with pytest.raises(Conflict, match="has ended"):
        night.change("city", order, "resumed")


def test_a_recall_calls_everybody_of_the_crew_each_for_himself(night, cast, sessions, acting):
    second = MemberEntry("周队员", "队员", "13911112222", unit_id=None)
    with unit_of_work(sessions, SYSTEM) as session:
        crew = session.get(Crew, cast.crews["gaosuntang"])
        second = replace(second, unit_id=crew.unit_id)
        duty.register(session, Roster(members=[second]), area_path=CITY)
        session.add(CrewSeat(crew_id=crew.id, member_id=second.id, area_path=crew.area_path))
    order, crew = night.down_to_the_crew()
    night.tell("crew", crew, "accepted")
    night.change("city", order, "recalled")
    (call,) = [each for each in calls_about(sessions) if each.area_path == crew.area_path
               and each.rule == "each"]  # fmt: skip
    assert call.urgency == "flash"
    assert len(ladders(sessions, call.id)) == 2
    first = {rung.name for rung in rungs(sessions, call.id) if rung.kind == "first"}
    assert first == {"李队长", "周队员"}


def test_the_same_change_pressed_by_two_at_once_is_one(night, out, owner):
    order, _ = out
    change_id = new_id()
    with ThreadPoolExecutor(4) as presses:
        made = [
            presses.submit(night.change, "city", order, "suspended", change_id=change_id)
            for _ in range(6)
        ]
        for press in made:
            press.result()
    assert owner.scalar(select(func.count()).select_from(OrderChange)) == 1
    assert owner.scalar(select(func.count()).select_from(ChangeNotice)) == 3


def test_a_change_that_changes_nothing_or_comes_twice_is_refused(night, out):
    order, _ = out
    with pytest.raises(Rejected, match="Nothing is changed"):
        night.change("city", order, "amended", words=order.words)
    with pytest.raises(Rejected, match="what is to be done"):
        night.change("city", order, "amended", words=replace(order.words, what=" "))
    with pytest.raises(Conflict, match="done already"):
        night.change("city", order, "resumed")


def test_only_the_centre_that_gave_an_order_changes_it(night, out):
    order, _ = out
    with pytest.raises(Forbidden):
        night.change("wanzhou", order, "cancelled")
    with pytest.raises(Missing):
        night.change("yunyang", order, "cancelled")


def test_another_hop_s_notice_is_no_answer(night, out, acting, owner):
    order, crew = out
    night.change("city", order, "suspended")
    other = owner.scalar(select(ChangeNotice).where(ChangeNotice.area_path == WANZHOU))
    with acting("crew") as (session, actor), pytest.raises(Rejected, match="which change"):
        step = StepDraft(new_id(), StepKind.CHANGE_TAKEN, notice_id=other.id)
        telling.tell(session, hop_id=crew.id, step=step, by=actor, now=datetime.now(UTC))


def test_the_database_lets_no_crew_rewrite_an_order(night, out, acting):
    order, _ = out
    with acting("crew") as (session, _), pytest.raises(ProgrammingError):
        session.execute(OrderChange.__table__.insert().values(
            id=new_id(), order_id=order.id, area_path=CITY, kind="cancelled", before={}, after={},
            why="", by_id=new_id(), by_name="", by_phone="", made_at=datetime.now(UTC),
        ))  # fmt: skip


def test_an_order_is_shown_whose_change_nobody_is_left_to_be_called_about(
    night, out, client, people, cast, sessions
):
    order, _ = out
    night.change("city", order, "suspended")
    for hours in range(1, 12):
        tick(sessions, datetime.now(UTC) + timedelta(minutes=10 * hours))
    client.cookies.set(COOKIE, people.token(cast.accounts["wanzhou"]))
    assert "尚未应答" in client.get(f"/orders/{order.id}", headers={"accept": "text/html"}).text
