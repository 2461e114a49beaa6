"""Every page there is: its address on the stage, who looks at it, and what it may weigh.

A page that is not listed here fails `test_every_page_is_walked`.
"""

from tests.browser.pages import codes, home, ledger, orders, sensing
from tests.browser.visiting import Visit

PAGES = home.PAGES | ledger.PAGES | codes.PAGES | orders.PAGES | sensing.PAGES


def visits() -> list[Visit]:
    """Give every look at every page."""
    return [visit for looks in PAGES.values() for visit in looks] + list(home.TROUBLE)
