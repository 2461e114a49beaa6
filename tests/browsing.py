"""A real Chromium for tests; nothing it loads may come from elsewhere than our server."""

import re
import shutil
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
LIMIT_MS = 60_000
ORDER = re.compile(r"/orders/[0-9a-f-]{36}$")
expect.set_options(timeout=LIMIT_MS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright; WebGL runs in software."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "Chromium is missing: run scripts/setup --tests"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


def is_ours(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in {"data", "blob"} or parts.hostname == "127.0.0.1"


def hold(page: Page, name: str, *, until: Callable[[], object] | None = None) -> None:
    """Hold the button of an order until it has sent, as a thumb does."""
    button = page.get_by_role("button", name=name, exact=until is not None)
    expect(button).to_have_attribute("data-armed", "")
    button.hover()
    page.mouse.down()
    if until is None:
        page.wait_for_url(ORDER)
    else:
        until()
    page.mouse.up()


@pytest.fixture
def new_page(browser: Browser) -> Iterator["Opener"]:
    """`new_page(url, viewport=PHONE, token=…)`: a window of its own person, any number of them."""
    opener = Opener(browser)
    yield opener
    opener.close()
    assert opener.strays == [], "a page asked other servers"


@pytest.fixture
def page(new_page: "Opener") -> Page:
    """One window at desk size, nobody signed in."""
    return new_page()


class Opener:
    """Opens windows, each with its own cookies, and notes every request that leaves us."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.strays: list[str] = []

    def __call__(self, url: str = "", *, token: str = "", viewport=DESK, **more: object) -> Page:
        context = self._browser.new_context(viewport=viewport, **more)
        context.set_default_timeout(LIMIT_MS)
        context.on("request", lambda request: self._note(request.url))
        self._contexts.append(context)
        if token:
            context.add_cookies([{"name": "yitong_session", "value": token, "url": url}])
        return context.new_page()

    def _note(self, address: str) -> None:
        if not is_ours(address):
            self.strays.append(address)

    def close(self) -> None:
        for context in self._contexts:
            context.close()
