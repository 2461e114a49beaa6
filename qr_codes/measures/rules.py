"""Which cards a scan shows, and in which order: pure."""

from collections.abc import Sequence
from typing import Any

from hazards.modes.rules import Mode

ANYONE = "anyone"

Card = dict[str, Any]
"""A card as it is kept: `name`, `hazard`, `modes`, `steps`, `materials`, with all words."""


def mode_of(mode: Mode, *, closed: bool) -> Mode:
    """Give the mode cards are chosen by: what is closed is no peace."""
    return Mode.URGENT if closed and mode == Mode.PEACE else mode


def in_mode(cards: Sequence[Card], mode: Mode) -> list[Card]:
    """Give the cards of a mode; what was written for it alone comes first."""
    held = [card for card in cards if mode in card["modes"]]
    return sorted(held, key=lambda card: len(card["modes"]))


def for_anyone(cards: Sequence[Card]) -> list[Card]:
    """Leave what everybody on the spot does: residents need no orders for offices."""
    kept = ((card, [s for s in card["steps"] if s["who"]["code"] == ANYONE]) for card in cards)
    return [card | {"steps": steps, "materials": []} for card, steps in kept if steps]


def needed(cards: Sequence[Card]) -> list[str]:
    """Name the materials that some cards ask for."""
    return list(dict.fromkeys(need["code"] for card in cards for need in card["materials"]))
