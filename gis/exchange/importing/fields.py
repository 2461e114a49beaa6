"""What a ledger wants of a file: its fields, each with its kind and limits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a value must be."""

    TEXT = "text"
    WHOLE = "whole"
    DECIMAL = "decimal"
    CODE = "code"
    MOMENT = "moment"
    FACTS = "facts"
    PARTS = "parts"


SQL: dict[Kind, str] = {
    Kind.TEXT: "text",
    Kind.WHOLE: "bigint",
    Kind.DECIMAL: "numeric",
    Kind.CODE: "text",
    Kind.MOMENT: "timestamp",
    Kind.FACTS: "jsonb",
    Kind.PARTS: "jsonb",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a ledger.

    Attributes:
        name: as the ledger's table calls it.
        kind: what a value must be.
        required: an empty value is refused.
        least: smallest number allowed.
        most: largest number allowed.
        longest: most characters of a text.
        codes: for codes, every word understood without a mapping and the code it means.
        read: for parts, makes of one cell what JSON can say; a cell it cannot read it refuses.
        words: headings by which offices call it, better ones first.
        like: for facts, what the headings of its columns look like.
        unit: what its numbers count, where a file may count in another one.
        common: may be said once for all rows.
        only_for: the codes of the types that have it; empty where all have.

    """

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    least: float | None = None
    most: float | None = None
    longest: int = 2_000
    codes: Mapping[str, str] = field(default_factory=dict)
    read: Callable[[str], object] | None = None
    words: tuple[str, ...] = ()
    like: str = ""
    unit: str = ""
    common: bool = False
    only_for: frozenset[str] = frozenset()
