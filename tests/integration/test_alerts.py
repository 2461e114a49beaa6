"""Alerts: one proposes, another approves; who lies inside sees it; it ends by itself."""

from datetime import timedelta

import pytest
from shapely import MultiPolygon, box
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from gis.errors import Conflict, Forbidden, Missing, Rejected
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.notify import LiveEvent
from gis.store.scope import RESIDENT
from hazards.alerts import repository, service
from hazards.alerts.models import Alert
from tests.warning import WEST_OF_GAOSUNTANG, Warner, now
from tests.world import CITY, GAOSUNTANG, IN_GAOSUNTANG, IN_TAIBAI, TAIBAI, WANZHOU, YUNYANG

ON_BOTH_SIDES = MultiPolygon([box(108.7, 30.9, 108.9, 31.0)])
ALONG_THE_BORDER = MultiPolygon([box(108.35, 30.75, 108.4, 30.85)])


@pytest.fixture
def warner(acting):
    return Warner(acting)


def seen_by(acting, who):
    with acting(who) as (session, _):
        return {one.id for one in repository.in_force(session, now=now())}


def in_public(sessions, at=None):
    with unit_of_work(sessions, RESIDENT) as session:
        assert session.scalars(select(Alert.id)).all() == []  # the table itself is closed to them
        return session.scalars(text("SELECT id FROM public_alerts(:at)"), {"at": at or now()}).all()


def test_what_one_proposes_holds_once_another_approves_it(warner, acting, sessions):
    alert = warner.propose()
    assert (alert.state, alert.headline_zh, alert.headline_en) == (
        "draft", "滑坡橙色预警", "Orange warning: landslide",
    )  # fmt: skip
    assert (alert.where_zh, alert.area_path) == ("高笋塘街道", GAOSUNTANG)
    assert (seen_by(acting, "wanzhou"), in_public(sessions)) == (set(), [])
    issued = warner.issue(alert)
    assert (issued.state, issued.issued_by_name, issued.issuer_zh) == (
        "issued", "万主任", "万州区指挥中心",
    )  # fmt: skip
    assert issued.onset_at == issued.issued_at
    assert in_public(sessions) == [alert.id]


def test_nobody_approves_what_he_wrote_himself_and_the_database_holds_it_too(warner, owner):
    alert = warner.propose("wanzhou")
    with pytest.raises(Rejected, match="Somebody else"):
        warner.issue(alert, "wanzhou")
    with pytest.raises(DBAPIError, match="two_people"):
        owner.execute(text("UPDATE alert SET issued_by = proposed_by"))
    assert warner.issue(alert, "wanzhou2").state == "issued"


def test_a_role_or_an_area_that_is_not_theirs_lets_nobody_warn(warner):
    with pytest.raises(Forbidden):
        warner.propose("patrol")
    with pytest.raises(Rejected, match="beyond your area"):
        warner.propose("street", area_paths=(TAIBAI,))
    alert = warner.propose()
    with pytest.raises(Forbidden):
        warner.issue(alert, "planner")
    with pytest.raises(Missing):
        warner.issue(alert, "yunyang")
    whole = warner.issued("wanzhou", "wanzhou2", area_paths=(WANZHOU,))
    with pytest.raises(Forbidden):
        warner.cancel(whole, "street")


def test_the_same_id_twice_is_one_alert_and_approving_twice_changes_nothing(warner):
    key = new_id()
    first, second = warner.propose(id=key), warner.propose(id=key)
    assert (first.id, first.proposed_at) == (second.id, second.proposed_at)
    with pytest.raises(Conflict):
        warner.propose(id=key, colour="red")
    assert warner.issue(first).issued_at == warner.issue(first).issued_at


def test_an_alert_is_seen_by_those_whom_it_touches_and_by_who_is_above_them(warner, acting):
    drawn = warner.issued(area_paths=(), drawn=WEST_OF_GAOSUNTANG)
    assert drawn.where_zh == "高笋塘街道内图上所画范围"
    for who in ("street", "patrol", "crew", "wanzhou", "city"):
        assert seen_by(acting, who) == {drawn.id}, who
    for who in ("taibai_street", "yunyang"):
        assert seen_by(acting, who) == set(), who
    whole = warner.issued("wanzhou", "wanzhou2", area_paths=(WANZHOU,))
    assert seen_by(acting, "taibai_street") == {whole.id}


def test_a_drawing_over_a_border_is_the_matter_of_the_centre_above(warner, acting):
    with pytest.raises(Rejected, match="beyond your area"):
        warner.propose("wanzhou", area_paths=(), drawn=ON_BOTH_SIDES)
    alert = warner.propose("city", area_paths=(), drawn=ON_BOTH_SIDES)
    assert (alert.area_path, alert.reach) == (CITY, [WANZHOU, YUNYANG + "500235001/"])
    beside = warner.propose("street", area_paths=(), drawn=ALONG_THE_BORDER)
    assert beside.reach == [GAOSUNTANG]


