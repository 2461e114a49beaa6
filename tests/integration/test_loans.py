"""A district borrows another one's crew: both see it, it is ordered, and it comes home."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from gis.errors import Conflict, Forbidden, Missing, Rejected
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.calls.models import Call, CallRung
from hazards.duty.models import Crew
from rescue_app.dispatch import laying, ruling
from rescue_app.dispatch.board import board
from rescue_app.dispatch.drafts import Offer
from rescue_app.dispatch.models import Assignment
from rescue_app.http.dependencies import COOKIE
from rescue_app.incidents import service as incidents
from rescue_app.incidents.rules import IncidentDraft
from rescue_app.loans import service
from rescue_app.loans.models import CrewLoan
from rescue_app.loans.rules import LoanDraft
from rescue_app.site import service as site
from rescue_app.site.rules import ReportDraft, ReportKind
from tests.lending import desk
from tests.world import IN_SHUANGJIANG, SHUANGJIANG, WANZHOU, YUNYANG

__all__ = ["desk"]


def seen(acting, who, crew="高笋塘抢险一队"):
    with acting(who) as (session, _):
        return session.scalars(select(Crew.id).where(Crew.name == crew)).all()


def test_a_lent_crew_is_ordered_by_its_borrower_and_both_see_it(night, desk, cast, acting):
    desk.lent()
    order = night.issue(cast.unit(YUNYANG))
    district = night.hop(order, "Yunyang centre")
    night.tell("yunyang", district, "accepted")
    night.pass_down("yunyang", district, cast.crew("gaosuntang"))
    hop = night.hop(order, "Gaosuntang crew 1", who="yunyang")
    assert (hop.lent_path, hop.giver_path) == (YUNYANG, YUNYANG)
    for kind in ("accepted", "moving", "arrived"):
        night.tell("crew", hop, kind)
    report = ReportDraft(new_id(), ReportKind.SITUATION, words="已抽水")
    with acting("crew") as (session, actor):
        site.report(session, hop_id=hop.id, draft=report, by=actor, now=datetime.now(UTC))
    with acting("yunyang") as (session, actor):
        shown = board(session, actor, order.id)
        assert (shown.numbers.down, shown.numbers.crews_arrived) == (True, 1)
        (line,) = [line for line in shown.lines if line.hop.id == hop.id]
        assert line.may_take_back
        assert session.scalars(text("SELECT words FROM site_report")).all() == ["已抽水"]
    with acting("wanzhou") as (session, actor):
        (line,) = board(session, actor, order.id).lines
        assert (line.hop.id, line.may_take_back) == (hop.id, False)


def test_the_ladder_of_a_lent_crew_climbs_to_its_borrower(night, desk, cast, owner, sessions):
    desk.lent()
    order = night.issue(cast.crew("gaosuntang"), who="yunyang")
    hop = night.hop(order, "Gaosuntang crew 1", who="yunyang")
    laying.lay_out(sessions, now=hop.began_at)
    call = owner.scalars(select(Call).where(Call.ref == hop.id)).one()
    rungs = owner.scalars(
        select(CallRung.area_path).where(CallRung.call_id == call.id).order_by(CallRung.position)
    )
    assert [path for path in rungs if path.startswith(WANZHOU)] == [hop.area_path]
    assert call.opener_path == YUNYANG


def test_the_borrower_sees_the_crew_while_it_is_lent_and_only_that(desk, acting, cast):
    assert seen(acting, "yunyang") == []
    loan = desk.lent()
    assert seen(acting, "yunyang") == [cast.crews["gaosuntang"]]
    with acting("yunyang") as (session, _):
        paths = session.scalars(text("SELECT area_path FROM crew")).all()
        assert len([path for path in paths if not path.startswith(YUNYANG)]) == 1
        seated = "SELECT crew_id FROM crew_seat WHERE NOT starts_with(area_path, :own)"
        away = set(session.scalars(text(seated), {"own": YUNYANG}))
        assert away == {cast.crews["gaosuntang"]}  # the people whom it orders, nobody beside them
        changed = session.execute(text("UPDATE crew SET name = 'x' WHERE lent_path IS NOT NULL"))
        assert changed.rowcount == 0
    desk.act("yunyang", loan, "give_back")
    assert seen(acting, "yunyang") == []
    with acting("yunyang") as (session, _):
        for table in ("member", "crew_seat"):
            known = session.scalars(text(f"SELECT area_path FROM {table}")).all()
            assert all(path.startswith(YUNYANG) for path in known)


def test_while_it_is_lent_its_own_district_does_not_send_it(night, desk, cast):
    loan = desk.lent()
    with pytest.raises(Conflict, match="is lent"):
        night.issue(cast.crew("gaosuntang"), who="wanzhou")
    desk.act("wanzhou", loan, "recall", why="本区也在下雨")
    night.issue(cast.crew("gaosuntang"), who="wanzhou")
    with pytest.raises(Missing):
        night.issue(cast.crew("gaosuntang"), who="yunyang")


def test_what_it_had_in_hand_when_it_came_home_stays_with_who_gave_it(night, desk, cast, acting):
    loan = desk.lent()
    order = night.issue(cast.crew("gaosuntang"), who="yunyang")
    hop = night.hop(order, "Gaosuntang crew 1", who="yunyang")
    desk.act("wanzhou", loan, "recall", why="本区也在下雨")
    assert night.tell("crew", hop, "accepted").state == "accepted"
    night.take_back("yunyang", hop)
    assert night.hop(order, "Gaosuntang crew 1", who="yunyang").state == "withdrawn"


def test_a_lent_crew_that_cannot_is_ruled_on_by_its_borrower(night, desk, cast, acting, owner):
    desk.lent()
    order = night.issue(cast.crew("gaosuntang"), who="yunyang")
    hop = night.hop(order, "Gaosuntang crew 1", who="yunyang")
    offer = Offer(means="要一台大泵")
    hop = night.tell("crew", hop, "cannot", note="泵太小", offer=offer)
    with acting("yunyang") as (session, actor):
        about = {"hop_id": hop.id, "offer_id": hop.offer_id}
        ruling.take(session, **about, by=actor, now=datetime.now(UTC))
    again = owner.scalars(select(Assignment).where(Assignment.replaces_id == hop.id)).one()
    assert (again.part, again.lent_path) == ("要一台大泵", YUNYANG)


def test_pressed_by_two_at_once_one_crew_goes_once(desk, owner):
    loan = desk.ask()
    with ThreadPoolExecutor(3) as presses:
        whose = ("wanzhou", "wanzhou2", "city")
        for press in [presses.submit(desk.act, w, loan, "agree", "gaosuntang") for w in whose]:
            press.result()
    with pytest.raises(Conflict):
        desk.act("wanzhou", loan, "agree", "gaosuntang2")
    other = desk.ask()
    with pytest.raises(Conflict, match="lent already"):
        desk.act("wanzhou", other, "agree", "gaosuntang")
    assert owner.scalars(select(CrewLoan.crew_id).where(CrewLoan.state == "lent")).all() != []


def test_the_same_request_twice_is_one_and_its_call_rings_the_lender(desk, owner):
    loan_id = new_id()
    for _ in range(2):
        loan = desk.ask(loan_id=loan_id)
    call = owner.scalars(select(Call).where(Call.topic == "loan")).one()
    rungs = owner.scalars(select(CallRung.area_path).where(CallRung.call_id == call.id)).all()
    assert (call.ref, WANZHOU in rungs, "/500000/" in rungs) == (loan.id, True, True)


def test_a_refusal_needs_its_because_and_rings_the_borrower(desk, owner):
    loan = desk.ask()
    with pytest.raises(Rejected, match="Say why"):
        desk.act("wanzhou", loan, "refuse")
    loan = desk.act("wanzhou", loan, "refuse", why="本区也在下雨")
    assert (loan.state, loan.answer_why, loan.answer_name) == ("refused", "本区也在下雨", "万主任")
    said = owner.scalars(select(Call.text_zh).where(Call.area_path == YUNYANG)).one()
    assert "本区也在下雨" in said


def test_each_side_does_what_is_its_own_and_nobody_else_sees_it(desk, acting):
    loan = desk.ask()
    with pytest.raises(Forbidden):
        desk.act("yunyang", loan, "agree", "gaosuntang")
    with pytest.raises(Forbidden):
        desk.act("wanzhou", loan, "drop")
    for who in ("street", "crew"):
        with pytest.raises(Missing):
            desk.act(who, loan, "agree", "gaosuntang")
    with pytest.raises(Missing):
        desk.act("wanzhou", loan, "agree", "shuangjiang")


def test_the_clock_brings_it_home_and_drops_what_nobody_answered(desk, sessions, acting):
    loan, asked = desk.lent(), desk.ask(hours=5)
    later = datetime.now(UTC) + timedelta(hours=7)
    assert service.end_due(sessions, now=later) == 2
    assert service.end_due(sessions, now=later) == 0
    assert seen(acting, "yunyang") == []
    with acting("yunyang") as (session, _):
        states = {one.id: one.state for one in session.scalars(select(CrewLoan))}
    assert states == {loan.id: "home", asked.id: "dropped"}


def test_a_street_borrows_for_itself_alone(desk, acting, cast):
    with acting("city") as (session, _):
        assert session.scalars(select(Crew).where(Crew.lent_path == SHUANGJIANG)).all() == []
    with pytest.raises(Rejected):
        desk.ask(who="street", lender=WANZHOU)
    assert desk.ask(who="street", lender=YUNYANG).area_path.startswith(WANZHOU)


def test_on_the_pages_one_asks_the_other_agrees_and_the_crew_knows(client, people, cast):
    def window(who):
        client.cookies.set(COOKIE, people.token(cast.accounts[who]))
        return client

    until = (datetime.now(UTC) + timedelta(hours=20)).strftime("%Y-%m-%dT%H:%M")
    form = {"lender": WANZHOU, "words": "借排水队", "until": until}
    assert window("yunyang").post("/loans", data=form | {"until": ""}).status_code == 422
    window("yunyang").post("/loans", data=form)
    page = window("wanzhou").get("/loans").text
    (path,) = set(re.findall(r'action="(/loans/[^"]+)"', page))
    agree = {"act": "agree", "crew": str(cast.crews["gaosuntang"])}
    window("wanzhou").post(path, data=agree)
    assert "召回" in window("wanzhou").get("/loans").text
    lent = window("yunyang").get("/loans").text
    assert "归还" in lent
    order = window("yunyang").get(re.search(r'href="(/orders/new[^"]+)"', lent)[1]).text
    assert re.search(rf'value="crew:{agree["crew"]}"[^>]*checked', order)
    assert agree["crew"] in window("yunyang").get("/orders/new").text
    assert "你队借给云阳县指挥中心" in window("crew").get("/crew").text


def test_a_loan_for_a_drill_is_a_drill_on_the_page_and_in_every_call(acting, desk, sessions):
    with acting("yunyang") as (session, actor):
        told = IncidentDraft(new_id(), "waterlogging", "双江内涝", IN_SHUANGJIANG, is_drill=True)
        now = datetime.now(UTC)
        drill = incidents.open_incident(session, draft=told, by=actor, now=now)
    until = datetime.now(UTC) + timedelta(hours=2)
    draft = LoanDraft(new_id(), WANZHOU, "演练借队", until, incident_id=drill.id)
    with acting("yunyang") as (session, actor):
        loan = service.ask(session, draft=draft, by=actor, now=datetime.now(UTC))
    assert (loan.is_drill, loan.incident_title) == (True, drill.title)
    desk.act("wanzhou", loan, "agree", "gaosuntang")
    with unit_of_work(sessions, SYSTEM) as session:
        calls = session.scalars(select(Call).where(Call.topic == "loan")).all()
        assert {call.is_drill for call in calls} == {True}
        assert len(calls) == 3  # the lender, the borrower, the crew
    own = desk.ask()
    assert (own.is_drill, own.incident_title) == (False, "")
