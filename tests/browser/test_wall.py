"""A night on two walls: what is said is seen, what is drawn is shared, and the hours go back."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect
from sqlalchemy import update

from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.notify import announce
from gis.store.scope import SYSTEM, Scope
from hazards.duty.models import Crew
from hazards.monitoring.watching import TOPIC
from rescue_app.dispatch import service, telling
from rescue_app.dispatch.drafts import OrderDraft, StepDraft, Target
from rescue_app.dispatch.members import telling as members
from rescue_app.dispatch.members.reading import parts_of_order
from rescue_app.dispatch.reading import hops_of
from rescue_app.dispatch.rules import StepKind, Urgency
from rescue_app.incidents import service as incidents
from rescue_app.incidents.rules import IncidentDraft
from rescue_app.site import service as sites
from rescue_app.site.rules import ReportDraft, ReportKind
from tests.browser.windows import WHAT, cast, window
from tests.teams import seat_members
from tests.world import IN_GAOSUNTANG, IN_SHUANGJIANG, WANZHOU

__all__ = ["cast", "window"]
SMALL = {"width": 1280, "height": 720}


def begun(sessions, cast, hours):
    """A city's order to a district, as many hours ago; give the incident and the hop."""
    city, then = cast.actor("city"), datetime.now(UTC) - timedelta(hours=hours)
    with unit_of_work(sessions, Scope.of(city)) as session:
        opened = IncidentDraft(new_id(), "waterlogging", "沿江路积水", IN_GAOSUNTANG)
        incident = incidents.open_incident(session, draft=opened, by=city, now=then)
        order = OrderDraft(
            id=new_id(), what=WHAT, where="沿江路", urgency=Urgency.FLASH,
            targets=(Target.parse(cast.unit(WANZHOU)),), incident_id=incident.id,
        )  # fmt: skip
        service.issue(session, draft=order, by=city, now=then + timedelta(minutes=1))
        return incident.id, hops_of(session, order.id)[0].id


def answer(sessions, cast, hop_id):
    by, now = cast.actor("wanzhou"), datetime.now(UTC)
    with unit_of_work(sessions, Scope.of(by)) as session:
        step = StepDraft(new_id(), StepKind.ACCEPTED)
        telling.tell(session, hop_id=hop_id, step=step, by=by, now=now)


def station_changed(sessions, cast):
    city = cast.actor("city")
    with unit_of_work(sessions, Scope.of(city)) as session:
        announce(session, topic=TOPIC, kind="changed", ref=new_id(), area_path=city.area_path)


def told_off(sessions, cast, incident_id):
    """The crew's order from the street, and one member's part; give the part."""
    people, now = seat_members(sessions, cast), datetime.now(UTC)
    with unit_of_work(sessions, SYSTEM) as session:
        far = Crew.id == cast.crews["gaosuntang"]
        session.execute(update(Crew).where(far).values(place=IN_SHUANGJIANG))
    street = cast.actor("street")
    with unit_of_work(sessions, Scope.of(street)) as session:
        order = OrderDraft(
            id=new_id(), what="封桥", where="沿江路", urgency=Urgency.FLASH,
            targets=(Target("member", people["周队员"], "守桥头"),), incident_id=incident_id,
        )  # fmt: skip
        service.issue(session, draft=order, by=street, now=now)
        return parts_of_order(session, order.id)[0]


def called_away(sessions, cast, hop_id):
    with unit_of_work(sessions, Scope.of(cast.actor("crew"))) as session:
        away = ReportDraft(new_id(), ReportKind.DANGER, words="后壁在响")
        sites.report(
            session, hop_id=hop_id, draft=away, by=cast.actor("crew"), now=datetime.now(UTC)
        )


def told_of_its_crews(city):
    """How many answered stands at the order; one that is far away is a key away on the map."""
    expect(city.locator("#rows li.order", has_text="封桥")).to_contain_text("0/1 队已应答")
    with city.expect_request("**/tiles/**"):
        city.keyboard.press("0")


def test_a_wall_is_live_is_drawn_on_together_and_goes_back_in_time(window, sessions, cast):
    incident, hop = begun(sessions, cast, 2)
    path = f"/incidents/{incident}/wall"
    city, district = window("city", path, viewport=SMALL), window("wanzhou", path, viewport=SMALL)
    for page in (city, district):
        expect(page.locator("#wall-map[data-drawn]")).to_be_attached()
        expect(page.locator("#silent li[data-group=late]")).to_contain_text("万州区指挥中心")
    city.evaluate("window.notReloaded = true")
    city.keyboard.press("j")
    expect(city.locator("#chosen")).to_contain_text("万州区指挥中心")
    answer(sessions, cast, hop)
    expect(city.locator("#silent")).to_be_hidden()
    expect(city.locator("#rows")).to_contain_text("万主任")
    expect(city.locator("[data-figure=silent] b")).to_have_text("0")

    district.keyboard.press("p")
    expect(district.locator("#sketch-bar")).to_be_visible()
    district.keyboard.press("Space")
    district.get_by_label("旁注").fill("堤坝渗水")
    district.keyboard.press("Enter")
    expect(city.locator("#wall-map")).to_have_attribute("data-marks", "1")
    expect(district.locator("#undo-mine")).to_be_enabled()
    expect(city.locator("#undo-mine")).to_be_disabled()

    city.locator("#moment").focus()
    city.keyboard.press("{")
    expect(city.locator("#then")).to_contain_text("不是现在")
    expect(city.locator("#rows li[data-group=late]")).to_contain_text("万州区指挥中心")
    expect(city.locator("[data-figure=silent] b")).to_have_text("1")
    expect(city.locator("#wall-map")).to_have_attribute("data-marks", "0")
    city.keyboard.press("l")
    expect(city.locator("#then")).to_be_hidden()
    expect(city.locator("#rows")).to_contain_text("万主任")
    expect(city.locator("#wall-map")).to_have_attribute("data-marks", "1")
    district.locator("#undo-mine").click()
    expect(city.locator("#wall-map")).to_have_attribute("data-marks", "0")

    with city.expect_request("**/api/v1/tiles/stations/**"):
        station_changed(sessions, cast)

    part = told_off(sessions, cast, incident)
    called_away(sessions, cast, part.assignment_id)
    expect(city.locator("#silent li[data-asks=danger]")).to_contain_text("呼撤：尚无人应答")
    expect(city.locator("#silent li[data-asks=danger] .sums")).to_contain_text("封桥")
    expect(city.locator("[data-figure=support]")).to_contain_text("其中呼撤 1")
    ticks = city.locator("#rows .ticks .dot")
    expect(ticks).to_have_attribute("data-group", "silent")
    with unit_of_work(sessions, Scope.of(cast.actor("zhou"))) as session:
        step = StepDraft(new_id(), StepKind.ACCEPTED)
        members.tell(
            session, part_id=part.id, step=step, by=cast.actor("zhou"), now=datetime.now(UTC)
        )
    expect(ticks).to_have_attribute("data-group", "answered")
    told_of_its_crews(city)

    for is_full in ("true", "false"):
        city.keyboard.press("w")
        city.wait_for_function(f"Boolean(document.fullscreenElement) === {is_full}")
    assert city.evaluate("window.notReloaded")
