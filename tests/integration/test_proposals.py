"""One tap: what is proposed for an incident, and that it goes out once, all of it or nothing."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from shapely import LineString, Point
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from gis.errors import Conflict, Missing, Rejected
from gis.roads.models import RoadEdge, RoadGraph, RoadNode
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.duty import listing
from hazards.duty.lists import Words
from hazards.duty.models import Crew
from rescue_app.dispatch.models import Assignment, Order
from rescue_app.http.dependencies import COOKIE
from rescue_app.incidents import service as incidents
from rescue_app.incidents.rules import IncidentDraft
from rescue_app.levels import service as levels
from rescue_app.levels.service import LevelDraft
from rescue_app.plans.models import PlanVersion
from rescue_app.proposals import proposing, repository, service
from rescue_app.proposals.models import OrderBatch, OrderBatchLine
from rescue_app.proposals.rules import ActionDraft, Basis, BatchDraft, Terms
from tests.cast import build_cast
from tests.patrols import load_reference
from tests.world import IN_GAOSUNTANG, IN_SHUANGJIANG, IN_TAIBAI, WANZHOU, YUNYANG

NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
TERMS = Terms(factor=1.4, kmh=30, busy_min=30)
HTML = {"accept": "text/html"}


@pytest.fixture
def cast(sessions, world):
    made = build_cast(sessions)
    load_reference(sessions)
    stand(sessions, made, "gaosuntang", IN_GAOSUNTANG, skills=["drainage", "rescue"])
    stand(sessions, made, "gaosuntang2", IN_GAOSUNTANG, skills=["evacuation"], off=True)
    stand(sessions, made, "taibai", IN_TAIBAI, skills=["drainage"], equipment=["pump"])
    stand(sessions, made, "shuangjiang", IN_SHUANGJIANG, skills=["drainage"], equipment=["pump"])
    return made


def stand(sessions, cast, name, place, *, skills, equipment=(), off=False):
    """Let a crew stand somewhere, able to do something."""
    facts = {"place": place, "skills": skills, "equipment": list(equipment)}
    facts["on_duty_since"] = None if off else NOW
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(update(Crew).where(Crew.id == cast.crews[name]).values(**facts))


@pytest.fixture
def flooded(acting, cast):
    """Water stands in a street of Wanzhou."""
    with acting("city") as (session, by):
        draft = IncidentDraft(new_id(), "waterlogging", "沿江路积水", IN_GAOSUNTANG)
        return incidents.open_incident(session, draft=draft, by=by, now=NOW).id


@pytest.fixture
def proposed(acting, flooded):
    """`proposed("wanzhou", "III")` reads the proposal through that person's eyes."""

    def read(who="wanzhou", level=None, **more):
        with acting(who) as (session, by):
            incident = incidents.visible(session, flooded)
            asked = {"district_path": None, "level": level, "now": NOW, "terms": TERMS} | more
            return proposing.propose(session, incident, actor=by, **asked)

    return read


@pytest.fixture
def tap(acting, flooded, proposed):
    """`tap("wanzhou", "III")` issues all that is proposed to that person at that level."""

    def press(who="wanzhou", level="IV", *, found=None, **more):
        found = found or proposed(who, level)
        with acting(who) as (session, by):
            draft = replace(drafted(found), **more)
            return service.issue(session, draft=draft, by=by, now=NOW)

    return press


def drafted(found):
    """Write down a proposal as the page would send it, unchanged."""
    actions = []
    for row in found.rows:
        action, chosen = row.line.action, row.line.chosen
        targets = [unit.value for unit in row.acting.units if unit.mine]
        targets += [f"crew:{chosen.crew.id}"] if chosen else []
        if targets:
            facts = (action.code, action.step, action.zh, action.within_min, tuple(targets))
            actions.append(ActionDraft(*facts))
    return BatchDraft(
        id=new_id(),
        incident_id=found.incident.id,
        district_path=found.district_path,
        level=found.level,
        plan_type=found.plan_type,
        plan_version=found.plan.version,
        urgency="flash",
        where="高笋塘街道沿江路",
        actions=tuple(actions),
        seen=frozenset(one.id for one in found.batches),
    )


def count(sessions, table):
    with unit_of_work(sessions, SYSTEM) as session:
        return session.scalar(select(func.count()).select_from(table))


