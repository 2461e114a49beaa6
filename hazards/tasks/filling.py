"""One answer fills every list that asks the same: pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hazards.checklists.rules import Item, Judged, Kind
from hazards.checklists.visits import Outcome

Filled = Mapping[str, Mapping[str, Any]]
ASKED = frozenset({Kind.YES_NO, Kind.CHOICE, Kind.NUMBER})
"""What has to be answered before somebody else's answer can stand for a whole list."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a list holds once an answer was laid beside it."""

    filled: dict[str, Mapping[str, Any]]
    complete: bool
    worst_grade: int | None


def covered(items: Sequence[Item], judged: Sequence[Judged], outcome: Outcome) -> Filled:
    """Give what was said, by question; “all normal” says it of all that was asked."""
    normal = outcome is Outcome.ALL_NORMAL
    said: dict[str, Mapping[str, Any]] = {
        item.question: {"value": None, "bad": False}
        for item in items
        if normal and item.kind in ASKED
    }
    return said | {one.item.question: {"value": one.value, "bad": one.bad} for one in judged}


def fill(items: Sequence[Item], before: Filled, said: Filled) -> Standing:
    """Lay what was said beside a list that asks some of the same questions."""
    asked = {item.question for item in items}
    filled = dict(before) | {question: said[question] for question in asked & said.keys()}
    needed = {item.question for item in items if item.kind in ASKED}
    return Standing(filled, bool(needed) and needed <= filled.keys(), worst(items, filled))


def worst(items: Iterable[Item], filled: Filled) -> int | None:
    """Give the worst grade among the bad answers of a list."""
    bad = (item.grade for item in items if filled.get(item.question, {}).get("bad"))
    return min(bad, default=None)
