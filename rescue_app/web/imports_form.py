"""The form of an import's columns: what was guessed or said last, and what a person sends."""

import re
from collections.abc import Mapping as Sent
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gis.exchange.importing.fields import Field, Kind
from gis.exchange.importing.mapping import FieldMapping, Mapping, PlaceMapping
from gis.intake import guessing, units, where
from gis.intake.guessing import COLUMN, NUMBERS, TYPE, VALUE
from gis.intake.models import LedgerImport
from gis.intake.rules import Looked
from gis.intake.where import Bounds

LEFT_OUT = frozenset({"state", "raw"})
SOURCE = "source"
"""Said once for all rows, or by a column of our own export."""
PLACES = ("longitude", "latitude", "extent")
UNKNOWN_COLUMN: Looked = {"samples": [], "words": None, "nothing": []}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the file, how often it comes, and what it means here."""

    place: int
    word: str
    count: int
    code: str


@dataclass(frozen=True, slots=True)
class Line:
    """One field of ours in the form; where many columns may be chosen, `several` of `offered`."""

    field: Field
    chosen: str
    samples: list[str]
    words: list[Word]
    unit: str
    empty: tuple[str, ...] = ()
    several: tuple[str, ...] = ()
    offered: tuple[tuple[int, str], ...] = ()

    @property
    def missing(self) -> bool:
        """Tell that the ledger needs it and nothing is chosen."""
        return self.field.required and not self.chosen

    @property
    def open_words(self) -> int:
        """Count the words that mean nothing yet."""
        return sum(1 for word in self.words if not word.code)

    @property
    def units(self) -> list[str]:
        """Give the units in which the file may count instead."""
        return list(units.alike(self.field.unit)) if self.chosen else []


def proposed(
    this: LedgerImport,
    looked: Looked,
    fields: Sequence[Field],
    *,
    usual: Sent[str, str],
    bounds: Bounds | None,
    known: Mapping | None = None,
) -> Mapping:
    """Give what was said, last time or just now; else what is known of such files, or a guess."""
    asked = this.said or {}
    if asked.get("fields"):
        return Mapping.model_validate(asked)
    if known is not None:
        return known.model_copy(update={n: asked.get(n) for n in ("layer", "encoding")})
    stem = this.file_name.rsplit(".", 1)[0]
    found = guessing.chosen(looked, fields, stem=stem)
    sent = {name: found.pop(name) for name in (*PLACES, "place") if name in found}
    names = {field.name for field in fields}
    chosen = {n: VALUE + code for n, code in usual.items() if code and n in names} | found
    sent |= {f"f.{name}": choice for name, choice in chosen.items()}
    taken = [*sent.values(), *(choice[2:] for choice in chosen.values())]
    places = {column["name"]: place for place, column in enumerate(looked["columns"])}
    for field in fields:
        for heading in guessing.several(looked, field, taken):
            sent[f"m.{field.name}.{places[heading]}"] = "on"
    how = {name: str(asked.get(name) or "") for name in ("layer", "encoding")}
    mapping = read(how | sent | {"source": stem}, looked, fields)
    return mapping.model_copy(update={"crs": where.guessed_crs(looked, mapping, bounds)})


def with_new_type(sent: Sent[str, str], looked: Looked, fields: Sequence[Field]) -> dict[str, str]:
    """Propose columns for the fields that the form has only since another type was chosen."""
    picked = {f.name: sent.get(f"f.{f.name}", "") for f in fields}
    having = guessing.of_types(fields, guessing.types_said(looked, fields, picked))
    unseen = [f for f in having if f.only_for and f"f.{f.name}" not in sent]
    taken = {choice.removeprefix(COLUMN) for choice in sent.values()}
    free = [column for column in looked["columns"] if column["name"] not in taken]
    found = guessing.columns(looked | {"columns": free}, unseen)
    names = {field.name for field in unseen}
    return {**sent, **{f"f.{n}": COLUMN + h for n, h in found.items() if n in names}}


def read(
    sent: Sent[str, str], looked: Looked, fields: Sequence[Field], known: Mapping | None = None
) -> Mapping:
    """Make a mapping of what was sent; columns the file does not have are left out.

    How a column is read that is where it is known to be is known too.
    """
    by_name = {column["name"]: column for column in looked["columns"]}
    picked = {f.name: sent.get(f"f.{f.name}", "") for f in fields}
    having = guessing.of_types(fields, guessing.types_said(looked, fields, picked))
    mapped: dict[str, Any] = {}
    for field in having:
        choice = picked[field.name]
        if field.kind is Kind.FACTS:
            several = [n for at, n in enumerate(by_name) if f"m.{field.name}.{at}" in sent]
            if several:
                mapped[field.name] = FieldMapping(columns=tuple(several))
        elif choice.startswith(COLUMN) and choice[2:] in by_name:
            made = of_column(field, by_name[choice[2:]], sent)
            mapped[field.name] = as_known(made, field, known)
        elif choice.startswith(VALUE) and may_be_said(field, choice[2:]):
            mapped[field.name] = FieldMapping(value=choice[2:])
    if known is not None:
        mapped |= {name: of for name, of in known.fields.items() if name in LEFT_OUT}
    return Mapping(
        source=sent.get("source", "").strip()[:100] or "import",
        crs=sent.get("crs") or None,
        layer=sent.get("layer") or None,
        encoding=sent.get("encoding") or None,
        fields=mapped,
        **places_of(sent, by_name),
    )


def as_known(made: FieldMapping, field: Field, known: Mapping | None) -> FieldMapping:
    """Read a column as it is known to be read; what its words mean is as it was chosen."""
    of = known.fields.get(field.name) if known else None
    if of is None or of.column != made.column:
        return made
    if field.kind is Kind.CODE and made.values:
        return made
    return of


def may_be_said(field: Field, value: str) -> bool:
    """Tell whether a value may be said for all rows."""
    if field.common and field.kind in NUMBERS:
        return value.isdecimal()
    return value in field.codes.values() or (field.common and field.kind is Kind.TEXT)


def places_of(sent: Sent[str, str], by_name: Sent[str, Looked]) -> dict[str, Any]:
    """Say where the places stand; one cell with both numbers goes before two columns."""
    known = {name: sent[name] for name in PLACES if sent.get(name) in by_name}
    both = sent.get("place", "")
    if both not in by_name:
        return known
    first: Any = sent.get("order") if sent.get("order.of") == both else ""
    if first not in {"lon_lat", "lat_lon"}:
        column = by_name[both]
        first = where.one_cell(column).order if column.get("pairs") else "lat_lon"
    outline = {name: heading for name, heading in known.items() if name == "extent"}
    return outline | {"place": PlaceMapping(column=both, order=first)}


def of_column(field: Field, column: Looked, sent: Sent[str, str]) -> FieldMapping:
    """Say how a column is to be read: its words, its thousands, its unit."""
    name, empty = column["name"], tuple(column.get("nothing") or ())
    if field.kind is Kind.CODE and column["words"]:
        return FieldMapping(column=name, values=codes(field, column, sent))
    if field.kind is Kind.MOMENT:
        return FieldMapping(column=name, format=guessing.written_days(column), empty=empty)
    if field.kind not in NUMBERS:
        return FieldMapping(column=name)
    unit = sent.get(f"u.{field.name}", "")
    if sent.get(f"u.{field.name}.of") != name or unit not in units.alike(field.unit):
        unit = units.named_in(name, field)
    factor = units.factor(field, unit)
    thousands = guessing.thousands(column)
    return FieldMapping(column=name, thousands=thousands, factor=factor, empty=empty)


def codes(field: Field, column: Looked, sent: Sent[str, str]) -> dict[str, str]:
    """Give each word's code: as it was chosen for this very column, else guessed."""
    was_shown = sent.get(f"of.{field.name}") == column["name"]
    known = set(field.codes.values())
    found = {}
    for place, (word, _) in enumerate(column["words"]):
        guess = guessing.code_of(word, field)
        code = sent.get(f"w.{field.name}.{place}", "") if was_shown else guess
        if code in known:
            found[word] = code
    return found


