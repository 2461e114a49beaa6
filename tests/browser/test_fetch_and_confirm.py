"""Households are fetched and confirmed without a line: kept, shown as queued, sent once."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import Scope
from rescue_app.evacuation import households, service
from rescue_app.evacuation.households import HouseholdDraft
from rescue_app.incidents import service as incidents
from rescue_app.incidents.rules import IncidentDraft
from tests.browser.windows import cast, window
from tests.browsing import PHONE
from tests.patrols import load_reference
from tests.world import IN_GAOSUNTANG

__all__ = ["cast", "window"]

TOUCH_GAP_PX = 8


@pytest.fixture
def page(sessions, cast):
    """The address of a roster of two households."""
    load_reference(sessions)
    by, now = cast.actor("street"), datetime.now(UTC)
    homes = [
        HouseholdDraft(number, IN_GAOSUNTANG, f"周{number}", "", f"沿江路 {number} 号", 3)
        for number in ("1", "2")
    ]
    opened = IncidentDraft(new_id(), "landslide", "后坡滑动", IN_GAOSUNTANG)
    with unit_of_work(sessions, Scope.of(by)) as session:
        households.bring_in(session, source="test", drafts=homes, by=by, now=now)
        incident = incidents.open_incident(session, draft=opened, by=by, now=now)
        roster = service.make(session, incident_id=incident.id, radius_m=300, by=by, now=now)
        return f"/evacuations/{roster.id}/moves"


def press_without_a_line(phone, live_server, name):
    """Press it at both households while nobody answers; open the page anew; let the line return."""
    expect(phone.locator("#opens-offline")).to_be_visible()
    phone.context.set_offline(True)
    live_server.kill()
    for number in (1, 2):
        home = phone.locator("article", has_text=f"沿江路 {number} 号")
        home.get_by_role("button", name=name).click()
        expect(home).to_contain_text("已排队，待发送")
        expect(home.get_by_role("button", name=name)).to_be_hidden()
    expect(phone.locator("#site-kept")).to_contain_text("现场消息 2 条")
    phone.reload()
    expect(phone.locator("article[data-queued]")).to_have_count(2)
    live_server.start()
    phone.context.set_offline(False)
    expect(phone.locator("#site-kept")).to_be_hidden()
    expect(phone.locator("article[data-queued]")).to_have_count(0)


def test_each_move_is_said_and_confirmed_by_a_second_person_without_a_line(
    window, live_server, page, owner
):
    crew = window("crew", page, viewport=PHONE)
    fetched, moved = (
        crew.get_by_role("button", name=name).first.bounding_box()
        for name in ("已接", "已到安置点")
    )
    assert moved["y"] - fetched["y"] - fetched["height"] >= TOUCH_GAP_PX
    press_without_a_line(crew, live_server, "已到安置点")
    expect(crew.get_by_role("button", name="我确认")).to_have_count(0)
    second = window("patrol", page, viewport=PHONE)
    press_without_a_line(second, live_server, "我确认")
    expect(second.locator("main")).to_contain_text("0 户未核实")
    # The first one's phone opened what it had kept: what is true now comes with the line.
    crew.context.set_offline(True)
    crew.reload()
    expect(crew.locator("main")).to_contain_text("2 户未核实")
    crew.context.set_offline(False)
    expect(crew.locator("main")).to_contain_text("0 户未核实")
    said = text("SELECT kind, count(*), count(DISTINCT by_id) FROM evacuation_step GROUP BY kind")
    assert sorted(map(tuple, owner.execute(said))) == [("at_shelter", 2, 1), ("confirmed", 2, 1)]
