"""An order rings: its hops are calls, answering the one answers the other, silence climbs."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.calls.drafts import AnswerDraft, TakenBy
from hazards.calls.models import Call
from hazards.calls.rules import EventKind
from hazards.duty import service as duty
from hazards.duty.models import CrewSeat
from hazards.duty.rules import MemberEntry, Roster
from rescue_app.dispatch import answering, changing, laying, service, telling
from rescue_app.dispatch.board import board
from rescue_app.dispatch.changes import ChangeDraft, ChangeKind
from rescue_app.dispatch.drafts import OrderDraft, StepDraft, Target
from rescue_app.dispatch.models import AssignmentStep
from rescue_app.dispatch.rules import StepKind, Urgency
from tests.calling import ladders, rungs, tick
from tests.world import GAOSUNTANG, WANZHOU


@pytest.fixture
def night(sessions, cast):
    return Night(sessions, cast)


class Night:
    """The verbs of an order, each in a unit of work of its own."""

    def __init__(self, sessions, cast):
        self.sessions, self.cast, self.now = sessions, cast, datetime.now(UTC)

    def issue(self, *targets, who="wanzhou"):
        draft = OrderDraft(
            id=new_id(),
            what="到下穿道抽水",
            where="高笋塘下穿道",
            urgency=Urgency.FLASH,
            targets=tuple(Target.parse(target) for target in targets),
        )
        self.doing(who, service.issue, draft=draft)
        return draft.id

    def doing(self, who, verb, **facts):
        actor = self.cast.actor(who)
        with unit_of_work(self.sessions, Scope.of(actor)) as session:
            return verb(session, by=actor, now=self.now, **facts)

    def tell(self, who, hop_id, kind, note=""):
        self.doing(who, telling.tell, hop_id=hop_id, step=StepDraft(new_id(), kind, note))

    def line(self, order_id, who="wanzhou"):
        actor = self.cast.actor(who)
        with unit_of_work(self.sessions, Scope.of(actor)) as session:
            return board(session, actor, order_id).lines[0]

    def wait(self, **span):
        self.now += timedelta(**span)
        tick(self.sessions, self.now)

    def call(self, topic="order"):
        laying.lay_out(self.sessions, now=self.now)
        with unit_of_work(self.sessions, SYSTEM) as session:
            return session.scalars(select(Call).where(Call.topic == topic)).one()


def test_a_hop_to_a_crew_calls_its_leader_then_the_centres_above(night, cast, sessions):
    night.issue(cast.crew("gaosuntang"))
    called = rungs(sessions, night.call().id)
    assert [(rung.kind, rung.name) for rung in called] == [
        ("first", "李队长"),
        ("superior", "高书记"),
        ("superior", "万主任"),
    ]
    assert night.call().opener_path == WANZHOU


def test_who_answers_the_hop_has_answered_the_call(night, cast, sessions):
    order_id = night.issue(cast.crew("gaosuntang"))
    hop = night.line(order_id).hop
    night.tell("crew", hop.id, StepKind.SEEN)
    night.tell("crew", hop.id, StepKind.ACCEPTED)
    night.tell("crew", hop.id, StepKind.MOVING)
    (ladder,) = ladders(sessions, night.call().id)
    assert (ladder.state, ladder.outcome) == ("answered", "first")
    assert rungs(sessions, night.call().id)[0].seen_at is not None
    night.wait(minutes=30)
    assert night.line(order_id).call.ladder.position == 0


def test_who_answers_the_call_has_answered_the_hop(night, cast):
    order_id = night.issue(cast.crew("gaosuntang"))
    call_id = night.call().id
    no = AnswerDraft(EventKind.CANNOT, why="道路中断")
    night.doing("crew", answering.answer, call_id=call_id, draft=no)
    line = night.line(order_id)
    assert (line.hop.state, line.hop.answer_note) == ("cannot", "道路中断")
    assert (line.call.ladder.state, line.call.ladder.position) == ("climbing", 1)
    night.wait(seconds=10)
    night.doing("crew", answering.answer, call_id=call_id, draft=AnswerDraft(EventKind.YES))
    line = night.line(order_id)
    assert (line.hop.state, line.call.ladder.outcome) == ("accepted", "first")


def test_silence_climbs_and_the_giver_sees_to_whom(night, cast):
    order_id = night.issue(cast.crew("gaosuntang"))
    night.wait(minutes=3)
    line = night.line(order_id)
    assert (line.call.ladder.state, line.call.asked[0].name) == ("climbing", "高书记")
    night.doing(
        "street", answering.answer, call_id=night.call().id, draft=AnswerDraft(EventKind.YES)
    )
    line = night.line(order_id)
    assert (line.call.ladder.outcome, line.hop.state) == ("superior", "queued")


def test_whoever_is_called_over_two_silent_crews_reads_of_each_which_it_is(street, sessions):
    night = Night(sessions, street.cast)
    night.issue(street.cast.crew("gaosuntang"), street.cast.crew("gaosuntang2"))
    laying.lay_out(sessions, now=night.now)
    for _ in range(4):
        night.wait(minutes=6)
    client = street.sign_in("wanzhou")
    shown = {lang: client.get("/calls", params={"lang": lang}).text for lang in ("zh", "en")}
    for crew in ("Gaosuntang crew 1", "Gaosuntang crew 2"):
        assert shown["en"].count(f"<b>{crew}</b>: ") == 1
    assert "李队长" in shown["zh"]
    assert shown["zh"].count("未应答</li>") == 2


def test_another_commander_of_the_centre_steps_in(night, cast, sessions):
    order_id = night.issue(cast.unit(WANZHOU), who="city")
    night.tell("wanzhou2", night.line(order_id, "city").hop.id, StepKind.ACCEPTED)
    call_id = night.call().id
    (ladder,) = ladders(sessions, call_id)
    assert ladder.state == "answered"
    answered = [rung.name for rung in rungs(sessions, call_id) if rung.answered_at]
    assert answered == ["万副主任"]


def test_a_hop_taken_back_rings_nobody(night, cast, sessions):
    order_id = night.issue(cast.crew("gaosuntang"))
    hop = night.line(order_id).hop
    draft = ChangeDraft(new_id(), ChangeKind.CANCELLED)
    night.doing("wanzhou", changing.take_back, hop_id=hop.id, draft=draft)
    night.wait(minutes=30)
    (ladder,) = ladders(sessions, night.call().id)
    assert (ladder.state, ladder.position) == ("over", 0)


def test_a_hop_whose_people_nobody_knows_says_so(night, cast, sessions):
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(delete(CrewSeat))
    order_id = night.issue(cast.crew("gaosuntang"))
    line = night.line(order_id)
    assert (line.call, line.rings_nobody) == (None, False)
    night.wait(seconds=1)
    line = night.line(order_id)
    assert (line.call, line.rings_nobody) == (None, True)


def test_the_first_named_of_a_unit_is_called_before_the_second(night, cast, sessions):
    people = [
        MemberEntry(name, post, "139", cast.units[GAOSUNTANG])
        for name, post in (("甲", "值班长"), ("乙", "副值班长"), ("丙", "值班员"))
    ]
    with unit_of_work(sessions, SYSTEM) as session:
        duty.register(session, Roster(members=people), area_path=GAOSUNTANG)
    night.issue(cast.unit(GAOSUNTANG))
    called = rungs(sessions, night.call().id)
    assert [(rung.kind, rung.name) for rung in called] == [
        ("first", "甲"),
        ("deputy", "乙"),
        ("superior", "万主任"),
    ]


def test_a_word_taken_by_radio_answers_the_order_too_and_says_whose_hand_entered_it(
    night, cast, owner
):
    order_id = night.issue(cast.crew("gaosuntang"))
    night.wait(seconds=1)
    crew = cast.accounts["crew"]
    said = AnswerDraft(EventKind.YES, next_step="两台泵，20 分钟到", taken_by=TakenBy.RADIO)
    night.doing("wanzhou", answering.answer, call_id=night.call().id, draft=said, person_id=crew.id)
    hop = night.line(order_id).hop
    assert (hop.state, hop.answer_name) == ("accepted", "李队长")
    assert hop.answer_note == "两台泵，20 分钟到"
    said = owner.scalars(select(AssignmentStep).where(AssignmentStep.kind == "accepted")).one()
    assert (said.by_name, said.how, said.entered_by) == ("李队长", "radio", "万主任")
