"""The scan page as a patrol holds it: a real phone-sized Chromium, a real server, bad network."""

from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from sqlalchemy import text
from starlette.testclient import TestClient

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import Scope
from tests.browsing import PHONE
from tests.cast import build_cast
from tests.patrols import labelled, load_reference, visit
from tests.warning import Warner
from tests.world import GAOSUNTANG

pytestmark = pytest.mark.usefixtures("world")
BUDGET_BYTES = 30_000
SMALL_PHONE = {"width": 360, "height": 740}
ON_THE_BRIDGE = {"latitude": 30.8, "longitude": 108.3501, "accuracy": 9}


@pytest.fixture
def bridge(client: TestClient, sign_in, sessions):
    """A bridge with its label, made by the street's commander."""
    load_reference(sessions)
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG, "高书记")
    return labelled(client, owner_unit="万州区市政养护中心", owner_phone="023-58220000")


@pytest.fixture
def open_scan(live_server, new_page, people, bridge):
    """`open_scan(Role.PATROL)` opens the bridge's page as that role; without one as a resident."""

    def do(role=None, viewport=PHONE, **more):
        token = people.token(people.add(role, GAOSUNTANG, "巡查员小李")) if role else ""
        more = {"geolocation": ON_THE_BRIDGE, "permissions": ["geolocation"]} | more
        page = new_page(live_server.url, token=token, viewport=viewport, **more)
        page.goto(f"{live_server.url}/c/{bridge.code}")
        return page

    return do


def kept(owner):
    query = "select outcome, distance_m, answers from inspection order by received_at"
    found = owner.execute(text(query)).all()
    owner.rollback()
    return found


def test_a_normal_round_is_one_tap_after_the_scan(open_scan, owner):
    page = open_scan(Role.PATROL)
    page.get_by_role("button", name="全部正常").click()
    page.wait_for_url("**/done/*")
    expect(page.locator(".kept")).to_contain_text("已收到")
    assert [row.outcome for row in kept(owner)] == ["all_normal"]


def test_the_place_of_the_scan_goes_with_it(open_scan, owner):
    page = open_scan(Role.PATROL)
    expect(page.get_by_text("距设施 10 米")).to_be_visible()
    page.get_by_role("button", name="全部正常").click()
    page.wait_for_url("**/done/*")
    assert 5 < kept(owner)[0].distance_m < 15


def test_how_far_one_stands_is_said_before_the_answer_and_far_is_no_obstacle(open_scan, owner):
    expect(open_scan(Role.PATROL).get_by_text("距设施 10 米")).to_be_visible()
    elsewhere = {"latitude": 30.81, "longitude": 108.35, "accuracy": 9}
    page = open_scan(Role.PATROL, geolocation=elsewhere)
    expect(page.get_by_text("距设施 1,112 米")).to_be_visible()
    page.get_by_role("button", name="全部正常").click()
    page.wait_for_url("**/done/*")
    assert round(kept(owner)[0].distance_m, -1) == 1110


def test_what_is_marked_bad_becomes_a_finding_on_the_next_page(open_scan, owner):
    page = open_scan(Role.PATROL)
    page.get_by_role("button", name="有问题").click()
    expect(page.get_by_text("请勾选有问题的项")).to_be_visible()
    row = page.get_by_role("group", name="伸缩缝堵塞、破损、异响")
    row.get_by_role("radio", name="有").check()
    page.get_by_role("button", name="全部正常").click()
    expect(page.get_by_text("有项目标为异常")).to_be_visible()
    page.get_by_role("button", name="有问题").click()
    page.wait_for_url("**/done/*")
    expect(page.get_by_role("link", name="伸缩缝堵塞")).to_be_visible()


def test_without_javascript_the_form_still_works_and_brings_mistakes_back(open_scan, owner):
    page = open_scan(Role.PATROL, java_script_enabled=False)
    page.get_by_label("水面到梁底净空").fill("deep")
    page.get_by_label("文字说明").fill("梁底挂着树枝")
    page.get_by_role("button", name="有问题").click()
    expect(page.get_by_text("请填数字")).to_be_visible()
    expect(page.get_by_label("文字说明")).to_have_value("梁底挂着树枝")
    page.get_by_label("水面到梁底净空").fill("30")
    page.get_by_role("button", name="有问题").click()
    expect(page.get_by_text("先封闭、先撤人")).to_be_visible()
    assert len(kept(owner)) == 1


