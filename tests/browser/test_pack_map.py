"""The map of the packs on a phone, with the server really gone, and downloads that go wrong."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from gis.areas.placing import CITY_ZONE
from gis.authority import Role
from tests.browser.street_work import lead_around
from tests.browsing import PHONE
from tests.patrols import labelled, load_reference
from tests.warning import by_a_rule
from tests.world import GAOSUNTANG, IN_GAOSUNTANG, IN_TAIBAI, TAIBAI, WANZHOU

pytestmark = pytest.mark.usefixtures("world")
HERE = {"latitude": 30.8, "longitude": 108.3401, "accuracy": 9}
RED, INK = (0xD9, 0x2D, 0x20), (0x1D, 0x3F, 0x72)
SPOIL = """async () => {
  const base = await new Promise((done) => {
    const asked = indexedDB.open('yitong-field');
    asked.onsuccess = () => done(asked.result);
  });
  const deal = base.transaction('ground', 'readwrite');
  const shelf = deal.objectStore('ground');
  const keys = shelf.getAllKeys();
  keys.onsuccess = () => keys.result.slice(0, 3).forEach((key) => shelf.delete(key));
  await new Promise((done) => (deal.oncomplete = done));
}"""


@pytest.fixture
def bridge(client, sign_in, sessions):
    load_reference(sessions)
    sign_in(client, Role.STREET_COMMANDER, TAIBAI)
    labelled(client, name="太白涵洞", at=IN_TAIBAI, type="culvert")
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG, "高书记")
    return labelled(client, owner_unit="养护中心", owner_phone="023-58220000")


@pytest.fixture
def phone(bridge, people, live_server, new_page):
    """`phone(role, area)`: somebody's phone on the scanner's page."""

    def do(role=Role.PATROL, area=GAOSUNTANG):
        token = people.token(people.add(role, area, name="覃小红"))
        page = new_page(
            live_server.url, token=token, viewport=PHONE, geolocation=HERE,
            permissions=["geolocation"],
        )  # fmt: skip
        page.goto(live_server.url + "/scan")
        return page

    return do


# The browser forgets its own limits in a window without a profile; a full disk with one is tried
# in test_field_faults.
FULL_FOR_SQUARES = """() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...row) {
    if (this.name === "ground") throw new DOMException("full", "QuotaExceededError");
    return put.apply(this, row);
  };
}"""


def take_along(page):
    expect(page.locator("#pack-size")).to_contain_text("在本机占")
    page.get_by_role("button", name="下载今日街镇包").click()
    expect(page.locator("#pack-state")).to_contain_text("1 块标签，有效至")
    expect(page.locator("#opens-offline")).to_be_visible()


def cut_off(page, live_server):
    live_server.kill()
    page.context.set_offline(True)
    page.reload()


def colours_of(page):
    """The kinds of pixels that the map shows: a blank one has one."""
    picture = page.locator("[data-canvas]").screenshot()
    colours = Image.open(BytesIO(picture)).convert("RGB").getcolors(1 << 20)
    return {colour for _, colour in colours or ()}


def test_the_map_of_the_street_opens_without_a_network_and_says_which_way_the_label_lies(
    phone, bridge, live_server, client, sessions
):
    lead_around(client, bridge.asset["id"], IN_GAOSUNTANG)
    until = datetime.now(UTC) + timedelta(hours=5)
    by_a_rule(sessions, colour="orange", area_paths=(GAOSUNTANG,), expires_at=until)
    by_a_rule(sessions, colour="red", area_paths=(TAIBAI,), expires_at=until)
    page = phone()
    take_along(page)
    cut_off(page, live_server)
    page.get_by_label("标签上的编码").fill(bridge.code)
    page.get_by_role("button", name="打开", exact=True).click()
    expect(page.get_by_role("heading", name="万州长江大桥")).to_be_visible()
    expect(page.locator("[data-mode]")).to_contain_text("为平时状态，此后可能已升级")
    bar = page.locator("[data-warnings] > *")
    expect(bar).to_have_count(1)
    expect(bar).to_contain_text("橙色")
    ends = f"{until.astimezone(CITY_ZONE):%H:%M}"
    expect(bar).to_contain_text(re.compile(rf"至 \S+ {ends} · 截至 \S+ \d\d:\d\d（带走资料时）"))
    expect(page.get_by_role("link", name="应急电话 119")).to_be_hidden()
    expect(page.get_by_role("link", name="119")).to_be_visible()
    page.get_by_role("button", name="地图：下一处在哪里").click()
    expect(page.locator("[data-canvas][data-drawn]")).to_be_visible()
    expect(page.locator("p[data-next]")).to_contain_text("在东方向")
    expect(page.locator(".map-me")).to_be_visible()
    assert len(colours_of(page)) > 8
    assert {RED, INK} <= colours_of(page), "drawn as closed, with the way around it"
    expect(page.locator(".map-shut")).to_have_count(2)
    told = page.locator("[data-ways] li")
    expect(told).to_have_text("封闭禁行：万州长江大桥。恢复时间未定。绕行：经新华路绕行")


def test_a_district_takes_several_streets_along_and_each_says_what_it_is(phone):
    page = phone(Role.DISTRICT_COMMANDER, WANZHOU)
    for street in ("高笋塘街道", "太白街道"):
        page.get_by_label(street).check()
    expect(page.locator("#pack-size")).to_contain_text("在本机占")
    page.get_by_role("button", name="下载今日街镇包").click()
    expect(page.locator(".pack-row[data-state=good]")).to_have_count(2)
    expect(page.locator("#pack-state")).to_contain_text("太白街道：1 块标签")
    page.get_by_role("button", name="从本机移除").first.click()
    expect(page.locator(".pack-row")).to_have_count(1)


def test_a_download_that_stopped_says_what_is_missing_and_fetches_only_that(phone):
    page = phone()
    take_along(page)
    page.evaluate(SPOIL)
    page.reload()
    expect(page.locator(".pack-lack")).to_contain_text("块中还缺")
    with page.expect_request("**/api/v1/street-pack") as sent:
        page.get_by_role("button", name="下载其余部分").click()
    expect(page.locator(".pack-lack")).to_be_hidden()
    assert len(sent.value.post_data_json["have"]) > 3


def test_a_phone_without_room_says_so_and_fetches_when_there_is_some(phone):
    page = phone()
    expect(page.locator("#pack-size")).to_contain_text("在本机占")
    page.evaluate("navigator.storage.estimate = async () => ({ quota: 9, usage: 1 })")
    page.get_by_role("button", name="下载今日街镇包").click()
    expect(page.locator("#pack-told")).to_contain_text("手机存储不够")
    page.reload()
    expect(page.locator("#pack-size")).to_contain_text("在本机占")
    page.evaluate(FULL_FOR_SQUARES)
    page.get_by_role("button", name="下载今日街镇包").click()
    expect(page.locator("#pack-told")).to_contain_text("手机存储已满")
    page.reload()
    take_along(page)


def test_a_pack_that_ends_at_midnight_says_so_while_the_page_is_open(phone, bridge, live_server):
    page = phone()
    take_along(page)
    page.clock.install()
    page.reload()
    expect(page.locator(".pack-row[data-state=good]")).to_have_count(1)
    page.clock.fast_forward("36:00:00")
    expect(page.locator("#pack-state")).to_contain_text("到期")