def test_an_update_takes_the_place_of_what_it_follows_at_once_and_only_one_does(warner, acting):
    first = warner.issued(colour="yellow")
    with pytest.raises(Rejected, match="what has changed"):
        warner.propose(follows=first.id)
    second = warner.propose(follows=first.id, why="雨势加大", colour="red")
    rival = warner.propose(follows=first.id, why="雨势加大", colour="orange")
    assert seen_by(acting, "street") == {first.id}
    warner.issue(second)
    assert seen_by(acting, "street") == {second.id}
    with pytest.raises(Conflict, match="has changed"):
        warner.issue(rival)
    with acting("street") as (session, _):
        states = {one.id: one.state for one in repository.chain(session, first.root_id)}
        notes = [(step.kind, step.note) for step in repository.steps(session, [first.id])]
    assert states == {first.id: "updated", second.id: "issued", rival.id: "draft"}
    assert notes[0] == ("updated", "雨势加大")
    with pytest.raises(Conflict, match="is over"):
        warner.propose(follows=first.id, why="再更新")


def test_a_cancelled_alert_holds_nowhere_and_says_why(warner, acting, sessions):
    alert = warner.issued()
    with pytest.raises(Rejected, match="Say why"):
        warner.cancel(alert, why=" ")
    with pytest.raises(Forbidden):
        warner.cancel(alert, "street")
    assert warner.cancel(alert).ended_why == "雨已停"
    assert (seen_by(acting, "street"), in_public(sessions)) == (set(), [])


def test_an_alert_is_over_at_its_minute_with_the_clocks_worker_or_without(warner, acting, sessions):
    alert, draft = warner.issued(), warner.propose()
    late = alert.expires_at + timedelta(seconds=1)
    assert in_public(sessions, late) == []
    assert service.expire_due(sessions, now=now()) == 0
    assert service.expire_due(sessions, now=late + timedelta(minutes=1)) == 2
    assert service.expire_due(sessions, now=late + timedelta(minutes=1)) == 0
    with acting("street") as (session, _):
        states = [repository.visible(session, one.id).state for one in (alert, draft)]
    assert states == ["expired", "dropped"]


def test_a_draft_is_dropped_by_its_author_or_by_who_would_approve_it(warner):
    with pytest.raises(Forbidden):
        warner.drop(warner.propose("planner"), "crew")
    assert warner.drop(warner.propose(), "street").state == "dropped"
    dropped = warner.drop(warner.propose(), "wanzhou")
    with pytest.raises(Conflict):
        warner.issue(dropped)


def test_a_drill_is_seen_by_those_at_work_and_never_in_public(warner, acting, sessions):
    alert = warner.issued(is_drill=True)
    assert (seen_by(acting, "street"), in_public(sessions)) == ({alert.id}, [])
    with pytest.raises(Rejected, match="A drill follows"):
        warner.propose(follows=alert.id, why="转真")


def test_what_was_proposed_is_never_changed_afterwards(warner, acting):
    alert = warner.issued()
    with acting("wanzhou") as (session, _), pytest.raises(DBAPIError, match="permission denied"):
        session.execute(text("UPDATE alert SET colour = 'red' WHERE id = :id"), {"id": alert.id})


def test_every_centre_inside_hears_of_it(warner, owner):
    alert = warner.issued("wanzhou", "wanzhou2", area_paths=(WANZHOU,))
    told = select(LiveEvent).where(LiveEvent.topic == "alert", LiveEvent.kind == "issued")
    (event,) = owner.scalars(told)
    assert (event.ref, event.area_paths) == (alert.id, [WANZHOU, GAOSUNTANG, TAIBAI])


def test_what_lies_nowhere_or_is_no_hazard_is_refused(warner):
    beijing = MultiPolygon([box(116.3, 39.9, 116.4, 40)])
    for said, problem in (
        ({"hazard_type": "dragon"}, "no hazard type"),
        ({"area_paths": (), "drawn": beijing}, "no area"),
        ({"area_paths": (GAOSUNTANG + "9/",)}, "does not exist today"),
    ):
        with pytest.raises((Rejected, Missing), match=problem):
            warner.propose(**said)


def test_inside_is_one_rule_for_areas_and_drawings(warner, sessions):
    warner.issued(area_paths=(), drawn=WEST_OF_GAOSUNTANG)
    asked = text(
        "SELECT alert_holds_at(area_paths, drawn, :path, CAST(:place AS geometry))"
        " FROM public_alerts(now())"
    )
    with unit_of_work(sessions, RESIDENT) as session:
        for path, place, inside in [
            (GAOSUNTANG, IN_GAOSUNTANG, True), (TAIBAI, IN_TAIBAI, False),
        ]:  # fmt: skip
            there = {"path": path, "place": f"SRID=4326;{place.wkt}"}
            assert session.scalar(asked, there) is inside
