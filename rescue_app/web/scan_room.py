"""How much the page of a scan may still carry; what does not fit is one tap on, at `/all`.

A patrol stands in the rain on a bad network, and nobody knows how long a city's list or a street's
register grows. So the page spends bytes in the order in which they matter.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from rescue_app.web.lean import lean

MOST_BYTES = 30 * 1024
FRAME_BYTES = 6_600
"""What stands on every such page: head, form, foot, and the links to what did not fit."""
GUEST_FRAME_BYTES = 3_400
"""The same where nobody is signed in: no form and nothing to be attached."""
STYLES = ("tokens", "base", "field", "scan", "way")
CSS = Path(__file__).parent / "static/css"


@cache
def styles_bytes() -> int:
    """Weigh the styles, without which nobody can read the page."""
    return sum(len(lean((CSS / f"{name}.css").read_text("utf-8")).encode()) for name in STYLES)


class Room:
    """The bytes left on one page; `whole` is where everything stands."""

    LIST_BYTES = 2_400
    WAY_BYTES = 1_600
    CALLS_BYTES = 2_800
    """What earlier parts leave to the list, the way around and the calls."""

    def __init__(self, code: str, *, endless: bool = False, guest: bool = False) -> None:
        self.whole = f"/c/{code}/all"
        self.endless = endless
        frame = GUEST_FRAME_BYTES if guest else FRAME_BYTES
        self.left = MOST_BYTES - frame - styles_bytes()

    def spend(self, text: str) -> None:
        """Count a piece that stands there whatever it weighs: danger, name, what was typed."""
        self.left -= len(text.encode())

    def takes(self, text: str, *, keep: int = 0) -> bool:
        """Take a piece of the page if it fits, with so much kept for what comes after."""
        size = len(text.encode())
        if not self.endless and size + keep > self.left:
            return False
        self.left -= size
        return True

    def fit(self, rows: Sequence[str], *, keep: int = 0) -> Sequence[str]:
        """Give the first rows of a list, as many as fit."""
        for number, row in enumerate(rows):
            if not self.takes(row, keep=keep):
                return rows[:number]
        return rows
