"""An alert meets the ledger: lists for each point inside and no other, one call for each person."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box
from sqlalchemy import select, text, update

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.alerts import board, service, spreading
from hazards.alerts.models import AlertCall
from hazards.calls import service as calls
from hazards.calls.drafts import AnswerDraft, TakenBy
from hazards.calls.models import Call, CallRung
from hazards.calls.rules import EventKind
from hazards.tasks.models import Task
from hazards.tasks.subjects import Subject
from tests.tasking import load_lists, point, put_points, switch
from tests.warning import Warner, now
from tests.world import GAOSUNTANG, IN_GAOSUNTANG, TAIBAI, WANZHOU

EAST = MultiPolygon([box(108.3505, 30.79, 108.3525, 30.81)])
"""Around the first two points of the street."""
# Two of his lie inside; one has no owner, one is out of use, one lies beside.
ASSETS = text("""
    WITH kind AS (INSERT INTO asset_type (code, position, icon, geometry, name_zh, name_en)
        VALUES ('bridge', 1, 'road', 'point', '桥', 'Bridge') RETURNING code)
    INSERT INTO asset (id, type_code, name, area_path, street, owner_unit, owner_phone, rank,
        facts, place, synthetic, retired_at)
    SELECT gen_random_uuid(), code, n, path, '', unit, phone, '', '{}',
        ST_SetSRID(ST_Point(108.35, 30.8), 4326), true, gone
    FROM kind, (VALUES ('a', :inside, '市政养护中心', '023-1', NULL),
        ('b', :inside, '市政养护中心', '023-1', NULL), ('c', :inside, '', '', NULL),
        ('d', :inside, '别家', '023-2', now()), ('e', :beside, '别家', '023-2', NULL)
        ) AS one (n, path, unit, phone, gone)
""")


@pytest.fixture
def warner(acting, sessions):
    load_lists(sessions)
    return Warner(acting)


@pytest.fixture
def points(warner, sessions):
    """Four points of one street whose owner is one person, and one of its neighbour's."""
    owner = {"owner_name": "周敏", "owner_phone": "13911112222"}
    made = [point(GAOSUNTANG, now(), n, **owner) for n in range(1, 5)]
    made.append(point(TAIBAI, now(), 1, owner_name="吴强", owner_phone="13933334444"))
    put_points(sessions, made)
    return made


def found(sessions, table, **wanted):
    with unit_of_work(sessions, SYSTEM) as session:
        return session.scalars(select(table).filter_by(**wanted)).all()


def owed(sessions):
    """Give which lists each point or asset owes, by its number."""
    numbers = {one.id: one.number for one in found(sessions, Subject)}
    lists = {}
    for task in found(sessions, Task):
        if task.state in ("open", "begun"):
            lists.setdefault(numbers[task.subject_id], set()).add(task.template_code)
    return lists


def rang(sessions):
    """Give whom each open call asks first, and what about."""
    with unit_of_work(sessions, SYSTEM) as session:
        query = select(CallRung.name, Call.text_zh).join(Call, Call.id == CallRung.call_id)
        query = query.where(Call.topic == "alert", Call.over_at.is_(None), CallRung.position == 0)
        return sorted(tuple(row) for row in session.execute(query))


def test_points_inside_get_the_lists_of_the_colour_and_of_the_calmer_ones(warner, points, sessions):
    warner.issued(area_paths=(), drawn=EAST, colour="yellow")
    lists = owed(sessions)
    assert set(lists) == {points[0].number, points[1].number}
    assert lists[points[0].number] == {"landslide_hidden_flood", "landslide_urgent"}
    blue = warner.issued("wanzhou", "wanzhou2", area_paths=(TAIBAI,), colour="blue")
    assert owed(sessions)[points[4].number] == {"landslide_hidden_flood"}
    (task,) = [one for one in found(sessions, Task) if one.subject_id == points[4].id]
    assert (task.alert_id, task.due_at - task.from_at) == (blue.id, timedelta(hours=72))


