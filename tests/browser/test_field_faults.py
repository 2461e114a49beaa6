"""A day that goes wrong: server gone, phone full, app killed, another person on the phone."""

import io
import os
import re
import signal
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image
from playwright.sync_api import expect

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from rescue_app.auth import service as auth
from tests.browser.phones import NO_COPIES, app, rows
from tests.world import GAOSUNTANG

__all__ = ["app"]
pytestmark = pytest.mark.usefixtures("world")


def taken(side=3000):
    out = io.BytesIO()
    Image.effect_mandelbrot((side, side // 2), (-2, -1, 1, 1), 20).convert("RGB").save(out, "JPEG")
    return {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def limit(page, live_server, size):
    devtools = page.context.new_cdp_session(page)
    said = {"origin": live_server.url} | ({} if size is None else {"quotaSize": size})
    devtools.send("Storage.overrideQuotaForOrigin", said)


@pytest.fixture
def newcomer(sessions):
    """`newcomer(page)` signs in on a phone whose last user's sign-in has run out."""
    door = {"login": "newcomer", "password": "yitong-demo"}
    with unit_of_work(sessions, SYSTEM) as session:
        auth.add_account(session, name="新来的", role=Role.PATROL, area_path=GAOSUNTANG, **door)

    def do(page):
        page.context.clear_cookies()
        page.goto("/sign-in")
        page.get_by_label("账号").fill(door["login"])
        page.get_by_label("密码").fill(door["password"])
        page.get_by_role("button", name="登录").click()
        page.wait_for_url("**/")

    return do


def test_nothing_is_lost_when_all_goes_wrong_at_once(
    app, bridge, live_server, people, newcomer, owner
):
    mine = people.token(people.add(Role.PATROL, GAOSUNTANG, name="覃小红"))
    page = app(mine)
    page.goto("/scan")
    page.get_by_role("button", name="下载今日街镇包").click()
    expect(page.locator("#pack-state")).to_contain_text("1 块标签")
    expect(page.locator("#opens-offline")).to_be_visible()
    live_server.kill()
    page.goto(f"/C/{bridge.code}")
    expect(page.get_by_role("heading", name="万州长江大桥")).to_be_visible()
    expect(page.get_by_text("距设施 10 米")).to_be_visible()

    page = app(mine)
    page.goto(f"/C/{bridge.code}")
    expect(page.get_by_role("heading", name="万州长江大桥")).to_be_visible()
    expect(page.get_by_text("距设施 10 米")).to_be_visible()
    limit(page, live_server, 1)
    page.get_by_label("拍照").set_input_files(taken())
    expect(page.get_by_text("手机存储已满。")).to_be_visible()
    limit(page, live_server, None)
    page.get_by_label("拍照").set_input_files([taken(), taken(2000)])
    shots = page.locator(".shots li")
    expect(shots).to_have_count(2)
    shots.last.get_by_role("button", name="撤掉").click()
    expect(shots).to_have_count(1)

    page = app(mine)  # killed with the photo taken and nothing sent
    page.goto(f"/C/{bridge.code}")
    expect(page.locator(".shots li")).to_have_count(1)
    page.get_by_label("文字说明").fill("梁底挂着树枝")
    page.get_by_role("button", name="有问题").click()
    expect(page.get_by_text("万州长江大桥：已存在本机")).to_be_visible()
    live_server.start()

    page = app(mine)
    newcomer(page)
    page.wait_for_function(NO_COPIES)
    page.goto("/round?lon=108.35&lat=30.8")
    expect(page.locator("#outbox")).to_be_hidden()
    assert rows(owner, "select id from inspection") == []

    page = app(mine)
    with page.expect_response(lambda answer: "/api/v1/photos/" in answer.url and answer.ok):
        page.goto("/round?lon=108.35&lat=30.8")
    sent = page.locator("#outbox li[data-state=sent]")
    expect(sent).to_contain_text("万州长江大桥")
    expect(sent).not_to_contain_text("照片")
    assert rows(owner, "select actor_name, outcome, note from inspection") == [
        ("覃小红", "problem", "梁底挂着树枝")
    ]
    query = """select received_at is not null, round(st_x(photo.place)::numeric, 4)::text, file.kind
        from visit_photo photo join stored_file file on file.id = photo.id"""
    assert rows(owner, query) == [(True, "108.3501", "visit")]
    photo = rows(owner, "select id from visit_photo")[0][0]
    kept = Image.open(io.BytesIO(page.request.get(f"/files/{photo}").body()))
    assert kept.size == (1600, 800)


RESTORED = """async (note) => {
  const base = await new Promise((done) => {
    const asked = indexedDB.open('yitong-field');
    asked.onsuccess = () => done(asked.result);
  });
  const deal = base.transaction('answers', 'readwrite');
  const found = deal.objectStore('answers').getAll();
  found.onsuccess = () => {
    const [kept] = found.result;
    delete kept.sent_at;
    kept.visit = { ...kept.visit, outcome: 'problem', note };
    deal.objectStore('answers').put(kept);
  };
  await new Promise((done) => (deal.oncomplete = done));
}"""


def test_a_phone_restored_with_other_answers_leads_to_both_versions(app, bridge, people, owner):
    page = app(people.token(people.add(Role.PATROL, GAOSUNTANG, name="覃小红")))
    page.goto(f"/c/{bridge.code}")
    page.get_by_role("button", name="全部正常").click()
    page.wait_for_url("**/done/**")
    page.evaluate(RESTORED, "备份里写的是桥面开裂")
    page.goto("/outbox")
    row = page.locator("#outbox li[data-state=conflict]")
    expect(row).to_contain_text("已留待核对：两份内容不一致")
    row.get_by_role("link", name="看两份内容").click()
    expect(page.get_by_role("heading", name="万州长江大桥")).to_be_visible()
    expect(page.locator("tr.differs")).to_contain_text("备份里写的是桥面开裂")
    assert rows(owner, "select outcome from inspection order by received_at") == [
        ("all_normal",), ("problem",),
    ]  # fmt: skip


def test_a_clock_two_hours_wrong_is_put_right_for_an_answer_that_waited(
    app, bridge, live_server, people, owner
):
    page = app(people.token(people.add(Role.PATROL, GAOSUNTANG, name="覃小红")))
    page.goto(f"/c/{bridge.code}")
    page.clock.set_system_time(datetime.now(UTC) + timedelta(hours=2))
    began = datetime.now(UTC)
    page.context.set_offline(True)
    live_server.kill()
    page.get_by_role("button", name="全部正常").click()
    expect(page.get_by_text("已存在本机")).to_be_visible()
    ended = datetime.now(UTC)
    live_server.start()
    page.context.set_offline(False)
    page.wait_for_url("**/done/**")
    ((done_at, off_s),) = rows(owner, "select done_at, clock_off_s from inspection")
    slack = timedelta(seconds=60)  # what lies between the two clocks at the sending
    assert began - slack < done_at < ended + slack
    assert abs(off_s - 7200) < 60


def test_a_line_that_neither_delivers_nor_fails_opens_what_was_kept(
    app, bridge, live_server, people
):
    page = app(people.token(people.add(Role.PATROL, GAOSUNTANG, name="覃小红")))
    page.goto("/scan")
    page.get_by_role("button", name="下载今日街镇包").click()
    expect(page.locator("#pack-state")).to_contain_text("1 块标签")
    expect(page.locator("#opens-offline")).to_be_visible()
    os.kill(live_server.pid, signal.SIGSTOP)  # it takes connections and answers none
    try:
        page.goto("/scan")
        expect(page.locator("#pack-state")).to_contain_text("1 块标签")
    finally:
        os.kill(live_server.pid, signal.SIGCONT)


def test_a_page_that_the_phone_kept_is_shown_to_its_own_person_alone(app, live_server, people):
    page = app(people.token(people.add(Role.PATROL, GAOSUNTANG, name="覃小红")))
    page.goto("/round?lon=108.35&lat=30.8")
    expect(page.locator("#opens-offline")).to_be_visible()
    live_server.kill()
    page.goto("/outbox")
    expect(page.get_by_text("本机没有待发内容")).to_be_visible()
    # Another one signed in, and what should have dropped the pages did not run.
    page.evaluate("document.cookie = 'yitong_who=another; path=/'")
    page.evaluate("void setTimeout(() => location.assign('/round'))")
    expect(page).to_have_url(re.compile("chrome-error"))  # there is no line, and nothing of his
    live_server.start()
    page.goto("/sign-in")
    page.wait_for_function(NO_COPIES)
