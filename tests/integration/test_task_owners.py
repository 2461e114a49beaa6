"""Lists go to whom the responsibility list names where nobody of the role is, and climb so."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text, update

from gis.authority import Role
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.calls.models import Call, CallRung
from hazards.duty import listing
from hazards.duty import service as duty
from hazards.duty.lists import Words
from hazards.duty.models import Member
from hazards.duty.rules import MemberEntry, Roster, UnitEntry, UnitKind
from hazards.tasks import handing, overdue, worker
from rescue_app.auth.models import Account
from rescue_app.http.dependencies import COOKIE
from tests.cast import build_cast
from tests.channelling import Phones
from tests.ledger import PROGRAM
from tests.outside import outside
from tests.tasking import (
    commander,
    generate,
    load_lists,
    point,
    put_points,
    switch,
    tasks,
    turn,
)
from tests.world import CITY, GAOSUNTANG, SHUANGJIANG, TAIBAI, WANZHOU

__all__ = ["outside"]

# A Wednesday in the flood season, eleven in the morning in the city.
NOW = datetime(2026, 7, 1, 3, 0, tzinfo=UTC)
LINE = {"level": "district", "lead": "规划和自然资源局", "valid_from": "2026-01-01"}
BUREAU = ("谭局长", "冉副局长", "邓科长")


@pytest.fixture
def accounts():
    """What the bureau's people sign in with; the section head cannot."""
    return {"谭局长": new_id(), "冉副局长": new_id(), "邓科长": None}


@pytest.fixture
def ground(sessions, world, accounts):
    """Two streets of Wanzhou with a landslide each, one of Yunyang; the bureau of Wanzhou."""
    load_lists(sessions)
    put_points(sessions, [point(path, NOW) for path in (GAOSUNTANG, TAIBAI, SHUANGJIANG)])
    bureau = UnitEntry("万州区规划和自然资源局", "", UnitKind.DEPARTMENT, "district", WANZHOU)
    street = UnitEntry("高笋塘中心", "", UnitKind.CENTRE, "street", GAOSUNTANG)
    city = UnitEntry("市中心", "", UnitKind.CENTRE, "city", CITY)
    people = [MemberEntry(who, "", f"1390000000{n}", bureau.id, accounts[who])
              for n, who in enumerate(BUREAU)]  # fmt: skip
    people += [
        MemberEntry("高书记", "书记", "1", street.id),
        MemberEntry("陈市长", "", "2", city.id),
    ]
    with unit_of_work(sessions, SYSTEM) as session:
        duty.register(session, Roster([bureau, street, city], people), area_path=CITY)
    lay_down(sessions, {"matter": "landslide"})


def lay_down(sessions, *rows, area_path=CITY):
    """Bring lines into an area's list."""
    by = type(PROGRAM)(PROGRAM.id, PROGRAM.name, PROGRAM.role, area_path)
    with unit_of_work(sessions, SYSTEM) as session:
        told = list(enumerate([LINE | row for row in rows], start=1))
        found = listing.compare(session, told, words=Words({}, {}), by=by)
        assert not found.refused
        listing.take_over(session, found, by=by, now=NOW)


def sign_up(sessions, role, area_path, **more):
    with unit_of_work(sessions, SYSTEM) as session:
        session.add(
            Account(login=str(new_id()), name="x", role=role, area_path=area_path,
                    password_hash="-", **more)
        )  # fmt: skip


def leave(sessions, name, day):
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(update(Member).where(Member.name == name).values(until=day))


def carried(sessions, **wanted):
    return {task.area_path: (task.person, task.account_id) for task in tasks(sessions, **wanted)}


def rungs(sessions):
    """Who would be called, call by call, in their order."""
    query = select(Call, CallRung).join(CallRung, CallRung.call_id == Call.id)
    query = query.order_by(Call.area_path, CallRung.position, CallRung.name)
    found: dict[UUID, list[tuple[str, str]]] = {}
    with unit_of_work(sessions, SYSTEM) as session:
        for call, rung in session.execute(query):
            found.setdefault(call.id, []).append((rung.kind, rung.name))
    return list(found.values())