def test_with_the_network_gone_the_visit_waits_and_goes_out_once(open_scan, owner):
    page = open_scan(Role.PATROL)
    page.context.set_offline(True)
    page.get_by_role("button", name="全部正常").click()
    page.get_by_text("已存在本机").wait_for()
    assert kept(owner) == []
    page.context.set_offline(False)
    page.wait_for_url("**/done/*")
    assert len(kept(owner)) == 1


def test_an_answer_that_got_lost_on_the_way_back_does_not_make_a_second_visit(open_scan, owner):
    page = open_scan(Role.PATROL)
    calls = []

    def lose_first(route):
        calls.append(route.fetch())
        if len(calls) == 1:
            route.abort()
        else:
            route.fulfill(response=calls[-1])

    page.route("**/api/v1/inspections", lose_first)
    page.get_by_role("button", name="全部正常").click()
    page.wait_for_url("**/done/*")
    assert [call.status for call in calls] == [201, 200]
    assert len(kept(owner)) == 1


def test_a_resident_reads_whom_to_call_and_sees_no_checklist(open_scan):
    page = open_scan()
    expect(page.get_by_role("heading", name="万州长江大桥")).to_be_visible()
    expect(page.get_by_text("正常：没有已知险情")).to_be_visible()
    expect(page.get_by_role("link", name="呼救 119")).to_have_attribute("href", "tel:119")
    expect(page.locator("form")).to_have_count(0)  # nothing to fill in


def test_a_resident_is_told_of_an_open_danger_without_its_details(open_scan, client, bridge):
    said = {"outcome": "problem", "answers": {"abnormal_movement": "yes"}, "note": "内部情况"}
    client.post("/api/v1/inspections", json=visit(bridge.code, **said))
    page = open_scan()
    expect(page.get_by_text("此处有 I 级隐患")).to_be_visible()
    expect(page.get_by_text("请远离")).to_be_visible()
    assert "内部情况" not in page.content()


@pytest.mark.parametrize("role", [None, Role.PATROL])
def test_the_page_weighs_under_30_kb_and_fits_360_px(live_server, new_page, open_scan, role):
    loaded: dict[str, int] = {}
    page = open_scan(role, viewport=SMALL_PHONE)
    page.on("response", lambda answer: loaded.update({answer.url: len(answer.body())}))
    page.reload(wait_until="networkidle")
    weights = {
        urlsplit(url).path: size
        for url, size in loaded.items()
        if url.endswith(".css") or "/c/" in url
    }
    assert sum(weights.values()) < BUDGET_BYTES, weights
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL_PHONE["width"]


def test_the_first_item_and_both_buttons_are_above_the_fold(open_scan):
    page = open_scan(Role.PATROL)
    first = page.locator(".item").first.bounding_box()
    foot = page.locator(".field-foot").bounding_box()
    assert first["y"] + first["height"] < foot["y"]
    assert foot["y"] + foot["height"] <= PHONE["height"]


def test_every_target_is_at_least_48_px_high(open_scan):
    page = open_scan(Role.PATROL)
    targets = page.locator("main a, main input:not([type=hidden]), main textarea, footer button")
    low = [one for one in targets.all() if one.bounding_box()["height"] < 47.5]
    assert [one.evaluate("(e) => e.outerHTML") for one in low] == []


@pytest.fixture
def warner(world, sessions):
    cast = build_cast(sessions)

    @contextmanager
    def acting(who):
        by = cast.actor(who)
        with unit_of_work(sessions, Scope.of(by)) as session:
            yield session, by

    return Warner(acting)


def told(page, words, *, shown):
    """Wait until the open page says it, or no more; it looks whenever its line comes back."""
    page.wait_for_function(
        """([words, shown]) => {
            dispatchEvent(new Event("online"));
            return document.querySelector("[data-warned][data-armed]")
                ?.textContent.includes(words) === shown;
        }""",
        arg=[words, shown],
        polling=300,
    )


def test_an_open_page_follows_the_warnings_and_keeps_what_is_typed(open_scan, warner):
    resident, patrol = open_scan(), open_scan(Role.PATROL)
    patrol.locator("textarea[name=note]").fill("桥面有裂缝")
    alert = warner.issued(area_paths=(GAOSUNTANG,))
    for page in (resident, patrol):
        told(page, "滑坡橙色预警", shown=True)
        expect(page.locator(".band.warn.orange")).to_have_css("display", "flex")
    warner.cancel(alert)
    for page in (resident, patrol):
        told(page, "滑坡橙色预警", shown=False)
    expect(patrol.locator("textarea[name=note]")).to_have_value("桥面有裂缝")
