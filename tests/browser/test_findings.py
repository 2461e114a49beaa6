"""The street's board in a real browser: drag and keys move a card, refusals say what to do."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from gis.authority import Role
from tests.browsing import PHONE
from tests.patrols import labelled, load_reference, visit
from tests.world import GAOSUNTANG

pytestmark = pytest.mark.usefixtures("world")
BAD = {"outcome": "problem"}


@pytest.fixture
def street(client, sign_in, sessions, people):
    """A bridge with two findings; the token of the street's commander."""
    load_reference(sessions)
    account = sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG, "高书记")
    bridge = labelled(client)
    for answers in ({"joints": "yes"}, {"clearance": "49"}):
        sent = client.post("/api/v1/inspections", json=visit(bridge.code, **BAD, answers=answers))
        assert sent.status_code == 201
    return people.token(account)


def column(page, state):
    return page.locator(f'[data-column="{state}"]')


def test_a_card_is_dragged_on_and_moved_by_keys_and_told_why_it_stays(
    live_server, new_page, street, client
):
    page = new_page(live_server.url, token=street)
    page.goto(f"{live_server.url}/findings")
    card = page.locator(".finding-card", has_text="伸缩缝")
    expect(column(page, "discovered").locator(".finding-card")).to_have_count(2)
    card.drag_to(column(page, "verified"))
    expect(page.get_by_role("status").filter(has_text="核验须在现场")).to_be_visible()
    card.drag_to(column(page, "accepted"))
    expect(column(page, "accepted").locator(".finding-card")).to_have_count(1)
    page.locator(".finding-card", has_text="伸缩缝").get_by_role("link").first.focus()
    page.keyboard.press("m")
    expect(column(page, "in_hand").locator(".finding-card")).to_have_count(1)
    expect(column(page, "in_hand").get_by_role("link").first).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(column(page, "discovered").get_by_role("link").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/findings/[0-9a-f-]{36}$"))


def test_somebody_elses_step_shows_without_reloading(live_server, new_page, street, client):
    page = new_page(live_server.url, token=street, viewport=PHONE)
    page.goto(f"{live_server.url}/findings")
    expect(column(page, "discovered").locator(".finding-card")).to_have_count(2)
    finding = client.get("/api/v1/findings").json()["items"][0]["id"]
    body = {"id": str(uuid4()), "act": "accept"}
    assert client.post(f"/api/v1/findings/{finding}/steps", json=body).status_code == 200
    expect(column(page, "accepted").locator(".finding-card")).to_have_count(1)
