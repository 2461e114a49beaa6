"""Signing in: passwords, locks, cookies, forged requests, and whose eyes a request has."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from gis.authority import Act, Actor, Role, may
from gis.errors import Rejected
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from rescue_app.auth import service as auth
from rescue_app.auth.models import Account, SignIn
from rescue_app.http.dependencies import COOKIE
from tests.world import CITY, GAOSUNTANG, WANZHOU, YUNYANG

PASSWORD = "yitong-demo"


@pytest.fixture
def planner(sessions):
    with unit_of_work(sessions, SYSTEM) as session:
        return auth.add_account(
            session,
            login="planner",
            name="王敏",
            password=PASSWORD,
            role=Role.PLANNER,
            area_path=WANZHOU,
        )


def try_password(client, password, **more):
    return client.post("/sign-in", data={"login": "planner", "password": password} | more)


def test_the_right_password_signs_in_and_leads_back(client, planner):
    answer = try_password(client, PASSWORD, next="/points?page=2")
    assert (answer.status_code, answer.headers["location"]) == (303, "/points?page=2")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_the_way_back_stays_on_our_site(client, planner, target):
    assert try_password(client, PASSWORD, next=target).headers["location"] == "/"


def test_a_wrong_password_says_so_in_chinese_and_english(client, planner):
    assert "账号或密码不对" in try_password(client, "wrong").text
    client.cookies.set("yitong_lang", "en")
    answer = try_password(client, "wrong")
    assert answer.status_code == 401
    assert "Login or password is wrong" in answer.text


def test_five_wrong_passwords_lock_even_the_right_one(client, planner):
    for _ in range(5):
        try_password(client, "wrong")
    answer = try_password(client, PASSWORD)
    assert answer.status_code == 422
    assert "set-cookie" not in answer.headers


def test_signing_out_ends_the_session_on_the_server(client, sign_in, sessions):
    sign_in(client, Role.PLANNER, WANZHOU)
    assert client.post("/sign-out").status_code == 303
    with unit_of_work(sessions, SYSTEM) as session:
        assert session.scalars(select(SignIn)).all() == []


def test_an_expired_session_signs_nobody_in(sessions, people):
    token = people.token(people.add(Role.PLANNER, WANZHOU))
    later = datetime.now(UTC) + timedelta(days=2)
    with unit_of_work(sessions, SYSTEM) as session:
        assert auth.enter(session, token, now=later, life=timedelta(days=1)) is None


def test_a_session_in_use_is_prolonged(sessions, people):
    account = people.add(Role.PLANNER, WANZHOU)
    token = people.token(account)
    life = timedelta(days=1)
    noon = datetime.now(UTC) + timedelta(hours=12)
    with unit_of_work(sessions, SYSTEM) as session:
        actor = auth.enter(session, token, now=noon, life=life)
        assert actor == account.as_actor()
    with unit_of_work(sessions, SYSTEM) as session:
        evening = noon + timedelta(hours=20)
        assert auth.enter(session, token, now=evening, life=life) is not None


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "", "origin": "https://evil.example"},
    ],
)
def test_a_request_forged_by_another_site_is_refused(client, sign_in, headers):
    sign_in(client, Role.CITY_COMMANDER)
    assert client.post("/sign-out", headers=headers).status_code == 403


def test_short_passwords_and_taken_logins_are_refused(sessions, planner):
    with pytest.raises(Rejected, match="at least 10"), unit_of_work(sessions, SYSTEM) as session:
        auth.add_account(
            session, login="x", name="x", password="short", role=Role.CREW, area_path=CITY
        )


def test_a_district_sees_its_own_accounts_and_no_other(sessions, people):
    people.add(Role.CREW, GAOSUNTANG)
    people.add(Role.CREW, YUNYANG)
    with unit_of_work(sessions, Scope(WANZHOU, Role.PLANNER)) as session:
        assert [a.area_path for a in session.scalars(select(Account))] == [GAOSUNTANG]


def test_only_commanders_change_accounts_even_by_hand_made_query(sessions, people):
    people.add(Role.CREW, GAOSUNTANG)
    grab = text("UPDATE account SET role = 'city_commander'")
    with unit_of_work(sessions, Scope(WANZHOU, Role.PLANNER)) as session:
        assert session.execute(grab).rowcount == 0
    with unit_of_work(sessions, Scope(YUNYANG, Role.DISTRICT_COMMANDER)) as session:
        assert session.execute(grab).rowcount == 0


def test_sign_ins_are_nobody_s_to_read(sessions, people):
    people.token(people.add(Role.PLANNER, WANZHOU))
    with unit_of_work(sessions, Scope(CITY, Role.CITY_COMMANDER)) as session:
        assert session.scalars(select(SignIn)).all() == []


def test_a_commander_cannot_hand_out_more_than_his_area(sessions):
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        unit_of_work(sessions, Scope(WANZHOU, Role.DISTRICT_COMMANDER)) as session,
    ):
        auth.add_account(
            session,
            login="spy",
            name="spy",
            password=PASSWORD,
            role=Role.DISTRICT_COMMANDER,
            area_path=YUNYANG,
        )


def test_rights_are_by_role_and_area():
    commander = Actor(new_id(), "李", Role.DISTRICT_COMMANDER, WANZHOU)
    assert may(commander, Act.ISSUE_ORDER, GAOSUNTANG)
    assert not may(commander, Act.ISSUE_ORDER, YUNYANG)
    assert not may(commander, Act.ISSUE_ORDER, CITY)
    assert not may(Actor(new_id(), "赵", Role.OBSERVER, CITY), Act.EDIT_POINT, WANZHOU)


def test_machines_are_told_to_sign_in_and_people_are_sent(client):
    assert client.get("/nowhere", headers={"accept": "text/html"}).status_code == 404
    assert client.get("/api/nowhere").json()["code"] == "missing"
    assert COOKIE not in client.cookies
