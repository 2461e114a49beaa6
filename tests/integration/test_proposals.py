"""One tap: what is proposed for an incident, and that it goes out once, all of it or nothing."""

import pytest
from shapely import LineString, Point, box
from sqlalchemy import update

from gis import geometry
from gis.roads.models import RoadEdge, RoadGraph, RoadNode
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.duty import listing
from hazards.duty.lists import Words
from hazards.duty.models import Crew
from rescue_app.http.dependencies import COOKIE
from rescue_app.incidents import service as incidents
from rescue_app.incidents.rules import IncidentDraft
from rescue_app.levels import service as levels
from rescue_app.levels.service import LevelDraft
from rescue_app.plans.models import PlanVersion
from rescue_app.proposals import proposing
from rescue_app.proposals.rules import Basis
from tests.proposing import HTML, NOW, TERMS, by_code, cast, flooded, proposed, stand
from tests.world import IN_GAOSUNTANG, IN_SHUANGJIANG, IN_TAIBAI, WANZHOU, YUNYANG

__all__ = ["cast", "flooded", "proposed"]


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


def test_across_a_border_the_district_of_the_place_leads(acting, cast):
    reached = geometry.boundary(box(108.6, 30.85, 108.95, 30.97)).shape
    with acting("city") as (session, by):
        draft = IncidentDraft(new_id(), "waterlogging", "跨界", IN_SHUANGJIANG, extent=reached)
        row = incidents.open_incident(session, draft=draft, by=by, now=NOW)
        asked = {"district_path": None, "level": None, "now": NOW, "terms": TERMS}
        found = proposing.propose(session, row, actor=by, **asked)
        assert (found.districts, found.district_path) == ([YUNYANG, WANZHOU], YUNYANG)


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
