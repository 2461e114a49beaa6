"""Peace, urgent, war: the nearest area decides, a switch is one switch, and the log knows why."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from gis.authority import Actor, Role
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.notify import LiveEvent
from gis.store.scope import SYSTEM, Scope
from hazards.modes import repository, service
from hazards.modes.models import AreaMode
from hazards.modes.rules import Mode
from tests.world import CITY, GAOSUNTANG, SHUANGJIANG, TAIBAI, WANZHOU, YUNYANG

NOW = datetime(2026, 7, 1, 4, 0, tzinfo=UTC)
WHY = "暴雨橙色预警"


def commander(area_path, role=Role.DISTRICT_COMMANDER):
    return Actor(new_id(), "万主任", role, area_path)


def switch(sessions, area_path, mode, *, by=None, now=NOW, reason=WHY, **more):
    by = by or commander(CITY, Role.CITY_COMMANDER)
    with unit_of_work(sessions, Scope.of(by)) as session:
        return service.switch(
            session, area_path=area_path, mode=mode, reason=reason, by=by, now=now, **more
        )


def standing(sessions, at=NOW + timedelta(hours=1), scope=SYSTEM):
    with unit_of_work(sessions, scope) as session:
        paths = (CITY, WANZHOU, GAOSUNTANG, TAIBAI, YUNYANG)
        return [repository.mode_at(session, path, at).value for path in paths]


@pytest.fixture
def ground(sessions, world):
    """The small city of tests/world.py."""


def test_the_nearest_area_that_was_switched_decides_and_without_any_it_is_peace(sessions, ground):
    assert standing(sessions) == ["peace"] * 5
    switch(sessions, WANZHOU, Mode.URGENT)
    switch(sessions, TAIBAI, Mode.WAR, now=NOW + timedelta(minutes=1))
    assert standing(sessions) == ["peace", "urgent", "urgent", "war", "peace"]
    assert standing(sessions, at=NOW - timedelta(seconds=1)) == ["peace"] * 5


def test_raising_an_area_raises_what_stands_lower_inside_and_lowering_leaves_it(sessions, ground):
    switch(sessions, WANZHOU, Mode.URGENT)
    switch(sessions, GAOSUNTANG, Mode.PEACE, now=NOW + timedelta(minutes=1))
    switch(sessions, TAIBAI, Mode.WAR, now=NOW + timedelta(minutes=2))
    done = switch(sessions, CITY, Mode.WAR, now=NOW + timedelta(minutes=3))
    assert done.raised_below == 2
    assert standing(sessions) == ["war"] * 5
    switch(sessions, CITY, Mode.PEACE, now=NOW + timedelta(minutes=4))
    assert standing(sessions) == ["peace", "peace", "peace", "war", "peace"]


def test_the_same_switch_twice_is_one_and_into_the_same_mode_none(sessions, ground):
    first = switch(sessions, WANZHOU, Mode.URGENT, id=(number := uuid4()))
    again = switch(sessions, WANZHOU, Mode.URGENT, id=number, now=NOW + timedelta(hours=2))
    other = switch(sessions, WANZHOU, Mode.URGENT, reason="又一次", now=NOW + timedelta(hours=3))
    assert (first.new, again.new, other.new) == (True, False, False)
    with unit_of_work(sessions, SYSTEM) as session:
        (row,) = session.scalars(select(AreaMode)).all()
        assert (row.since, row.until, row.reason) == (NOW, None, WHY)


def test_two_commanders_at_the_same_moment_come_one_after_the_other(sessions, ground):
    def go(mode):
        return switch(sessions, WANZHOU, mode, by=commander(WANZHOU)).row.id

    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(go, (Mode.URGENT, Mode.WAR)))
    with unit_of_work(sessions, SYSTEM) as session:
        rows = session.scalars(select(AreaMode).order_by(func.lower(AreaMode.period))).all()
    assert {row.id for row in rows} == set(made)
    assert rows[0].until == rows[1].since
    assert rows[1].until is None


def test_the_database_itself_refuses_two_modes_at_once(sessions, ground):
    switch(sessions, WANZHOU, Mode.URGENT)
    with pytest.raises(IntegrityError, match="one_mode"), unit_of_work(sessions, SYSTEM) as session:
        session.execute(
            text("""INSERT INTO area_mode (id, area_path, mode, period, reason, by_id, by_name,
                synthetic) SELECT gen_random_uuid(), area_path, 'war', period, '', by_id, '', false
                FROM area_mode""")
        )


def test_a_switch_is_logged_with_its_reason_and_announced_to_every_centre_inside(
    sessions, ground, owner
):
    switch(sessions, WANZHOU, Mode.URGENT)
    switch(sessions, WANZHOU, Mode.PEACE, reason="雨停", now=NOW + timedelta(hours=5))
    lines = owner.execute(text("SELECT facts FROM audit_entry ORDER BY seq")).scalars().all()
    said = [(line["was"], line["became"], line["why"]) for line in lines]
    assert said == [("peace", "urgent", WHY), ("urgent", "peace", "雨停")], json.dumps(lines)
    told = owner.scalars(select(LiveEvent).order_by(LiveEvent.seq)).first()
    assert (told.topic, told.kind) == ("mode", "urgent")
    assert set(told.area_paths) == {WANZHOU, GAOSUNTANG, TAIBAI}


@pytest.mark.parametrize(
    ("role", "area", "target", "status"),
    [
        (Role.STREET_COMMANDER, GAOSUNTANG, GAOSUNTANG, 201),
        (Role.STREET_COMMANDER, GAOSUNTANG, WANZHOU, 403),
        (Role.DISTRICT_COMMANDER, WANZHOU, GAOSUNTANG, 201),
        (Role.DISTRICT_COMMANDER, WANZHOU, YUNYANG, 404),
        (Role.DISTRICT_COMMANDER, WANZHOU, SHUANGJIANG, 404),
        (Role.PLANNER, WANZHOU, WANZHOU, 403),
        (Role.CITY_COMMANDER, CITY, "/500000/999999/", 404),
    ],
)
def test_only_a_commander_of_the_area_switches_it(
    client, ground, sign_in, role, area, target, status
):
    sign_in(client, role, area)
    body = {"id": str(uuid4()), "area_path": target, "mode": "urgent", "reason": WHY}
    assert client.post("/api/v1/modes", json=body).status_code == status


def test_a_street_reads_what_the_district_decided_and_another_district_nothing(
    client, sessions, ground, sign_in
):
    switch(sessions, WANZHOU, Mode.URGENT)
    sign_in(client, Role.PATROL, GAOSUNTANG)
    told = client.get(f"/api/v1/modes?area={GAOSUNTANG}").json()
    assert (told["mode"], told["decided"]["area_path"]) == ("urgent", WANZHOU)
    assert "暴雨橙色预警" in client.get("/modes").text
    sign_in(client, Role.DISTRICT_COMMANDER, YUNYANG)
    assert client.get(f"/api/v1/modes?area={WANZHOU}").json()["mode"] == "peace"
    assert client.get(f"/api/v1/modes/history?area={WANZHOU}").json() == []
    assert "暴雨橙色预警" not in client.get(f"/modes?area={WANZHOU}").text


def test_the_pill_in_the_top_bar_says_the_mode_of_the_reader_s_area(
    client, sessions, ground, sign_in
):
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG)
    assert "Peace mode" in client.get("/points?lang=en").text
    now = datetime.now(UTC)
    switch(sessions, WANZHOU, Mode.WAR, now=now)
    for address in ("/points", "/findings", "/help"):
        bar = client.get(address).text.split("</header>")[0]
        assert "War mode" in bar, address
    assert client.get("/no-such-page").status_code == 404


def test_the_page_switches_and_a_form_without_a_reason_comes_back(client, ground, sign_in):
    sign_in(client, Role.DISTRICT_COMMANDER, WANZHOU)
    form = {"id": str(uuid4()), "area": WANZHOU, "mode": "war", "reason": "  "}
    back = client.post("/modes", data=form)
    assert back.status_code == 422
    assert 'value="war" required checked' in back.text
    assert client.post("/modes", data=form | {"reason": "险情"}).status_code == 303
    assert "险情" in client.get("/modes?lang=en").text


def test_the_form_stands_out_of_reach_of_live_news(client, ground, sign_in):
    sign_in(client, Role.DISTRICT_COMMANDER, WANZHOU)
    sent = {"id": str(uuid4()), "area": GAOSUNTANG, "mode": "war", "reason": " "}
    page = client.post(f"/modes?area={GAOSUNTANG}", data=sent).text
    live = page.split("data-live=")[1].split("<aside")[0]
    assert f'action="/modes?area={GAOSUNTANG}"' in page, "news is of the area that was shown"
    assert "这里还没有切换过状态" in live
    assert 'id="switch"' not in live
