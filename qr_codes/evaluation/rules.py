"""How many are drawn where, what a mark may be, and what marks add up to: pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Protocol

from gis.errors import Rejected

MOST = 1_000
"""A larger sample is a census: nobody reads it."""
Stratum = tuple[str, int]
"""A district and a grade."""


class Asked(Protocol):
    """A criterion as the rules see it."""

    code: str
    points: int
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Quota:
    """How much of a grade is drawn in each district: a share, and a number that it is at least."""

    grade: int
    share: float
    least: int

    def of(self, closed: int) -> int:
        """Tell how many of so many are drawn."""
        # Floats: 7 % of 100 is 7.000000000000001 and must not become 8.
        return min(closed, max(self.least, ceil(round(self.share * closed, 9))))


def allotted(closed: Mapping[Stratum, int], quotas: Iterable[Quota]) -> dict[Stratum, int]:
    """Tell how many are drawn in each stratum; every district that closed any is in it."""
    by_grade = {quota.grade: quota for quota in quotas}
    drawn = {
        (district, grade): by_grade[grade].of(number) if grade in by_grade else 0
        for (district, grade), number in closed.items()
    }
    for district in {district for district, _ in closed}:
        grades = sorted(grade for there, grade in closed if there == district)
        if not any(drawn[district, grade] for grade in grades):
            drawn[district, grades[0]] = 1
    if not drawn:
        raise Rejected("No finding was closed in these days. Choose others.")
    if (size := sum(drawn.values())) > MOST:
        raise Rejected(
            "That would draw {size} findings; at most {most} are read. Lower the shares.",
            size=size, most=MOST,
        )  # fmt: skip
    return drawn


def marked(asked: Sequence[Asked], given: Mapping[str, str]) -> list[dict[str, Any]]:
    """Give the marks with what they were given for; each has to be there and possible."""
    return [
        {"code": one.code, "zh": one.name_zh, "en": one.name_en, "of": one.points,
         "points": points_of(given.get(one.code, ""), one.points)}
        for one in asked
    ]  # fmt: skip


def points_of(text: str, most: int) -> int:
    """Read points as they were typed."""
    points = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1
    if not 0 <= points <= most:
        raise Rejected("Give each question its points: a whole number up to the one beside it.")
    return points


@dataclass
class Tally:
    """What evaluations add up to: rates are given with the number they are of."""

    closed: int = 0
    drawn: int = 0
    evaluated: int = 0
    sent_back: int = 0
    points: dict[str, int] = field(default_factory=dict)
    of: dict[str, int] = field(default_factory=dict)

    def add(self, marks: Sequence[Mapping[str, Any]] | None, *, sent_back: bool) -> None:
        """Count one finding that was drawn."""
        self.drawn += 1
        self.sent_back += sent_back
        self.evaluated += marks is not None
        for mark in marks or ():
            code = mark["code"]
            self.points[code] = self.points.get(code, 0) + mark["points"]
            self.of[code] = self.of.get(code, 0) + mark["of"]

    @property
    def score(self) -> float | None:
        """Give the share of all points that were reached."""
        whole = sum(self.of.values())
        return sum(self.points.values()) / whole if whole else None

    def rate(self, code: str) -> float | None:
        """Give the share of the points of one question."""
        return self.points[code] / self.of[code] if self.of.get(code) else None

    @property
    def sent_back_share(self) -> float | None:
        """Give the share of those drawn that went back to work."""
        return self.sent_back / self.drawn if self.drawn else None
