"""A leader tells his people off by phone; each answers on his own, and a recall reaches all."""

from playwright.sync_api import expect

from tests.browser.windows import cast, crew_with_order, window
from tests.browsing import PHONE, hold
from tests.teams import seat_members

__all__ = ["cast", "window"]


def middle(found):
    box = found.bounding_box()
    return round(box["y"] + box["height"] / 2)


def assert_on_one_line(page, members):
    wide = page.viewport_size
    for narrow in (901, 360):
        page.set_viewport_size({"width": narrow, "height": 800})
        assert middle(members) == middle(page.locator(".node", has=members).locator("summary"))
    page.set_viewport_size(wide)


def test_a_part_goes_to_a_member_s_phone_and_the_recall_stands_on_top_of_what_is_typed(
    window, live_server, people, cast, sessions
):
    seat_members(sessions, cast)
    street, leader = crew_with_order(window, live_server, people, cast)
    member = window("zhou", "/crew", viewport=PHONE)
    leader.get_by_role("button", name="收到").click()
    leader.locator("summary", has_text="给队员派任务").click()
    leader.get_by_label("周队员", exact=False).first.check()
    leader.get_by_label("周队员做什么").fill("守住桥头")
    leader.get_by_role("button", name="发给选中的队员").click()

    expect(member.get_by_role("heading", name="守住桥头")).to_be_visible()
    team = leader.locator(".team")
    expect(team).to_contain_text("1 人中 0 人已应答")
    # A redraw that fails is done again: its event does not come twice, and the page says so.
    street.route("**/board*", lambda route: route.abort())
    member.get_by_role("button", name="收到").click()
    expect(team).to_contain_text("1 人中 1 人已应答")
    line = street.locator("#link-state")
    expect(line).to_contain_text("断线")
    street.unroute("**/board*")
    expect(street.locator(".members li")).to_have_attribute("data-state", "accepted")
    expect(line).to_have_text("实时")

    members = street.get_by_role("link", name="队员", exact=True)
    assert_on_one_line(street, members)
    members.click()
    his = street.get_by_role("article", name="周队员")
    his.locator("summary").click()
    his.get_by_label("做什么").fill("改守桥尾")
    his.get_by_role("button", name="更改分工").click()
    expect(member.get_by_text("改守桥尾").first).to_be_visible()
    member.get_by_role("button", name="已知悉变更").click()
    expect(his).not_to_contain_text("尚未应答")

    live_server.kill()
    for name in ("我已出发", "我已到达"):
        member.get_by_role("button", name=name).click()
    expect(member.locator("#outbox li")).to_have_count(2)
    live_server.start()
    expect(member.locator("#outbox li")).to_have_count(0)
    expect(street.locator(".members li")).to_contain_text("已到场")

    member.locator("summary", has_text="文字上报").click()
    member.locator("#site-words").fill("坡脚在鼓")
    street.locator("#change-part summary", has_text="撤离现场").click()
    ended = street.get_by_text("已结束").first
    with street.expect_navigation():
        hold(street, "撤离现场", until=lambda: expect(ended).to_be_visible())
    expect(member.get_by_text("撤！立即离开现场")).to_be_visible()
    expect(member.locator("#site-words")).to_have_value("坡脚在鼓")
    owes = street.locator(".members li .ringing", has_text="尚未应答")
    expect(owes).to_have_count(1)
    member.get_by_role("button", name="已知悉变更").click()
    expect(owes).to_have_count(0)