def by_code(found):
    return {row.line.action.code: row for row in found.rows}


def test_a_proposal_follows_the_plan_at_the_level_in_force(acting, flooded, proposed):
    assert proposed().level == "IV"
    with acting("wanzhou") as (session, by):
        draft = LevelDraft(WANZHOU, "waterlogging", "III", "雨量达标", incident_id=flooded)
        levels.put(session, draft=draft, by=by, now=NOW)
    found = proposed()
    assert (found.level, found.held.level, found.plan_type) == ("III", "III", "waterlogging")
    codes = [row.line.action.code for row in found.rows]
    assert codes == [action.code for action in found.actions]
    assert {"consult_1", "patrol_2", "evacuate_1", "rescue_2"} <= set(codes)
    assert "rescue_3" not in codes


def test_a_crew_is_chosen_by_ability_duty_and_way_and_others_say_what_they_lack(proposed, cast):
    rows = by_code(proposed(level="III"))
    patrol, pumps = rows["patrol_1"].line, rows["rescue_2"].line
    assert patrol.chosen.crew.id == cast.crews["gaosuntang"]
    assert (patrol.chosen.basis, patrol.chosen.seconds) == (Basis.STRAIGHT, 0)
    # The nearer crew has no pump; that of another district is not lent without being asked.
    assert pumps.chosen.crew.id == cast.crews["taibai"]
    assert pumps.chosen.seconds == pytest.approx(9_577 * 1.4 / 30 * 3.6, rel=0.01)
    assert [fit.lacks for fit in pumps.fits][:2] == [(), ("pump",)]
    assert cast.crews["shuangjiang"] not in {fit.crew.id for fit in pumps.fits}
    moving = rows["evacuate_1"].line
    assert moving.chosen is None  # the one crew that can is off duty
    assert [fit.crew.id for fit in moving.fits if not fit.lacks] == [cast.crews["gaosuntang2"]]


def test_no_crew_is_given_everything_while_another_is_near_enough(sessions, cast, proposed):
    stand(sessions, cast, "taibai", IN_GAOSUNTANG, skills=["drainage"], equipment=["pump"])
    rows = by_code(proposed(level="IV"))
    chosen = {rows[code].line.chosen.crew.id for code in ("patrol_1", "rescue_1")}
    assert chosen == {cast.crews["gaosuntang"], cast.crews["taibai"]}


def test_on_a_road_graph_the_crew_that_is_there_first_goes_and_not_the_nearest(
    sessions, cast, proposed
):
    stand(sessions, cast, "gaosuntang2", Point(108.36, 30.80), skills=["drainage"])
    places = {1: IN_GAOSUNTANG, 2: Point(108.36, 30.80), 3: IN_TAIBAI}
    ways = {1: (3, 1, 300.0), 2: (2, 1, 4_000.0)}
    with unit_of_work(sessions, SYSTEM) as session:
        session.add(RoadGraph(source="t", digest="", nodes=3, edges=2, km=1, imported_at=NOW))
        session.add_all(RoadNode(id=n, place=place) for n, place in places.items())
        session.flush()
        for n, (start, end, seconds) in ways.items():
            facts = {"from_node": start, "to_node": end, "length_m": 1, "back_seconds": seconds}
            line = LineString([places[start], places[end]])
            session.add(RoadEdge(id=n, line=line, seconds=seconds, **facts))
        session.execute(update(Crew).where(Crew.id == cast.crews["gaosuntang"]).values(skills=[]))
    found = proposed()
    assert found.graph.source == "t"
    fit = by_code(found)["patrol_1"].line.chosen
    assert (fit.crew.id, fit.basis, fit.seconds) == (cast.crews["taibai"], Basis.ROAD, 300)


def test_who_acts_is_named_by_the_responsibility_list_or_said_to_be_ownerless(
    acting, proposed, cast
):
    lead = by_code(proposed())["patrol_1"].acting
    assert lead.owner.ownerless
    assert [unit.name for unit in lead.units] == ["高笋塘街道指挥中心"]
    row = {"matter": "waterlogging", "level": "street", "lead": "指挥中心",
           "first_name": "高书记", "valid_from": "2026-01-01"}  # fmt: skip
    with acting("wanzhou") as (session, by):
        found = listing.compare(session, [(1, row)], words=Words({}, {}), by=by)
        listing.take_over(session, found, by=by, now=NOW)
    lead = by_code(proposed())["patrol_1"].acting
    assert not lead.owner.ownerless
    assert [(unit.name, unit.person) for unit in lead.units] == [("高笋塘街道指挥中心", "高书记")]
    centre = by_code(proposed())["consult_1"].acting
    assert [unit.name for unit in centre.units] == ["万州区指挥中心"]


