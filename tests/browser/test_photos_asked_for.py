"""A photo and a signature that a list asks for: made beside its item, kept without a network."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import text

from gis.authority import Role
from tests.browser.test_field_faults import taken
from tests.integration.test_photos_asked_for import code
from tests.world import GAOSUNTANG

__all__ = ["code"]
pytestmark = pytest.mark.usefixtures("world")


def sign(page, name):
    """Draw two strokes with the pointer, as a finger does."""
    pad = page.get_by_role("img", name=name)
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    for rise in (0.2, 0.6):
        page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * rise)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.8, steps=8)
        page.mouse.up()
    expect(page.get_by_role("button", name="清除重签")).to_be_visible()


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
    sign(page, "用手指在此签名")
    page.get_by_role("button", name="全部正常").click()
    expect(page.get_by_text("没有网络")).to_be_visible()
    live_server.start()
    page.context.set_offline(False)
    page.wait_for_url("**/done/**")
    expect(page.get_by_text("桥墩照片")).to_be_visible()
    query = text("select item, id from visit_photo")
    photos = {row.item: row.id for row in owner.execute(query)}
    assert set(photos) == {"pier", "sign"}
    kept = page.request.get(f"{live_server.url}/files/{photos['sign']}").body()
    drawn = Image.open(io.BytesIO(kept))
    dark = drawn.convert("L").histogram()
    assert drawn.format == "PNG"
    assert sum(dark[:80]) > 500 < sum(dark[250:]), "ink on paper"