def test_an_upgrade_adds_only_the_difference_and_a_downgrade_takes_only_what_nobody_began(
    warner, points, sessions
):
    yellow = warner.issued(colour="yellow", area_paths=(), drawn=EAST)
    before = {one.id for one in found(sessions, Task)}
    red = warner.propose(follows=yellow.id, why="加大", colour="red", area_paths=(), drawn=EAST)
    warner.issue(red)
    after = {one.id for one in found(sessions, Task)}
    assert before < after
    graver = [one for one in found(sessions, Task) if one.id not in before]
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(update(Task).where(Task.id == graver[0].id).values(state="begun"))
    calm = warner.propose(follows=red.id, why="减弱", colour="yellow", area_paths=(), drawn=EAST)
    warner.issue(calm)
    states = {one.id: one.state for one in found(sessions, Task)}
    assert {states[one] for one in before} == {"open"}
    assert states[graver[0].id] == "begun"
    assert {states[one.id] for one in graver[1:]} == {"cancelled"}
    again = warner.propose(follows=calm.id, why="又加大", colour="red", area_paths=(), drawn=EAST)
    warner.issue(again)
    assert len(found(sessions, Task)) == len(after)
    assert {one.state for one in found(sessions, Task)} == {"open", "begun"}
    warner.cancel(again)
    assert owed(sessions) == {
        next(p.number for p in points if p.id == graver[0].subject_id): {graver[0].template_code}
    }


def test_a_person_is_called_once_however_many_points_he_has_inside(warner, points, sessions):
    alert = warner.issued("wanzhou", "wanzhou2", area_paths=(WANZHOU,))
    assert rang(sessions) == [
        ("吴强", "滑坡橙色预警：您负责的 1 处点位在范围内，请按清单处置"),
        ("周敏", "滑坡橙色预警：您负责的 4 处点位在范围内，请按清单处置"),
    ]
    assert warner.issue(alert, "wanzhou2").id == alert.id
    assert len(found(sessions, Call, topic="alert")) == 2
    warner.cancel(alert)
    assert rang(sessions) == []


def test_a_graver_colour_calls_anew_a_wider_area_only_who_is_new_and_a_smaller_one_lets_go(
    warner, points, sessions
):
    first = warner.issued(area_paths=(GAOSUNTANG,), colour="yellow")
    wide = warner.propose("wanzhou", follows=first.id, why="扩大", colour="yellow",
                          area_paths=(WANZHOU,))  # fmt: skip
    warner.issue(wide, "wanzhou2")
    called = sorted((row.name, row.alert_id) for row in found(sessions, AlertCall))
    assert called == [("吴强", wide.id), ("周敏", first.id)]
    red = warner.propose("wanzhou", follows=wide.id, why="加大", colour="red",
                         area_paths=(TAIBAI,))  # fmt: skip
    warner.issue(red, "wanzhou2")
    assert [(name, said[:6]) for name, said in rang(sessions)] == [("吴强", "滑坡红色预警")]


def test_the_board_says_by_street_who_has_answered_and_at_whose_door_it_was(
    warner, points, sessions, acting
):
    alert = warner.issued("wanzhou", "wanzhou2", area_paths=(WANZHOU,))
    with acting("street") as (session, by):
        (zhou,) = board.stands(session, alert.root_id).open
        assert (zhou.name, zhou.points, zhou.stands, zhou.asked_name) == (
            "周敏", 4, "waiting", "周敏",
        )  # fmt: skip
        door = AnswerDraft(EventKind.YES, taken_by=TakenBy.DOOR)
        told = {"person_id": zhou.person_id, "by": by, "now": now()}
        calls.answer(session, call_id=zhou.call_id, draft=door, **told)
    with acting("wanzhou") as (session, _):
        sums = {one.path: one for one in board.stands(session, alert.root_id).streets}
        assert (sums[GAOSUNTANG].by_hand, sums[TAIBAI].waiting) == (1, 1)
        (knocked,) = board.stands(session, alert.root_id).others
        assert (knocked.name, knocked.taken_by, knocked.by_name) == ("周敏", "door", "高书记")
        assert [one.name for one in board.stands(session, alert.root_id).open] == ["吴强"]
    with acting("yunyang") as (session, _):
        assert board.stands(session, alert.root_id).streets == []


