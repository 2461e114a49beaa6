"""The scanner's page as a patrol holds it, with the server really gone."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from tests.browsing import PHONE
from tests.patrols import labelled, load_reference, make_label
from tests.world import GAOSUNTANG

pytestmark = pytest.mark.usefixtures("world")
FAR = {"latitude": 30.8, "longitude": 108.36, "accuracy": 9}


@pytest.fixture
def street(client, sign_in, sessions):
    load_reference(sessions)
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG, "高书记")
    return client


@pytest.fixture
def bridge(street):
    return labelled(street, owner_unit="养护中心", owner_phone="023-58220000")


@pytest.fixture
def patrol(bridge, people, live_server, new_page):
    """A patrol's phone on the scanner's page, with the pack of the street taken along."""
    token = people.token(people.add(Role.PATROL, GAOSUNTANG, name="覃小红"))
    page = new_page(
        live_server.url, token=token, viewport=PHONE, geolocation=FAR,
        permissions=["geolocation"],
    )  # fmt: skip
    page.goto(live_server.url + "/scan")
    page.get_by_role("button", name="下载今日街镇包").click()
    expect(page.locator("#pack-state")).to_contain_text("高笋塘街道：1 块标签")
    expect(page.locator("#opens-offline")).to_be_visible()
    return page


def enter(page, code):
    page.get_by_label("标签上的编码").fill(code)
    page.get_by_role("button", name="打开", exact=True).click()


def kept(owner):
    query = "select outcome, distance_m, far, code_id is not null as scanned from inspection"
    found = owner.execute(text(query)).all()
    owner.rollback()
    return found


def test_a_label_in_the_pack_opens_without_a_server_and_its_answer_arrives_once(
    patrol, bridge, live_server, owner
):
    page = patrol
    enter(page, bridge.code[:-1])
    expect(page.locator("#told")).to_contain_text("编码有 16 位，这里有 15 位")
    live_server.kill()
    page.reload()  # a killed app comes back from the phone
    expect(page.locator("#pack-state")).to_contain_text("1 块标签")
    enter(page, bridge.code.lower())
    expect(page.get_by_role("heading", name="万州长江大桥")).to_be_visible()
    expect(page.get_by_text("距设施 955 米，偏远")).to_be_visible()
    expect(page.get_by_role("link", name="养护中心 023-58220000")).to_be_visible()
    page.get_by_role("group", name="伸缩缝堵塞、破损、异响").get_by_role("radio", name="有").check()
    page.get_by_role("button", name="全部正常").click()
    expect(page.get_by_text("有项目标为异常")).to_be_visible()
    page.get_by_role("button", name="有问题").click()
    expect(page.get_by_text("万州长江大桥：已存在本机")).to_be_visible()
    live_server.start()
    page.reload()
    page.goto(live_server.url + "/round")
    expect(page.locator("#outbox li[data-state=sent]")).to_have_count(1)
    assert [tuple(row) for row in kept(owner)] == [("problem", pytest.approx(955, 1), True, True)]


def test_what_is_not_in_the_pack_is_not_believed_and_judged_when_the_line_is_back(
    patrol, street, bridge, live_server
):
    page = patrol
    old = bridge.code
    new = make_label(street, bridge.asset, hangs_at="桥头")["code"]
    forged = forge(new)
    live_server.kill()
    page.goto(live_server.url + f"/C/{new}")  # the phone's own camera leads here
    expect(page.locator("#told")).to_contain_text("没有网络，无法核验：这块标签不在街镇包里")
    enter(page, forged)
    rows = page.locator(".checks li")
    expect(rows).to_have_count(2)
    expect(page.locator(".checks li[data-verdict=waiting]")).to_have_count(2)
    enter(page, old)  # the pack of this morning does not know better
    expect(page.get_by_role("heading", name="万州长江大桥")).to_be_visible()
    live_server.start()
    page.goto(live_server.url + "/scan")
    expect(page.locator(".checks li[data-verdict=forged]")).to_contain_text("不是这里签发的")
    expect(page.locator(".checks li[data-verdict=verified]")).to_contain_text("万州长江大桥")
    rows.first.get_by_role("button", name="从本机移除").click()
    expect(rows).to_have_count(1)


def test_a_pack_that_was_changed_or_is_old_opens_nothing(patrol, bridge, live_server, sessions):
    page = patrol
    change = """async (turn) => {
      const base = await new Promise((done) => {
        const asked = indexedDB.open('yitong-field');
        asked.onsuccess = () => done(asked.result);
      });
      const deal = base.transaction('packs', 'readwrite');
      const found = deal.objectStore('packs').getAll();
      found.onsuccess = () => {
        const [held] = found.result;
        held.sealed.pack = held.sealed.pack.replace(...turn);
        deal.objectStore('packs').put(held);
      };
      await new Promise((done) => (deal.oncomplete = done));
    }"""
    page.evaluate(change, ["万州长江大桥", "万州长江小桥"])
    live_server.kill()
    page.reload()
    expect(page.locator("#pack-state")).to_contain_text("被改动")
    enter(page, bridge.code)
    expect(page.locator("#told")).to_contain_text("本机没有今天的街镇包")
    page.evaluate(change, ["万州长江小桥", "万州长江大桥"])
    page.clock.set_fixed_time("2099-01-01T00:00:00Z")
    page.reload()
    expect(page.locator("#pack-state")).to_contain_text("已于")
    enter(page, bridge.code)
    expect(page.locator("#told")).to_contain_text("无法核验")
    expect(page.locator("#label")).to_be_hidden()
    with unit_of_work(sessions, SYSTEM) as session:
        assert session.execute(text("select count(*) from inspection")).scalar() == 0


def forge(code):
    """Another code whose check sign fits, as whoever prints his own would make it."""
    from qr_codes.signing import ALPHABET, check_symbol

    body = code[:10] + ALPHABET[(ALPHABET.index(code[10]) + 1) % 32] + code[11:15]
    return body + check_symbol(body)
