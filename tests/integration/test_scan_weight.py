"""The page behind a code stays under 30 KB whatever is known; all of it is one tap on."""

import re

import pytest

from tests.fullest import CARDS_MORE, FINDINGS, ITEMS, LINKED, Fullest, words

pytestmark = pytest.mark.usefixtures("world")
MOST_BYTES = 30 * 1024
PAGE = {"accept": "text/html"}


@pytest.fixture
def full(street, sessions):
    return Fullest(street, sessions)


def see(street, path, who="", lang="zh"):
    if who:
        street.sign_in(who)
    else:
        street.client.cookies.clear()
    answer = street.client.get(path, params={"lang": lang}, headers=PAGE)
    assert answer.status_code == 200
    return answer


def weight(street, answer):
    """Add up the page and the styles it cannot be read without, nothing compressed."""
    styles = set(re.findall(r'rel="stylesheet" href="([^"]+)"', answer.text))
    assert styles
    return len(answer.content) + sum(len(street.client.get(one).content) for one in styles)


def check(street, bridge):
    for who in ("", "patrol", "street", "wanzhou", "planner", "crew", "yunyang"):
        for lang in ("zh", "en"):
            page = see(street, f"/c/{bridge.code}", who, lang)
            assert weight(street, page) < MOST_BYTES, (who, lang)
            assert page.text.count('href="tel:') >= 4, (who, lang)  # calls are never behind a link


def test_the_fullest_page_weighs_under_30_kb_for_everyone_in_peace_and_in_war(street, full):
    bridge = full.bridge()
    check(street, bridge)
    full.close(bridge)
    check(street, bridge)
    full.go_to_war()
    check(street, bridge)
    full.warn()
    check(street, bridge)


def test_what_does_not_fit_is_counted_and_stands_whole_behind_one_tap(street, full):
    bridge = full.bridge()
    full.go_to_war()
    page = see(street, f"/c/{bridge.code}", "street").text
    assert f"/c/{bridge.code}/all#measures" in page
    whole = see(street, f"/c/{bridge.code}/all", "street").text
    assert whole.count('class="card measure"') >= CARDS_MORE
    assert whole.count(f">{words(100)}<") == FINDINGS
    assert whole.count('name="a.more_') == 2 * ITEMS
    assert whole.count('id="linked"') == 1
    assert whole.count(words(500)) > LINKED
    assert f"/c/{bridge.code}/all" not in whole.replace(f'action="/c/{bridge.code}/all"', "")


def test_what_is_typed_goes_along_to_the_whole_list(street, full):
    bridge = full.bridge()
    street.sign_in("patrol")
    answer = street.client.post(
        f"/c/{bridge.code}/all", data={"a.joints": "yes", "note": "掉了一块"}, headers=PAGE
    )
    assert answer.status_code == 200
    assert re.search(r'name="a.joints" value="yes" checked', answer.text)
    assert "掉了一块</textarea>" in answer.text
