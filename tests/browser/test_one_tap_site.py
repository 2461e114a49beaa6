"""What goes on after an order is out: it is changed, and its crew speaks from the site."""

import re
from datetime import UTC, datetime, timedelta

from PIL import Image
from playwright.sync_api import expect

from hazards.calls.worker import tick
from tests.browser.windows import cast, crew_with_order, order_crew, window
from tests.browsing import PHONE, hold

__all__ = ["cast", "window"]

SEARCHING = """() => {
  window.waiting = [];
  navigator.geolocation.getCurrentPosition = (_, none) => window.waiting.push(none);
}"""
FULL = """() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
  window.room = () => (IDBObjectStore.prototype.put = put);
}"""
FOUND_NONE = """() => {
  delete navigator.geolocation.getCurrentPosition;
  for (const none of window.waiting) none();
}"""


def taken(crew, photo):
    """Tap for a photo: the phone's camera gives one."""
    with crew.expect_file_chooser() as camera:
        crew.get_by_text("拍照上报").click()
    camera.value.set_files(photo)


def test_a_change_and_a_recall_reach_the_crew_and_the_giver_sees_who_heard(
    window, live_server, people, cast
):
    street, crew = crew_with_order(window, live_server, people, cast)
    crew.get_by_role("button", name="收到").click()
    expect(street.get_by_text("已一贯到底")).to_be_visible()
    street.locator("#change-part summary", has_text="修改").click()
    street.locator("#amend-where").fill("枇杷坪码头")
    shown = street.locator("#words-part")
    with street.expect_navigation():
        hold(street, "下达变更", until=lambda: expect(shown).to_contain_text("枇杷坪码头"))
    heard = street.locator("#change-part .counts").first
    expect(heard).to_have_text("已应答 0／1")

    live_server.kill()
    crew.get_by_role("button", name="已知悉变更").click()
    expect(crew.locator("#outbox li")).to_have_count(1)
    expect(crew.get_by_role("button", name="已知悉变更")).to_be_hidden()
    live_server.start()
    expect(heard).to_have_text("已应答 1／1")

    recall = street.locator("#change-part details", has_text="撤离现场")
    press_too_lightly(street, recall)
    ended = street.get_by_text("已结束").first
    with street.expect_navigation():
        hold(street, "撤离现场", until=lambda: expect(ended).to_be_visible())
    expect(crew.get_by_text("撤！立即离开现场")).to_be_visible()
    crew.get_by_role("button", name="已知悉变更").click()
    expect(heard).to_have_text("已应答 1／1")


def press_too_lightly(page, recall):
    """Tap before the button's script is there, then Enter in the line above: nothing goes out."""
    waiting = []

    def keep(route):
        waiting.append(route)

    page.route("**/shell.js*", keep)
    with page.expect_request("**/shell.js*"):
        page.reload(wait_until="commit")
    recall.locator("summary").click()
    recall.get_by_role("button").click(no_wait_after=True)
    waiting.pop().continue_()
    page.unroute("**/shell.js*")
    hint = recall.get_by_text("请按住不放")
    expect(hint).to_be_visible()
    page.reload()
    recall.locator("summary").click()
    expect(recall.get_by_role("button")).to_have_attribute("data-armed", "")
    recall.locator("#why-recalled").press("Enter")
    expect(hint).to_be_visible()


def test_a_crew_at_one_order_sees_that_another_waits_or_has_changed(
    window, live_server, people, cast
):
    street, crew = crew_with_order(window, live_server, people, cast)
    crew.get_by_role("button", name="收到").click()
    expect(crew.get_by_role("button", name="已出发")).to_be_visible()
    hop = crew.locator("article[data-hop]").get_attribute("data-hop")
    crew.goto(f"{live_server.url}/crew?hop={hop}")
    street.goto(f"{live_server.url}/orders/new")
    order_crew(street, "封闭沿江路")
    other = crew.locator("[data-waits][data-loud]")
    expect(other).to_have_text("另有指令待您应答：封闭沿江路")
    other.click()
    crew.get_by_role("button", name="收到").click()
    expect(crew.get_by_role("button", name="已出发")).to_be_visible()
    expect(other).to_have_count(0)
    crew.goto(f"{live_server.url}/crew?hop={hop}")
    expect(crew.get_by_role("button", name="已出发")).to_be_visible()
    expect(street.get_by_text("已一贯到底")).to_be_visible()
    street.locator("#change-part summary", has_text="修改").click()
    street.locator("#amend-where").fill("枇杷坪码头")
    shown = street.locator("#words-part")
    with street.expect_navigation():
        hold(street, "下达变更", until=lambda: expect(shown).to_contain_text("枇杷坪码头"))
    expect(other).to_have_text("另一条指令有变更：封闭沿江路")


