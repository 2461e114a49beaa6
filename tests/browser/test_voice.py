"""Words that are spoken on site: recorded, heard, taken back, kept without a network."""

import re
import shutil

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from gis.authority import Role
from tests.browsing import FLAGS, LIMIT_MS, PHONE
from tests.world import GAOSUNTANG

pytestmark = pytest.mark.usefixtures("world")
HERE = {"latitude": 30.8, "longitude": 108.3501, "accuracy": 9}


@pytest.fixture
def phone(browser, people, live_server):
    """`phone(role)`: a phone that hears a tone; it may listen unless it is told that it may not."""
    running = []

    def do(role=Role.PATROL, permissions=("geolocation", "microphone")):
        program = browser.browser_type.launch(
            executable_path=shutil.which("chromium"),
            args=[*FLAGS, "--use-fake-device-for-media-stream"],
        )
        running.append(program)
        context = program.new_context(
            viewport=PHONE, geolocation=HERE, permissions=list(permissions),
            base_url=live_server.url,
        )  # fmt: skip
        context.set_default_timeout(LIMIT_MS)
        token = people.token(people.add(role, GAOSUNTANG, name="覃小红"))
        cookie = {"name": "yitong_session", "value": token, "url": live_server.url}
        context.add_cookies([cookie])
        return context.new_page()

    yield do
    for program in running:
        program.close()


def speak(page):
    notes = page.locator(".voice [data-notes] li")
    before = notes.count()
    page.get_by_role("button", name="语音说明").click()
    expect(page.get_by_text(re.compile("正在录音：[1-9][0-9]* 秒"))).to_be_visible()
    page.get_by_role("button", name="停止录音").click()
    expect(notes).to_have_count(before + 1)


def length_of(page, player):
    """Seconds that a player would play; a recording as it streams tells them once it was read."""
    return player.evaluate("""async (audio) => {
      const bytes = await (await fetch(audio.src)).arrayBuffer();
      return (await new OfflineAudioContext(1, 1, 48000).decodeAudioData(bytes)).duration;
    }""")


def test_a_spoken_note_waits_without_a_network_and_is_heard_at_the_street(
    phone, bridge, live_server, owner
):
    page = phone()
    page.goto("/scan")
    page.get_by_role("button", name="下载今日街镇包").click()
    expect(page.locator("#pack-state")).to_contain_text("1 块标签")
    expect(page.locator("#opens-offline")).to_be_visible()
    live_server.kill()
    page.context.set_offline(True)
    page.goto(f"/c/{bridge.code}")
    expect(page.get_by_role("heading", name="万州长江大桥")).to_be_visible()
    speak(page)
    speak(page)
    page.locator(".voice li").first.get_by_role("button", name="撤掉").click()
    expect(page.locator(".voice li")).to_have_count(1)
    page.reload()  # the app is killed before it was sent
    expect(page.locator(".voice li audio")).to_have_count(1)
    page.get_by_role("button", name="有问题").click()
    expect(page.get_by_text("万州长江大桥：已存在本机")).to_be_visible()
    page.context.set_offline(False)
    live_server.start()
    with page.expect_response(lambda answer: "/api/v1/voices/" in answer.url and answer.ok):
        page.goto("/round?lon=108.35&lat=30.8")
    (kept,) = owner.execute(text("select media_type, size_bytes from stored_file")).all()
    note, finding = owner.execute(text("select note, id from finding")).one()
    owner.rollback()
    assert kept.media_type == "audio/webm"
    assert 0 < kept.size_bytes < 100_000
    assert note == "见语音说明。"

    street = phone(Role.STREET_COMMANDER)
    street.goto(f"/findings/{finding}")
    player = street.get_by_label("现场语音").locator("audio")
    expect(player).to_be_visible()
    assert length_of(street, player) > 0.5


def test_a_step_of_a_finding_takes_a_spoken_note(phone, bridge, client, owner):
    from tests.patrols import visit

    done = client.post(
        "/api/v1/inspections", json=visit(bridge.code, outcome="problem", note="护栏松动")
    ).json()
    page = phone(Role.STREET_COMMANDER)
    page.goto(f"/findings/{done['opened'][0]['id']}")
    speak(page)
    page.locator("form:has(.voice)").first.locator("button[name=act]").first.click()
    player = page.locator(".label-history audio")
    expect(player).to_have_count(1)
    assert length_of(page, player) > 0.5


def test_without_the_microphone_it_says_so_and_words_can_be_written(phone, bridge):
    page = phone(permissions=("geolocation",))
    page.goto(f"/c/{bridge.code}")
    page.get_by_role("button", name="语音说明").click()
    expect(page.get_by_text("这里没有麦克风")).to_be_visible()
    page.get_by_label("文字说明").fill("护栏松动")
    page.get_by_role("button", name="有问题").click()
    expect(page.get_by_text("已转给街镇的问题")).to_be_visible()
