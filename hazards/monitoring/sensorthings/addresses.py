"""Where something is asked for: `Things(1)/Datastreams(2)/Observations`, `…/name/$value`. Pure."""

import re
from dataclasses import dataclass

from gis.errors import Missing, Rejected

LONGEST, MOST_STEPS = 1_000, 12
STEP = re.compile(r"^(?P<name>\w+)(?:\((?P<id>-?\d{1,18})\))?$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Step:
    """A set or a single thing, or with an id one of a set."""

    name: str
    id: int | None


@dataclass(frozen=True, slots=True)
class Address:
    """The steps to it; `value` asks for a property bare, `ref` for addresses alone."""

    steps: tuple[Step, ...]
    ref: bool = False
    value: bool = False


def read(words: str) -> Address:
    """Read an address below the root."""
    if len(words) > LONGEST:
        raise Rejected("This address is too long.")
    parts = [part for part in words.split("/") if part]
    last = parts[-1] if parts else ""
    if last in {"$ref", "$value"}:
        parts.pop()
    if not parts or len(parts) > MOST_STEPS:
        raise Missing("There is nothing at this address.")
    return Address(tuple(_step(part) for part in parts), last == "$ref", last == "$value")


def _step(part: str) -> Step:
    found = STEP.match(part)
    if found is None:
        raise Missing("There is nothing at {part}. Ids are whole numbers here.", part=part[:60])
    return Step(found["name"], None if found["id"] is None else int(found["id"]))