def lines(mapping: Mapping, looked: Looked, fields: Sequence[Field]) -> list[Line]:
    """Show each field that the rows' types have with what is chosen for it."""
    by_name = {column["name"]: column for column in looked["columns"]}
    said = mapping.fields.get(TYPE)
    types = frozenset(
        [str(said.value)] if said and said.value else said.values.values() if said else ()
    )
    having = guessing.of_types(fields, types)
    return [line(field, mapping.fields.get(field.name), by_name) for field in having]


def types_of(said: FieldMapping | None) -> frozenset[str]:
    """Name the types that a mapping speaks of; none where they are not listed."""
    if said is None:
        return frozenset()
    return frozenset(said.values.values() if said.value is None else [str(said.value)])


def line(field: Field, said: FieldMapping | None, by_name: dict[str, Looked]) -> Line:
    """Show one field."""
    if field.like:
        return line_of_several(field, said.columns if said else (), by_name)
    if said is None:
        return Line(field, "", [], [], field.unit)
    if said.column is None:
        return Line(field, f"{VALUE}{said.value}", [], [], field.unit)
    column = by_name.get(said.column, UNKNOWN_COLUMN)
    words: list[Word] = []
    if field.kind is Kind.CODE:
        for place, (word, count) in enumerate(column["words"] or ()):
            words.append(Word(place, word, count, said.values.get(word, said.otherwise or "")))
    unit = units.of_factor(field, said.factor)
    return Line(field, COLUMN + said.column, column["samples"], words, unit, said.empty)


def line_of_several(field: Field, chosen: tuple[str, ...], by_name: dict[str, Looked]) -> Line:
    """Show a field that is kept from several columns, with a sample of each."""
    offered = tuple((at, n) for at, n in enumerate(by_name) if re.search(field.like, n))
    samples = [by_name[c]["samples"][0] for c in chosen if by_name[c]["samples"]]
    return Line(field, "", samples, [], field.unit, several=chosen, offered=offered)
