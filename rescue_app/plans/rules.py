"""What holds at a level, and what differs between two versions: pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from difflib import SequenceMatcher
from typing import Any

LEVELS = ("I", "II", "III", "IV")
STEPS = ("consult", "patrol", "evacuate", "rescue", "duty")
"""The order of a response notice: confer and call, patrol, evacuate, rescue, duty and reports."""
CENTRE, STREET, LEAD = "centre", "street", "lead"
"""The district's centre, the street's centre, whoever leads the incident's own matter; any other
word is a matter of the responsibility list."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do from a level on: who, within how many minutes of the order, with what.

    `crew` is what a crew sent for it has to be able to do or carry; empty where the unit acts
    by itself. `checklist` is what is ticked on site, in order, each item in both languages.
    """

    code: str
    step: str
    level: str
    who: str
    within_min: int
    zh: str
    en: str
    materials: dict[str, int] = field(default_factory=dict)
    crew: tuple[str, ...] = ()
    checklist: tuple[dict[str, str], ...] = ()


def at_level(actions: Sequence[Action], level: str) -> list[Action]:
    """Give what is done at a level: its own actions and those of all lower ones, in order."""
    reached = LEVELS[LEVELS.index(level) :]
    return in_order([action for action in actions if action.level in reached])


def in_order(actions: Sequence[Action]) -> list[Action]:
    """Put actions in the order of a response notice; within a step as they are written."""
    return sorted(actions, key=lambda action: STEPS.index(action.step))


@dataclass(frozen=True, slots=True)
class Change:
    """An action that is new (+), changed (~) or gone (-); of a changed one each field, old, new."""

    sign: str
    action: Action
    fields: tuple[tuple[str, Any, Any], ...] = ()


def differences(old: Sequence[Action], new: Sequence[Action]) -> Iterator[Change]:
    """Tell what differs, by the action's code; what moved, from which place to which."""
    before = {action.code: action for action in old}
    after = {action.code: action for action in new}
    moved = _moved(list(before), list(after))
    for code, action in after.items():
        if code not in before:
            yield Change("+", action)
        elif told := (*moved.get(code, ()), *_changed(before[code], action)):
            yield Change("~", action, told)
    for code, action in before.items():
        if code not in after:
            yield Change("-", action)


def _moved(old: list[str], new: list[str]) -> dict[str, tuple[tuple[str, int, int]]]:
    """Tell which went to another place, counted from one: the fewest that explain the new order.

    What only made room for others stays where it was.
    """
    rest = [code for code in old if code in new], [code for code in new if code in old]
    blocks = SequenceMatcher(None, *rest, autojunk=False).get_matching_blocks()
    stay = {code for one in blocks for code in rest[0][one.a : one.a + one.size]}
    return {
        code: (("place", old.index(code) + 1, new.index(code) + 1),)
        for code in rest[0]
        if code not in stay
    }


def _changed(old: Action, new: Action) -> Iterator[tuple[str, Any, Any]]:
    for one in fields(Action):
        was, now = getattr(old, one.name), getattr(new, one.name)
        if was != now:
            yield one.name, was, now
