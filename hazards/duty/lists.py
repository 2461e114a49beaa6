"""A responsibility list as offices write it: which heading is what, which word means what. Pure."""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, TypeVar

from gis.errors import PlatformError, Rejected
from hazards.duty.responsibility import LEVELS

HEADINGS = {
    "matter": ("事项", "matter", "灾种"),
    "category": ("点位类别", "category", "类别"),
    "level": ("层级", "level", "级别"),
    "lead": ("牵头单位", "lead unit", "责任单位", "lead"),
    "helpers": ("配合单位", "helping units", "协同单位", "helpers"),
    "first_name": ("责任人", "first person", "第一责任人", "first_name"),
    "first_phone": (
        "责任人电话", "first phone", "first_phone", "第一责任人电话", "phone of the first person",
    ),
    "deputy_name": ("副职", "deputy", "b岗", "deputy_name"),
    "deputy_phone": ("副职电话", "deputy phone", "deputy_phone", "phone of the deputy"),
    "valid_from": ("起始日期", "valid from", "valid_from", "first day"),
    "valid_to": ("终止日期", "valid to", "valid_to", "ends on"),
}  # fmt: skip
NEEDED = ("matter", "level", "lead", "valid_from")
KEY = ("matter", "category", "level", "valid_from")
FACTS = ("lead", "helpers", "first_name", "first_phone", "deputy_name", "deputy_phone", "valid_to")
FREE = re.compile(r"[a-z][a-z0-9_]{1,60}(:[a-z][a-z0-9_]{1,60})?")
DAY = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})(日|\D00:00:00)?")
SEPARATORS = re.compile(r"[、,，;；\n]+")
LONGEST = 200
WORDS_FOR_LEVELS = {
    "city": ("city", "市", "市级"),
    "district": ("district", "区县", "区县级", "县", "区"),
    "street": ("street", "街镇", "街镇级", "乡镇", "镇街", "street or town"),
}

Key = tuple[str, str, str, date]


@dataclass(frozen=True, slots=True)
class Said:
    """One row in its final form."""

    matter: str
    category: str
    level: str
    lead: str
    helpers: tuple[str, ...]
    first_name: str
    first_phone: str
    deputy_name: str
    deputy_phone: str
    valid_from: date
    valid_to: date | None

    @property
    def key(self) -> Key:
        """What makes it the same row when it comes again."""
        return (self.matter, self.category, self.level, self.valid_from)


@dataclass(frozen=True, slots=True)
class Slip:
    """A row that is not taken: where it stands, which column, what it said, why."""

    line: int
    column: str
    value: str
    reason: PlatformError


class Keyed(Protocol):
    """A row of a list, known by its key when it comes again."""

    @property
    def key(self) -> Hashable:
        """What makes it the same row."""


Row = TypeVar("Row", bound=Keyed)


@dataclass(frozen=True)  # a generic one with slots cannot be called by its alias in Python 3.11
class Compared(Generic[Row]):
    """What a file would do, by line: what is new, what changes (which fields), what is refused."""

    new: Mapping[int, Row]
    changed: Mapping[int, tuple[Row, Sequence[str]]]
    same: int
    refused: Sequence[Slip]


class Wrong(Exception):
    """A cell that cannot be taken."""

    def __init__(self, column: str, value: str, reason: PlatformError) -> None:
        super().__init__(column)
        self.column, self.value, self.reason = column, value, reason


@dataclass(frozen=True, slots=True)
class Words:
    """What offices call hazards, families, kinds of assets and categories, by lower-case name."""

    matters: Mapping[str, str]
    categories: Mapping[str, str]


def columns_of(
    headings: Iterable[str],
    fields: Mapping[str, Sequence[str]] = HEADINGS,
    needed: Sequence[str] = NEEDED,
) -> dict[str, str]:
    """Find which heading is which field; raise Rejected when one that is needed is missing."""
    known = {word: name for name, words in fields.items() for word in words}
    found: dict[str, str] = {}
    for heading in headings:
        name = known.get(heading.strip().lower())
        if name and name not in found:
            found[name] = heading
    missing = [fields[name][0] for name in needed if name not in found]
    if missing:
        raise Rejected(
            "The file has no column {missing}. Name it so in the first row, then send it again.",
            missing="、".join(missing),
        )
    return found


