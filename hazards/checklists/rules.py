"""When an answer is allowed and when it is bad: pure, the same on the page, in a job, in a test."""

import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gis.errors import Rejected

LONGEST_TEXT = 2_000
BEST_GRADE, WORST_GRADE = 4, 1

Answer = bool | float | str
RawAnswer = bool | int | float | str | None


class Kind(StrEnum):
    """How an item is answered."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    NUMBER = "number"
    TEXT = "text"
    PHOTO = "photo"
    SIGNATURE = "signature"


class Mode(StrEnum):
    """Which lists are in force in an area: in peace, when it is urgent, in war."""

    PEACE = "peace"
    URGENT = "urgent"
    WAR = "war"


class Rhythm(StrEnum):
    """How often a list falls due while its season and mode last."""

    ONCE = "once"
    HOURLY = "hourly"
    TWICE_DAILY = "twice_daily"
    DAILY = "daily"
    TWICE_WEEKLY = "twice_weekly"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"
    AROUND_RAIN = "around_rain"


class Season(StrEnum):
    """When in the year a list is asked."""

    ALL = "all"
    FLOOD = "flood"
    DRY = "dry"


@dataclass(frozen=True, slots=True)
class Named:
    """The name of a thing in data, said in the reader's language inside a message."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh

    def said_in(self, locale: str) -> str:
        """Give the name in a language."""
        return self.zh if locale == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers of a choice."""

    value: str
    zh: str
    en: str
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at, with its thresholds already filled in from the settings in force."""

    code: str
    kind: Kind
    text_zh: str
    text_en: str
    question: str = ""
    grade: int = BEST_GRADE
    stop: bool = False
    bad_answer: bool | None = None
    choices: tuple[Choice, ...] = ()
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    bad_above: float | None = None
    bad_below: float | None = None
    required: bool = False
    """A photo without which nothing is all normal, unless somebody says why there is none."""

    @property
    def name(self) -> Named:
        """The item as messages call it."""
        return Named(self.text_zh, self.text_en)


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer in its final form; `bad` makes a finding of the item's grade."""

    item: Item
    value: Answer
    bad: bool


_YES = frozenset({"yes", "true", "1", "是", "有", "on"})
_NO = frozenset({"no", "false", "0", "否", "无", "off"})


def _yes_no(item: Item, raw: RawAnswer) -> Judged:
    said = str(raw).strip().lower()
    if said not in _YES | _NO:
        raise Rejected("“{item}” is answered with yes or no.", item=item.name)
    value = said in _YES
    return Judged(item, value, bad=value is item.bad_answer)


def _choice(item: Item, raw: RawAnswer) -> Judged:
    chosen = next((choice for choice in item.choices if choice.value == raw), None)
    if chosen is None:
        raise Rejected("“{item}” has no answer “{given}”.", item=item.name, given=str(raw)[:40])
    return Judged(item, chosen.value, bad=chosen.bad)


def _number(item: Item, raw: RawAnswer) -> Judged:
    # Chinese keyboards give full-width digits; a comma is some people's decimal point.
    text = unicodedata.normalize("NFKC", str(raw)).strip().replace(",", ".")
    try:
        value = float(text) if len(text) <= 32 and not isinstance(raw, bool) else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise Rejected("“{item}” needs a number.", item=item.name)
    low, high = item.minimum, item.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        raise Rejected(
            "“{item}”: {given} {unit} is impossible, {low} to {high} is not. Measure again.",
            item=item.name, given=f"{value:g}", unit=item.unit,
            low="−∞" if low is None else f"{low:g}", high="∞" if high is None else f"{high:g}",
        )  # fmt: skip
    above = item.bad_above is not None and value > item.bad_above
    below = item.bad_below is not None and value < item.bad_below
    return Judged(item, value, bad=above or below)


def _text(item: Item, raw: RawAnswer) -> Judged:
    return Judged(item, bounded(str(raw), item=item.name), bad=False)


def bounded(text: str, *, item: Named | None = None, most: int = LONGEST_TEXT) -> str:
    """Words as people mean them: trimmed, without control signs, of a length a page can show."""
    clean = "".join(
        sign
        for sign in text.replace("\r\n", "\n")
        if sign == "\n" or unicodedata.category(sign) != "Cc"
    ).strip()
    if len(clean) <= most:
        return clean
    if item:
        raise Rejected(
            "“{item}” is too long: {length} signs, at most {most}.",
            item=item, length=len(clean), most=most,
        )  # fmt: skip
    raise Rejected(
        "This text is too long: {length} signs, at most {most}.", length=len(clean), most=most
    )


_JUDGES = {
    Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choice,
    Kind.NUMBER: _number,
    Kind.TEXT: _text,
    Kind.PHOTO: _text,
    Kind.SIGNATURE: _text,
}


PICTURED = frozenset({Kind.PHOTO, Kind.SIGNATURE})
"""Kinds that are answered by a picture; words in its place say why there is none."""


def judge(item: Item, raw: RawAnswer) -> Judged | None:
    """One answer; None when it was left empty, which is allowed and means “not looked at”."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    return _JUDGES[item.kind](item, raw)


def judge_all(items: Sequence[Item], answers: Mapping[str, RawAnswer]) -> list[Judged]:
    """All answers in the order of the list; an item that is not on the list is refused by name."""
    known = {item.code for item in items}
    strange = next((code for code in answers if code not in known), None)
    if strange is not None:
        raise Rejected("“{item}” is not on this checklist. Load the page again.", item=strange[:60])
    found = (judge(item, answers.get(item.code)) for item in items)
    return [judged for judged in found if judged is not None]
