"""Members as others see them: on the wall now and at a moment, on the order's page, in English."""

import re
from datetime import UTC, datetime, timedelta

import pytest
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
from rescue_app.web import crew_view
from tests.calling import tick
from tests.teams import held, team
from tests.world import IN_GAOSUNTANG

__all__ = ["held", "team"]
CANCELLED, AWAY = "已取消，不用再执行。", "指令已收回。停止行动，撤离。"


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


@pytest.mark.parametrize(("ending", "said"), [("cancelled", CANCELLED), ("recalled", AWAY)])
def test_a_cancelled_order_is_no_withdrawal_and_a_withdrawal_stands_before_older_news(
    team, held, night, acting, client, people, cast, ending, said
):
    order, crew = held
    part = team.give(crew, "周队员")["周队员"]
    night.change("city", order, "suspended")
    night.change("city", order, ending)
    for who, page in (("crew", f"/crew?hop={crew.id}"), ("zhou", f"/crew?part={part.id}")):
        client.cookies.set(COOKIE, people.token(cast.accounts[who]))
        shown = client.get(page, headers={"accept-language": "zh"}).text
        assert [one for one in (CANCELLED, AWAY) if one in shown] == [said]
        notices = re.findall(r'class="form change (\w+)"', shown)
        assert notices[0] == ("recalled" if ending == "recalled" else "suspended")


def test_the_order_s_page_names_every_member_with_his_times(
    team, held, client, people, cast, sessions
):
    order, crew = held
    parts = team.give(crew, "周队员", "郑队员")
    team.tell("zhou", parts["周队员"], "cannot", "腿伤了")
    client.cookies.set(COOKIE, people.token(cast.accounts["wanzhou"]))
    page = client.get(f"/orders/{order.id}", headers={"accept-language": "zh"}).text
    assert "2 人中 0 人已应答" in page
    assert "1 人未应答" in page
    assert "正在叫" in page
    client.cookies.set(COOKIE, people.token(cast.accounts["crew"]))
    for later, said in (
        (timedelta(), "没有终端：请打电话"),
        (timedelta(minutes=20), "未应答，正在叫 "),
    ):
        tick(sessions, datetime.now(UTC) + later)
        assert said in client.get(f"/crew?hop={crew.id}", headers={"accept-language": "zh"}).text


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


def test_a_part_counts_on_its_member_s_start_page_until_he_answered(team, held, acting):
    _, crew = held

    def counted():
        with acting("zhou") as (session, actor):
            return crew_view.waiting(session, actor, now=datetime.now(UTC))

    assert counted() == (0, 0)
    part = team.give(crew, "周队员")["周队员"]
    assert counted() == (1, 0)
    team.tell("zhou", part, "accepted")
    assert counted() == (0, 0)