def test_another_order_is_named_at_once_above_what_somebody_types_and_takes_nothing_of_it(
    window, live_server, people, cast
):
    street, crew = crew_with_order(window, live_server, people, cast)
    crew.get_by_role("button", name="收到").click()
    expect(crew.get_by_role("button", name="已出发")).to_be_visible()
    expect(crew.locator("#main")).not_to_have_attribute("inert", "")
    note = crew.locator("#note-moving")
    note.press_sequentially("路上塌方")
    street.goto(f"{live_server.url}/orders/new")
    order_crew(street, "封闭沿江路")
    other = crew.locator("[data-waits][data-loud]")
    expect(other).to_have_text("另有指令待您应答：封闭沿江路")
    expect(note).to_be_focused()
    expect(note).to_have_value("路上塌方")
    note.press("End")
    note.press_sequentially("，绕行")
    expect(note).to_have_value("路上塌方，绕行")
    expect(other).to_have_count(1)


def test_a_full_phone_says_so_only_as_long_as_it_is_full(window, live_server, people, cast):
    _, crew = crew_with_order(window, live_server, people, cast)
    lost = crew.locator("#line-lost")
    crew.evaluate(FULL)
    live_server.kill()
    crew.get_by_role("button", name="收到").click()
    expect(lost).to_contain_text("存储已满")
    crew.evaluate("() => window.room()")
    live_server.start()
    expect(lost).to_be_hidden()
    live_server.kill()
    expect(lost).to_be_visible()
    expect(lost).to_contain_text("没有信号")
    live_server.start()


def test_a_crew_reports_from_its_site_and_its_call_for_support_is_answered(
    window, live_server, people, cast, tmp_path
):
    street, crew = crew_with_order(window, live_server, people, cast)
    crew.get_by_role("button", name="收到").dblclick()  # the second tap is nobody's word
    for name in ("已出发", "已到场"):
        crew.get_by_role("button", name=name).click()
    send = crew.get_by_role("button", name="提交上报")
    expect(send).to_be_hidden()
    broken = {"name": "site.heic", "mimeType": "image/heic", "buffer": b"no photo"}
    taken(crew, broken)
    send.click()
    expect(crew.locator("#site-photo:invalid")).to_be_visible()
    photo = tmp_path / "site.jpg"
    Image.new("RGB", (640, 480), "#446688").save(photo)
    taken(crew, photo)  # the first tap opens the camera, the second sends
    send.click()
    expect(street.locator(".sites img")).to_be_visible()
    expect(send).to_be_hidden()
    crew.locator("summary", has_text="文字上报").click()
    crew.locator("#site-words").fill("水深约半米")
    send.click()
    expect(street.locator(".sites")).to_contain_text("水深约半米")
    live_server.kill()
    crew.locator("summary", has_text="已转移").click()
    crew.locator("#moved").fill("12")
    crew.get_by_role("button", name="上报人数").click()
    expect(crew.get_by_text("现场消息 1 条存在本机")).to_be_visible()
    live_server.start()
    expect(crew.get_by_text("现场消息 1 条存在本机")).to_be_hidden()
    expect(street.get_by_text("各队报告已转移 12 人")).to_be_visible()
    crew.evaluate(SEARCHING)  # the place is not found yet when the next need is pressed
    for need in ("切断电源", "医疗救护"):
        crew.locator("summary", has_text="求援").click()
        crew.get_by_role("button", name=need).click()
    crew.evaluate(FOUND_NONE)
    expect(street.locator(".sites li", has_text="医疗救护")).to_be_visible()
    asked = street.locator(".sites li", has_text="切断电源")
    expect(asked).to_contain_text("等待高书记应答")
    mine = window("street", "/calls", viewport=PHONE)
    mine.get_by_role("button", name="收到").first.click()
    expect(asked).to_contain_text("高书记已应答")
    expect(crew.locator("#sought")).to_contain_text("切断电源 · 高书记已应答")
    crew.locator("summary", has_text=re.compile("^撤$")).click()
    crew.locator("#danger-words").fill("后缘在裂")
    crew.get_by_role("button", name="全员撤离").click()
    expect(crew.get_by_text("撤！现场危险，立即离开")).to_be_in_viewport()
    expect(street.locator(".sites li", has_text="现场队伍呼撤")).to_contain_text("后缘在裂")
    crew.get_by_role("button", name="已知悉变更").click()
    expect(street.locator("#change-part .counts").first).to_have_text("已应答 1／1")
    expect(
        crew.get_by_text(re.compile("现场已叫撤 .*后缘在裂.*等高书记决定下一步"))
    ).to_be_visible()


def test_a_crew_sees_whom_its_call_for_support_waits_for_and_who_is_called_next(
    window, live_server, people, cast, sessions
):
    _, crew = crew_with_order(window, live_server, people, cast)
    crew.get_by_role("button", name="收到").click()
    crew.clock.install()
    crew.locator("summary", has_text="求援").click()
    crew.get_by_role("button", name="医疗救护").click()
    sought = crew.locator("#sought")
    expect(sought).to_contain_text("医疗救护 · 等待高书记应答 还有")
    tick(sessions, now=datetime.now(UTC) + timedelta(minutes=6))
    crew.clock.fast_forward("06:00")
    expect(sought).to_contain_text("医疗救护 · 等待万主任应答 还有")
    for minutes in (30, 60, 90):
        tick(sessions, now=datetime.now(UTC) + timedelta(minutes=minutes))
    crew.clock.fast_forward("01:30:00")
    expect(sought).to_contain_text("医疗救护 · 无人接手")
