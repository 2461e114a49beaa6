"""Which lists a colour asks at what lies inside: its own and those of every calmer one. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from hazards.alerts.rules import Colour
from hazards.tasks.lists import AskedList, Due

Asked = Sequence[Mapping[str, Any]]


class ColourLists(Protocol):
    """A colour, and which lists it asks, as data has it."""

    @property
    def lists(self) -> Asked: ...  # noqa: D102 - named by what it is


def due(
    held: Sequence[AskedList],
    colours: Mapping[str, ColourLists],
    colour: str,
    *,
    key: str,
    begins_at: datetime,
) -> list[Due]:
    """Give a row for every list and kind of thing; `key` makes each once in a warning's life."""
    calmer = list(Colour)[: list(Colour).index(Colour(colour)) + 1]
    asked = [line for one in calmer if one in colours for line in colours[one].lists]
    chosen = (one for one in held if any(_fits(one, line) for line in asked))
    return [row for one in chosen for row in _rows(one, key, begins_at)]


def _fits(one: AskedList, asked: Mapping[str, Any]) -> bool:
    seasons, rhythms = asked.get("seasons"), asked.get("rhythms")
    return (
        one.mode == asked["mode"]
        and (not seasons or one.season in seasons)
        and (not rhythms or one.rhythm in rhythms)
    )


def _rows(one: AskedList, key: str, begins_at: datetime) -> list[Due]:
    ends_at = begins_at + timedelta(hours=one.window_hours)
    return [
        Due(
            one.code, one.version, category, hazard_type, one.mode, one.mode, one.role, key,
            per_emergency=False, from_at=begins_at.isoformat(), due_at=ends_at.isoformat(),
        )
        for category in one.categories
        for hazard_type in one.hazard_types
    ]  # fmt: skip