def test_where_nobody_of_the_role_is_there_the_list_says_whose_it_is(sessions, ground, accounts):
    sign_up(sessions, Role.PATROL, TAIBAI)
    sign_up(sessions, Role.PATROL, GAOSUNTANG, active=False)
    sign_up(sessions, Role.CREW, GAOSUNTANG)
    assert generate(sessions, NOW) == 3
    assert carried(sessions) == {
        GAOSUNTANG: ("谭局长", accounts["谭局长"]),
        TAIBAI: ("", None),
        SHUANGJIANG: ("陈市长", None),
    }
    # A patrol of the whole district sees every street of it.
    sign_up(sessions, Role.PATROL, WANZHOU)
    generate(sessions, NOW + timedelta(days=1))
    assert carried(sessions, period="2026-W27/2")[GAOSUNTANG] == ("", None)


def test_who_looks_after_a_point_comes_before_the_list_until_he_leaves(
    sessions, ground, accounts, owner
):
    own = point(GAOSUNTANG, NOW, 5, owner_name="冉副局长", owner_phone="13900000001")
    put_points(sessions, [own])
    generate(sessions, NOW)
    assert [t.person for t in tasks(sessions, subject_id=own.id)] == ["冉副局长"]
    leave(sessions, "冉副局长", date(2026, 7, 2))
    worker.tick(sessions, now=NOW)
    assert [t.person for t in tasks(sessions, subject_id=own.id)] == ["冉副局长"]
    worker.tick(sessions, now=NOW + timedelta(days=1))
    found = tasks(sessions, subject_id=own.id)
    assert {(t.person, t.account_id) for t in found} == {("谭局长", accounts["谭局长"])}
    told = owner.scalars(text("SELECT facts FROM audit_entry WHERE act = 'tasks.handed_on'")).all()
    assert [facts["count"] for facts in told] == [1]


def test_a_point_whose_owner_has_left_climbs_to_the_head_of_the_unit(sessions, ground, accounts):
    lay_down(sessions, {"matter": "landslide", "first_name": "邓科长"}, area_path=WANZHOU)
    generate(sessions, NOW)
    assert carried(sessions)[TAIBAI] == ("邓科长", None)
    leave(sessions, "邓科长", date(2026, 7, 2))
    later = NOW + timedelta(days=1)
    put_points(sessions, [point(TAIBAI, later, 7)])
    generate(sessions, later)
    newest = tasks(sessions, period="2026-W27/2", area_path=TAIBAI)
    assert {(t.person, t.account_id) for t in newest} == {("谭局长", accounts["谭局长"])}
    # He could not sign in: what was his is known by his name, and goes on all the same.
    handing.hand_on(sessions, now=later)
    assert carried(sessions, period="2026-W27/1") == {
        GAOSUNTANG: ("谭局长", accounts["谭局长"]),
        TAIBAI: ("谭局长", accounts["谭局长"]),
        SHUANGJIANG: ("陈市长", None),
    }


def test_overdue_lists_climb_from_the_first_to_the_deputy_to_whoever_is_above(sessions, ground):
    generate(sessions, NOW)
    overdue.call_overdue(sessions, now=NOW + timedelta(days=4))
    bureau = [("first", "谭局长"), ("deputy", "冉副局长")]
    assert rungs(sessions) == [
        # Both streets are one man's and one call; nobody but him and those above is woken.
        [*bureau, ("superior", "陈市长")],
        [("first", "陈市长")],
    ]


def test_overdue_lists_of_one_who_cannot_sign_in_are_one_matter_too(sessions, ground):
    lay_down(sessions, {"matter": "landslide", "first_name": "邓科长"}, area_path=WANZHOU)
    generate(sessions, NOW)
    overdue.call_overdue(sessions, now=NOW + timedelta(days=4))
    assert [first for first, *_ in rungs(sessions)] == [("first", "邓科长"), ("first", "陈市长")]


