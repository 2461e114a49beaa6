"""Tracks on the server: one's own, any order, seen by one's own centre alone, gone in time."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from gis.authority import Actor, Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from qr_codes.tracks import service
from tests.world import CITY, GAOSUNTANG, TAIBAI, WANZHOU

pytestmark = pytest.mark.usefixtures("world")
STEP_DEG = 20 / 111_195
BEGAN = datetime.now(UTC) - timedelta(hours=1)


@pytest.fixture
def patrol(client, sign_in):
    return sign_in(client, Role.PATROL, GAOSUNTANG, "覃小红").id


def spots(count=51, *, first=0):
    return [
        {"n": n, "at": (BEGAN + timedelta(seconds=15 * n)).isoformat(), "lon": 108.35,
         "lat": 30.8 + n * STEP_DEG, "accuracy_m": 5}
        for n in range(first, first + count)
    ]  # fmt: skip


def send(client, account, *, track, some=(), **said):
    body = {
        "by": str(account),
        "begun_at": BEGAN.isoformat(),
        "spots": list(some),
    } | said
    return client.post(f"/api/v1/tracks/{track}/spots", json=body)


def test_batches_in_any_order_and_any_number_of_times_give_one_way(client, patrol):
    track, other = uuid4(), uuid4()
    whole = send(client, patrol, track=track, some=spots()).json()
    for first in (34, 0, 34, 17, 0, 17):
        last = send(client, patrol, track=other, some=spots(17, first=first))
    assert last.json()["length_m"] == whole["length_m"] == pytest.approx(1000, abs=2)
    shown = client.get(f"/api/v1/tracks/{other}").json()
    assert len(shown["lines"]) == 1
    assert len(shown["lines"][0]) == 51


def test_stop_means_stop_also_when_the_stop_arrives_first(client, patrol, owner):
    ended = (BEGAN + timedelta(seconds=15 * 25)).isoformat()
    early, late = uuid4(), uuid4()
    send(client, patrol, track=early, ended_at=ended)
    send(client, patrol, track=early, some=spots())
    send(client, patrol, track=late, some=spots())
    send(client, patrol, track=late, ended_at=ended)
    found = [client.get(f"/api/v1/tracks/{one}").json()["length_m"] for one in (early, late)]
    assert found == [pytest.approx(500, abs=2)] * 2
    kept = owner.execute(text("select count(*) from track_spot")).scalar()
    owner.rollback()
    assert kept == 52


@pytest.mark.parametrize(
    ("role", "area", "status"),
    [
        (Role.STREET_COMMANDER, GAOSUNTANG, 200),
        (Role.STREET_COMMANDER, TAIBAI, 404),
        (Role.DISTRICT_COMMANDER, WANZHOU, 404),
        (Role.CITY_COMMANDER, CITY, 404),
        (Role.PLANNER, WANZHOU, 404),
        (Role.PATROL, GAOSUNTANG, 404),
    ],
)
def test_ones_own_centre_may_look_and_nobody_else(
    client, patrol, sign_in, sessions, role, area, status
):
    track = uuid4()
    send(client, patrol, track=track, some=spots())
    other = sign_in(client, role, area, "高书记")
    assert client.get(f"/api/v1/tracks/{track}").status_code == status
    assert client.get(f"/tracks/{track}").status_code == status
    assert len(client.get("/api/v1/tracks").json()) == (status == 200)
    assert client.delete(f"/api/v1/tracks/{track}").status_code == 404
    assert send(client, other.id, track=track, some=spots()).status_code in {403, 404}
    with unit_of_work(sessions, Scope.of(Actor(other.id, "高书记", role, area))) as session:
        seen = session.execute(text("select count(*) from track_spot")).scalar()
    assert seen == (51 if status == 200 else 0)


def test_the_person_reads_who_looked(client, sign_in):
    patrol = sign_in(client, Role.PATROL, GAOSUNTANG, "覃小红").id
    mine, track = client.cookies.get("yitong_session"), uuid4()
    send(client, patrol, track=track, some=spots())
    assert "只有您本人看过" in client.get(f"/tracks/{track}").text
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG, "高书记")
    seen = client.get(f"/tracks/{track}").text
    assert "1.00 km" in seen
    assert "现在删除" not in seen
    client.cookies.set("yitong_session", mine)
    assert "高书记" in client.get(f"/tracks/{track}").text


def test_a_track_taken_back_is_gone_at_once_and_what_still_comes_is_not_kept(client, patrol, owner):
    track = uuid4()
    send(client, patrol, track=track, some=spots(20))
    assert client.delete(f"/api/v1/tracks/{track}").status_code == 204
    late = send(client, patrol, track=track, some=spots(20, first=20)).json()
    assert late["withdrawn_at"]
    assert late["length_m"] == 0
    assert owner.execute(text("select count(*) from track_spot")).scalar() == 0
    owner.rollback()
    assert client.get("/api/v1/tracks").json() == []


def test_a_track_is_removed_on_the_day_that_was_promised(client, patrol, sessions, owner):
    track = uuid4()
    until = datetime.fromisoformat(
        send(client, patrol, track=track, some=spots()).json()["keep_until"]
    )
    assert until == BEGAN + timedelta(days=7)
    for moment, left in ((until - timedelta(seconds=1), 51), (until, 0)):
        with unit_of_work(sessions, SYSTEM) as session:
            service.forget_old(session, now=moment)
        assert owner.execute(text("select count(*) from track_spot")).scalar() == left
        owner.rollback()
    old = (datetime.now(UTC) - timedelta(days=8)).isoformat()
    assert send(client, patrol, track=uuid4(), some=spots(), begun_at=old).status_code == 409


def test_nobody_sends_as_somebody_else_and_nothing_absurd_is_taken(client, patrol):
    assert send(client, uuid4(), track=uuid4(), some=spots(1)).status_code == 403
    wrong = spots(1)
    wrong[0]["lat"] = 300
    assert send(client, patrol, track=uuid4(), some=wrong).status_code == 422
    assert send(client, patrol, track=uuid4(), some=spots(501)).status_code == 422
