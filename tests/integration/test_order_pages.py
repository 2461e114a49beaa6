"""An order to many: its sums by SQL, its tree page by page, all of its crews on the map."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, update

from gis.errors import Missing
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.duty import service as duty
from hazards.duty.models import Crew
from hazards.duty.rules import CrewEntry, MemberEntry, Roster, UnitEntry, UnitKind
from rescue_app.dispatch import board as boards
from rescue_app.dispatch import cascade, reading, tree
from rescue_app.dispatch.board import as_hop, board
from rescue_app.dispatch.models import Assignment
from rescue_app.dispatch.rules import UNANSWERED
from rescue_app.http.dependencies import COOKIE
from rescue_app.wall import reading as wall
from tests.world import CITY, GAOSUNTANG, IN_GAOSUNTANG, WANZHOU, YUNYANG

CREWS = 30


@pytest.fixture
def many(sessions, cast):
    """Give crews of a street, as an order names them."""
    base = UnitEntry("驻地", "Base", UnitKind.BASE, "street", GAOSUNTANG)
    people = [MemberEntry(f"{n} 队长", "队长", f"138{n:08}", base.id) for n in range(CREWS)]
    now = datetime.now(UTC)
    crews = [
        CrewEntry(f"{n} 队", f"Crew {n}", base.id, [leader.id], (), now)
        for n, leader in enumerate(people)
    ]
    with unit_of_work(sessions, SYSTEM) as session:
        duty.register(session, Roster([base], people, crews), area_path=CITY)
        session.execute(update(Crew).values(place=IN_GAOSUNTANG))
    return [f"crew:{one.id}" for one in crews]


@pytest.fixture
def given(night, cast, many):
    """Give an order that came down to the crews of one street; another district is silent."""
    order = night.issue(cast.unit(WANZHOU), cast.unit(YUNYANG), place=IN_GAOSUNTANG)
    district = night.hop(order, "Wanzhou centre")
    night.tell("wanzhou", district, "accepted")
    night.pass_down("wanzhou", district, cast.unit(GAOSUNTANG))
    street = night.hop(order, "Gaosuntang centre")
    night.tell("street", street, "accepted")
    night.pass_down("street", street, cast.crew("gaosuntang"), *many)
    for kind in ("accepted", "moving", "arrived"):
        night.tell("crew", night.hop(order, "Gaosuntang crew 1"), kind)
    night.take_back("street", night.hop(order, "Crew 0"))
    return order


@pytest.mark.parametrize("who", ["city", "wanzhou", "street", "yunyang"])
def test_the_database_counts_as_the_pure_rule_does(given, acting, who):
    with acting(who) as (session, _):
        rows = [as_hop(row) for row in reading.hops_of(session, given.id)]
        assert tree.standing(session, given.id) == cascade.standing(rows)


def test_what_was_taken_back_counts_with_all_below_it_nowhere(given, night, acting):
    night.take_back("wanzhou", night.hop(given, "Gaosuntang centre"))
    with acting("city") as (session, _):
        rows = [as_hop(row) for row in reading.hops_of(session, given.id)]
        counted = tree.standing(session, given.id)
    assert counted == cascade.standing(rows)
    assert (counted.hops, counted.crews) == (2, 0)


def test_pages_show_every_hop_once_besides_those_who_gave_it_and_the_silent_first(
    given, acting, monkeypatch
):
    monkeypatch.setattr(boards, "HOPS_SHOWN", 10)
    seen = Counter()
    with acting("city") as (session, actor):
        shown = [board(session, actor, given.id, page=number) for number in (1, 2, 3, 4)]
        hops = {row.id for row in reading.hops_of(session, given.id)}
    for one in shown:
        above = {line.hop.id: line.depth for line in one.lines}
        # Nobody stands without whoever gave him the order.
        assert all(
            above.get(line.hop.parent_id, -1) == line.depth - 1
            for line in one.lines
            if line.hop.parent_id
        )
        assert one.pages == 4
        assert one.unseen + len(one.lines) == len(hops)
        seen.update(above)
    assert seen.keys() == hops
    waits = [
        [line.hop.state in UNANSWERED or bool(line.owes) for line in one.lines if line.depth == 2]
        for one in shown
    ]
    assert all(waits[0])
    assert not all(waits[3])


def test_a_page_reads_no_more_for_more_crews_that_it_does_not_show(given, acting, monkeypatch):
    monkeypatch.setattr(boards, "HOPS_SHOWN", 5)
    loaded = Counter()

    def count(target, _):
        loaded[type(target).__name__] += 1

    event.listen(Assignment, "load", count)
    monkeypatch.setattr(reading, "TIMELINE_LIMIT", 5)
    try:
        with acting("city") as (session, actor):
            shown = board(session, actor, given.id)
    finally:
        event.remove(Assignment, "load", count)
    assert len(shown.timeline) == 5
    assert loaded["Assignment"] < CREWS / 2


def test_a_centre_finds_its_own_hop_and_a_crew_s_people_on_whatever_page(
    given, night, acting, monkeypatch
):
    monkeypatch.setattr(boards, "HOPS_SHOWN", 1)
    crew = night.hop(given, "Crew 7")
    with acting("street") as (session, actor):
        for number in (1, 2):
            shown = board(session, actor, given.id, page=number, crew=crew.id)
            assert shown.mine.hop.name_en == "Gaosuntang centre"
            assert (shown.chosen.hop.id, shown.chosen.may_give) == (crew.id, True)
    with acting("yunyang") as (session, actor):
        assert board(session, actor, given.id, crew=crew.id).chosen is None


def test_the_map_is_told_all_crews_that_have_a_place_and_then_what_changed(given, night, acting):
    with acting("city") as (session, _):
        whole = wall.crews_of(session, given.id, seen=None, now=datetime.now(UTC))
    assert {one.name_en for one in whole.crews if one.placed == "base"} >= {"Gaosuntang crew 1"}
    assert all(one.lon is not None for one in whole.crews)
    night.take_back("street", night.hop(given, "Gaosuntang crew 1"))
    with acting("city") as (session, _):
        news = wall.crews_of(session, given.id, seen=whole.seen, now=datetime.now(UTC))
    assert "withdrawn" in {one.state for one in news.crews if one.name_en == "Gaosuntang crew 1"}


def test_the_map_of_an_order_is_told_nobody_who_does_not_see_it(given, client, people, cast):
    client.cookies.set(COOKIE, people.token(cast.accounts["taibai_street"]))
    assert client.get(f"/api/v1/orders/{given.id}/crews").status_code == 404
    client.cookies.set(COOKIE, people.token(cast.accounts["city"]))
    told = client.get(f"/api/v1/orders/{given.id}/crews").json()
    assert told["crews"]
    assert all(len(row) == 10 for row in told["crews"])


def test_an_order_that_is_not_there_has_no_page(acting, cast):
    with acting("city") as (session, actor), pytest.raises(Missing):
        board(session, actor, cast.accounts["city"].id)