def test_all_of_it_goes_out_in_one_tap_with_each_deadline(sessions, tap, proposed, cast):
    found = proposed(level="III")
    done = tap(level="III", found=found)
    assert done.mine
    with unit_of_work(sessions, SYSTEM) as session:
        lines = repository.lines(session, [done.batch.id])[done.batch.id]
        orders = {line.action: session.get(Order, line.order_id) for line in lines}
        hops = session.scalars(select(Assignment.crew_id)).all()
    assert set(orders) == {one.code for one in drafted(found).actions}
    assert orders["consult_2"].due_at == NOW + timedelta(minutes=20)
    assert {order.where for order in orders.values()} == {"高笋塘街道沿江路"}
    assert cast.crews["taibai"] in hops


def test_the_same_press_again_is_the_same_issue(sessions, tap, proposed):
    found = proposed()
    number = new_id()
    first = tap(found=found, id=number)
    orders = count(sessions, Order)
    again = tap(found=found, id=number)
    assert (again.batch.id, again.mine) == (first.batch.id, True)
    assert count(sessions, Order) == orders
    with pytest.raises(Conflict):
        tap(found=found, id=number, where="别处")


def test_of_two_commanders_at_once_one_issues_and_the_other_is_shown_it(sessions, tap, proposed):
    pages = {who: proposed(who, "III") for who in ("city", "wanzhou", "wanzhou2")}
    with ThreadPoolExecutor(3) as pool:
        presses = [pool.submit(tap, who, "III", found=pages[who]) for who in pages for _ in "12"]
        done = [press.result() for press in presses]
    assert len({one.batch.id for one in done}) == 1
    assert [one.mine for one in done].count(True) == 1
    assert count(sessions, OrderBatch) == 1
    assert count(sessions, Order) == count(sessions, OrderBatchLine)


def test_a_higher_level_proposes_only_what_comes_on_top(tap, proposed):
    tap(level="IV")
    more = {row.line.action.code for row in proposed(level="III").rows}
    assert more == {"consult_2", "patrol_2", "evacuate_1", "evacuate_3", "rescue_2"}
    tap(level="III")
    # Nobody on duty can move people: that action was not issued and is still proposed.
    assert {row.line.action.code for row in proposed(level="III").rows} <= {"evacuate_1"}


def test_an_action_goes_out_once_even_where_a_page_says_nothing_was_seen(sessions, tap, proposed):
    found = proposed()
    first = tap(found=found)
    with pytest.raises(Conflict):
        tap(found=found, seen=frozenset([first.batch.id]))
    with pytest.raises(IntegrityError), unit_of_work(sessions, SYSTEM) as session:
        line = repository.lines(session, [first.batch.id])[first.batch.id][0]
        names = ("batch_id", "incident_id", "district_path", "area_path", "step", "within_min")
        facts = {name: getattr(line, name) for name in names}
        order = session.get(Order, line.order_id)
        twin = {c.key: getattr(order, c.key) for c in Order.__table__.columns} | {"id": new_id()}
        session.add(Order(**twin))
        session.flush()
        more = {"order_id": twin["id"], "position": 99, "action": line.action, "proposed": {}}
        session.add(OrderBatchLine(**facts | more))
        session.flush()


def test_when_one_order_cannot_go_out_none_does(sessions, tap, proposed, cast):
    found = proposed("wanzhou")
    good = drafted(found).actions
    bad = replace(good[-1], targets=(cast.crew("shuangjiang"),))
    with pytest.raises(Missing):
        tap(found=found, actions=(*good[:-1], bad))
    assert count(sessions, Order) == count(sessions, OrderBatch) == 0


def test_what_is_not_in_the_plan_is_the_commanders_own_and_needs_somebody(tap, proposed, cast):
    found = proposed()
    own = ActionDraft("added_1", "rescue", "送 200 件救生衣", 45, (cast.crew("gaosuntang"),))
    done = tap(found=found, actions=(own,))
    assert done.mine
    strange = replace(own, code="rescue_99")
    seen = frozenset([done.batch.id])
    with pytest.raises(Rejected):
        tap(found=found, actions=(strange,), seen=seen)
    with pytest.raises(Rejected):
        tap(found=found, actions=(replace(own, targets=()),), seen=seen)


