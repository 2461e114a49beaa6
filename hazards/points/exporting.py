"""The ledger as files other programs open, of any size: rows leave in slices.

The columns are named as the fields of an import (`data/mappings/yitong.yaml`), so that what
goes out comes in again unchanged; or as offices name them (`wording`), which comes in as well.
`crs` in every row says in which system its place is.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    DateTime,
    Float,
    Integer,
    Numeric,
    Select,
    Text,
    cast,
    func,
    inspect,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import InstrumentedAttribute, Session

from gis import crs as systems
from gis.exchange.copying import harmless, worded
from gis.exchange.writing import forms
from gis.exchange.writing.forms import CODES, Form, Step
from hazards.points import wording
from hazards.points.filters import PointFilter
from hazards.points.models import HazardPoint
from hazards.points.wording import BOOLEAN

FIRST = ("number", "source", "name")
LEFT_OUT = frozenset({"id", "created_at", "place", "extent", "changed_by", "file_ids"})


def fields() -> dict[str, str]:
    """Give the plain columns of an entry and what Arrow calls their kinds, names first."""
    columns = inspect(HazardPoint).columns
    named = [column for column in columns if column.key not in LEFT_OUT]
    ordered = sorted(named, key=lambda c: FIRST.index(c.key) if c.key in FIRST else len(FIRST))
    return {column.key: kind_of(column.type) for column in ordered}


def kind_of(type_: object) -> str:
    """Give a column's kind in a file; what is neither number nor text is written as text."""
    if isinstance(type_, Integer):
        return "int64"
    return "float64" if isinstance(type_, Numeric | Float) else "string"


def shown_as(column: InstrumentedAttribute[Any], words: Mapping[str, str]) -> ColumnElement[Any]:
    """Give a column as one cell tells it: what is several stands with ；between."""
    if column.key == "warning_means":
        each = func.unnest(column).table_valued("value", with_ordinality="place").render_derived()
        said = worded(each.c.value, words)
        listed = func.string_agg(said, aggregate_order_by(literal("；"), each.c.place))
        return select(listed).scalar_subquery()
    if column.key == "monitors":
        cut = func.jsonb_array_elements(column).table_valued("value", with_ordinality="place")
        one = cut.render_derived()
        person = func.concat_ws(" ", *(one.c.value.op("->>")(key) for key in ("name", "phone")))
        listed = func.string_agg(person, aggregate_order_by(literal("；"), one.c.place))
        return select(listed).scalar_subquery()
    return worded(column.expression, words)


def rows(
    asked: PointFilter,
    *,
    for_spreadsheets: bool,
    words: Mapping[str, Mapping[str, str]] = CODES.words,
) -> Select[*tuple[object, ...]]:
    """Give the query of an export, in the order of source and number."""
    of = asked.entries()
    shown = []
    for name in fields():
        plain = getattr(of, name)
        column = shown_as(plain, words.get(name, {}))
        if isinstance(plain.type, Boolean):
            # "false": people do not read the f that COPY writes
            column = worded(cast(column, Text), words.get(BOOLEAN, {}))
        elif not isinstance(column.type, Integer | Numeric | DateTime):
            column = harmless(column) if for_spreadsheets else cast(column, Text)
        shown.append(column.label(name))
    return (
        select(
            *shown,
            func.ST_X(of.place).label("longitude"),
            func.ST_Y(of.place).label("latitude"),
            cast(func.ST_AsText(of.extent), Text).label("extent"),
            literal(systems.WGS84).label("crs"),
        )
        .select_from(of)
        .where(*asked.conditions(of))
        .order_by(of.source, of.number)
    )


def write(
    session: Session,
    asked: PointFilter,
    form: Form,
    path: Path,
    *,
    crs: str = systems.WGS84,
    in_words: bool = False,
    step: Step = lambda _: None,
) -> None:
    """Write everything the filter means into a file; `in_words` as an office says it."""
    kinds = fields() | dict.fromkeys(("longitude", "latitude"), "float64")
    kinds |= dict.fromkeys(("extent", "crs"), "string")
    said = wording.in_words(session) if in_words else CODES
    query = rows(asked, for_spreadsheets=form is Form.CSV, words=said.words)
    forms.write(session, query, kinds, form, path, crs=crs, headings=said.headings, step=step)
