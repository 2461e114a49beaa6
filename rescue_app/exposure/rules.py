"""How many of a street's people live in a part of it: areal weighting, pure.

A street's people are taken to live evenly over it. That is an assumption; every page says it.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StreetPart:
    """A street and the share of it that is meant; a street may be without a number of people."""

    path: str
    name: str
    name_en: str
    population: int | None
    share: float

    @property
    def people(self) -> int | None:
        """Give how many live in the part, if it is known how many live in the street."""
        return None if self.population is None else round(self.population * self.share)


@dataclass(frozen=True, slots=True)
class Residents:
    """People of all parts together: their sum is that of the lines shown, never another one."""

    people: int
    known: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Homes:
    """What the register of households holds there."""

    households: int
    people: int
    frail: int


def residents(parts: Iterable[StreetPart]) -> Residents:
    """Add up the streets whose number of people is known, and count the others."""
    told = [part.people for part in parts]
    known = [people for people in told if people is not None]
    return Residents(sum(known), len(known), len(told) - len(known))
