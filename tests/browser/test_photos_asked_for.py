"""A photo that a list asks for: taken beside its item, kept without a network, then sent."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from gis.authority import Role
from tests.browser.test_field_faults import taken
from tests.integration.test_photos_asked_for import code
from tests.world import GAOSUNTANG

__all__ = ["code"]
pytestmark = pytest.mark.usefixtures("world")


def test_what_is_asked_for_is_taken_without_a_network_and_arrives_beside_its_item(
    code, new_page, live_server, people, owner
):
    token = people.token(people.add(Role.PATROL, GAOSUNTANG, name="覃小红"))
    page = new_page(live_server.url, token=token)
    page.goto(f"{live_server.url}/c/{code}")
    expect(page.get_by_label("拍照", exact=True)).to_be_visible()
    page.get_by_role("button", name="全部正常").click()
    expect(page.get_by_text("这一项要求拍照")).to_be_visible()
    page.context.set_offline(True)
    live_server.kill()
    page.get_by_label("桥墩照片").set_input_files(taken(600))
    expect(page.locator("[data-item=pier] img")).to_be_visible()
    page.get_by_role("button", name="全部正常").click()
    expect(page.get_by_text("没有网络")).to_be_visible()
    live_server.start()
    page.context.set_offline(False)
    page.wait_for_url("**/done/**")
    expect(page.get_by_text("桥墩照片")).to_be_visible()
    items = owner.execute(text("select item from visit_photo")).scalars().all()
    assert items == ["pier"]
