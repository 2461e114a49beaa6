"""What changed from one state of an entry to the next, in the order a form shows it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from gis.errors import Missing
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
    "owner_post",
    "owner_unit",
    "monitoring_name",
    "monitoring_post",
    "monitoring_phone",
    "monitors",
    "monitoring_method",
    "warning_means",
    "plan_exists",
    "cards_given",
    "drilled_on",
    "found_on",
    "direction",
    "volume_m3",
    "scale",
    "trigger",
    "works",
    "works_stage",
    "file_ids",
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


def in_force(told: Sequence[Step], moment: datetime) -> Step | None:
    """Give the state that stood at a moment; `told` comes newest first."""
    return next((step for step in told if step.at <= moment), None)


def between(told: Sequence[Step], was: int, became: int) -> tuple[Difference, ...]:
    """Give what differs between any two versions."""
    known = {step.version: step.entry for step in told}
    if was not in known or became not in known:
        raise Missing("There is no such version of this point. Choose two from its history.")
    return differences(known[was], known[became])
