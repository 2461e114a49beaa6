"""Lists that are overdue ring, as one matter, and end with the last answer."""

from datetime import timedelta

from sqlalchemy import text

from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.tasks import overdue
from tests.answering import calls, ground, is_open, now, patrol, rungs, say
from tests.tasking import switch, tasks
from tests.world import GAOSUNTANG, WANZHOU

__all__ = ["ground", "now", "patrol"]


def test_three_hundred_overdue_lists_of_one_street_are_one_matter_that_the_last_answer_ends(
    client, sessions, patrol, now
):
    later = now + timedelta(days=8)
    ours = tasks(sessions, area_path=GAOSUNTANG)
    assert overdue.call_overdue(sessions, now=later) == 2
    assert overdue.call_overdue(sessions, now=later + timedelta(minutes=1)) == 0
    (call,) = [one for one in calls(sessions) if one.area_path == GAOSUNTANG]
    assert call.text_en == "2 lists are overdue"
    assert [name for _, _, name in rungs(sessions, call)] == ["高书记", "高副", "万主任"]
    for left, task in enumerate(ours):
        assert is_open(sessions, call) is True, left
        say(client, str(task.id))
    assert is_open(sessions, call) is False


def test_a_person_s_own_overdue_lists_call_him_first_and_a_cancelled_one_stops_ringing(
    sessions, ground, now
):
    account = new_id()
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(
            text("UPDATE task SET account_id = :id, person = '周敏' WHERE area_path = :path"),
            {"id": account, "path": GAOSUNTANG},
        )
    later = now + timedelta(days=8)
    overdue.call_overdue(sessions, now=later)
    (call,) = [one for one in calls(sessions) if one.area_path == GAOSUNTANG]
    assert [name for _, _, name in rungs(sessions, call)] == ["周敏", "高书记", "万主任"]
    switch(sessions, WANZHOU, "war", later)
    overdue.end_cancelled(sessions, now=later)
    assert is_open(sessions, call) is False


def test_lists_that_are_overdue_after_the_day_s_matter_is_over_ring_anew(
    client, sessions, patrol, now
):
    first, *others = tasks(sessions, area_path=GAOSUNTANG)
    set_due = text("UPDATE task SET due_at = :at WHERE id = ANY(:ids)")
    for hours, ids in ((1, [first.id]), (3, [task.id for task in others])):
        with unit_of_work(sessions, SYSTEM) as session:
            session.execute(set_due, {"at": now + timedelta(hours=hours), "ids": ids})
    overdue.call_overdue(sessions, now=now + timedelta(hours=2))
    say(client, str(first.id))
    overdue.call_overdue(sessions, now=now + timedelta(hours=4))
    rang = [one for one in calls(sessions) if one.area_path == GAOSUNTANG]
    assert sorted(is_open(sessions, one) for one in rang) == [False, True]