def test_another_district_sees_neither_the_proposal_nor_the_issue(acting, tap, proposed, flooded):
    found = proposed()
    done = tap(found=found)
    with acting("yunyang") as (session, _):
        assert repository.batch(session, done.batch.id) is None
        assert not repository.batches(session, [flooded])
        assert not repository.issued(session, flooded, WANZHOU)
        with pytest.raises(Missing):
            incidents.visible(session, flooded)
    with pytest.raises(Missing):
        tap("yunyang", found=found, seen=frozenset([done.batch.id]))
    with pytest.raises(Missing):
        proposed(district_path=YUNYANG)


def test_the_page_issues_what_is_ticked_and_shows_the_second_commander_the_first(
    client, people, cast, flooded
):
    address = f"/incidents/{flooded}/proposal"

    def enter(who):
        client.cookies.set(COOKIE, people.token(cast.accounts[who]))
        page = client.get(address, headers=HTML)
        assert page.status_code == 200
        return Form(page.text).sent

    first, second = enter("city"), enter("wanzhou")
    asked = client.post(address, data=second, headers=HTML)
    assert "全部下达" in asked.text
    added = client.post(address, data=second | {"do": "add:rescue"}, headers=HTML).text
    assert 'value="added_1"' in added
    client.cookies.set(COOKIE, people.token(cast.accounts["city"]))
    went = client.post(address, data=first | {"confirmed": "1"}, headers=HTML)
    issue = client.get(went.headers["location"], headers=HTML).text
    assert "一并下达" in issue
    assert "会商研判" in issue
    client.cookies.set(COOKIE, people.token(cast.accounts["wanzhou"]))
    late = client.post(address, data=second | {"confirmed": "1"}, headers=HTML)
    assert late.headers["location"].startswith(went.headers["location"])
    assert "先一步下达" in client.get(late.headers["location"], headers=HTML).text
    order = re.search(r'href="(/orders/[0-9a-f-]+)"', issue)[1]
    assert went.headers["location"] in client.get(order, headers=HTML).text
    assert went.headers["location"] in client.get(f"/incidents/{flooded}", headers=HTML).text
    assert "本等级的行动已全部下达" in client.get(address, headers=HTML).text


class Form(HTMLParser):
    """A proposal's form as a browser would send it, unchanged."""

    def __init__(self, text):
        super().__init__()
        self.sent, self.inside, self.area, self.select = {}, False, None, None
        self.feed(text)

    def keep(self, name, value):
        self.sent.setdefault(name, []).append(value)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self.inside |= tag == "form" and "data-proposal" in told
        if not self.inside:
            return
        if tag == "input" and (told.get("type") != "checkbox" or "checked" in told):
            self.keep(told["name"], told["value"])
        elif tag == "textarea":
            self.area = told["name"]
            self.keep(self.area, "")
        elif tag == "select":
            self.select = told["name"]
        elif tag == "option" and "selected" in told:
            self.keep(self.select, told["value"])

    def handle_data(self, data):
        if self.area:
            self.sent[self.area][-1] += data

    def handle_endtag(self, tag):
        self.area = None if tag == "textarea" else self.area
        self.inside &= tag != "form"


def test_the_page_says_what_to_do_where_nothing_can_be_proposed(client, people, cast, sessions):
    client.cookies.set(COOKIE, people.token(cast.accounts["city"]))
    draft = IncidentDraft(new_id(), "waterlogging", "积水", IN_GAOSUNTANG)
    with unit_of_work(sessions, SYSTEM) as session:
        by = cast.actor("city")
        number = incidents.open_incident(session, draft=draft, by=by, now=NOW).id
        session.execute(update(PlanVersion).values(in_force=False))
    page = client.get(f"/incidents/{number}/proposal", headers=HTML).text
    assert "这一类事件还没有预案" in page
    assert f"/orders/new?incident={number}" in page
    client.cookies.set(COOKIE, people.token(cast.accounts["crew"]))
    assert client.get(f"/incidents/{number}/proposal", headers=HTML).status_code in {403, 404}
