"""Every page in both languages: accessible, translated, narrow, light, and nobody's but ours."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import checks
from tests.browser.acting import Stage
from tests.browser.pages import PAGES, visits
from tests.browser.visiting import NO_PAGE, Visit, act, routes, slug
from tests.browsing import DESK, Opener

NARROW = {"width": 360, "height": 740}
LOOKS = {"zh": "light", "en": "dark"}
# The long examination is made in one of the two looks, in turns: pages share their parts.
EVERY_VISIT = pytest.mark.parametrize(
    ("visit", "examined"),
    [pytest.param(v, [*LOOKS][n % 2], id=slug(v)) for n, v in enumerate(visits())],
)


@pytest.fixture(scope="module")
def windows(browser: Browser, stage: Stage) -> Iterator[dict[str, Page]]:
    """One window per language for all pages: what they share is loaded once."""
    opener = Opener(browser)
    yield {
        locale: opener(stage.url, color_scheme=scheme, service_workers="block")
        for locale, scheme in LOOKS.items()
    }
    opener.close()
    assert opener.strays == [], "a page asked other servers"


@pytest.fixture
def look(windows: dict[str, Page], stage: Stage):
    """`look(visit, locale)` opens a page as its reader sees it, and waits until it stands."""

    def do(visit: Visit, locale: str, viewport: dict[str, int] = DESK) -> Page:
        page = windows[locale]
        cookies = {"yitong_lang": locale}
        if visit.who:
            cookies["yitong_session"] = stage.tokens[visit.who]
        page.goto("about:blank")
        page.set_viewport_size(viewport)
        page.context.clear_cookies()
        page.context.add_cookies(
            [{"name": name, "value": value, "url": stage.url} for name, value in cookies.items()]
        )
        answer = page.goto(stage.url + visit.path.format(**stage.ids))
        assert answer is not None
        assert answer.status == visit.status
        act(page, visit)
        return page

    return do


def test_every_page_is_walked():
    known = PAGES.keys() | NO_PAGE.keys()
    assert set(routes()) - known == set(), "pages without a visit in tests/browser/pages"
    assert known - set(routes()) == set(), "visits to pages that are no more"


@EVERY_VISIT
def test_a_page_is_accessible_fits_a_narrow_phone_and_speaks_one_language(
    look, visit, examined, stage
):
    for locale in LOOKS:
        page = look(visit, locale)
        assert checks.untranslated(page, locale, stage.texts) == [], locale
        assert locale != examined or checks.breaches(page) == [], locale
    page.set_viewport_size(NARROW)
    assert checks.overflow(page) <= 0
    assert checks.squeezed(page) == []
    if page.locator(".field-page").count():
        assert checks.small_targets(page) == []


@pytest.mark.parametrize("visit", [v for v in visits() if v.budget_kb], ids=slug)
def test_a_page_keeps_its_weight(look, visit):
    page = look(visit, "zh", NARROW)
    weights = checks.weights(page, scripts_too=visit.scripts_too)
    assert sum(weights.values()) <= (visit.budget_kb or 0) * 1024, weights
