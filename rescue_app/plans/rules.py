"""What holds at a level, and what differs between two versions: pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

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
    by itself.
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


def at_level(actions: Sequence[Action], level: str) -> list[Action]:
    """Give what is done at a level: its own actions and those of all lower ones, in order."""
    reached = LEVELS[LEVELS.index(level) :]
    return in_order([action for action in actions if action.level in reached])


def in_order(actions: Sequence[Action]) -> list[Action]:
    """Put actions in the order of a response notice; within a step as they are written."""
    return sorted(actions, key=lambda action: STEPS.index(action.step))


def differences(old: Sequence[Action], new: Sequence[Action]) -> Iterator[tuple[str, Action]]:
    """Tell what is new (+), changed (~) and gone (-), by the action's code."""
    before = {action.code: action for action in old}
    after = {action.code: action for action in new}
    for code, action in after.items():
        if code not in before:
            yield "+", action
        elif before[code] != action:
            yield "~", action
    for code, action in before.items():
        if code not in after:
            yield "-", action
