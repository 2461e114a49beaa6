"""What answers to lists are tried with: a street with points, its patrol, and who is called."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from gis.authority import Role
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.calls.models import Call, CallLadder, CallRung
from hazards.duty import service as duty
from hazards.duty.rules import MemberEntry, Roster, UnitEntry, UnitKind
from tests.tasking import generate, load_lists, point, put_points
from tests.world import CITY, GAOSUNTANG, SHUANGJIANG, WANZHOU

FLOOD = "landslide_hidden_flood"

NEAR_THE_FIRST = {"lon": 108.3509, "lat": 30.8}


@pytest.fixture
def now():
    """The clock of the server that the tests speak to."""
    return datetime.now(UTC)


@pytest.fixture
def ground(sessions, world, now):
    """Two points in one street, one elsewhere, and the lists that are due there today."""
    load_lists(sessions)
    with unit_of_work(sessions, SYSTEM) as session:
        # It is the flood season all the year round, so that the tests may run on any day.
        session.execute(text("UPDATE threshold SET default_value = 1 WHERE code ~ 'flood_first'"))
        session.execute(text("UPDATE threshold SET default_value = 12 WHERE code ~ 'flood_last'"))
    early = now - timedelta(days=1)
    places = ((GAOSUNTANG, 1), (GAOSUNTANG, 2), (SHUANGJIANG, 1))
    put_points(sessions, [point(path, early, n, owner_phone="13800001111") for path, n in places])
    register(sessions)
    generate(sessions, now)


def register(sessions):
    """The street's centre with a leader and a deputy, the district's with a leader."""
    street = UnitEntry("高笋塘中心", "Street centre", UnitKind.CENTRE, "street", GAOSUNTANG)
    district = UnitEntry("万州中心", "District centre", UnitKind.CENTRE, "district", WANZHOU)
    members = [
        MemberEntry("高书记", "书记", "1", street.id, new_id()),
        MemberEntry("高副", "副主任", "2", street.id, new_id()),
        MemberEntry("万主任", "主任", "3", district.id, new_id()),
    ]
    with unit_of_work(sessions, SYSTEM) as session:
        duty.register(session, Roster([street, district], members), area_path=CITY)


@pytest.fixture
def patrol(client, ground, sign_in):
    return sign_in(client, Role.PATROL, GAOSUNTANG, name="覃小红")


def mine(client, **here):
    here = here or NEAR_THE_FIRST
    return client.get("/api/v1/tasks/mine", params=here).json()


def say(client, task_id, status=201, **said):
    body = {"id": str(uuid4()), "outcome": "all_normal"} | said
    answer = client.post(f"/api/v1/tasks/{task_id}/answers", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def calls(sessions):
    with unit_of_work(sessions, SYSTEM) as session:
        query = select(Call).where(Call.topic == "task").order_by(Call.opened_at)
        return list(session.scalars(query))


def rungs(sessions, call):
    with unit_of_work(sessions, SYSTEM) as session:
        query = select(CallRung).where(CallRung.call_id == call.id)
        found = session.scalars(query.order_by(CallRung.position, CallRung.name)).all()
        return [(rung.position, rung.kind, rung.name) for rung in found]


def grave_item(sessions):
    query = text("""SELECT code FROM checklist_item WHERE template_code = :code AND grade = 1
        AND kind = 'yes_no' AND bad_answer ORDER BY position LIMIT 1""")
    with unit_of_work(sessions, SYSTEM) as session:
        return session.scalar(query, {"code": FLOOD})


def is_open(sessions, call):
    with unit_of_work(sessions, SYSTEM) as session:
        query = select(CallLadder.state).where(CallLadder.call_id == call.id)
        return session.scalar(query) != "over"
