"""The registry as files other programs open, of any size.

Columns are named as the fields of an import (`data/assets/mappings/yitong.yaml`), the fields of all
kinds among them, so that what goes out comes in again unchanged; or as offices name them
(`wording`), which comes in as well.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, case, cast, func, literal
from sqlalchemy.orm import Session

from gis import crs as systems
from gis.exchange.copying import harmless, worded
from gis.exchange.writing import forms
from gis.exchange.writing.forms import CODES, Form, Step
from qr_codes.assets import repository, wording
from qr_codes.assets.fields import fields_of
from qr_codes.assets.models import Asset, AssetType, RiskCode
from qr_codes.assets.repository import Wanted

TEXTS: dict[str, Any] = {
    "number": Asset.source_id,
    "source": Asset.source,
    "type": Asset.type_code,
    "name": Asset.name,
    "street": Asset.street,
    "owner_unit": Asset.owner_unit,
    "owner_phone": Asset.owner_phone,
    "maintainer": Asset.maintainer,
    "rank": Asset.rank,
}
LINES = ("ST_LineString", "ST_MultiLineString")


def write(
    session: Session,
    wanted: Wanted,
    form: Form,
    path: Path,
    *,
    crs: str = systems.WGS84,
    in_words: bool = False,
    step: Step = lambda _: None,
) -> None:
    """Write all assets that a list means into a file; `in_words` as an office says it."""
    types = repository.types(session)
    said = wording.in_words(types) if in_words else CODES
    query = rows(wanted, own_codes(types), for_spreadsheets=form is Form.CSV, words=said.words)
    kinds = dict.fromkeys(column.key for column in query.selected_columns)
    told = {str(key): "string" for key in kinds}
    told |= {"built_year": "int64", "longitude": "float64", "latitude": "float64"}
    headings = said.headings
    forms.write(session, query, told, form, path, crs=crs, lines=True, headings=headings, step=step)


def own_codes(kinds: Sequence[AssetType]) -> list[str]:
    """Name the fields of all kinds, each once, in the kinds' order."""
    return list(dict.fromkeys(one.code for kind in kinds for one in fields_of(kind.fields)))


def rows(
    wanted: Wanted,
    codes: Sequence[str],
    *,
    for_spreadsheets: bool,
    words: Mapping[str, Mapping[str, str]] = CODES.words,
) -> Select[*tuple[object, ...]]:
    """Give the query of an export, in the order of source and number."""

    def shown(name: str, column: ColumnElement[str]) -> ColumnElement[str]:
        said = worded(column, words.get(name, {}))
        return harmless(said) if for_spreadsheets else cast(said, Text)

    middle = case((is_line(), func.ST_LineInterpolatePoint(longest_part(), 0.5)), else_=Asset.place)
    drawn = case((is_line(), cast(func.ST_AsText(Asset.place), Text)), else_=None)
    columns: list[ColumnElement[Any]] = [
        *(shown(name, column).label(name) for name, column in TEXTS.items()),
        Asset.built_year.label("built_year"),
        *(shown(code, Asset.facts.op("->>")(code)).label(code) for code in codes),
        RiskCode.code.label("code"),
        worded(RiskCode.state.expression, words.get("label", {})).label("label"),
        func.to_char(Asset.retired_at, "YYYY-MM-DD").label("retired_on"),
        func.ST_X(middle).label("longitude"),
        func.ST_Y(middle).label("latitude"),
        drawn.label("extent"),
        literal(systems.WGS84).label("crs"),
    ]
    found: Select[*tuple[object, ...]] = repository.filtered(wanted).with_only_columns(
        *columns, maintain_column_froms=True
    )
    return found.order_by(Asset.source, Asset.source_id)


def is_line() -> ColumnElement[bool]:
    """Tell lines from points."""
    return func.ST_GeometryType(Asset.place).in_(LINES)


def longest_part() -> ColumnElement[Any]:
    """Give a line in one part, on which its middle lies."""
    return func.ST_GeometryN(func.ST_LineMerge(Asset.place), 1)
