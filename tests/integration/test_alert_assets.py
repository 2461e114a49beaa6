"""A warning over roads and bridges: lists owed inside and nowhere else, done at the scan."""

from datetime import timedelta
from uuid import UUID

import pytest
from shapely import MultiPolygon, box
from sqlalchemy import text, update

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.alerts import spreading
from hazards.calls.models import Call
from hazards.tasks import overdue
from hazards.tasks.models import Task
from tests.patrols import labelled, load_reference, visit
from tests.rounds import Street
from tests.tasking import load_lists, tasks
from tests.warning import Warner, now
from tests.world import GAOSUNTANG

URGENT = {"template_code": "bridge_urgent", "template_version": 1}
AROUND = MultiPolygon([box(108.349, 30.799, 108.351, 30.801)])
MOVED = text("""
    UPDATE asset SET place = ST_SetSRID(ST_Point(:x, 30.8), 4326), version = version + 1,
        changed_at = now() WHERE id = :id
""")


@pytest.fixture
def street(client, people, cast, sessions):
    """The people of the cast, in the world where the warning is."""
    load_reference(sessions)
    return Street(client, people, cast)


@pytest.fixture
def bridge(street, sessions):
    """A labelled bridge in the street; the street's officer is signed in."""
    load_lists(sessions)
    street.sign_in("street")
    return labelled(street.client, owner_unit="市政养护中心", owner_phone="023-58111111")


@pytest.fixture
def warner(acting):
    return Warner(acting)


def owed(sessions):
    """Give what is owed at assets: which list, and in which state."""
    return {one.template_code: one.state for one in tasks(sessions) if one.state != "cancelled"}


def move(sessions, bridge, x):
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(MOVED, {"x": x, "id": bridge.asset["id"]})


def test_a_bridge_inside_owes_the_lists_of_the_colour_and_only_what_is_begun_outlives_it(
    warner, bridge, sessions
):
    yellow = warner.issued(area_paths=(), drawn=AROUND, colour="yellow")
    assert owed(sessions) == {"bridge_patrol": "open", "bridge_urgent": "open"}
    red = warner.propose(follows=yellow.id, why="加大", colour="red", area_paths=(), drawn=AROUND)
    warner.issue(red)
    assert set(owed(sessions)) == {"bridge_patrol", "bridge_urgent", "bridge_watch"}
    with unit_of_work(sessions, SYSTEM) as session:
        begun = update(Task).where(Task.template_code == "bridge_watch").values(state="begun")
        session.execute(begun)
    blue = warner.propose(follows=red.id, why="减弱", colour="blue", area_paths=(), drawn=AROUND)
    warner.issue(blue)
    assert owed(sessions) == {"bridge_patrol": "open", "bridge_watch": "begun"}
    warner.cancel(blue)
    assert owed(sessions) == {"bridge_watch": "begun"}


def test_what_is_moved_in_gets_its_lists_and_what_is_moved_out_loses_what_nobody_began(
    warner, bridge, sessions
):
    move(sessions, bridge, 108.36)
    warner.issued(area_paths=(), drawn=AROUND, colour="yellow")
    assert owed(sessions) == {}
    move(sessions, bridge, 108.35)
    for minute in (1, 2):
        spreading.keep_up(sessions, now=now() + timedelta(minutes=minute))
    assert owed(sessions) == {"bridge_patrol": "open", "bridge_urgent": "open"}
    with unit_of_work(sessions, SYSTEM) as session:
        rang = session.query(Call).filter_by(topic="alert").count()
        begun = update(Task).where(Task.template_code == "bridge_urgent").values(state="begun")
        session.execute(begun)
    assert rang == 1
    move(sessions, bridge, 108.36)
    spreading.keep_up(sessions, now=now() + timedelta(minutes=3))
    assert owed(sessions) == {"bridge_urgent": "begun"}


def test_one_scan_fills_every_list_that_asks_the_same_and_the_page_asks_the_next(
    warner, bridge, client, street, sessions
):
    warner.issued(area_paths=(), drawn=AROUND, colour="red")
    street.sign_in("patrol")
    (stop,) = client.get("/api/v1/tasks/mine").json()
    assert (stop["kind"], len(stop["tasks"])) == ("asset", 3)
    first = client.get(f"/c/{bridge.code}").text
    assert 'value="bridge_urgent"' in first
    assert f"/c/{bridge.code}?list=bridge_watch" in first
    done = client.post("/api/v1/inspections", json=visit(bridge.code, **URGENT)).json()
    assert {one.template_code for one in tasks(sessions, answer_id=UUID(done["id"]))} == {
        "bridge_urgent"
    }
    after = client.get(f"/c/{bridge.code}").text
    assert 'value="bridge_urgent"' not in after
    assert client.get(f"/c/{bridge.code}?list=bridge_watch").text.count('value="bridge_watch"') == 1
    assert "还有" in client.get(f"/c/{bridge.code}/done/{done['id']}").text


def test_a_list_of_an_asset_stands_on_the_round_the_board_and_the_asset_s_page(
    warner, bridge, client, street, sessions
):
    warner.issued(area_paths=(), drawn=AROUND, colour="blue")
    (task,) = tasks(sessions)
    there = f"/assets/{bridge.asset['id']}"
    assert f'href="{there}"' in client.get("/tasks?state=due").text
    assert f"/tasks/{task.id}" in client.get(there).text
    of_bridges = client.get("/tasks?state=due&hazard_type=bridge").text
    assert str(task.id) in of_bridges
    assert '<option value="bridge" selected>' in of_bridges
    street.sign_in("patrol")
    assert f"/tasks/{task.id}" in client.get("/round").text
    form = client.get(f"/tasks/{task.id}").text
    assert f'data-asset="{bridge.asset["id"]}"' in form
    assert f"/api/v1/tasks/{task.id}/begin" in form
    sent = {"id": visit("")["id"], "outcome": "all_normal", "template_code": "bridge_patrol",
            "template_version": "1"}  # fmt: skip
    kept = client.post(f"/tasks/{task.id}", data=sent, follow_redirects=True)
    assert kept.url.path == f"/tasks/{task.id}/done/{sent['id']}"
    assert [one.state for one in tasks(sessions)] == ["done"]
    assert f"/tasks/{task.id}/done/{sent['id']}" in client.get(f"/tasks/{task.id}").text


def test_an_overdue_list_of_an_asset_rings_and_another_district_sees_none_of_it(
    warner, bridge, client, sign_in, sessions
):
    warner.issued(area_paths=(GAOSUNTANG,), colour="blue")
    assert overdue.call_overdue(sessions, now=now() + timedelta(days=30)) == 1
    sign_in(client, Role.DISTRICT_COMMANDER, "/500000/500235/")
    assert client.get(f"/tasks/{tasks(sessions)[0].id}").status_code == 404
