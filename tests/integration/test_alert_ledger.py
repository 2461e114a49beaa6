"""1,031 towns are warned at night and every fifth stays silent: each ends with somebody's name."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import PROGRAM, SYSTEM
from hazards.alerts import board, service, spreading
from hazards.alerts.calling import AT_ONCE
from hazards.alerts.rules import AlertDraft
from hazards.calls import repository as calls
from hazards.calls import worker
from hazards.calls.lines import line
from hazards.calls.models import CallRung
from hazards.calls.rules import EventKind
from hazards.calls.settling import settle
from tests.tasking import load_lists
from tests.towns import TOWNS, build_towns, town
from tests.warning import now
from tests.world import CITY

FLASH = timedelta(seconds=180)
SECOND = timedelta(seconds=1)
NO_NAME = text("""
    SELECT count(*) FROM alert_answer a WHERE stands IN ('waiting', 'climbing', 'silent')
        AND (due_at < :now AND stands <> 'silent' OR NOT EXISTS (SELECT FROM call_rung r
            WHERE r.ladder_id = a.ladder_id AND r.position = a.position AND r.name <> ''))
""")


@pytest.fixture
def start():
    return now()


@pytest.fixture
def root(sessions, cast, start):
    """A red warning of the whole city, issued and not a second old."""
    load_lists(sessions)
    with unit_of_work(sessions, SYSTEM) as session:
        build_towns(session, now=start)
    told = AlertDraft(new_id(), "red", "landslide", start + timedelta(hours=6), (CITY,))
    with unit_of_work(sessions, SYSTEM) as session:
        service.propose(session, draft=told, by=cast.actor("city"), now=start, synthetic=True)
        service.issue(session, alert_id=told.id, by=PROGRAM, now=start)
    return told.id


@pytest.fixture
def says(sessions):
    """`says(towns, now, position=1)`: whoever is on that rung of these towns answers yes."""

    def go(numbers, at, *, position, taken_by=None):
        paths = {town(number) for number in numbers}
        with unit_of_work(sessions, SYSTEM) as session:
            query = select(CallRung).where(CallRung.position == position)
            rungs = [one for one in session.scalars(query) if first_of(session, one) in paths]
            usual = {"id": None, "taken_by": taken_by, "channel": "page"}
            rows = [
                line([one], EventKind.YES, PROGRAM, at)
                | usual
                | {"id": new_id(), "rung_ids": [one.id]}
                for one in rungs
            ]
            calls.add_events(session, rows)
            settle(session, {one.ladder_id for one in rungs}, at)
        return len(rungs)

    return go


def first_of(session, rung):
    """Give the town that a ladder is about."""
    known = session.info.setdefault("towns", {})
    if not known:
        query = select(CallRung.ladder_id, CallRung.area_path).where(CallRung.position == 0)
        known |= {row.ladder_id: row.area_path for row in session.execute(query)}
    return known[rung.ladder_id]


@pytest.fixture
def stands(sessions, root):
    """Give how all the calls stand; at no moment is one open without a name."""

    def ask(at):
        worker.tick(sessions, now=at)
        with unit_of_work(sessions, SYSTEM) as session:
            assert session.scalar(NO_NAME, {"now": at}) == 0
            sums = Counter()
            for row in board.stands(session, root).streets:
                sums.update({name: getattr(row, name) for name in KINDS})
        return {name: count for name, count in sums.items() if count}

    return ask


KINDS = ("people", "first", "deputy", "superior", "by_hand", "waiting", "climbing", "silent")


def test_1031_towns_of_which_every_fifth_is_silent_all_end_with_a_name(
    sessions, root, says, stands, start
):
    assert stands(start + SECOND) == {"people": AT_ONCE, "waiting": AT_ONCE}
    assert spreading.go_on(sessions, now=start + SECOND) == TOWNS - AT_ONCE
    assert spreading.go_on(sessions, now=start + SECOND) == 0
    silent = range(0, TOWNS, 5)
    awake = sorted(set(range(TOWNS)) - set(silent))
    assert says(awake, start + 20 * SECOND, position=0) == len(awake)
    first = {"people": TOWNS, "first": len(awake)}
    assert stands(start + 21 * SECOND) == first | {"waiting": len(silent)}
    after = start + FLASH + 5 * SECOND
    assert stands(after) == first | {"climbing": len(silent)}
    third = len(silent) // 3
    says(silent[:third], after + SECOND, position=1)
    says(silent[third : 2 * third], after + 2 * SECOND, position=1, taken_by="door")
    answered = first | {"deputy": third, "by_hand": third}
    left = len(silent) - 2 * third
    after += FLASH + 5 * SECOND
    assert stands(after) == answered | {"climbing": left}
    says(silent[2 * third : -1], after + SECOND, position=2)
    answered |= {"superior": left - 1}
    assert stands(after + 2 * SECOND) == answered | {"climbing": 1}
    after += 2 * FLASH
    assert stands(after) == answered | {"silent": 1}
    with unit_of_work(sessions, SYSTEM) as session:
        (nobody,) = board.stands(session, root).open
    assert nobody.asked_name == f"{town(silent[-1])[:15]}值班"
    says(silent[-1:], after + SECOND, position=2, taken_by="phone")
    assert stands(after + 2 * SECOND) == answered | {"superior": left}
