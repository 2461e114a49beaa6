"""What changed from one state of an entry to the next, in the order a form shows it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from hazards.points.models import Entry, HazardPoint, HazardPointVersion

COMPARED = (
    "state",
    "delisted_ground",
    "name",
    "number",
    "source",
    "category",
    "evidence",
    "hazard_type",
    "grade",
    "grade_origin",
    "grade_reason",
    "address",
    "threatened_persons",
    "threatened_households",
    "threatened_frail",
    "threatened_property_10k_yuan",
    "owner_name",
    "owner_phone",
    "owner_unit",
    "place",
    "extent",
    "area_path",
    "synthetic",
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One column that says something else than before."""

    column: str
    was: object
    became: object


@dataclass(frozen=True, slots=True)
class Step:
    """One state of the entry: who made it, when, and what it changed."""

    version: int
    at: datetime
    by_name: str
    entry: Entry
    differences: tuple[Difference, ...]


def differences(before: Entry, after: Entry) -> tuple[Difference, ...]:
    """Give what differs between two states."""
    return tuple(
        Difference(column, getattr(before, column), getattr(after, column))
        for column in COMPARED
        if getattr(before, column) != getattr(after, column)
    )


def changed_columns(before: Entry, after: Entry) -> tuple[str, ...]:
    """Name the columns that differ between two states."""
    return tuple(difference.column for difference in differences(before, after))


def steps(point: HazardPoint, replaced: Sequence[HazardPointVersion]) -> Iterator[Step]:
    """Tell the entry's life, newest first; `replaced` comes newest first too."""
    states: list[Entry] = [point, *replaced]
    for after, before in zip(states, [*states[1:], None], strict=True):
        yield Step(
            version=after.version,
            at=after.changed_at,
            by_name=after.changed_by_name,
            entry=after,
            differences=differences(before, after) if before is not None else (),
        )
