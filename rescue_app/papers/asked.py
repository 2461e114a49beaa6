"""What paper somebody asks for, as a page, a command and a job all say it (pure)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from rescue_app.papers.rules import REACH_M, Whose


class Paper(StrEnum):
    """Which paper."""

    REFUGE = "refuge"
    WORK = "work"
    MAP = "map"
    ATLAS = "atlas"
    BRIEF = "brief"


@dataclass(frozen=True, slots=True)
class Asked:
    """One paper of an area, or the cards of one point; `only` is one household or one name."""

    paper: str
    under: str
    public_url: str
    emergency: str
    numbers: Mapping[str, str] = field(default_factory=dict)
    point_id: str | None = None
    only: str = ""
    again: bool = False
    """Only cards that say something else than the ones that were handed out."""
    reach_m: int = REACH_M
    size: str = "a4"
    locale: str = "zh"
    who: str = ""
    private: bool = False
    """With households and phones: only for those who may see them, and only where asked for."""

    def number_at(self, area_path: str) -> str:
        """Give the number to call at a place: that of the nearest area which has its own."""
        codes = reversed(area_path.strip("/").split("/"))
        return next((self.numbers[c] for c in codes if c in self.numbers), self.emergency)


class Printed(NamedTuple):
    """A card as it was printed."""

    point_id: UUID
    area_path: str
    whose: Whose
    state: str
    reach_m: int


@dataclass(frozen=True, slots=True)
class Made:
    """A paper that was written to a file, and which cards it holds."""

    suffix: str
    media_type: str
    prints: Sequence[Printed] = ()


Step = Callable[[int, int], None]
"""Hears how much is done of how much, and may end the work by an exception."""
