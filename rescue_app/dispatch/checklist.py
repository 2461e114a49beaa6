"""The checklist of an order as somebody writes it: one line an item. Pure."""

from collections.abc import Iterable

from gis.errors import Rejected

MOST_ITEMS = 12
ITEM_LENGTH = {"zh": 80, "en": 160}
CHINESE = "⺀"
Item = dict[str, str]
"""What is ticked on site, in both languages; what a person wrote is the same in both."""


def items_of(lines: Iterable[str], known: Iterable[Item] = ()) -> tuple[Item, ...]:
    """Read lines as items: words of a known item are that item, all others stay as written."""
    words = {item[locale].strip(): item for item in known for locale in ITEM_LENGTH}
    written = dict.fromkeys(line.strip() for line in lines if line.strip())
    return tuple(words.get(line, {"zh": line, "en": line}) for line in written)


def lines_in(items: Iterable[Item], locale: str) -> str:
    """Write items as lines, in the reader's language."""
    return "\n".join(item["zh" if locale == "zh" else "en"] for item in items)


def checked_items(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Refuse a checklist that nobody could read in the rain."""
    if len(items) > MOST_ITEMS:
        raise Rejected("A checklist has at most {most} items. Take some out.", most=MOST_ITEMS)
    for number, item in enumerate(items, start=1):
        if is_long(item["zh"]):
            raise Rejected("Item {number} of the checklist is too long. Shorten it.", number=number)
    return items


def is_long(line: str) -> bool:
    """Tell whether an item takes more than two lines on a phone; Chinese is twice as wide."""
    return len(line) > ITEM_LENGTH["zh" if max(line) >= CHINESE else "en"]