def test_a_switch_of_the_mode_leaves_the_lists_of_an_alert_alone(warner, points, sessions):
    warner.issued(area_paths=(), drawn=EAST, colour="yellow")
    before = owed(sessions)
    switch(sessions, WANZHOU, "war", now())
    switch(sessions, WANZHOU, "peace", now() + timedelta(minutes=1))
    of_alert = {one.state for one in found(sessions, Task) if one.alert_id}
    assert (of_alert, before.keys() <= owed(sessions).keys()) == ({"open"}, True)


def test_the_owner_of_a_bridge_inside_is_called_once_for_all_that_is_his(warner, owner, sessions):
    owner.execute(ASSETS, {"inside": GAOSUNTANG, "beside": TAIBAI})
    owner.commit()
    warner.issued(area_paths=(GAOSUNTANG,))
    ((name, said),) = rang(sessions)
    assert (name, "您负责的 2 处设施在范围内" in said) == ("市政养护中心", True)


def test_a_drill_calls_people_and_makes_no_lists(warner, points, sessions):
    warner.issued(is_drill=True)
    assert (owed(sessions), len(rang(sessions))) == ({}, 1)
    assert {one.is_drill for one in found(sessions, Call, topic="alert")} == {True}


def test_a_point_that_comes_in_afterwards_gets_its_lists_within_the_minute(
    warner, points, sessions
):
    warner.issued(area_paths=(), drawn=EAST)
    assert spreading.keep_up(sessions, now=now()) == 0
    late = point(GAOSUNTANG, now(), 8, place=IN_GAOSUNTANG.buffer(0.001).exterior.interpolate(0))
    put_points(sessions, [late])
    assert spreading.keep_up(sessions, now=now() + timedelta(minutes=1)) > 0
    assert late.number in owed(sessions)


def test_what_is_over_by_the_clock_asks_nothing_any_more(warner, points, sessions):
    alert = warner.issued(area_paths=(), drawn=EAST)
    service.expire_due(sessions, now=alert.expires_at + timedelta(minutes=1))
    assert (owed(sessions), rang(sessions)) == ({}, [])


CORNERS = st.lists(
    st.tuples(st.integers(0, 80), st.integers(0, 80)), min_size=3, max_size=7, unique=True
)


# Roads that run through the same ground; some only touch what is drawn.
ROADS = text("""
    WITH kind AS (INSERT INTO asset_type (code, position, icon, geometry, name_zh, name_en)
        VALUES ('road_section', 1, 'road', 'line', '路', 'Road')
        ON CONFLICT (code) DO UPDATE SET position = 1 RETURNING code)
    INSERT INTO asset (id, type_code, name, area_path, street, owner_unit, owner_phone, rank,
        facts, place, synthetic)
    SELECT gen_random_uuid(), code, '', :path, '', '', '', '', '{}', ST_SetSRID(ST_MakeLine(
        ST_Point(108.312 + a / 100.0, 30.712 + b / 50.0),
        ST_Point(108.319 + a / 100.0, 30.722 + b / 50.0)), 4326), true
    FROM kind, generate_series(0, 7) AS a, generate_series(0, 7) AS b
""")


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(corners=CORNERS, colour=st.sampled_from(["blue", "red"]))
def test_nothing_inside_is_without_lists_and_nothing_outside_has_any(
    warner, sessions, owner, corners, colour
):
    shape = Polygon([(108.31 + x / 1000, 30.71 + y / 500) for x, y in corners])
    if not shape.is_valid or shape.area < 1e-6:
        return
    with unit_of_work(sessions, SYSTEM) as session:
        empty(owner)
        session.add_all(
            point(GAOSUNTANG, now(), n, place=box(x, y, x, y).centroid)
            for n, (x, y) in enumerate(
                (108.315 + a / 100, 30.715 + b / 50) for a in range(8) for b in range(8)
            )
        )
        session.execute(ROADS, {"path": GAOSUNTANG})
    warner.issued(area_paths=(), drawn=MultiPolygon([shape]), colour=colour)
    inside = {one.number for one in found(sessions, Subject) if shape.intersects(one.place)}
    assert set(owed(sessions)) == inside


def empty(owner):
    owner.execute(text("TRUNCATE hazard_point, asset, task, alert, alert_step, alert_call CASCADE"))
    owner.commit()
