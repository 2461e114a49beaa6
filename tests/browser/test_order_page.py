"""The order's page under somebody's hands, and replies on the wall that overtake each other."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from shapely import MultiPolygon

from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.duty import service as duty
from hazards.duty.rules import Roster, UnitEntry, UnitKind
from rescue_app.dispatch import changing, service, telling
from rescue_app.dispatch.changes import ChangeDraft, ChangeKind
from rescue_app.dispatch.drafts import OrderDraft, StepDraft, Target
from rescue_app.dispatch.reading import hops_of
from rescue_app.dispatch.rules import StepKind, Urgency
from rescue_app.incidents import service as incidents
from rescue_app.incidents.rules import IncidentDraft
from rescue_app.sketches import service as sketches
from rescue_app.sketches.rules import MarkDraft, MarkKind
from tests.browser.windows import WHAT, cast, window
from tests.world import IN_GAOSUNTANG, WANZHOU

__all__ = ["cast", "window"]


@pytest.fixture
def acting(sessions, cast):
    """`acting("city", do)` does something as that person, now."""

    def do(who, deed):
        by = cast.actor(who)
        with unit_of_work(sessions, Scope.of(by)) as session:
            return deed(session, by=by, now=datetime.now(UTC))

    return do


@pytest.fixture
def given(acting, cast):
    """Give an incident with its area drawn, the order to a district for it, and the hop."""

    def deed(session, by, now):
        area = MultiPolygon([IN_GAOSUNTANG.buffer(0.01)])
        opened = IncidentDraft(new_id(), "waterlogging", "沿江路积水", IN_GAOSUNTANG, extent=area)
        incident = incidents.open_incident(session, draft=opened, by=by, now=now)
        to = (Target.parse(cast.unit(WANZHOU)),)
        order = OrderDraft(
            id=new_id(), what=WHAT, where="沿江路", urgency=Urgency.FLASH, targets=to,
            incident_id=incident.id, place=IN_GAOSUNTANG,
        )  # fmt: skip
        service.issue(session, draft=order, by=by, now=now)
        return incident.id, order.id, hops_of(session, order.id)[0].id

    return acting("city", deed)


def says(acting, who, hop_id, kind):
    step = StepDraft(new_id(), StepKind(kind))
    acting(who, lambda session, **by: telling.tell(session, hop_id=hop_id, step=step, **by))


def suspend(acting, order_id):
    draft = ChangeDraft(new_id(), ChangeKind.SUSPENDED, "雨停")
    change = changing.change
    acting("city", lambda session, **by: change(session, order_id=order_id, draft=draft, **by))


def test_a_drawer_holds_its_own_part_alone_and_that_one_until_it_is_closed(window, acting, given):
    _, order, hop = given
    city = window("city", f"/orders/{order}")
    expect(city.locator("#place-map[data-drawn]")).to_be_attached()
    drawer = city.locator("#change-part summary").first
    drawer.click()
    says(acting, "wanzhou", hop, "accepted")
    expect(city.locator("#tree-part")).to_contain_text("万主任")
    suspend(acting, order)
    expect(city.locator("#tree-part")).to_contain_text("尚未应答")
    expect(city.locator("#change-part")).not_to_contain_text("雨停")
    drawer.click()
    expect(city.locator("#change-part")).to_contain_text("雨停")
    # Who went by keys stands where he stood.
    expect(city.locator("#change-part summary").first).to_be_focused()


def test_the_map_of_an_order_shows_the_area_that_was_drawn(window, given):
    city = window("city", f"/orders/{given[1]}")
    expect(city.locator("#place-map")).to_have_attribute("data-extent", "true")


def draw(acting, incident_id, words):
    mark = MarkDraft(new_id(), MarkKind.POINT, IN_GAOSUNTANG, words)
    about = {"incident_id": incident_id, "draft": mark}
    acting("city", lambda session, **by: sketches.draw(session, **about, **by))


def test_an_older_reply_does_not_take_away_what_was_drawn_since(window, acting, given):
    city = window("city", f"/incidents/{given[0]}/wall")
    sketch = city.locator("#wall-map")
    expect(sketch).to_have_attribute("data-marks", "0")
    held = []

    def first_waits(route):
        route.continue_() if held else held.append(route)

    city.route(re.compile("/sketch$"), first_waits)
    city.evaluate(
        """() => new MutationObserver(() => (window.shown ??= []).push(
          document.getElementById("wall-map").dataset.marks))
          .observe(document.getElementById("wall-map"), {attributeFilter: ["data-marks"]})"""
    )
    draw(acting, given[0], "一")
    draw(acting, given[0], "二")
    expect(sketch).to_have_attribute("data-marks", "2")
    with city.expect_event("requestfinished", lambda asked: asked == held[0].request):
        held[0].fulfill(json=[])
    draw(acting, given[0], "三")
    expect(sketch).to_have_attribute("data-marks", "3")
    assert "0" not in city.evaluate("window.shown")


def test_who_could_act_instead_is_found_by_its_name(window, sessions, acting, given):
    many = [
        UnitEntry(f"{n} 局", f"Bureau {n}", UnitKind.DEPARTMENT, "district", WANZHOU)
        for n in range(10, 30)
    ]
    with unit_of_work(sessions, SYSTEM) as session:
        duty.register(session, Roster(many), area_path=WANZHOU)
    district = window("wanzhou", f"/orders/{given[1]}")
    district.locator("#mine-part summary", has_text="不能").click()
    names, field = district.get_by_label("换谁去"), district.get_by_label("按名称查找")
    field.fill("27")
    expect(names.locator("option:checked")).to_have_text("27 局")
    expect(names.locator("option:enabled")).to_have_count(2)
    field.press("Enter")
    expect(field).to_be_visible()
    field.fill("")
    expect(names.locator("option:enabled")).not_to_have_count(2)
