"""Pictures of every page for eyes to judge: desk and phone, light and dark, Chinese and English.

`make screenshots` writes them to build/screenshots; a word after it takes the pages so named.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from shutil import which

from playwright.sync_api import Browser, Page, sync_playwright
from rich.progress import track

from gis.store.cluster import Cluster
from rescue_app import schema
from rescue_app.http.dependencies import COOKIE
from rescue_app.settings import PROJECT
from tests.browser.acting import Stage
from tests.browser.pages import visits
from tests.browser.scenery import fill
from tests.browser.visiting import Visit, act, slug
from tests.browsing import DESK, FLAGS, PHONE
from tests.processes import Server

TARGET = PROJECT / "build" / "screenshots"
DATABASE = "screenshots"
SIZES = {"desk": DESK, "phone": PHONE}
UNDRAWN = ":is(.map-page, .pick-map, .place-map, .check-map):not([hidden], [data-drawn])"
LOOKS = tuple(product(SIZES, ("light", "dark"), ("zh", "en")))


@contextmanager
def stage() -> Iterator[Stage]:
    """Run a filled city of its own for the time of the pictures."""
    with tempfile.TemporaryDirectory() as home:
        cluster = Cluster(Path(tempfile.gettempdir()) / "yitong-screenshots", fast=True)
        cluster.ensure_running()
        cluster.drop_database(DATABASE)  # one that a broken run left behind
        urls = cluster.create_database(DATABASE)
        schema.upgrade(urls.owner)
        made = fill(urls, Path(home))
        server = Server(urls, home=Path(home))
        server.start()
        made.url = server.url
        try:
            yield made
        finally:
            server.stop()
            cluster.stop()


def take(browser: Browser, made: Stage, visit: Visit, look: tuple[str, str, str]) -> Path:
    """Take one picture."""
    size, scheme, locale = look
    context = browser.new_context(
        viewport=SIZES[size],  # type: ignore[arg-type]  # a plain dict is what it wants
        color_scheme=scheme,  # type: ignore[arg-type]  # one of its words
        reduced_motion="reduce",
    )
    cookies = {"yitong_lang": locale} | ({COOKIE: made.tokens[visit.who]} if visit.who else {})
    context.add_cookies([{"name": n, "value": v, "url": made.url} for n, v in cookies.items()])
    page = context.new_page()
    page.goto(made.url + visit.path.format(**made.ids))
    settle(page, visit)
    target = TARGET / f"{slug(visit)}.{size}.{scheme}.{locale}.png"
    page.screenshot(path=target, full_page="/map" not in visit.path)
    context.close()
    return target


def settle(page: Page, visit: Visit) -> None:
    """Wait until the page stands still."""
    act(page, visit)
    page.evaluate("document.fonts.ready.then(() => true)")
    page.wait_for_load_state("load")
    page.wait_for_selector(UNDRAWN, state="detached")
    if "/map" in visit.path:
        page.wait_for_selector(".rail .skeleton", state="detached")


def main(wanted: str = "") -> None:
    """Take all pictures, or those of the pages whose name has a word in it."""
    TARGET.mkdir(parents=True, exist_ok=True)
    chosen = [visit for visit in visits() if wanted in slug(visit)]
    with stage() as made, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=which("chromium"), args=FLAGS)
        for visit, look in track(list(product(chosen, LOOKS)), description="screenshots"):
            take(browser, made, visit, look)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:2])