def unknown(headings: Iterable[str], columns: Mapping[str, str]) -> list[str]:
    """Give the headings of a file that are no field: what stands there is not taken."""
    taken = {*columns.values(), ""}
    return [heading for heading in headings if heading.strip() not in taken]


def read(
    rows: Iterable[tuple[int, Mapping[str, str]]], words: Words
) -> tuple[dict[int, Said], list[Slip]]:
    """Read rows (line, field → text); what cannot be taken is told with its place."""

    def twice(line: int) -> PlatformError:
        return Rejected("The same matter, level and day stand in line {line} already.", line=line)

    return read_each(rows, lambda raw: one(raw, words), column="matter", twice=twice)


def read_each(
    rows: Iterable[tuple[int, Mapping[str, str]]],
    one: Callable[[Mapping[str, str]], Row],
    *,
    column: str,
    twice: Callable[[int], PlatformError],
) -> tuple[dict[int, Row], list[Slip]]:
    """Read each row by `one`; a row whose key stood before is told at `column`."""
    taken: dict[int, Row] = {}
    slips: list[Slip] = []
    first: dict[Hashable, int] = {}
    for line, raw in rows:
        try:
            said = one(raw)
        except Wrong as wrong:
            slips.append(Slip(line, wrong.column, wrong.value, wrong.reason))
            continue
        if said.key in first:
            slips.append(Slip(line, column, raw.get(column, ""), twice(first[said.key])))
            continue
        taken[line], first[said.key] = said, line
    return taken, slips


def one(raw: Mapping[str, str], words: Words) -> Said:
    """Read one row."""
    texts = {name: (raw.get(name) or "").strip() for name in HEADINGS}
    for name, text in texts.items():
        if len(text) > LONGEST:
            raise Wrong(name, text[:40], Rejected("This is too long. Shorten it."))
    for name in NEEDED:
        if not texts[name]:
            raise Wrong(name, "", Rejected("This is needed. Fill it in."))
    begins, ends = day(texts, "valid_from"), day(texts, "valid_to")
    assert begins is not None  # noqa: S101 - NEEDED holds it
    if ends is not None and ends <= begins:
        raise Wrong("valid_to", texts["valid_to"], Rejected("It ends before it begins."))
    return Said(
        matter=matter(texts["matter"], words),
        category=among(texts, "category", words.categories) if texts["category"] else "",
        level=among(texts, "level", LEVEL_OF),
        lead=texts["lead"],
        helpers=tuple(h.strip() for h in SEPARATORS.split(texts["helpers"]) if h.strip()),
        valid_from=begins,
        valid_to=ends,
        **{n: texts[n] for n in ("first_name", "first_phone", "deputy_name", "deputy_phone")},
    )


LEVEL_OF = {word: level for level, words in WORDS_FOR_LEVELS.items() for word in words}
assert set(LEVELS) == set(WORDS_FOR_LEVELS)  # noqa: S101 - two tables of one truth


def matter(text: str, words: Words) -> str:
    """Give the code of a matter: a known name, or a free code."""
    if text.lower() in words.matters:
        return words.matters[text.lower()]
    if FREE.fullmatch(text):
        return text
    raise Wrong("matter", text, Rejected(
        "No hazard, family or kind of asset has this name. Use one, or a code of small letters."
    ))  # fmt: skip


def among(texts: Mapping[str, str], name: str, words: Mapping[str, str]) -> str:
    """Give the code of a word."""
    found = words.get(texts[name].lower())
    if found is None:
        told = "、".join(offered(texts, words))
        reason = Rejected("This word is not known here. Choose one of: {words}.", words=told)
        raise Wrong(name, texts[name], reason)
    return found


def day(texts: Mapping[str, str], name: str) -> date | None:
    """Read a day however it is written."""
    if not texts[name]:
        return None
    found = DAY.fullmatch(texts[name].replace("年", "-").replace("月", "-"))
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    raise Wrong(name, texts[name], Rejected("This is no day. Write it as 2026-03-01."))


def every(names: Sequence[tuple[str, ...]]) -> dict[str, str]:
    """Let a thing be found by any of its names; the first of them is its code."""
    return {name.lower(): group[0] for group in names for name in group}


def offered(texts: Mapping[str, str], words: Mapping[str, str]) -> list[str]:
    """Give the words to choose from in the script that the row is written in."""
    is_latin = all(text.isascii() for text in texts.values())
    return [word for word in words if word.isascii() == is_latin] or list(words)
