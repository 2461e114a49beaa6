"""Lists fall due: once for each point, list and turn, by the mode of the area, whoever runs it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import text

from gis.authority import Role
from gis.errors import Forbidden
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.duty import service as duty
from hazards.duty.rules import MemberEntry, Roster, UnitEntry, UnitKind
from hazards.tasks import lists, making
from tests.tasking import (
    codes,
    commander,
    generate,
    load_lists,
    point,
    put_points,
    switch,
    tasks,
    turn,
)
from tests.world import CITY, GAOSUNTANG, SHUANGJIANG, TAIBAI, WANZHOU, YUNYANG

# A Wednesday in the flood season, eleven in the morning in the city.
NOW = datetime(2026, 7, 1, 3, 0, tzinfo=UTC)
FLOOD = ["landslide_hidden_flood"]
URGENT = ["landslide_urgent"]


@pytest.fixture
def ground(sessions, world):
    """Three streets with two points each."""
    load_lists(sessions)
    streets = (GAOSUNTANG, TAIBAI, SHUANGJIANG)
    put_points(sessions, [point(path, NOW, n) for path in streets for n in (1, 2)])


def states(sessions, **wanted):
    found = tasks(sessions, **wanted)
    return {task.template_code: task.state for task in found}


def test_every_approved_point_gets_its_lists_and_twice_is_once(sessions, ground):
    gone = point(TAIBAI, NOW, 9, state="delisted", delisted_ground="works_finished")
    put_points(sessions, [gone])
    assert generate(sessions, NOW) == 6
    assert generate(sessions, NOW) == 0
    assert generate(sessions, NOW + timedelta(minutes=1)) == 0
    found = tasks(sessions)
    assert codes(found) == FLOOD
    assert gone.id not in {task.subject_id for task in found}
    (one, *_) = found
    assert (one.period, one.role, one.state, one.mode) == ("2026-W27/1", "patrol", "open", "peace")
    assert one.due_at - one.from_at == timedelta(hours=72)


def test_the_next_turn_brings_the_next_task_and_the_dry_season_other_lists(sessions, ground):
    generate(sessions, NOW)
    assert generate(sessions, NOW + timedelta(days=1)) == 6
    assert {t.period for t in tasks(sessions)} == {"2026-W27/1", "2026-W27/2"}
    # The last second of September, and the first of October, by the city's clock.
    edge = datetime(2026, 9, 30, 15, 59, 59, tzinfo=UTC)
    generate(sessions, edge)
    assert codes(tasks(sessions, period="2026-10")) == []
    generate(sessions, edge + timedelta(seconds=1))
    assert codes(tasks(sessions, period="2026-10")) == ["landslide_hidden_dry"]


def test_a_point_approved_later_gets_its_task_with_the_whole_time_to_do_it(sessions, ground):
    generate(sessions, NOW)
    later = NOW + timedelta(hours=9)
    put_points(sessions, [point(TAIBAI, later, 7)])
    assert generate(sessions, later) == 1
    (task,) = [t for t in tasks(sessions) if t.from_at == later]
    assert task.due_at == later + timedelta(hours=72)


def test_a_point_that_leaves_the_ledger_takes_along_what_nobody_has_begun(sessions, ground):
    generate(sessions, NOW)
    leaving, begun = tasks(sessions, area_path=TAIBAI)
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(text("UPDATE task SET state = 'begun' WHERE id = :id"), {"id": begun.id})
        session.execute(
            text("""UPDATE hazard_point SET state = 'delisted', delisted_ground = 'relocated',
                version = version + 1, changed_at = :at WHERE area_path = :path"""),
            {"at": NOW, "path": TAIBAI},
        )
    generate(sessions, NOW + timedelta(minutes=1))
    found = {t.id: (t.state, t.cancelled_why) for t in tasks(sessions, area_path=TAIBAI)}
    assert found == {leaving.id: ("cancelled", "point_gone"), begun.id: ("begun", None)}


def test_a_point_that_becomes_another_gives_up_its_list_and_an_undo_brings_it_back(
    sessions, ground
):
    generate(sessions, NOW)
    one, other = tasks(sessions, area_path=TAIBAI)

    def becomes(kind, minutes):
        with unit_of_work(sessions, SYSTEM) as session:
            session.execute(
                text("""UPDATE hazard_point SET hazard_type = :kind, version = version + 1,
                    changed_at = :at WHERE id = :id"""),
                {"kind": kind, "at": NOW + timedelta(minutes=minutes), "id": one.subject_id},
            )
        generate(sessions, NOW + timedelta(minutes=minutes))
        found = tasks(sessions, area_path=TAIBAI)
        return {(t.subject_id, t.template_code, t.state, t.cancelled_why) for t in found}

    stays = (other.subject_id, *FLOOD, "open", None)
    old, new = (one.subject_id, *FLOOD), (one.subject_id, "waterlogging_hidden_flood")
    gone = "cancelled", "point_changed"
    assert becomes("waterlogging", 1) == {stays, (*old, *gone), (*new, "open", None)}
    assert becomes("landslide", 2) == {stays, (*old, "open", None), (*new, *gone)}


def test_who_looks_after_a_point_and_can_sign_in_gets_its_tasks(sessions, ground):
    unit = UnitEntry("高笋塘", "Gaosuntang", UnitKind.CENTRE, "street", GAOSUNTANG)
    account = new_id()
    zhou = MemberEntry("周敏", "监测员", "13800001111", unit.id, account)
    with unit_of_work(sessions, SYSTEM) as session:
        duty.register(session, Roster([unit], [zhou]), area_path=CITY)
    put_points(sessions, [point(GAOSUNTANG, NOW, 5, owner_phone="13800001111")])
    generate(sessions, NOW)
    assert [(t.person, t.account_id) for t in tasks(sessions) if t.person] == [("周敏", account)]


def test_a_switch_starts_the_new_lists_and_cancels_only_what_nobody_has_begun(sessions, ground):
    generate(sessions, NOW)
    mine, _ = tasks(sessions, area_path=TAIBAI)
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(text("UPDATE task SET state = 'begun' WHERE id = :id"), {"id": mine.id})
    done = switch(sessions, WANZHOU, "urgent", NOW + timedelta(minutes=5))
    assert (done.started, done.cancelled) == (4, 3)
    assert states(sessions, area_path=GAOSUNTANG) == {
        "landslide_hidden_flood": "cancelled",
        "landslide_urgent": "open",
    }
    assert {t.state for t in tasks(sessions, id=mine.id)} == {"begun"}
    assert codes(tasks(sessions, area_path=SHUANGJIANG)) == FLOOD
    assert generate(sessions, NOW + timedelta(minutes=6)) == 0


def test_a_switch_back_in_the_same_turn_brings_the_tasks_back_and_a_round_after_the_rain(
    sessions, ground
):
    generate(sessions, NOW)
    switch(sessions, WANZHOU, "urgent", NOW + timedelta(minutes=5))
    back = switch(sessions, WANZHOU, "peace", NOW + timedelta(hours=2))
    assert (back.started, back.cancelled) == (8, 4)
    again = tasks(sessions, area_path=TAIBAI, template_code=FLOOD[0])
    assert {(t.state, t.cancelled_why) for t in again} == {("open", None)}
    rounds = tasks(sessions, area_path=TAIBAI, template_code=URGENT[0])
    ended = sorted((t.state, t.period.rpartition("/")[2]) for t in rounds)
    assert ended == [("cancelled", "6")] * 2 + [("open", "after")] * 2

    begun = next(t for t in rounds if t.state == "open")
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(text("UPDATE task SET state = 'begun' WHERE id = :id"), {"id": begun.id})
    switch(sessions, WANZHOU, "urgent", NOW + timedelta(hours=3))
    after = [t for t in tasks(sessions, area_path=TAIBAI) if t.period.endswith("/after")]
    assert {t.id: t.state for t in after if t.state != "cancelled"} == {begun.id: "begun"}
    assert {t.cancelled_why for t in after if t.id != begun.id} == {"mode"}


def test_each_war_has_its_own_evacuation(sessions, ground):
    switch(sessions, WANZHOU, "war", NOW)
    assert {"evacuation", "landslide_watch", "return_guard"} == set(codes(tasks(sessions)))
    first = {t.id for t in tasks(sessions, template_code="evacuation")}
    switch(sessions, WANZHOU, "peace", NOW + timedelta(hours=1))
    switch(sessions, WANZHOU, "war", NOW + timedelta(days=3))
    second = {t.id for t in tasks(sessions, template_code="evacuation", state="open")}
    assert (len(first), len(second)) == (4, 4)
    assert not first & second


def test_two_commanders_and_the_worker_at_the_same_moment_leave_one_mode_s_lists(sessions, ground):
    at = NOW + timedelta(minutes=5)
    ready = Barrier(3)

    def go(work):
        ready.wait()
        return work()

    jobs = (
        lambda: switch(sessions, WANZHOU, "urgent", at),
        lambda: switch(sessions, WANZHOU, "war", at),
        lambda: generate(sessions, at),
    )
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(go, jobs))
    generate(sessions, at + timedelta(minutes=1))
    owed = tasks(sessions, state="open")
    here = {t.mode for t in owed if t.area_path.startswith(WANZHOU)}
    with unit_of_work(sessions, SYSTEM) as session:
        stands = making.modes.mode_at(session, WANZHOU, at + timedelta(minutes=1))
    assert here == {stands.value}


def test_a_worker_killed_in_the_middle_leaves_whole_districts_and_the_next_makes_the_rest(
    sessions, ground
):
    class Killed(BaseException):
        """Nothing catches a kill."""

    def a_district_and_a_half():
        with unit_of_work(sessions, SYSTEM) as session:
            book, regions = lists.read(session), making.regions(session)
        for number, region in enumerate(regions):
            with unit_of_work(sessions, SYSTEM) as session:
                making.make_region(session, region, book, now=NOW)
                if number == 2:
                    raise Killed

    with pytest.raises(Killed):
        a_district_and_a_half()
    assert {t.area_path for t in tasks(sessions)} == {GAOSUNTANG, TAIBAI}
    assert generate(sessions, NOW) == 2
    assert len(tasks(sessions)) == 6


def test_another_district_sees_none_of_it_and_switches_nothing(sessions, ground):
    generate(sessions, NOW)
    yunyang = commander(YUNYANG)
    assert {t.area_path for t in tasks(sessions, Scope.of(yunyang))} == {SHUANGJIANG}
    planner = commander(WANZHOU, Role.PLANNER)
    with pytest.raises(Forbidden), unit_of_work(sessions, Scope.of(planner)) as session:
        turn(session, WANZHOU, "war", planner, NOW)
    assert codes(tasks(sessions)) == FLOOD


def test_a_district_commander_s_own_scope_is_enough_for_his_switch(sessions, ground, owner):
    generate(sessions, NOW)
    by = commander(WANZHOU)
    with unit_of_work(sessions, Scope.of(by)) as session:
        done = turn(session, WANZHOU, "urgent", by, NOW + timedelta(minutes=1))
    assert (done.started, done.cancelled) == (4, 4)
    acts = owner.execute(text("SELECT act, facts FROM audit_entry ORDER BY seq")).all()
    (facts,) = [facts for act, facts in acts if act == "tasks.switched"]
    assert (facts["why"], facts["started"], facts["cancelled"]) == ("暴雨橙色预警", 4, 4)
