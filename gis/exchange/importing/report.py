"""What an import would do or did, row by row where it refused, in words that say how to mend it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from gis.errors import PlatformError
from gis.exchange.table import Refused

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet runs a cell that begins so as a formula."""


@dataclass(slots=True)
class Report:
    """The outcome of a dry run or of an import; both say the same numbers for the same file."""

    applied: bool = False
    rows: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    refusals: list[Refused] = field(default_factory=list)
    notes: list[PlatformError] = field(default_factory=list)

    @property
    def refused_lines(self) -> set[int]:
        """Give the lines that were not taken; one line may be refused for several reasons."""
        return {refusal.line for refusal in self.refusals}

    @property
    def refused(self) -> int:
        """Count the rows that were not taken."""
        return len(self.refused_lines)

    def counts(self) -> dict[str, int | bool]:
        """Give the numbers alone, for logs and machines."""
        return {
            "applied": self.applied,
            "rows": self.rows,
            "new": self.new,
            "changed": self.changed,
            "same": self.same,
            "refused": self.refused,
        }


def harmless(value: Any) -> str:
    """Make a text that no spreadsheet takes for a formula; plain numbers stay numbers."""
    text = "" if value is None else str(value)
    if not text.startswith(DANGEROUS) or is_number(text):
        return text
    return "'" + text


def is_number(text: str) -> bool:
    """Tell whether a text is nothing but a number, such as -3.5."""
    return text[1:].replace(".", "", 1).isdigit() and text[0] in "+-"


def by_line(refusals: Iterable[Refused]) -> Iterator[tuple[int, list[Refused]]]:
    """Group refusals by line, in the file's order."""
    lines: dict[int, list[Refused]] = {}
    for refusal in refusals:
        lines.setdefault(refusal.line, []).append(refusal)
    yield from sorted(lines.items())
