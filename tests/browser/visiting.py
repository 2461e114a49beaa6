"""How a page is looked at: by whom, when it is ready, and which addresses are pages at all."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi.routing import APIRoute
from playwright.sync_api import Page

from rescue_app.routers import ROUTERS


@dataclass(frozen=True)
class Visit:
    """One look at a page."""

    path: str
    """Address with {names} from the stage."""
    who: str = "city"
    """Who looks; empty for somebody who is not signed in."""
    ready: str = "main"
    """What is there when the page is."""
    budget_kb: int | None = None
    """What HTML, CSS and our own scripts may weigh together, uncompressed."""
    scripts_too: bool = True
    status: int = 200
    typed: tuple[tuple[str, str], ...] = ()
    """What the reader types or chooses first: fields and values."""
    press: str = ""
    """The button he presses then; `ready` is what comes of it."""
    name: str = ""
    """What a screenshot is called, where a page is looked at twice."""


# Addresses that answer a GET and are no page of their own, and why.
NO_PAGE = {
    "/incidents/{incident_id}/review/timeline.{form}": "a file",
    "/warnings/state": "a sign that open pages ask for",
    "/warnings/cap.atom": "a feed",
    "/warnings/drills.atom": "a feed",
    "/warnings/cap/{identifier}.xml": "a message for programs",
    "/alerts/{alert_id}/cap.xml": "a message for programs",
    "/alerts/messages/{message_id}.xml": "a file",
    "/app.webmanifest": "what a phone reads to install the app",
    "/field-worker.js": "a script",
    "/push-worker.js": "a script",
    "/tasks.csv": "a file",
    "/plans/{code}/file.yaml": "a file",
    "/findings/evaluation/{sample_id}.csv": "a file",
    "/theme/{theme}": "sets a cookie and goes back",
    "/checklists/{code}/form.xlsx": "a file",
    "/duty/list.xlsx": "a file",
    "/crews/crews.xlsx": "a file",
    "/duty/ownerless/count": "what the list of responsibility shows above itself",
    "/map/trail": "a part of the map page",
    "/map/inside": "what the map shows beside itself",
    "/exposure.csv": "a file",
    "/chains/{chain_id}.pdf": "a file",
    "/chains/table/{number}.yaml": "a file",
    "/c/{code}/damaged": "leads back to the code",
    "/P/{point_id}": "the same page, as alphanumeric symbols spell it",
    "/points/{point_id}/cards/{paper}.pdf": "a file",
    "/rules/file.yaml": "a file",
    "/rules/{code}/file.yaml": "a file",
    "/C/{code}": "the same scan page, as alphanumeric symbols spell it",
    "/measures/editions/{number}.yaml": "a file",
    "/stores/stores.xlsx": "a file",
    "/labels/preview.png": "a picture",
    "/assets/{asset_id}/label.pdf": "a file",
    "/assets/{asset_id}/panel": "what the map shows beside itself",
    "/warnings/feed.atom": "a feed",
    "/alerts/{alert_id}/panel": "what the map shows beside itself",
    "/events/{event_id}/panel": "what the map shows beside itself",
    "/points/near": "what form and case show beside a place",
    "/points/{point_id}/panel": "what the map shows beside itself",
    "/stations/{point_id}/panel": "what the map shows beside itself",
    "/chains/kept/{kind}/{ref}": "a part that pages fetch by themselves",
    "/proposals/{proposal_id}/panel": "what the map shows beside itself",
    "/orders/{order_id}/board": "the part of an order's page that changes",
}


def act(page: Page, visit: Visit) -> None:
    """Do what a reader does first, and wait for what he came for."""
    for field, value in visit.typed:
        place = page.locator(field)
        if place.evaluate("e => e.tagName") == "SELECT":
            place.select_option(value)
        else:
            place.fill(value)
    if visit.press:
        page.click(visit.press)
    page.wait_for_selector(visit.ready, state="attached")


def is_page(route: APIRoute) -> bool:
    """Tell what people look at from what machines and scripts ask."""
    ours = route.endpoint.__module__.startswith("rescue_app.web")
    return ours and "GET" in (route.methods or ())


def routes() -> Iterator[str]:
    """Give the addresses of all pages and parts of pages."""
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute) and is_page(route):
                yield route.path


def slug(visit: Visit) -> str:
    """Name a visit for files and test ids."""
    plain = visit.path.split("?")[0].split("#")[0].strip("/").replace("/", "-")
    return visit.name or plain.replace("{", "").replace("}", "") or "home"
