"""An asset's own fields, as its kind asks for them: read, bounded, refused with a reason. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self

from gis.errors import Rejected

LONGEST = 500
LIMITS = ("unit", "minimum", "maximum")
ANSWERS = {
    **dict.fromkeys(("true", "yes", "y", "1", "是", "有"), True),
    **dict.fromkeys(("false", "no", "n", "0", "否", "无"), False),
}
Value = str | int | float | bool


class FieldKind(StrEnum):
    """What a value of a field is."""

    TEXT = "text"
    WHOLE = "whole"
    DECIMAL = "decimal"
    CHOICE = "choice"
    YES_NO = "yes_no"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a field's words."""

    value: str
    zh: str
    en: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AssetField:
    """One thing that is recorded of each asset of a kind."""

    code: str
    kind: FieldKind
    zh: str
    en: str
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[Choice, ...] = ()
    words: tuple[str, ...] = ()

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """Read a field as the table of kinds keeps it."""
        name, choices = row["name"], tuple(Choice(**one) for one in row.get("choices") or ())
        words = tuple(row.get("words") or ())
        plain = {
            key: row[key] for key in ("unit", "minimum", "maximum") if row.get(key) is not None
        }
        kind = FieldKind(row["kind"])
        return cls(row["code"], kind, name["zh"], name["en"], choices=choices, words=words, **plain)

    def __str__(self) -> str:
        """Name the field where nobody's language is known."""
        return self.en

    def said_in(self, locale: str) -> str:
        """Name the field in the reader's language."""
        return self.zh if locale == "zh" else self.en

    def shown(self, value: Value | None, locale: str) -> str:
        """Say a value as the reader says it, without its unit."""
        if isinstance(value, bool):
            return {"zh": ("否", "是")}.get(locale, ("no", "yes"))[value]
        for one in self.choices:
            if one.value == value:
                return one.zh if locale == "zh" else one.en
        return f"{value:g}" if isinstance(value, float) else "" if value is None else str(value)


def fields_of(rows: Sequence[Mapping[str, Any]]) -> tuple[AssetField, ...]:
    """Read the fields of a kind."""
    return tuple(AssetField.of(row) for row in rows)


def checked(fields: Sequence[AssetField], given: Mapping[str, object]) -> dict[str, Value]:
    """Give what was said of an asset as values of its kind's fields, the empty ones left out."""
    known = {field.code: field for field in fields}
    for code in given:
        if code not in known:
            raise Rejected(
                "This kind of asset has no field {name}. It has: {known}.",
                name=code[:60],
                known=", ".join(known) or "–",
            )
    read = ((code, value_of(field, given.get(code))) for code, field in known.items())
    return {code: value for code, value in read if value is not None}


def value_of(field: AssetField, said: object) -> Value | None:
    """Read one value; an empty one is none."""
    if isinstance(said, str):
        said = said.strip()
    if said is None or said == "":
        return None
    return READERS[field.kind](field, said)


def as_text(field: AssetField, said: object) -> Value:
    """Take words as they are, up to a length."""
    text = str(said)
    if len(text) > LONGEST or not text.replace("\n", " ").isprintable():
        raise Rejected(
            "{field} must be plain text of at most {longest} characters.",
            field=field,
            longest=LONGEST,
        )
    return text


def as_decimal(field: AssetField, said: object) -> Value:
    """Read a number within its limits."""
    try:
        number = float(str(said)) if not isinstance(said, bool) else math.nan
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise Rejected(
            "{field}: {value} is not a number. Write digits only, without a unit.",
            field=field,
            value=str(said)[:40],
        )
    low, high = field.minimum, field.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        raise Rejected(
            "{field} must be from {least} to {most}.",
            field=field,
            least="…" if low is None else f"{low:g}",
            most="…" if high is None else f"{high:g}",
        )
    return number


def as_whole(field: AssetField, said: object) -> Value:
    """Read a whole number within its limits."""
    number = float(as_decimal(field, said))
    if number != math.floor(number):
        raise Rejected("{field} is a whole number, not {value}.", field=field, value=str(said)[:40])
    return int(number)


def as_choice(field: AssetField, said: object) -> Value:
    """Read one of the field's words, in either language or by its code."""
    word = str(said).lower()
    for one in field.choices:
        if word in {one.value, one.zh, one.en.lower()}:
            return one.value
    raise Rejected(
        "{field}: {value} is none of its words. They are: {known}.",
        field=field,
        value=str(said)[:40],
        known=", ".join(one.value for one in field.choices),
    )


def as_answer(field: AssetField, said: object) -> Value:
    """Read yes or no."""
    answer = ANSWERS.get(str(said).lower())
    if answer is None:
        raise Rejected("{field} is yes or no, not {value}.", field=field, value=str(said)[:40])
    return answer


def as_day(field: AssetField, said: object) -> Value:
    """Read a day."""
    try:
        return date.fromisoformat(str(said)).isoformat()
    except ValueError:
        raise Rejected(
            "{field} is a day such as 2026-05-30, not {value}.",
            field=field,
            value=str(said)[:40],
        ) from None


READERS = {
    FieldKind.TEXT: as_text,
    FieldKind.WHOLE: as_whole,
    FieldKind.DECIMAL: as_decimal,
    FieldKind.CHOICE: as_choice,
    FieldKind.YES_NO: as_answer,
    FieldKind.DAY: as_day,
}
