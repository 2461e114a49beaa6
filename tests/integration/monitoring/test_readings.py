"""Readings come in by key: each once, odd ones flagged, nobody's but one's own."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.monitoring import feeds, service
from hazards.monitoring.models import Datastream, Feed, MonitoringPoint, Reading
from hazards.monitoring.rules import Flag
from hazards.monitoring.service import Sent
from rescue_app.http.dependencies import COOKIE
from tests.monitoring import LIST, NOW, bring, way_in
from tests.world import WANZHOU, YUNYANG

WORDS = ("stream", "at", "value", "unit")
ROWS = text("SELECT stream, observed_at, value, flags, said FROM reading ORDER BY 2, 3")


@pytest.fixture
def city(cast):
    return cast.actor("city")


@pytest.fixture
def stations(sessions, city, tmp_path):
    return bring(sessions, tmp_path, city, *LIST)


@pytest.fixture
def send(client, sessions, city, stations):
    key = way_in(sessions, city)

    def post(*rows, key=key, kind="application/json", body=None):
        told = {"readings": [dict(zip(WORDS, row, strict=False)) for row in rows]}
        client.cookies.clear()
        headers = {"authorization": f"Bearer {key}", "content-type": kind}
        if body is not None:
            return client.post("/api/v1/readings", content=body, headers=headers)
        return client.post("/api/v1/readings", json=told, headers=headers)

    return post


def kept(sessions, scope=SYSTEM):
    with unit_of_work(sessions, scope) as session:
        return session.execute(ROWS).all()


def just_now(minutes=0.0):
    return (datetime.now(NOW.tzinfo) - timedelta(minutes=minutes)).isoformat()


def test_stations_come_in_with_their_streams_and_twice_is_no_change(
    sessions, city, stations, tmp_path
):
    assert (stations.new, stations.changed, stations.same) == (3, 0, 0)
    again = bring(sessions, tmp_path, city, *LIST)
    assert (again.new, again.changed, again.same) == (0, 0, 3)
    moved = (LIST[0].replace("108.35", "108.45"), LIST[1].replace("108.35", "108.45"))
    changed = bring(sessions, tmp_path, city, *moved)
    assert (changed.new, changed.changed) == (0, 2)
    with unit_of_work(sessions, SYSTEM) as session:
        one = session.scalars(select(MonitoringPoint).where(MonitoringPoint.code == "YB-1")).one()
        paths = session.scalars(select(Datastream.area_path).where(Datastream.point_id == one.id))
        assert set(paths) == {one.area_path} == {f"{WANZHOU}500101002/"}


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ((LIST[0], LIST[0]), "already"),
        ((LIST[0], LIST[1].replace("龙宝", "宝龙")), "another name"),
        ((LIST[0].replace("降雨量", "happiness"),), "property"),
        ((LIST[0].replace("108.35", "116.35"),), "area"),
    ],
)
def test_a_list_that_contradicts_itself_is_refused_by_line(sessions, city, tmp_path, rows, words):
    report = bring(sessions, tmp_path, city, *rows)
    assert report.refused == 1
    refused = report.refusals[0]
    assert words in f"{refused.column} {refused.reason}"


def test_a_reading_is_kept_once_however_often_it_comes(send, sessions):
    row = ("YB-1/rain", just_now(), 2.5, "mm")
    assert send(row).json() == {"kept": 1, "same": 0, "flagged": {}, "refused": []}
    assert send(row, row).json() == {"kept": 0, "same": 2, "flagged": {}, "refused": []}
    assert [value for _, _, value, _, _ in kept(sessions)] == [2.5]
    with unit_of_work(sessions, SYSTEM) as session:
        last = session.scalars(select(Datastream.last_value).where(Datastream.property == "rain"))
        assert 2.5 in set(last)


def test_what_cannot_be_is_refused_by_its_number_and_the_rest_is_kept(send, sessions):
    told = send(
        ("YB-9/rain", just_now(), 1),
        ("YB-1/rain", "yesterday", 1),
        ("YB-1/rain", just_now(), "wet"),
        ("YB-1/rain", just_now(), 1),
        ("YB-1/gas", just_now(), 1),
    ).json()
    assert told["kept"] == 1
    assert [one["number"] for one in told["refused"]] == [0, 1, 2, 4]
    assert len(kept(sessions)) == 1


def test_odd_readings_are_kept_flagged_and_none_is_zero(send, sessions):
    told = send(
        ("YB-1/rain", just_now(4), "NA"),
        ("YB-1/rain", just_now(3), -9999),
        ("YB-1/rain", just_now(2), 999),
        ("YB-1/rain", just_now(-60), 1),
        ("YB-1/rain", just_now(1), 3, "furlong"),
        ("YB-1/rain", just_now(60 * 24), 1, "cm"),
    ).json()
    assert told["kept"] == 6
    assert told["flagged"] == {"missing": 2, "range": 1, "future": 1, "unit": 1, "late": 1}
    values = {said: value for _, _, value, _, said in kept(sessions)}
    assert values == {"NA": None, "-9999": None, "3 furlong": None, "1 cm": 10.0, None: 1.0}


def test_a_second_value_for_a_moment_stands_beside_the_first_and_is_not_believed(send, sessions):
    at = just_now()
    send(("YB-1/rain", at, 2))
    assert send(("YB-1/rain", at, 3)).json()["flagged"] == {"contradicts": 1}
    assert [(value, Flag(flags)) for _, _, value, flags, _ in kept(sessions)] == [
        (2.0, Flag(0)),
        (3.0, Flag.CONTRADICTS),
    ]
    with unit_of_work(sessions, SYSTEM) as session:
        assert 2.0 in set(session.scalars(select(Datastream.last_value)))


def test_an_older_reading_does_not_push_the_latest_aside(send, sessions):
    send(("YB-1/water_level", just_now(1), 3.0))
    send(("YB-1/water_level", just_now(60), 2.0))
    with unit_of_work(sessions, SYSTEM) as session:
        level = session.scalars(select(Datastream).where(Datastream.property == "water_level"))
        assert level.one().last_value == 3.0
    assert len(kept(sessions)) == 2


def test_readings_are_seen_where_their_station_is(send, sessions, cast):
    send(("YB-1/rain", just_now(), 1), ("YB-2/rain", just_now(), 2))
    for area, values in ((WANZHOU, [1.0]), (YUNYANG, [2.0])):
        who = cast.actor("wanzhou" if area == WANZHOU else "yunyang")
        assert [value for _, _, value, _, _ in kept(sessions, Scope.of(who))] == values


def test_a_feed_of_a_district_brings_nothing_for_another(client, sessions, cast, send):
    key = way_in(sessions, cast.actor("wanzhou"))
    told = send(("YB-1/rain", just_now(), 1), ("YB-2/rain", just_now(), 2), key=key).json()
    assert (told["kept"], [one["number"] for one in told["refused"]]) == (1, [1])


@pytest.mark.parametrize("key", ["", "wrong", "x" * 5000])
def test_without_a_known_key_nothing_comes_in(send, sessions, key):
    answer = send(("YB-1/rain", just_now(), 1), key=key)
    assert answer.status_code == 403
    assert kept(sessions) == []


def test_an_old_key_is_dead_and_a_feed_can_be_switched_off(send, sessions, city):
    with unit_of_work(sessions, Scope.of(city)) as session:
        feed = session.scalars(select(Feed)).one()
        key = feeds.new_key(session, feed.id, by=city)
    assert send(("YB-1/rain", just_now(), 1)).status_code == 403
    assert send(("YB-1/rain", just_now(), 1), key=key).status_code == 200
    draft = feeds.FeedDraft(feed.name, feed.source, feed.per_minute, active=False, id=feed.id)
    with unit_of_work(sessions, Scope.of(city)) as session:
        feeds.keep(session, draft, by=city)
    assert send(("YB-1/rain", just_now(), 2), key=key).status_code == 403


def test_a_feed_that_runs_too_fast_is_told_to_wait_and_loses_nothing(send, sessions, city):
    key = way_in(sessions, city, per_minute=2)
    rows = [("YB-1/rain", just_now(n), n) for n in range(3)]
    refused = send(*rows, key=key)
    assert (refused.status_code, refused.json()["code"]) == (429, "throttled")
    assert send(*rows[:2], key=key).status_code == 200
    assert send(rows[2], key=key).status_code == 429
    assert send(*rows).json() == {"kept": 1, "same": 2, "flagged": {}, "refused": []}


@pytest.mark.parametrize("kind", ["application/json", "text/csv", "application/senml+json", "x/y"])
def test_a_body_that_is_nothing_is_refused_whole(send, kind):
    answer = send(kind=kind, body=b"\x00\xff{")
    assert answer.status_code == 422
    assert answer.json()["code"] == "rejected"


def test_the_same_batch_from_several_sides_at_once_is_kept_once(sessions, stations):
    sent = [Sent(f"YB-{1 + n % 2}/rain", NOW - timedelta(minutes=n), 0.5) for n in range(40)]

    def bring_once(turned):
        with unit_of_work(sessions, SYSTEM) as session:
            batch = sent[::-1] if turned else sent
            return service.take(session, batch, source="hydro", area_path="/", now=NOW).kept

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(bring_once, [0, 1] * 4)) == 40
    assert len(kept(sessions)) == 40


def test_no_role_but_the_program_writes_a_reading(sessions, city, stations):
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        unit_of_work(sessions, Scope.of(city)) as session,
    ):
        session.execute(text("SELECT reading_month('2026-07-01')"))
        session.add(
            Reading(stream=1, observed_at=NOW, value=1.0, flags=0, received_at=NOW, said=None)
        )


def test_a_sign_that_no_database_keeps_holds_up_nobody(send, sessions):
    told = send(
        ("YB-1/rain", just_now(1), 1, "m\0m"),
        ("YB-1\0/gas", just_now(), 1),
        ("YB-1/rain", just_now(2), "we\0t"),
        ("YB-1/rain", just_now(3), 2, "\0furlong"),
    ).json()
    assert (told["kept"], [one["number"] for one in told["refused"]]) == (2, [1, 2])


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "x", "2026-13-45"])
def test_a_day_that_cannot_be_shows_the_usual_span(client, sessions, people, cast, stations, day):
    client.cookies.set(COOKIE, people.token(cast.accounts["city"]))
    with unit_of_work(sessions, SYSTEM) as session:
        point = session.scalars(select(MonitoringPoint.id)).first()
    assert client.get(f"/monitoring/{point}?until={day}").status_code == 200
    assert client.get(f"/monitoring/{point}/backtest?first={day}&last={day}").status_code == 200
