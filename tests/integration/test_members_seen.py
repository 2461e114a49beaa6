"""Members as others see them: on the wall now and at a moment, on the order's page, in English."""

from datetime import UTC, datetime, timedelta

from shapely import Point
from sqlalchemy import select

from gis.store.base import new_id
from rescue_app.dispatch import service
from rescue_app.dispatch.drafts import OrderDraft, Target
from rescue_app.dispatch.rules import Urgency
from rescue_app.http.dependencies import COOKIE
from rescue_app.incidents import service as incidents
from rescue_app.incidents.rules import IncidentDraft
from rescue_app.site import places
from rescue_app.site.models import CrewTrack
from rescue_app.site.rules import Spot
from rescue_app.wall import repository as wall
from rescue_app.wall import rules
from rescue_app.wall.reading import EVER
from tests.teams import held, team
from tests.world import IN_GAOSUNTANG

__all__ = ["held", "team"]


def test_the_wall_draws_members_below_their_crew_and_counts_them_now_and_then(team, held, acting):
    order, crew = held
    parts = team.give(crew, "周队员", "吴队员")
    team.tell("zhou", parts["周队员"], "accepted")
    before = datetime.now(UTC)
    team.tell("zhou", parts["周队员"], "arrived")
    with acting("city") as (session, _):
        hops = wall.hops(session, [order.id], until=EVER)
        rows = {hop.name: hop for hop in hops if hop.holder == rules.MEMBER}
        assert {(one.parent_id, one.state) for one in rows.values()} == {
            (crew.id, "arrived"), (crew.id, "queued"),
        }  # fmt: skip
        numbers = wall.numbers(session, [order.id])
        assert numbers == rules.numbers(hops)
        assert (numbers.members, numbers.members_answered, numbers.members_arrived) == (2, 1, 1)
        then = rules.as_it_was(hops, wall.heard(session, [order.id], until=before))
        assert {one.name: one.state for one in then if one.holder == rules.MEMBER} == {
            "周队员": "accepted", "吴队员": "queued",
        }  # fmt: skip
        fresh = wall.changed(session, [order.id], seen=wall.here(session), since=before)
        assert parts["周队员"].id not in fresh
        ids = wall.silent_members(session, [order.id], limit=5)
        assert ids == [parts["吴队员"].id]


def test_the_wall_s_past_shows_where_a_crew_was_on_its_way(held, acting):
    order, crew = held
    seen = []
    for lon in (108.20, 108.30):
        now = datetime.now(UTC)
        with acting("crew") as (session, actor):
            spots = [Spot(Point(lon, 30.7), 20.0, now)]
            places.share(session, hop_id=crew.id, spots=spots, by=actor, now=now)
        with acting("city") as (session, _):
            rows = wall.hops(session, [order.id], until=EVER)
            seen.append((now, next(hop.lon for hop in rows if hop.id == crew.id)))
    assert [lon for _, lon in seen] == [108.20, 108.30]
    with acting("city") as (session, _):
        rows = wall.hops(session, [order.id], until=seen[0][0])
        assert next(hop.lon for hop in rows if hop.id == crew.id) == 108.20
    with acting("yunyang") as (session, _):
        assert session.scalars(select(CrewTrack)).all() == []


def test_the_order_s_page_names_every_member_with_his_times(team, held, client, people, cast):
    order, crew = held
    parts = team.give(crew, "周队员", "郑队员")
    team.tell("zhou", parts["周队员"], "cannot", "腿伤了")
    client.cookies.set(COOKIE, people.token(cast.accounts["wanzhou"]))
    page = client.get(f"/orders/{order.id}", headers={"accept-language": "zh"}).text
    assert "2 人中 0 人已应答" in page
    assert "1 人未应答" in page
    assert "腿伤了" in page
    told = client.get(f"/api/v1/orders/{order.id}/members").json()
    assert {one["name"]: one["state"] for one in told} == {"周队员": "cannot", "郑队员": "queued"}


def test_a_place_that_the_form_proposed_is_told_in_the_reader_s_language(cast, acting):
    now = datetime.now(UTC)
    with acting("wanzhou") as (session, actor):
        draft = IncidentDraft(new_id(), "waterlogging", "沿江路积水", IN_GAOSUNTANG)
        incident = incidents.open_incident(session, draft=draft, by=actor, now=now)
    proposed = "高笋塘街道 沿江路积水", "Gaosuntang 沿江路积水"
    for written, (zh, en) in (
        (proposed[0], proposed),
        (proposed[1], proposed),
        ("沿江路 3 号", ("沿江路 3 号",) * 2),
    ):
        chosen = (Target.parse(cast.crew("gaosuntang")),)
        told = {"incident_id": incident.id, "due_at": now + timedelta(hours=1)}
        with acting("wanzhou") as (session, actor):
            asked = OrderDraft(new_id(), "撤离", written, Urgency.FLASH, chosen, **told)
            order = service.issue(session, draft=asked, by=actor, now=now)
        assert order.where_in("en") == en
        assert order.where_in("zh") == zh
