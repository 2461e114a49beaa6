"""The form of an import's columns: what was guessed or said last, and what a person sends."""

from collections.abc import Mapping as Sent
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from gis import crs as systems
from gis.exchange.importing.fields import Field, Kind
from gis.exchange.importing.mapping import FieldMapping, Mapping
from hazards.points import types
from hazards.points.importing.fields import ledger_fields
from hazards.points.intake import guessing
from hazards.points.intake.models import LedgerImport
from hazards.points.intake.rules import Looked

Bounds = tuple[float, float, float, float]
ZONES = tuple(f"EPSG:{code}" for code in range(4543, 4548))
"""CGCS2000, 3-degree zones 102°E to 114°E, whose eastings do not begin with the zone's number."""
LEFT_OUT = frozenset({"source", "state"})
COLUMN, VALUE = "c:", "v:"
FIXED = {"category": "hidden_danger", "evidence": "historical"}
"""What is proposed for all rows where the file has no column for it."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the file, how often it comes, and what it means here."""

    place: int
    word: str
    count: int
    code: str


@dataclass(frozen=True, slots=True)
class Line:
    """One field of ours in the form."""

    field: Field
    chosen: str
    samples: list[str]
    words: list[Word]
    factor: float

    @property
    def missing(self) -> bool:
        """Tell that the ledger needs it and nothing is chosen."""
        return self.field.required and not self.chosen

    @property
    def open_words(self) -> int:
        """Count the words that mean nothing yet."""
        return sum(1 for word in self.words if not word.code)


def fields_of(session: Session) -> list[Field]:
    """Give the fields a person may map."""
    return [f for f in ledger_fields(types.words(session)) if f.name not in LEFT_OUT]


def proposed(
    this: LedgerImport, looked: Looked, fields: list[Field], *, bounds: Bounds | None
) -> Mapping:
    """Give what was said, last time or just now; else a guess."""
    asked = this.said or {}
    if asked.get("fields"):
        return Mapping.model_validate(asked)
    found = guessing.columns(looked, fields)
    chosen = {f.name: COLUMN + found[f.name] for f in fields if f.name in found}
    chosen |= {name: VALUE + code for name, code in FIXED.items() if name not in chosen}
    sent = {f"f.{name}": value for name, value in chosen.items()}
    places = {name: found[name] for name in ("longitude", "latitude", "extent") if name in found}
    source = this.file_name.rsplit(".", 1)[0]
    said = {"source": source, "crs": guessed_crs(looked, found, bounds)}
    said |= {name: str(asked.get(name) or "") for name in ("layer", "encoding")}
    return read(said | places | sent, looked, fields)


def guessed_crs(looked: Looked, found: dict[str, str], bounds: Bounds | None) -> str:
    """Give the system a file names, else what its numbers look like, else the zone that fits."""
    if looked["crs"]:
        return str(looked["crs"])
    by_name = {column["name"]: column["numbers"] for column in looked["columns"]}
    pairs = looked["shapes"] or list(
        zip(
            by_name.get(found.get("longitude", "")) or (),
            by_name.get(found.get("latitude", "")) or (),
            strict=False,
        )
    )
    if not pairs:
        return ""
    xs, ys = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return systems.guess(xs, ys) or fitting_zone(xs, ys, bounds)


def fitting_zone(xs: list[float], ys: list[float], bounds: Bounds | None) -> str:
    """Find the 3-degree zone in which metres without a zone's number fall into the area."""
    if bounds is None:
        return ""
    west, south, east, north = bounds
    for zone in ZONES:
        lon, lat = systems.to_wgs84(xs, ys, crs=zone)
        inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        if 2 * inside.sum() > len(xs):
            return zone
    return ""


def read(sent: Sent[str, str], looked: Looked, fields: list[Field]) -> Mapping:
    """Make a mapping of what was sent; columns the file does not have are left out."""
    by_name = {column["name"]: column for column in looked["columns"]}
    mapped: dict[str, Any] = {}
    for field in fields:
        chosen = sent.get(f"f.{field.name}", "")
        if chosen.startswith(COLUMN) and chosen[2:] in by_name:
            mapped[field.name] = of_column(field, by_name[chosen[2:]], sent)
        elif chosen.startswith(VALUE) and chosen[2:] in field.codes.values():
            mapped[field.name] = FieldMapping(value=chosen[2:])
    places = {
        name: sent.get(name) if sent.get(name) in by_name else None
        for name in ("longitude", "latitude", "extent")
    }
    return Mapping(
        source=sent.get("source", "").strip()[:100] or "import",
        crs=sent.get("crs") or None,
        layer=sent.get("layer") or None,
        encoding=sent.get("encoding") or None,
        fields=mapped,
        **places,
    )


def of_column(field: Field, column: dict[str, Any], sent: Sent[str, str]) -> FieldMapping:
    """Say how a column is to be read: its words, its thousands, its unit."""
    name = column["name"]
    if field.kind is Kind.CODE and column["words"]:
        return FieldMapping(column=name, values=codes(field, column, sent))
    if not guessing.is_number(field):
        return FieldMapping(column=name)
    factor = 1.0
    if field.name == "threatened_property_10k_yuan":
        guess = guessing.property_factor(name)
        factor = {"yuan": 0.0001, "10k": 1.0}.get(sent.get("unit", ""), guess)
    return FieldMapping(column=name, thousands=guessing.thousands(column), factor=factor)


def codes(field: Field, column: dict[str, Any], sent: Sent[str, str]) -> dict[str, str]:
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


def lines(mapping: Mapping, looked: Looked, fields: list[Field]) -> list[Line]:
    """Show each field with what is chosen for it."""
    by_name = {column["name"]: column for column in looked["columns"]}
    return [line(field, mapping.fields.get(field.name), by_name) for field in fields]


def line(field: Field, said: FieldMapping | None, by_name: dict[str, Any]) -> Line:
    """Show one field."""
    if said is None:
        return Line(field, "", [], [], 1.0)
    if said.column is None:
        return Line(field, f"{VALUE}{said.value}", [], [], 1.0)
    column = by_name.get(said.column, {"samples": [], "words": None})
    words: list[Word] = []
    if field.kind is Kind.CODE:
        for place, (word, count) in enumerate(column["words"] or ()):
            words.append(Word(place, word, count, said.values.get(word, "")))
    return Line(field, COLUMN + said.column, column["samples"], words, said.factor)
