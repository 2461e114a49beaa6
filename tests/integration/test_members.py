"""The last step down: a leader gives his people their parts, and each answers for himself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from shapely import Point
from sqlalchemy import select

from gis.authority import Actor, Role
from gis.errors import Conflict, Forbidden, Missing, Rejected
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.calls.drafts import AnswerDraft
from hazards.calls.models import Call
from hazards.calls.rules import EventKind
from rescue_app import heard
from rescue_app.dispatch import changes_repository
from rescue_app.dispatch import telling as hops
from rescue_app.dispatch.drafts import StepDraft
from rescue_app.dispatch.members import reading, repository
from rescue_app.dispatch.members.models import MemberNotice, MemberStep
from rescue_app.dispatch.rules import How, StepKind
from rescue_app.site import places, watching
from rescue_app.site.rules import Spot
from rescue_app.web import crew_view
from tests.calling import ladders, rungs, tick
from tests.teams import held, team
from tests.world import GAOSUNTANG, IN_GAOSUNTANG

__all__ = ["held", "team"]


def call_about(sessions, topic, ref):
    with unit_of_work(sessions, SYSTEM) as session:
        return session.scalars(select(Call).where(Call.topic == topic, Call.ref == ref)).one()


def test_a_member_is_called_by_name_and_has_times_of_his_own(team, held, sessions, acting):
    order, crew = held
    send_id = new_id()
    for _ in range(2):
        parts = team.give(crew, "周队员", "吴队员", send_id=send_id)
    assert {part.state for part in parts.values()} == {"queued"}
    call = call_about(sessions, "member", parts["周队员"].id)
    assert call.text_zh == "守桥头 · 撤离河边住户 · 高笋塘街道沿江路"
    asked = [(rung.name, rung.kind) for rung in rungs(sessions, call.id)]
    assert asked == [("周队员", "first"), ("李队长", "superior"), ("高书记", "superior")]
    for kind in ("seen", "accepted", "moving", "arrived", "working", "done"):
        part = team.tell("zhou", parts["周队员"], kind)
        assert part.state == kind
    (ladder,) = ladders(sessions, call.id)
    assert ladder.state == "answered"
    assert team.of(order, "吴队员").state == "queued"
    with acting("city") as (session, _):
        members = reading.of_hops(session, [crew.id])
        said = {line.part.name: line.times.keys() for line in members.of(crew.id)}
        assert {"queued", "seen", "accepted", "moving", "arrived", "working", "done"} == said[
            "周队员"
        ]
        tally = members.tally(crew.id)
        assert (tally.asked, tally.silent, tally.done) == (2, 1, 1)


def test_a_silent_member_climbs_to_his_leader_and_then_further(team, held, sessions):
    order, crew = held
    part = team.give(crew, "周队员")["周队员"]
    call = call_about(sessions, "member", part.id)
    now = datetime.now(UTC)
    for minute, asked in ((4, 1), (8, 2)):
        tick(sessions, now + timedelta(minutes=minute))
        (ladder,) = ladders(sessions, call.id)
        assert ladder.position == asked
    tick(sessions, now + timedelta(minutes=12))
    assert ladders(sessions, call.id)[0].state == "silent"
    assert team.of(order, "周队员").answered_at is None


def test_only_the_leader_or_who_sent_the_crew_gives_parts_and_only_to_its_people(team, held, cast):
    _, crew = held
    for who, error in (("zhou", Forbidden), ("crew2", Forbidden), ("taibai_crew", Missing)):
        with pytest.raises(error):
            team.give(crew, "周队员", who=who)
    team.give(crew, "吴队员", who="street")
    team.people["外人"] = new_id()
    with pytest.raises(Missing, match="no seat"):
        team.give(crew, "外人")
    with pytest.raises(Conflict, match="has a part already"):
        team.give(crew, "吴队员")
    with pytest.raises(Rejected, match="at least one"):
        team.give(crew)


def test_nobody_answers_for_a_member_unless_it_says_so(team, held, sessions):
    order, crew = held
    parts = team.give(crew, "周队员", "郑队员")
    with pytest.raises(Missing):
        team.tell("wu", parts["周队员"], "accepted")
    with pytest.raises(Forbidden, match="say how"):
        team.tell("crew", parts["郑队员"], "accepted")
    team.tell("crew", parts["郑队员"], "accepted", how=How.RADIO)
    assert team.of(order, "郑队员").state == "accepted"
    call = call_about(sessions, "member", parts["郑队员"].id)
    assert ladders(sessions, call.id)[0].state == "answered"
    with unit_of_work(sessions, SYSTEM) as session:
        query = select(MemberStep).where(MemberStep.part_id == parts["郑队员"].id)
        line = session.scalars(query.where(MemberStep.kind == "accepted")).one()
        assert (line.by_name, line.how, line.entered_by) == ("郑队员", "radio", "李队长")


def test_answering_the_call_answers_the_part_also_for_who_cannot_sign_in(
    team, held, sessions, acting
):
    order, crew = held
    parts = team.give(crew, "周队员", "郑队员")
    call = call_about(sessions, "member", parts["周队员"].id)
    with acting("zhou") as (session, actor):
        no = AnswerDraft(EventKind.CANNOT, why="腿伤了")
        heard.answer(session, call_id=call.id, draft=no, by=actor, now=datetime.now(UTC))
    part = team.of(order, "周队员")
    assert (part.state, part.answer_note) == ("cannot", "腿伤了")
    call = call_about(sessions, "member", parts["郑队员"].id)
    with unit_of_work(sessions, SYSTEM) as session:
        who = Actor(parts["郑队员"].member_id, "郑队员", Role.OBSERVER, GAOSUNTANG)
        said = {call.id: AnswerDraft(EventKind.YES, channel="sms")}
        heard.answer_all(session, said, by=who, now=datetime.now(UTC), signs_in=False)
    assert team.of(order, "郑队员").state == "accepted"


def test_a_recall_reaches_every_member_and_needs_each_one_s_own_answer(
    team, held, night, sessions, acting
):
    order, crew = held
    parts = team.give(crew, "周队员", "吴队员")
    team.tell("zhou", parts["周队员"], "arrived")
    night.change("city", order, "recalled", why="要垮了")
    assert {part.state for part in team.parts(order.id)} == {"withdrawn"}
    with acting("crew") as (session, _):
        owed = reading.owed(session, [part.id for part in parts.values()])
        notices = {part_id: one[0].notice for part_id, one in owed.items()}
    assert len(notices) == 2
    calls = [call_about(sessions, "member_change", one.id) for one in notices.values()]
    assert {call.urgency for call in calls} == {"flash"}
    team.tell("zhou", parts["周队员"], "change_taken", notice=notices[parts["周队员"].id].id)
    with unit_of_work(sessions, SYSTEM) as session:
        told = {one.part_id: one.answer for one in session.scalars(select(MemberNotice))}
    assert told == {parts["周队员"].id: "change_taken", parts["吴队员"].id: None}
    with unit_of_work(sessions, SYSTEM) as session:
        crew_call = session.scalars(select(Call).where(Call.rule == "each")).one()
    first = {rung.name for rung in rungs(sessions, crew_call.id) if rung.kind == "first"}
    assert first == {"李队长", "郑队员"}  # who has a part is called about that, not twice


def test_who_is_called_away_has_it_on_his_page_until_he_heard_it_himself(team, held, night, acting):
    """One mate's tap takes it off nobody else's phone, and other work does not hide it."""
    order, crew = held
    newer, _ = night.down_to_the_crew()
    own = team.give(night.hop(newer, crew.name_en), "吴队员")["吴队员"]
    night.change("city", order, "recalled", why="要垮了")

    def on_page(who):
        with acting(who) as (session, actor):
            seen = crew_view.facts(session, actor, now=datetime.now(UTC), hop=None, part=None)
            waits = [one for one in seen["owes"] if isinstance(one, tuple)]
            return seen["shown"].order.id, [notice.id for notice, _ in waits]

    places = {who: on_page(who) for who in ("crew", "zhou", "wu")}
    assert {place for place, _ in places.values()} == {order.id}
    (notice,) = places["crew"][1]
    heard = StepDraft(new_id(), StepKind.CHANGE_TAKEN, notice_id=notice)
    for who, left in (("crew", ["zhou", "wu"]), ("zhou", ["wu"]), ("wu", [])):
        with acting(who) as (session, actor):
            step = replace(heard, id=new_id())
            hops.tell(session, hop_id=crew.id, step=step, by=actor, now=datetime.now(UTC))
        assert [one for one in places if notice in on_page(one)[1]] == left
        with acting("city") as (session, _):
            (waits,) = changes_repository.unheard(session, order.id).values()
        assert "郑队员" in waits.names  # he has no page: somebody calls him
        assert (waits.count, waits.unnamed) == (len(left) + 1, 0)
    assert on_page("wu")[0] == newer.id
    assert team.of(newer, "吴队员").id == own.id


@pytest.mark.parametrize(
    ("kind", "state"),
    [("amended", "accepted"), ("suspended", "accepted"), ("cancelled", "withdrawn")],
)
def test_a_change_reaches_members_and_who_is_through_is_left_alone(
    team, held, night, acting, kind, state
):
    order, crew = held
    parts = team.give(crew, "周队员", "吴队员")
    team.tell("zhou", parts["周队员"], "accepted")
    team.tell("wu", parts["吴队员"], "done")
    words = replace(order.words, where="后山") if kind == "amended" else None
    night.change("city", order, kind, words=words)
    assert team.of(order, "周队员").state == state
    assert team.of(order, "吴队员").state == "done"
    with acting("crew") as (session, _):
        owed = reading.owed(session, [part.id for part in parts.values()])
        assert [one.notice.kind for one in owed[parts["周队员"].id]] == [kind]
        assert owed[parts["吴队员"].id] == []


def test_a_part_alone_is_taken_back_and_may_be_given_anew(team, held):
    order, crew = held
    part = team.give(crew, "周队员")["周队员"]
    team.take_back("crew", part)
    assert team.of(order, "周队员").state == "withdrawn"
    team.give(crew, "周队员", words="去后山")
    states = sorted(one.state for one in team.parts(order.id))
    assert states == ["queued", "withdrawn"]


def test_an_order_may_name_members_and_their_crew_has_it_once(team, night, cast):
    order = night.issue(
        f"member:{team.people['周队员']}",
        f"member:{team.people['吴队员']}",
        cast.crew("gaosuntang"),
    )
    hop = night.hop(order, "Gaosuntang crew 1")
    assert sorted(part.name for part in team.parts(order.id)) == ["吴队员", "周队员"]
    assert {part.assignment_id for part in team.parts(order.id)} == {hop.id}
    with pytest.raises(Missing):
        night.issue(f"member:{team.people['周队员']}", who="yunyang")


def test_a_member_on_site_who_is_not_heard_of_is_asked_and_his_own_word_alone_stops_it(
    team, held, sessions, acting
):
    order, crew = held
    parts = team.give(crew, "周队员", "吴队员")
    for who, name in (("zhou", "周队员"), ("wu", "吴队员")):
        team.tell(who, parts[name], "arrived")
    start = datetime.now(UTC)
    assert watching.watch(sessions, now=start) == 0
    later = start + timedelta(minutes=31)
    with unit_of_work(sessions, SYSTEM) as session:  # one of them said a word in between
        row = {"part_id": parts["吴队员"].id, "order_id": order.id, "area_path": crew.area_path}
        who = {"by_id": new_id(), "by_name": "吴队员", "by_phone": "", "note": "", "id": new_id()}
        at = {"done_at": start + timedelta(minutes=20), "received_at": later, "kind": "working"}
        repository.add_steps(session, [row | who | at])
    assert watching.watch(sessions, now=later) == 1
    with unit_of_work(sessions, SYSTEM) as session:
        call = session.scalars(select(Call).where(Call.topic == "check_in")).one()
    assert call.text_zh == "高笋塘抢险一队的周队员在现场已 31 分钟没有消息：平安吗？"
    assert [rung.name for rung in rungs(sessions, call.id)][:2] == ["周队员", "李队长"]
    assert watching.watch(sessions, now=later + timedelta(minutes=1)) == 0
    with acting("zhou") as (session, actor):
        yes = AnswerDraft(EventKind.YES)
        now = later + timedelta(minutes=2)
        heard.answer(session, call_id=call.id, draft=yes, by=actor, now=now)
    assert watching.watch(sessions, now=later + timedelta(minutes=3)) == 0
    assert team.of(order, "周队员").check_in_at == later + timedelta(minutes=32)


def test_near_enough_a_member_has_arrived_and_it_says_how(team, night, cast, acting, sessions):
    order = night.issue(cast.crew("gaosuntang"), place=IN_GAOSUNTANG)
    hop = night.hop(order, "Gaosuntang crew 1")
    part = team.give(hop, "周队员")["周队员"]
    team.tell("zhou", part, "moving")
    spot = Spot(Point(IN_GAOSUNTANG.x, IN_GAOSUNTANG.y), 10, datetime.now(UTC))
    with acting("zhou") as (session, actor):
        places.share(session, hop_id=hop.id, spots=[spot], by=actor, now=datetime.now(UTC))
    assert team.of(order, "周队员").state == "arrived"
    assert night.hop(order, "Gaosuntang crew 1").state == "queued"  # the crew has not answered
    with unit_of_work(sessions, SYSTEM) as session:
        query = select(MemberStep).where(MemberStep.kind == "arrived")
        assert session.scalars(query).one().how == "geofence"


def test_another_district_sees_no_member(team, held):
    order, crew = held
    team.give(crew, "周队员")
    assert team.parts(order.id, who="yunyang") == []
    assert [part.name for part in team.parts(order.id, who="wanzhou")] == ["周队员"]
