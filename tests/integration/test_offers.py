"""Who cannot proposes something else; the giver takes it in one tap, and it goes out once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from gis.errors import Conflict, Forbidden, Missing, Rejected
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.calls.models import Call
from hazards.duty.models import Crew
from rescue_app.dispatch import at_hand, laying, ruling
from rescue_app.dispatch.board import board
from rescue_app.dispatch.drafts import Offer, Target
from rescue_app.dispatch.models import Assignment, AssignmentStep
from tests.world import CITY, GAOSUNTANG, IN_TAIBAI, TAIBAI, WANZHOU


@pytest.fixture
def cannot(night, cast):
    """The first crew cannot, and proposes the second with the pump by boat."""
    order, crew = night.down_to_the_crew()
    offer = Offer(Target.parse(cast.crew("gaosuntang2")), None, "从水上走")
    return order, night.tell("crew", crew, "cannot", note="路断了", offer=offer)


def take(acting, who, hop, offer_id=None):
    with acting(who) as (session, actor):
        about = {"hop_id": hop.id, "offer_id": offer_id or hop.offer_id}
        return ruling.take(session, **about, by=actor, now=datetime.now(UTC))


def decline(acting, who, hop, why="必须现在去"):
    with acting(who) as (session, actor):
        about = {"hop_id": hop.id, "offer_id": hop.offer_id}
        return ruling.decline(session, **about, why=why, by=actor, now=datetime.now(UTC))


def replacing(owner, hop):
    return owner.scalars(select(Assignment).where(Assignment.replaces_id == hop.id)).all()


def test_a_proposal_taken_sends_the_order_to_the_substitute(night, cannot, acting, owner, sessions):
    order, crew = cannot
    assert take(acting, "street", crew).state == "replaced"
    (second,) = replacing(owner, crew)
    assert (second.name_en, second.part, second.parent_id) == (
        "Gaosuntang crew 2", "从水上走", crew.parent_id,
    )  # fmt: skip
    laying.lay_out(sessions, now=second.began_at)
    call = owner.scalars(select(Call).where(Call.ref == second.id)).one()
    assert call.text_zh.startswith("从水上走 · 撤离河边住户")
    night.tell("crew2", second, "accepted")
    with acting("city") as (session, actor):
        now = board(session, actor, order.id).numbers
    assert (now.down, now.crews, now.returned) == (True, 1, 0)


def test_pressed_by_many_at_once_it_goes_out_once(cannot, acting, owner):
    _, crew = cannot
    with ThreadPoolExecutor(4) as presses:
        who = ("street", "wanzhou", "street", "city")
        for press in [presses.submit(take, acting, one, crew) for one in who]:
            press.result()
    assert len(replacing(owner, crew)) == 1
    with pytest.raises(Conflict, match="already"):
        decline(acting, "street", crew)


def test_another_time_goes_to_the_same_crew_as_a_hop_of_its_own(night, acting, owner):
    _, crew = night.down_to_the_crew()
    later = datetime.now(UTC) + timedelta(hours=2)
    crew = night.tell("crew", crew, "cannot", note="在另一处", offer=Offer(due_at=later))
    take(acting, "street", crew)
    (again,) = replacing(owner, crew)
    assert (again.crew_id, again.part_due_at, again.state) == (crew.crew_id, later, "queued")


def test_declined_it_stays_returned_and_who_proposed_reads_why(night, cannot, acting, owner):
    order, crew = cannot
    with pytest.raises(Rejected, match="Say why not"):
        decline(acting, "street", crew, " ")
    for _ in range(2):
        hop = decline(acting, "street", crew)
    assert (hop.state, hop.offer_id) == ("cannot", None)
    with acting("crew") as (session, actor):
        assert board(session, actor, order.id).declined[crew.id].note == "必须现在去"
    with pytest.raises(Conflict):
        take(acting, "street", crew)
    assert night.tell("crew", crew, "accepted").state == "accepted"
    assert replacing(owner, crew) == []


def test_who_has_said_yes_meanwhile_is_not_replaced(night, cannot, acting):
    _, crew = cannot
    night.tell("crew", crew, "accepted")
    with pytest.raises(Conflict, match="no longer open"):
        take(acting, "street", crew)


def test_an_order_that_ended_is_not_given_again(night, cannot, acting):
    order, crew = cannot
    night.change("city", order, "cancelled")
    with pytest.raises(Conflict, match="no longer open"):
        take(acting, "street", crew)


def test_only_who_gave_it_or_stands_above_rules(cannot, acting):
    _, crew = cannot
    with pytest.raises(Forbidden):
        take(acting, "crew", crew)
    for who in ("yunyang", "taibai_street"):
        with pytest.raises(Missing):
            take(acting, who, crew)
    with pytest.raises(Missing):
        take(acting, "street", crew, new_id())


def test_those_at_hand_are_offered_first_of_a_citys_order_too(night, cast, acting, sessions):
    with unit_of_work(sessions, SYSTEM) as session:
        session.get(Crew, cast.crews["taibai"]).place = IN_TAIBAI
    order = night.issue(cast.crew("gaosuntang"), cast.unit(WANZHOU), place=IN_TAIBAI)

    def offered(name):
        with acting("city") as (session, _):
            return [one.name_en for one in at_hand.beside(session, night.hop(order, name))]

    by_crew = offered("Gaosuntang crew 1")
    assert by_crew[:3] == ["Taibai crew 1", "Gaosuntang crew 2", "Wanzhou centre"]
    assert not [name for name in by_crew if name.startswith(("Yunyang", "Shuangjiang"))]
    assert offered("Wanzhou centre")[-1] == "Yunyang centre"
    with acting("city") as (session, _):
        near = at_hand.near(session, IN_TAIBAI, inside=CITY, day=date(2026, 7, 1))
    assert [(one.choice.name_en, one.km) for one in near] == [
        ("Wanzhou centre", None), ("Taibai centre", None), ("Taibai crew 1", 0.0),
    ]  # fmt: skip


def test_a_time_that_was_past_when_it_was_proposed_is_refused_and_says_so(night, cast):
    _, crew = night.down_to_the_crew()
    past = datetime.now(UTC) - timedelta(hours=1)
    with pytest.raises(Rejected, match="This deadline has passed already"):
        night.tell("crew", crew, "cannot", note="在另一处", offer=Offer(due_at=past))
    assert night.tell("crew", crew, "cannot", note="在另一处").state == "cannot"


def test_nobody_is_proposed_whom_the_giver_could_not_order(night, cast):
    _, crew = night.down_to_the_crew()
    for other in ("taibai", "shuangjiang"):
        offer = Offer(Target.parse(cast.crew(other)))
        with pytest.raises(Missing):
            night.tell("crew", crew, "cannot", note="路断了", offer=offer)
    own = Offer(Target.parse(cast.crew("gaosuntang")))
    with pytest.raises(Rejected, match="Propose another"):
        night.tell("crew", crew, "cannot", note="路断了", offer=own)


def test_a_street_proposes_its_neighbour_and_all_below_it_is_called_off(night, cast, acting, owner):
    order, _ = night.down_to_the_crew()
    street = night.hop(order, "Gaosuntang centre")
    offer = Offer(Target.parse(cast.unit(TAIBAI)))
    street = night.tell("street", street, "cannot", note="全员在抢险", offer=offer)
    take(acting, "wanzhou", street)
    (other,) = replacing(owner, street)
    assert (other.name_en, other.giver_path) == ("Taibai centre", WANZHOU)
    assert night.hop(order, "Gaosuntang crew 1").state == "withdrawn"


def test_each_part_has_its_own_words_and_the_tree_still_sums_up(night, cast, acting, owner):
    order = night.issue(cast.unit(GAOSUNTANG))
    street = night.hop(order, "Gaosuntang centre")
    first, second = cast.crew("gaosuntang"), cast.crew("gaosuntang2")
    parts = {first: "撤 1 至 9 号", second: "守住桥头"}
    night.pass_down("street", street, first, second, parts=parts)
    for who, name in (("crew", "Gaosuntang crew 1"), ("crew2", "Gaosuntang crew 2")):
        night.tell(who, night.hop(order, name), "accepted")
    hops = owner.scalars(select(Assignment).where(Assignment.parent_id == street.id))
    assert {hop.part for hop in hops} == set(parts.values())
    with acting("city") as (session, actor):
        now = board(session, actor, order.id).numbers
    assert (now.down, now.crews_answered) == (True, 2)


def test_the_log_keeps_what_was_proposed_and_who_ruled(cannot, acting, owner):
    _, crew = cannot
    take(acting, "street", crew)
    said = {step.kind: step for step in owner.scalars(
        select(AssignmentStep).where(AssignmentStep.assignment_id == crew.id)
    )}  # fmt: skip
    assert said["cannot"].offer["name_en"] == "Gaosuntang crew 2"
    assert (said["replaced"].by_name, said["replaced"].about_id) == ("高书记", said["cannot"].id)
