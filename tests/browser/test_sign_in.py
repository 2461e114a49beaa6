"""Signing in as a person does: in a real browser, against a real server."""

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from rescue_app.auth import service as auth
from tests.browsing import PHONE
from tests.world import WANZHOU


def test_a_planner_signs_in_on_a_phone(live_server, new_page, sessions):
    with unit_of_work(sessions, SYSTEM) as session:
        auth.add_account(
            session,
            login="planner",
            name="王敏",
            password="yitong-demo",
            role=Role.PLANNER,
            area_path=WANZHOU,
        )
    page = new_page(viewport=PHONE)
    page.goto(f"{live_server.url}/sign-in")
    page.get_by_label("账号").fill("planner")
    page.get_by_label("密码").fill("yitong-demo")
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{live_server.url}/")


def test_a_killed_server_comes_back_with_its_sign_ins(live_server, new_page, people):
    token = people.token(people.add(Role.PLANNER, WANZHOU))
    page = new_page(live_server.url, token=token)
    page.goto(live_server.url)
    live_server.kill()
    live_server.start()
    assert page.goto(live_server.url).status == 200
