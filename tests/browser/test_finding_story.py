"""A problem goes round through four people, each with his own browser, back to who reported it."""

import re

import pytest
from playwright.sync_api import expect

from gis.authority import Role
from tests.browsing import PHONE
from tests.cast import build_cast
from tests.integration.files.ugly import jpeg
from tests.patrols import labelled, load_reference
from tests.world import GAOSUNTANG

pytestmark = pytest.mark.usefixtures("world")
ON_SITE = {"geolocation": {"latitude": 30.8, "longitude": 108.35}, "permissions": ["geolocation"]}
SHOT = {"name": "shot.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}


@pytest.fixture
def cast(sessions):
    load_reference(sessions)
    return build_cast(sessions)


@pytest.fixture
def bridge(client, cast, sign_in):
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG)
    return labelled(client)


@pytest.fixture
def as_(live_server, new_page, people, cast):
    """`as_("street", path)` opens a page in that person's own browser; nobody is a resident."""

    def do(who, path, **more):
        token = people.token(cast.accounts[who]) if who else ""
        page = new_page(live_server.url, token=token, **more)
        page.goto(live_server.url + path)
        return page

    return do


def verify_without_a_line(patrol, live_server, finding):
    expect(patrol.locator(f'.round a[href$="/findings/{finding}"]')).to_be_visible()
    patrol.goto(f"{live_server.url}/scan")
    expect(patrol.locator("#pack-size")).to_contain_text("在本机占")
    patrol.get_by_role("button", name="下载今日街镇包").click()
    listed = patrol.locator("#verify li", has_text="万州长江大桥")
    expect(listed).not_to_contain_text("联网才能打开")
    expect(patrol.locator("#opens-offline")).to_be_visible()
    live_server.kill()
    patrol.context.set_offline(True)
    patrol.reload()
    patrol.locator(f'#verify a[href$="/findings/{finding}"]').click()
    patrol.locator("#photos").set_input_files(SHOT)
    patrol.locator('button[value="verify"]').click()
    expect(patrol.get_by_text("没有网络。已存在本机")).to_be_visible()
    patrol.goto(f"{live_server.url}/outbox")
    expect(patrol.locator("#outbox li[data-state=waiting]")).to_contain_text(
        "已修好 · 万州长江大桥"
    )
    live_server.start()
    patrol.context.set_offline(False)
    expect(patrol.locator("#outbox li[data-state=sent]")).to_be_visible()


def test_a_problem_goes_round_through_four_people_and_its_finder_sees_the_end(
    as_, bridge, live_server
):
    resident = as_("", f"/c/{bridge.code}/report", viewport=PHONE)
    resident.get_by_text("开裂、下沉或变形").click()
    resident.locator("#words").fill("桥墩开裂")
    resident.locator("#photos").set_input_files(SHOT)
    resident.get_by_role("button", name="提交上报").click()
    expect(resident.get_by_text("街镇已收到")).to_be_visible()

    street = as_("street", "/findings")  # by keys alone, from the filter to the last step
    street.locator(".finding-tiles a").first.focus()
    street.keyboard.press("Enter")
    street.wait_for_url("**show=unowned**")
    street.locator(".finding-card a").first.focus()
    street.keyboard.press("Enter")
    street.wait_for_url(re.compile(r"/findings/[0-9a-f-]{36}$"))
    finding = street.url.rsplit("/", 1)[1]
    summary = street.locator("details", has=street.locator("#route-unit")).locator("summary")
    summary.focus()
    street.keyboard.press("Enter")
    street.keyboard.press("Tab")
    expect(street.locator("#route-unit")).to_be_focused()
    street.keyboard.press("ArrowDown")  # the street itself
    street.keyboard.press("ArrowDown")  # the district above it
    street.keyboard.press("Tab")
    street.keyboard.type("桥墩归区里管")
    street.keyboard.press("Tab")
    street.keyboard.press("Enter")
    expect(street.get_by_role("listitem").filter(has_text="已交单位")).to_contain_text("万州区指挥")
    street.goto(street.url.replace(f"/{finding}", ""))
    street.locator(".finding-card a").first.focus()
    street.keyboard.press("m")
    expect(street.locator('[data-column="accepted"] .finding-card')).to_have_count(1)

    department = as_("wanzhou", f"/findings/{finding}")
    department.locator('button[value="begin"]').click()
    department.locator("#note").fill("已注浆加固")
    department.locator('button[value="finish"]').click()
    expect(department.locator('button[value="finish"]')).to_have_count(0)

    patrol = as_("patrol", "/round?lon=108.35&lat=30.8", viewport=PHONE, **ON_SITE)
    verify_without_a_line(patrol, live_server, finding)
    patrol.goto(f"{live_server.url}/c/{bridge.code}/findings/{finding}")
    expect(patrol.locator(".pair figure")).to_have_count(2)

    resident.reload()
    expect(resident.get_by_text("已修好，并有人到现场核验")).to_be_visible()
    resident.get_by_role("button", name="我已知晓").click()
    expect(resident.get_by_text("您也已知晓")).to_be_visible()
