"""Response levels: one per district and plan, with history, and the mode that follows."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from gis.errors import Conflict, Forbidden, Missing, Rejected
from gis.store.engine import unit_of_work
from gis.store.notify import LiveEvent
from gis.store.scope import SYSTEM, Scope
from hazards.modes import repository as modes
from hazards.modes.rules import Mode
from rescue_app.http.dependencies import COOKIE
from rescue_app.levels import following, repository, service
from rescue_app.levels.models import ResponseLevel
from rescue_app.levels.rules import Change, Own, followed
from rescue_app.levels.service import LevelDraft
from tests.world import CITY, GAOSUNTANG, SHUANGJIANG, TAIBAI, WANZHOU, YUNYANG

NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
WHY = "6 小时降雨 120 毫米"


@pytest.fixture
def put(sessions, cast):
    """`put("III", who="wanzhou")` sets a level as that person, an hour after the one before."""
    clock = iter(range(1000))

    def do(level, *, who="wanzhou", area=WANZHOU, plan="geological", now=None, **more):
        actor = cast.actor(who)
        draft = LevelDraft(area, plan, level, WHY, **more)
        at = now or NOW + timedelta(hours=next(clock))
        with unit_of_work(sessions, Scope.of(actor)) as session:
            return service.put(session, draft=draft, by=actor, now=at)

    return do


@pytest.fixture
def switch(sessions, cast):
    def do(mode, *, who="wanzhou", area=WANZHOU, days=1):
        actor = cast.actor(who)
        with unit_of_work(sessions, Scope.of(actor)) as session:
            following.switch_by_hand(session, area_path=area, mode=mode, reason="手动", by=actor,
                                     now=NOW + timedelta(days=days))  # fmt: skip

    return do


def mode(sessions, area=WANZHOU):
    with unit_of_work(sessions, SYSTEM) as session:
        return modes.mode_at(session, area, NOW + timedelta(days=30))


def test_a_level_starts_rises_falls_and_ends_and_the_mode_goes_with_it(put, sessions, owner):
    seen = []
    for level in ("IV", "II", "III", "III", None, None):
        done = put(level)
        seen.append((done.change, str(mode(sessions, GAOSUNTANG))))
    assert seen == [
        ("started", "urgent"),
        ("raised", "war"),
        ("lowered", "urgent"),
        (None, "urgent"),
        ("ended", "peace"),
        (None, "peace"),
    ]
    with unit_of_work(sessions, SYSTEM) as session:
        rows = list(reversed(repository.history(session, WANZHOU)))
        assert [row.level for row in rows] == ["IV", "II", "III"]
        assert [row.until for row in rows[:2]] == [row.since for row in rows[1:]]
        assert all(row.by_name == row.ended_by_name == "万主任" for row in rows)
        held_at = repository.at(session, TAIBAI, NOW + timedelta(minutes=30))
        assert [row.level for row in held_at] == ["IV"]
    query = select(LiveEvent).where(LiveEvent.topic == "level").order_by(LiveEvent.seq)
    told = owner.scalars(query).all()
    assert [event.kind for event in told] == ["started", "raised", "lowered", "ended"]
    assert set(told[0].area_paths) == {WANZHOU, GAOSUNTANG, TAIBAI}


def test_the_gravest_of_several_plans_decides_and_districts_stand_for_themselves(put, sessions):
    put("I", plan="waterlogging")
    put("IV")
    put("IV", who="city", area=YUNYANG)
    assert (mode(sessions), mode(sessions, SHUANGJIANG)) == (Mode.WAR, Mode.URGENT)
    put(None, plan="waterlogging")
    assert mode(sessions) is Mode.URGENT


def test_what_was_set_by_hand_stays_unless_a_rising_level_asks_for_more(put, switch, sessions):
    put("III")
    switch(Mode.WAR)
    put("IV", now=NOW + timedelta(days=2))
    assert mode(sessions) is Mode.WAR
    put(None, now=NOW + timedelta(days=3))
    assert mode(sessions) is Mode.WAR
    switch(Mode.PEACE)
    put("II", now=NOW + timedelta(days=4))
    assert mode(sessions) is Mode.WAR
    put(None, now=NOW + timedelta(days=5))
    assert mode(sessions) is Mode.PEACE


def test_whoever_sets_the_same_mode_by_hand_takes_it_over(put, switch, sessions):
    put("III")
    switch(Mode.URGENT)
    put(None, now=NOW + timedelta(days=2))
    assert mode(sessions) is Mode.URGENT


def test_a_district_never_follows_its_level_below_what_the_city_is_in(put, switch, sessions):
    switch(Mode.WAR, who="city", area=CITY)
    put("IV", now=NOW + timedelta(days=2))
    assert mode(sessions) is Mode.WAR


def test_a_city_that_calls_off_calls_off_what_only_followed(put, switch, sessions):
    put("I")
    switch(Mode.URGENT, who="city", area=CITY)
    put(None, now=NOW + timedelta(days=2))
    assert mode(sessions) is Mode.URGENT, "not below the city"
    switch(Mode.PEACE, who="city", area=CITY, days=3)
    assert mode(sessions) is Mode.PEACE


def test_a_level_in_force_holds_again_when_the_city_calls_off(put, switch, sessions):
    put("IV")
    put("IV", who="city", area=YUNYANG)
    switch(Mode.URGENT, who="city", area=YUNYANG)
    switch(Mode.WAR, who="city", area=CITY, days=2)
    assert mode(sessions, GAOSUNTANG) is Mode.WAR, "the city raises everybody"
    put(None, who="city", area=YUNYANG, now=NOW + timedelta(days=3))
    switch(Mode.PEACE, who="city", area=CITY, days=4)
    assert (mode(sessions), mode(sessions, SHUANGJIANG)) == (Mode.URGENT, Mode.PEACE)
    put(None, now=NOW + timedelta(days=5))
    assert mode(sessions) is Mode.PEACE


@pytest.mark.parametrize(
    ("own", "above", "asked", "change", "goal"),
    [
        (None, "peace", "peace", Change.ENDED, None),
        (Own(Mode.WAR, True), "urgent", "peace", Change.ENDED, "urgent"),
        (Own(Mode.URGENT, True), "peace", "urgent", Change.LOWERED, None),
        (Own(Mode.URGENT, False), "peace", "urgent", Change.RAISED, None),
        (Own(Mode.PEACE, False), "peace", "war", Change.LOWERED, None),
        (Own(Mode.PEACE, False), "peace", "war", Change.RAISED, "war"),
        (Own(Mode.WAR, True), "peace", "peace", None, "peace"),
        (Own(Mode.WAR, False), "peace", "peace", None, None),
        (None, "peace", "urgent", None, "urgent"),
    ],
)
def test_which_mode_follows(own, above, asked, change, goal):
    assert followed(own, above=Mode(above), asked=Mode(asked), change=change) == goal


def test_the_city_says_which_mode_follows_which_level(put, sessions, cast):
    with unit_of_work(sessions, Scope.of(cast.actor("city"))) as session:
        service.put_mode(session, level="IV", mode=Mode.PEACE, by=cast.actor("city"))
    put("IV")
    assert mode(sessions) is Mode.PEACE
    wanzhou = cast.actor("wanzhou")
    with pytest.raises(Forbidden), unit_of_work(sessions, Scope.of(wanzhou)) as session:
        service.put_mode(session, level="IV", mode=Mode.WAR, by=wanzhou)


def test_the_same_press_twice_is_one_and_a_page_that_is_behind_is_told(put, sessions):
    number = uuid4()
    assert put("III", id=number, seen="").change is Change.STARTED
    assert put("III", id=number, seen="").change is None
    with pytest.raises(Conflict, match="万主任"):
        put("I", seen="")
    assert put("I", seen="III").change is Change.RAISED


def test_two_commanders_at_once_come_one_after_the_other(put, sessions):
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda level: put(level, now=NOW), ("III", "II")))
    with unit_of_work(sessions, SYSTEM) as session:
        first, second = sorted(repository.history(session, WANZHOU), key=lambda row: row.since)
        assert (first.until, second.until) == (second.since, None)


@pytest.mark.parametrize(
    ("who", "area", "error"),
    [
        ("street", WANZHOU, Forbidden),
        ("planner", WANZHOU, Forbidden),
        ("yunyang", WANZHOU, Missing),
        ("wanzhou", GAOSUNTANG, Rejected),
        ("city", CITY, Rejected),
    ],
)
def test_who_may_not(put, who, area, error):
    with pytest.raises(error):
        put("III", who=who, area=area)


def test_the_database_holds_it_too(put, sessions, cast):
    put("III")
    for who, found in (("street", 1), ("yunyang", 0), ("city", 1)):
        with unit_of_work(sessions, Scope.of(cast.actor(who))) as session:
            assert len(session.scalars(select(ResponseLevel)).all()) == found
    again = text("""INSERT INTO response_level SELECT gen_random_uuid(), now(), area_path,
        plan_type, 'I', period, ground, by_id, by_name, NULL, NULL, NULL, false
        FROM response_level""")
    with pytest.raises(IntegrityError, match="one_level"), unit_of_work(sessions, SYSTEM) as s:
        s.execute(again)
    denied = pytest.raises(ProgrammingError, match="permission denied")
    with denied, unit_of_work(sessions, SYSTEM) as session:
        session.execute(text("UPDATE response_level SET ground = ''"))


def test_a_level_in_force_stands_above_what_is_real_and_not_above_drills(put, client, people, cast):
    put("II")
    client.cookies.set(COOKIE, people.token(cast.accounts["wanzhou"]))
    html = {"accept": "text/html"}
    assert "level-strip" in client.get("/incidents", headers=html).text
    assert "level-strip" not in client.get("/incidents?drills=true", headers=html).text
