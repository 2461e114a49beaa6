"""The round without a network: answers wait where they can be seen, and arrive once."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from tests.browser.phones import NO_COPIES
from tests.browsing import PHONE
from tests.tasking import generate, load_lists, point, put_points, tasks
from tests.world import GAOSUNTANG, TAIBAI

HERE = {"latitude": 30.8, "longitude": 108.351, "accuracy": 9}


@pytest.fixture
def ground(sessions, world):
    """Three points of a street whose lists are due today, and one of the next street."""
    load_lists(sessions)
    now = datetime.now(UTC)
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(text("UPDATE threshold SET default_value = 1 WHERE code ~ 'flood_first'"))
        session.execute(text("UPDATE threshold SET default_value = 12 WHERE code ~ 'flood_last'"))
    early = now - timedelta(days=1)
    places = ((GAOSUNTANG, 1), (GAOSUNTANG, 2), (GAOSUNTANG, 3), (TAIBAI, 1))
    put_points(sessions, [point(path, early, n) for path, n in places])


@pytest.fixture
def patrol(ground, sessions, people, live_server, new_page):
    """A patrol's phone with her round on it, kept for places without a network."""
    token = people.token(people.add(Role.PATROL, GAOSUNTANG, name="覃小红"))
    generate(sessions, datetime.now(UTC))
    page = new_page(
        live_server.url, token=token, viewport=PHONE, geolocation=HERE,
        permissions=["geolocation"],
    )  # fmt: skip
    page.goto(live_server.url + "/round?lon=108.351&lat=30.8")
    expect(page.locator(".stops a")).to_have_count(3)
    wide = page.locator(".stops").bounding_box()["width"]
    assert page.locator(".stops a").first.bounding_box()["width"] == wide, "no other list's dress"
    expect(page.get_by_text("没有网络也能打开这些清单")).to_be_visible()
    return page


def answers(owner):
    found = owner.execute(text("SELECT outcome, note FROM task_answer ORDER BY done_at")).all()
    owner.rollback()
    return [tuple(row) for row in found]


def cut_off(page, server):
    """The phone sees no network, and what slips past its eyes finds no server."""
    page.context.set_offline(True)
    server.kill()


def back_again(page, server):
    server.start()
    page.context.set_offline(False)


def answer_offline(page, name, note=""):
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    if note:
        page.get_by_label("文字说明").fill(note)
    page.get_by_role("button", name="有问题" if note else "全部正常").click()
    expect(page.get_by_text("已存在本机")).to_be_visible()
    page.get_by_role("link", name="我的巡查").click()


def test_answers_without_a_network_are_seen_survive_a_reload_and_arrive_once(
    patrol, live_server, owner
):
    page = patrol
    cut_off(page, live_server)
    answer_offline(page, "大石坡1号")
    answer_offline(page, "大石坡2号", note="截水沟堵塞")
    waits = page.locator("#outbox li[data-state=waiting]")
    expect(waits).to_have_count(2)
    expect(waits.first).to_contain_text("大石坡1号")
    expect(waits.first).to_contain_text("已存在本机，自动发送")
    expect(page.locator(".stops a.answered")).to_have_count(2)
    page.reload()
    expect(waits).to_have_count(2)

    back_again(page, live_server)
    expect(page.locator("#outbox li[data-state=sent]")).to_have_count(2)
    expect(page.locator(".stops a")).to_have_count(1)
    page.reload()
    expect(page.locator("#outbox li[data-state=sent]")).to_have_count(2)
    assert answers(owner) == [("all_normal", ""), ("problem", "截水沟堵塞")]


def test_what_the_desk_refuses_stays_with_its_reason_and_can_be_taken_off_put_back_and_resent(
    patrol, live_server, sessions, owner
):
    page = patrol
    cut_off(page, live_server)
    answer_offline(page, "大石坡3号")
    moved = tasks(sessions, area_path=GAOSUNTANG)
    with unit_of_work(sessions, SYSTEM) as session:
        # The street's borders changed meanwhile: the list is the next street's.
        session.execute(text("UPDATE task SET area_path = :to"), {"to": TAIBAI})
    back_again(page, live_server)
    refused = page.locator("#outbox li[data-state=refused]")
    expect(refused).to_have_count(1)
    expect(refused).to_contain_text("没有收下")
    expect(refused).to_contain_text("您的区域")
    page.reload()
    refused.get_by_role("button", name="从本机移除").click()
    expect(page.locator("#outbox")).to_be_hidden()
    assert len(moved) == 3
    assert answers(owner) == []

    # Taken off by a slip of the thumb: it is put back, and sent when the borders are right again.
    page.get_by_role("link", name="本机待发").click()
    page.get_by_role("button", name="放回去").click()
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(text("UPDATE task SET area_path = :to"), {"to": GAOSUNTANG})
    refused.get_by_role("button", name="再发一次").click()
    expect(page.locator("#outbox li[data-state=sent]")).to_have_count(1)
    assert answers(owner) == [("all_normal", "")]


def test_who_signs_out_leaves_no_pages_of_his_round_behind(patrol, live_server):
    page = patrol
    page.goto(live_server.url + "/")
    assert page.evaluate("caches.keys()") != []
    page.locator("form[action='/sign-out'] button").dispatch_event("click")
    expect(page.get_by_role("link", name="登录").first).to_be_visible()
    page.wait_for_function(NO_COPIES)
