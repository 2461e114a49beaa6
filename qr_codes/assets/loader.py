"""Bring the kinds of assets and the public numbers from their files into the tables."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, TypeAdapter, model_validator
from sqlalchemy.orm import Session

from gis.errors import Rejected
from hazards.checklists.files import Code, Strict, Words, parse, read_yaml
from hazards.checklists.loader import upsert
from qr_codes.assets.fields import FieldKind
from qr_codes.assets.models import AssetRelation, AssetType, PublicLine, Said

OF_ALL = {*Said.__annotations__, "number", "type", "place", "longitude", "latitude", "extent"}
RESERVED = {*OF_ALL, "source", "line", "district", "area_path", "street", "facts", "links"}
"""What every asset has, and what stands beside it while a list is brought in."""


Synonyms = tuple[Annotated[str, Field(min_length=1, max_length=40)], ...]
"""What offices also call it, in lists that are brought in."""


class ChoiceEntry(Strict):
    """One of a field's words as the file writes it."""

    value: Code
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    words: Synonyms = ()


class FieldEntry(Strict):
    """One field of a kind as the file writes it."""

    code: Code
    kind: FieldKind
    name: Words
    words: Synonyms = ()
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[ChoiceEntry, ...] = ()

    @model_validator(mode="after")
    def fits_its_kind(self) -> Self:
        """Refuse what nobody could fill in."""
        if (self.kind is FieldKind.CHOICE) != bool(self.choices):
            raise ValueError("a choice has choices, and nothing else has")
        if self.code in RESERVED:
            raise ValueError("every asset or list has this already; take another code")
        return self


class TypeEntry(Strict):
    """One kind of asset as the file writes it."""

    code: Code
    icon: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    geometry: Literal["point", "line", "any"]
    name: Words
    words: Synonyms = ()
    fields: tuple[FieldEntry, ...] = ()


class RelationEntry(Strict):
    """What one asset may be to another, as the file writes it."""

    code: Code
    name: Words
    back: Words
    words: Synonyms = ()


class LineEntry(Strict):
    """One public number as the file writes it."""

    number: Annotated[str, Field(pattern=r"^[0-9+][0-9-]{2,20}$")]
    name: Words


def load(session: Session, folder: Path) -> int:
    """Load kinds, numbers and relations, as often as one likes; give the number of kinds."""
    path = folder / "types.yaml"
    kinds = parse(path, TypeAdapter(tuple[TypeEntry, ...]), read_yaml(path))
    one_sort_each(path.name, kinds)
    upsert(session, AssetType, [type_row(*pair) for pair in enumerate(kinds, start=1)])
    path = folder / "lines.yaml"
    numbers = parse(path, TypeAdapter(tuple[LineEntry, ...]), read_yaml(path))
    upsert(session, PublicLine, [line_row(*pair) for pair in enumerate(numbers, start=1)])
    path = folder / "relations.yaml"
    relations = parse(path, TypeAdapter(tuple[RelationEntry, ...]), read_yaml(path))
    rows = [relation_row(*pair) for pair in enumerate(relations, start=1)]
    upsert(session, AssetRelation, rows)
    return len(kinds)


def one_sort_each(file: str, kinds: Sequence[TypeEntry]) -> None:
    """Hold that a field's code means the same sort of value in every kind: files name it so."""
    sorts: dict[str, FieldKind] = {}
    for kind in kinds:
        for field in kind.fields:
            if sorts.setdefault(field.code, field.kind) is not field.kind:
                raise Rejected(
                    "{file}: {field} of {kind} is of another sort than in a kind before it.",
                    file=file,
                    field=field.code,
                    kind=kind.code,
                )


def type_row(position: int, kind: TypeEntry) -> dict[str, Any]:
    """Give the row of a kind."""
    return {
        "code": kind.code,
        "position": position,
        "icon": kind.icon,
        "geometry": kind.geometry,
        "name_zh": kind.name.zh,
        "name_en": kind.name.en,
        "words": list(kind.words),
        "fields": [field.model_dump(mode="json", exclude_defaults=True) for field in kind.fields],
    }


def relation_row(position: int, relation: RelationEntry) -> dict[str, Any]:
    """Give the row of a relation."""
    return {
        "code": relation.code,
        "position": position,
        "name_zh": relation.name.zh,
        "name_en": relation.name.en,
        "back_zh": relation.back.zh,
        "back_en": relation.back.en,
        "words": list(relation.words),
    }


def line_row(position: int, line: LineEntry) -> dict[str, Any]:
    """Give the row of a number."""
    return {
        "number": line.number,
        "position": position,
        "name_zh": line.name.zh,
        "name_en": line.name.en,
    }
