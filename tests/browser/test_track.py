"""A way that is noted because its person said so: with its sign, without a network, to its stop."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from gis.authority import Role
from tests.browsing import PHONE
from tests.patrols import load_reference
from tests.world import GAOSUNTANG

pytestmark = pytest.mark.usefixtures("world")
PLACES = [
    {"latitude": 30.8 + step * 0.0002, "longitude": 108.35, "accuracy": 12} for step in range(5)
]


@pytest.fixture
def page(sessions, people, live_server, new_page):
    load_reference(sessions)
    token = people.token(people.add(Role.PATROL, GAOSUNTANG, name="覃小红"))
    page = new_page(
        live_server.url, token=token, viewport=PHONE, geolocation=PLACES[0],
        permissions=["geolocation"],
    )  # fmt: skip
    page.goto(live_server.url + "/round?lon=108.35&lat=30.8")
    return page


def kept(owner, query="select count(*) from track_spot"):
    found = owner.execute(text(query)).scalar()
    owner.rollback()
    return found


def wait_noted(page, count):
    """Wait until so many places wait on the phone: each is counted first and kept then."""
    asked = """(count) => {
      const asked = indexedDB.open('yitong-field');
      asked.onsuccess = () => {
        const all = asked.result.transaction('spots').objectStore('spots').count();
        all.onsuccess = () => (window.noted = all.result);
        asked.result.close();
      };
      return window.noted === count;
    }"""
    page.wait_for_function(asked, arg=count, polling=100)


def test_a_way_is_noted_only_when_switched_on_and_kept_until_there_is_a_network(
    page, live_server, owner
):
    sign = page.locator("#track-sign")
    expect(sign).to_be_hidden()
    page.context.set_geolocation(PLACES[1])
    page.get_by_text("记录行程和里程").click()
    expect(page.get_by_text("再上级看不到")).to_be_visible()
    expect(page.locator("#opens-offline")).to_be_attached()
    assert kept(owner, "select count(*) from patrol_track") == 0
    page.get_by_role("button", name="我同意").click()
    expect(sign).to_contain_text("正在记录行程：0 m")
    live_server.kill()
    for place in PLACES[2:]:
        before = sign.inner_text()
        page.context.set_geolocation(place)
        expect(sign).not_to_have_text(before.replace("\n", " "))
    expect(sign).to_contain_text("67 m")
    wait_noted(page, 4)
    live_server.start()
    page.goto(live_server.url + "/scan")
    expect(sign).to_contain_text("正在记录行程")  # it goes on, and every page says so
    with page.expect_response(lambda answer: "/spots" in answer.url and answer.ok):
        sign.get_by_role("button", name="停止").click()
    expect(sign).to_be_hidden()
    assert kept(owner) == 4
    page.context.set_geolocation({"latitude": 30.9, "longitude": 108.35, "accuracy": 6})
    page.goto(live_server.url + "/tracks")
    page.locator("main ul a").click()
    expect(page.get_by_text("67 m", exact=True)).to_be_visible()
    expect(page.locator("#track-map[data-drawn]")).to_be_visible()
    expect(page.get_by_text("只有您本人看过")).to_be_visible()
    assert kept(owner) == 4
    page.get_by_role("button", name="现在删除这段行程").click()
    expect(page.get_by_text("没有行程记录")).to_be_visible()
    assert kept(owner) == 0


def test_a_page_that_is_not_on_the_screen_notes_nothing(page, live_server):
    page.get_by_text("记录行程和里程").click()
    page.get_by_role("button", name="我同意").click()
    expect(page.locator("#track-sign")).to_contain_text("0 m")
    page.evaluate("""() => {
      Object.defineProperty(document, 'hidden', { value: true, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }""")
    page.context.set_geolocation(PLACES[3])
    page.evaluate("""() => {
      Object.defineProperty(document, 'hidden', { value: false, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }""")
    page.context.set_geolocation(PLACES[4])
    expect(page.locator("#track-sign")).to_contain_text("89 m")


def test_where_the_phone_does_not_tell_its_place_the_sign_says_so(page):
    page.context.clear_permissions()
    page.get_by_text("记录行程和里程").click()
    page.get_by_role("button", name="我同意").click()
    expect(page.locator("#track-sign")).to_contain_text("手机没有提供位置")
