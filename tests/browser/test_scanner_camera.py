"""A camera that shows a printed label: read by the browser alone, with a server and without."""

import io
import shutil
from time import monotonic

import pytest
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import text

from gis.authority import Role
from tests.browsing import FLAGS, LIMIT_MS, PHONE
from tests.world import GAOSUNTANG

pytestmark = pytest.mark.usefixtures("world")
HERE = {"latitude": 30.8, "longitude": 108.3501, "accuracy": 9}
VIEW = (640, 480)
COUNT_TAPS = """addEventListener('click', (event) => {
  if (event.isTrusted) sessionStorage.taps = Number(sessionStorage.taps ?? 0) + 1;
}, true)"""


@pytest.fixture
def film(client, bridge, tmp_path):
    """What a camera sees of our own label, hung a little askew on grey concrete."""
    png = client.get(f"/api/v1/codes/{bridge.label['id']}/symbol.png").content
    symbol = Image.open(io.BytesIO(png)).convert("L").resize((330, 330))
    wall = Image.new("L", VIEW, 150)
    wall.paste(symbol.rotate(7, expand=True, fillcolor=150, resample=Image.BICUBIC), (110, 40))
    path = tmp_path / "label.y4m"
    grey = bytes([128]) * (VIEW[0] * VIEW[1] // 2)
    frame = b"FRAME\n" + wall.tobytes() + grey
    head = f"YUV4MPEG2 W{VIEW[0]} H{VIEW[1]} F10:1 Ip A1:1 C420jpeg\n"
    path.write_bytes(head.encode() + frame * 5)
    return path


@pytest.fixture
def phone(browser, film, people, live_server):
    """A phone whose camera shows the film; it may not be used yet."""
    fake = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
    program = browser.browser_type.launch(
        executable_path=shutil.which("chromium"), args=[*FLAGS, *fake]
    )
    context = program.new_context(
        viewport=PHONE, geolocation=HERE, permissions=["geolocation"], base_url=live_server.url
    )
    context.set_default_timeout(LIMIT_MS)
    context.add_init_script(COUNT_TAPS)
    token = people.token(people.add(Role.PATROL, GAOSUNTANG, name="覃小红"))
    context.add_cookies([{"name": "yitong_session", "value": token, "url": live_server.url}])
    yield context.new_page()
    program.close()


def test_a_round_by_camera_takes_two_taps_a_label_and_goes_on_without_a_server(
    phone, bridge, live_server, owner, record_property
):
    page = phone
    page.goto("/scan")
    page.get_by_role("button", name="用相机扫码").click()
    expect(page.locator("#told")).to_contain_text("没有相机权限")
    page.get_by_role("button", name="下载今日街镇包").click()
    expect(page.locator("#pack-state")).to_contain_text("1 块标签")
    page.context.grant_permissions(["camera", "geolocation"])

    page.goto("/round?lon=108.35&lat=30.8")
    page.evaluate("sessionStorage.taps = 0")
    began = monotonic()
    page.get_by_role("link", name="扫码").click()
    page.get_by_role("button", name="全部正常").click()
    page.wait_for_url(f"**/c/{bridge.code}/done/*")
    record_property("seconds", round(monotonic() - began, 1))
    taps = int(page.evaluate("sessionStorage.taps"))
    record_property("taps", taps)
    assert taps <= 3

    page.goto("/scan?code=0")
    expect(page.locator("#opens-offline")).to_be_visible()
    live_server.kill()
    page.goto("/scan")
    expect(page.get_by_role("heading", name="万州长江大桥")).to_be_visible()
    expect(page.get_by_text("距设施 10 米")).to_be_visible()
    page.get_by_role("button", name="全部正常").click()
    expect(page.get_by_text("已存在本机")).to_be_visible()
    live_server.start()
    page.goto("/round")
    expect(page.locator("#outbox li[data-state=sent]")).to_have_count(2)
    found = owner.execute(text("select outcome, code_id is not null from inspection")).all()
    owner.rollback()
    assert [tuple(row) for row in found] == [("all_normal", True)] * 2