def test_who_carries_a_list_and_cannot_sign_in_is_called_first_and_answers_by_a_digit(
    sessions, ground, outside, client, people, world
):
    lay_down(sessions, {"matter": "landslide", "first_name": "邓科长"}, area_path=WANZHOU)
    generate(sessions, NOW)
    # Since the lists were made, another one of the bureau has the matter.
    lay_down(sessions, {"matter": "landslide", "valid_from": "2026-07-02",
                        "first_name": "冉副局长", "deputy_name": "谭局长"},
             area_path=WANZHOU)  # fmt: skip
    later = NOW + timedelta(days=4)
    cast = build_cast(sessions)
    phones = Phones(sessions, cast)
    phones.gateway("短信", outside.at("accept/40"))
    overdue.call_overdue(sessions, now=later)
    assert rungs(sessions)[0] == [
        ("first", "邓科长"), ("first", "冉副局长"), ("deputy", "谭局长"), ("superior", "陈市长"),
    ]  # fmt: skip
    phones.tick(later)
    assert "13900000002" in [each.phone for each in phones.sent()]
    word = {"id": "t1", "type": "answer", "from": "13900000002", "text": "2 路断了"}
    (heard,) = phones.hears("短信", word, now=later + timedelta(minutes=1))
    assert heard.reply == "已记录：不能，正在叫下一个人。"
    phones.tick(later + timedelta(minutes=2))
    word = {"id": "t2", "type": "answer", "from": "13900000001", "text": "1"}
    assert phones.hears("短信", word, now=later + timedelta(minutes=3))[0].outcome == "kept"
    (task,) = tasks(sessions, area_path=TAIBAI)
    client.cookies.set(COOKIE, people.token(cast.accounts["wanzhou"]))
    shown = client.get(f"/tasks/{task.id}", headers={"accept-language": "zh"}).text
    assert "邓科长" in shown
    assert "路断了" in shown
    assert "冉副局长</span> · 收到" in shown


def test_a_patrol_s_overdue_list_climbs_to_whom_the_list_names(sessions, ground):
    sign_up(sessions, Role.PATROL, GAOSUNTANG)
    lay_down(sessions, {"matter": "landslide", "first_name": "邓科长", "deputy_name": "冉副局长"},
             area_path=WANZHOU)  # fmt: skip
    generate(sessions, NOW)
    qin = new_id()
    with unit_of_work(sessions, SYSTEM) as session:
        given = text("UPDATE task SET account_id = :id, person = '覃小红' WHERE area_path = :path")
        session.execute(given, {"id": qin, "path": GAOSUNTANG})
    overdue.call_overdue(sessions, now=NOW + timedelta(days=4))
    bureau = [("first", "邓科长"), ("deputy", "冉副局长"), ("superior", "谭局长")]
    assert rungs(sessions)[0] == [
        ("first", "覃小红"), *bureau, ("superior", "高书记"), ("superior", "陈市长"),
    ]  # fmt: skip


def test_a_district_s_own_switch_asks_the_city_s_list_and_another_district_sees_nothing(
    sessions, ground, accounts
):
    generate(sessions, NOW)
    by = commander(WANZHOU)
    with unit_of_work(sessions, Scope.of(by)) as session:
        turn(session, WANZHOU, "urgent", by, NOW + timedelta(minutes=5))
    urgent = carried(sessions, mode="urgent")
    assert urgent == dict.fromkeys((GAOSUNTANG, TAIBAI), ("谭局长", accounts["谭局长"]))
    assert {t.area_path for t in tasks(sessions, Scope.of(commander("/500000/500235/")))} == {
        SHUANGJIANG
    }
    assert switch(sessions, WANZHOU, "peace", NOW + timedelta(minutes=9)).cancelled == 2
