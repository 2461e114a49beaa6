"""A mapping file says how one office's table speaks of our fields: see data/mappings/README.md."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator

from gis.errors import Rejected
from gis.exchange.importing.fields import Field, Kind

ABOUT = ["line", "reason"]
"""The headings that a file of refused rows has before the rows' own."""
SHAPE = "WKT"
"""The heading behind them of a shape's cell, which is read again as the place."""
JOINED = frozenset({Kind.TEXT, Kind.FACTS})
"""Kinds that several columns of a file can make together."""


def as_column(value: object) -> object:
    """Let `number: 编号` stand for `number: {column: 编号}`."""
    return {"column": value} if isinstance(value, str) else value


def words(values: dict[object, str]) -> dict[str, str]:
    """Let YAML's bare numbers stand for the texts that files hold."""
    return {str(word): code for word, code in values.items()}


class FieldMapping(BaseModel):
    """Where one field comes from. Exactly one of `column`, `columns`, `value` is given."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str | None = None
    columns: tuple[str, ...] = ()
    value: str | int | float | None = None
    values: Annotated[dict[str, str], BeforeValidator(words)] = {}
    otherwise: str | None = None
    thousands: str | None = None
    factor: float = 1.0
    format: str | None = None
    empty: tuple[str, ...] = ()

    @model_validator(mode="after")
    def one_origin(self) -> "FieldMapping":
        """Hold that a field comes from one place."""
        given = [self.column is not None, bool(self.columns), self.value is not None]
        if sum(given) != 1:
            msg = "give exactly one of column, columns, value"
            raise ValueError(msg)
        return self


class PlaceMapping(BaseModel):
    """One column whose cells hold both numbers. In which order, the mapping says: never a guess."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str
    order: Literal["lon_lat", "lat_lon"]


class Mapping(BaseModel):
    """How one table speaks of a ledger's fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    crs: str | None = None
    encoding: str | None = None
    layer: str | None = None
    longitude: str | None = None
    latitude: str | None = None
    place: PlaceMapping | None = None
    extent: str | None = None
    fields: dict[str, Annotated[FieldMapping, BeforeValidator(as_column)]]

    @property
    def has_numbers(self) -> bool:
        """Tell whether places stand in columns, not in shapes."""
        return self.longitude is not None or self.place is not None

    @property
    def columns(self) -> frozenset[str]:
        """Give every heading of the file that the mapping speaks of."""
        named: list[str | None] = [self.longitude, self.latitude, self.extent]
        named += [self.place.column] if self.place else []
        for mapped in self.fields.values():
            named += [mapped.column, *mapped.columns]
        return frozenset(c for c in named if c is not None)

    def with_constant(self, field: str, value: str) -> "Mapping":
        """Give every row one value for a field that the mapping does not speak of."""
        if field in self.fields:
            return self
        fields = {**self.fields, field: FieldMapping(value=value)}
        return self.model_copy(update={"fields": fields})


@dataclass(frozen=True, slots=True)
class MappedField:
    """A field of the ledger together with where this file keeps it."""

    field: Field
    mapped: FieldMapping

    @property
    def column(self) -> str:
        """Give the heading to name in a refusal."""
        return self.mapped.column or ", ".join(self.mapped.columns) or self.field.name


def load(path: Path) -> Mapping:
    """Read the mapping of a list; a mistake in it is told with its place."""
    return read(path, Mapping)


Told = TypeVar("Told", bound=BaseModel)


def read(path: Path, kind: type[Told]) -> Told:
    """Read a mapping file of a kind; a mistake in it is told with its place."""
    try:
        return kind.model_validate(yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Rejected(
            "The mapping file {name} cannot be read: {error}", name=path.name, error=str(error)
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise Rejected(
            "The mapping file {name} is wrong at {place}: {error}",
            name=path.name,
            place=".".join(str(p) for p in first["loc"]) or "top",
            error=first["msg"],
        ) from error


def matched(mapping: Mapping, fields: Iterable[Field]) -> list[MappedField]:
    """Pair the ledger's fields with the mapping; an unknown or forgotten field is refused."""
    known = {field.name: field for field in fields}
    for name in mapping.fields:
        if name not in known:
            raise Rejected(
                "The mapping speaks of a field {name} that the ledger does not have."
                " It has: {known}.",
                name=name,
                known=", ".join(known),
            )
        if mapping.fields[name].columns and known[name].kind not in JOINED:
            raise Rejected(
                "Several columns cannot make {name}, only a text. Name one column.", name=name
            )
    for field in known.values():
        if field.required and field.name not in mapping.fields:
            raise Rejected(
                "The mapping does not say where {name} comes from. Add it under fields.",
                name=field.name,
            )
    return [MappedField(known[n], m) for n, m in mapping.fields.items()]


def check_columns(mapping: Mapping, present: Iterable[str]) -> None:
    """Hold that the file has every column the mapping speaks of."""
    has = set(present)
    for column in sorted(mapping.columns - has):
        raise Rejected(
            "The file has no column {column}. It has: {present}. Correct the mapping.",
            column=column,
            present=", ".join(sorted(has)),
        )


def check_codes(fields: Iterable[MappedField]) -> None:
    """Hold that a mapping leads only to codes the ledger knows."""
    for pair in fields:
        known = set(pair.field.codes.values())
        leads = [*pair.mapped.values.values(), pair.mapped.otherwise]
        if isinstance(pair.mapped.value, str):
            leads.append(pair.mapped.value)
        for code in leads:
            if pair.field.kind is Kind.CODE and code is not None and code not in known:
                raise Rejected(
                    "The mapping gives {code} for {name}; known are: {known}.",
                    code=code,
                    name=pair.field.name,
                    known=", ".join(sorted(known)),
                )
