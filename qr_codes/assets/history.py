"""What changed in an asset from one state to the next, newest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from hazards.points.history import Difference
from qr_codes.assets.models import Asset, AssetVersion
from qr_codes.assets.rules import WRITTEN

COMPARED = (*(name for name in WRITTEN if name != "facts"), "retired_reason", "area_path")
FACT = "facts."
"""In front of the code of a field of the asset's kind."""


@dataclass(frozen=True, slots=True)
class Step:
    """One state: who made it, when, and what it changed; the first one changed nothing."""

    version: int
    at: datetime
    by_name: str
    differences: tuple[Difference, ...]


def steps(asset: Asset, replaced: Sequence[AssetVersion]) -> Iterator[Step]:
    """Tell the asset's life, newest first; `replaced` comes newest first too."""
    states: list[Asset | AssetVersion] = [asset, *replaced]
    for after, before in zip(states, [*states[1:], None], strict=True):
        changed = () if before is None else tuple(differences(before, after))
        yield Step(after.version, after.changed_at, after.changed_by_name, changed)


def differences(before: Asset | AssetVersion, after: Asset | AssetVersion) -> Iterator[Difference]:
    """Give what differs between two states, the fields of its kind one by one."""
    for column in COMPARED:
        was, became = getattr(before, column), getattr(after, column)
        if was != became:
            yield Difference(column, was, became)
    for code in sorted({*before.facts, *after.facts}):
        if before.facts.get(code) != after.facts.get(code):
            yield Difference(FACT + code, before.facts.get(code), after.facts.get(code))
