"""Every page in both languages: accessible, translated, narrow, light, and nobody's but ours."""

import pytest
from playwright.sync_api import Page

from tests.browser import checks
from tests.browser.acting import Stage
from tests.browser.pages import PAGES, visits
from tests.browser.visiting import NO_PAGE, Visit, act, routes, slug

NARROW = {"width": 360, "height": 740}
EVERY_VISIT = pytest.mark.parametrize("visit", visits(), ids=slug)


@pytest.fixture
def look(new_page, stage: Stage):
    """`look(visit, locale, …)` opens a page as its reader sees it, and waits until it stands."""

    def do(visit: Visit, locale: str, **more: object) -> Page:
        token = stage.tokens[visit.who] if visit.who else ""
        page = new_page(stage.url, token=token, **more)
        page.context.add_cookies([{"name": "yitong_lang", "value": locale, "url": stage.url}])
        answer = page.goto(stage.url + visit.path.format(**stage.ids))
        assert answer is not None
        assert answer.status == visit.status
        act(page, visit)
        return page

    return do


def test_every_page_is_walked():
    known = PAGES.keys() | NO_PAGE.keys()
    assert set(routes()) - known == set(), "pages without a visit in tests/browser/pages.py"
    assert known - set(routes()) == set(), "visits to pages that are no more"


@EVERY_VISIT
def test_a_page_is_accessible_fits_a_narrow_phone_and_speaks_one_language(look, visit, stage):
    for locale, scheme in (("zh", "light"), ("en", "dark")):
        page = look(visit, locale, color_scheme=scheme)
        assert checks.untranslated(page, locale, stage.texts) == [], locale
        assert checks.breaches(page) == [], (locale, scheme)
    page.set_viewport_size(NARROW)
    assert checks.overflow(page) <= 0
    if page.locator(".field-page").count():
        assert checks.small_targets(page) == []


@pytest.mark.parametrize("visit", [v for v in visits() if v.budget_kb], ids=slug)
def test_a_page_keeps_its_weight(look, visit):
    page = look(visit, "zh", viewport=NARROW)
    weights = checks.weights(page, scripts_too=visit.scripts_too)
    assert sum(weights.values()) <= (visit.budget_kb or 0) * 1024, weights
