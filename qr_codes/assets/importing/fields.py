"""What the registry wants of a file: what all assets have, and the fields of their kinds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from gis.exchange.importing.fields import Field, Kind
from qr_codes.assets.fields import ANSWERS, AssetField, FieldKind, fields_of
from qr_codes.assets.importing.headings import HEADINGS
from qr_codes.assets.models import AssetRelation, AssetType
from qr_codes.assets.rules import LONGEST_NAME, LONGEST_PHONE, LONGEST_WORDS, OLDEST_YEAR

RATINGS = "ratings"
RATED = r"(?<!\d)(?:19|20)\d\d(?!\d)"
"""What the heading of a year's rating looks like."""
PLAIN = tuple(
    replace(one, words=HEADINGS.get(one.name, ()))
    for one in (
        Field("source", required=True, longest=100),
        Field("number", required=True, longest=100),
        Field("name", longest=LONGEST_NAME),
        Field("owner_unit", longest=LONGEST_WORDS),
        Field("owner_phone", longest=LONGEST_PHONE),
        Field("maintainer", longest=LONGEST_WORDS),
        Field("rank", longest=LONGEST_NAME),
        Field("built_year", Kind.WHOLE, least=OLDEST_YEAR, most=2100),
        Field("district", common=True),
        Field(RATINGS, Kind.FACTS, like=RATED),
    )
)
STAGED = (
    *PLAIN,
    Field("type", Kind.CODE),
    Field("facts", Kind.FACTS),
    Field("links", Kind.FACTS),
    Field("street"),
)
"""What the temporary table holds: the kinds' fields are one column there."""

SORTS = {
    FieldKind.TEXT: Kind.TEXT,
    FieldKind.WHOLE: Kind.WHOLE,
    FieldKind.DECIMAL: Kind.DECIMAL,
    FieldKind.CHOICE: Kind.CODE,
    FieldKind.YES_NO: Kind.CODE,
    FieldKind.DAY: Kind.MOMENT,
}


def registry_fields(
    kinds: Sequence[AssetType], relations: Iterable[AssetRelation]
) -> tuple[Field, ...]:
    """Give all fields a file may speak of; a code means the same sort in every kind.

    A relation is a field too: its column holds the numbers of the other assets.
    """
    others = (
        Field(one.code, words=(*one.words, one.code, one.name_zh, one.name_en)) for one in relations
    )
    words = {
        w: kind.code for kind in kinds for w in (kind.code, kind.name_zh, kind.name_en, *kind.words)
    }
    own: dict[str, Field] = {}
    for kind in kinds:
        for one in fields_of(kind.fields):
            own[one.code] = joined(one, own.get(one.code), kind=kind.code)
    kind_of = Field(
        "type", Kind.CODE, required=True, codes=words, common=True, words=HEADINGS["type"]
    )
    return (kind_of, *PLAIN, *own.values(), *others)


def joined(one: AssetField, before: Field | None, *, kind: str) -> Field:
    """Make a field of a file that takes every word any kind knows for it."""
    codes = {**(before.codes if before else {}), **words_of(one)}
    words = (one.code, one.zh, one.en, *one.words)
    return Field(
        one.code,
        SORTS[one.kind],
        longest=LONGEST_WORDS,
        codes=codes,
        words=tuple(dict.fromkeys([*(before.words if before else ()), *words])),
        unit=one.unit,
        only_for=(before.only_for if before else frozenset()) | {kind},
    )


def words_of(one: AssetField) -> Mapping[str, str]:
    """Give the words of a choice or an answer and the codes they mean."""
    if one.kind is FieldKind.YES_NO:
        return {word: "true" if answer else "false" for word, answer in ANSWERS.items()}
    return {word: c.value for c in one.choices for word in (c.value, c.zh, c.en, *c.words)}


def own_codes(kinds: Iterable[AssetType]) -> frozenset[str]:
    """Name the fields that belong to kinds."""
    return frozenset(one.code for kind in kinds for one in fields_of(kind.fields))
