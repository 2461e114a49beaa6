"""Reads a boundary file feature by feature: code, name, parent, day and a shape fit to keep.

What is wrong with one feature is said of that feature; the others go on.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import shapely
from shapely import MultiPolygon

from gis import crs as systems
from gis import geometry
from gis.areas import rules
from gis.errors import PlatformError, Rejected
from gis.exchange import Table
from gis.exchange.table import Refused

DAY_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y-%m-%d %H:%M:%S")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of the file say what; those not named are not in it."""

    name: str
    code: str
    parent: str | None = None
    valid_from: str | None = None


@dataclass(frozen=True, slots=True)
class Feature:
    """One area as the file tells it, with its shape already in EPSG:4326."""

    line: int
    code: str
    name: str
    parent: str | None
    valid_from: date | None
    shape: MultiPolygon
    repairs: tuple[PlatformError, ...]


@dataclass(frozen=True, slots=True)
class Incoming:
    """All features of a file: those that can be kept, and those that cannot."""

    features: tuple[Feature, ...]
    refused: tuple[Refused, ...]
    notes: tuple[PlatformError, ...]


def read(
    table: Table,
    columns: Columns,
    *,
    valid_from: date | None = None,
    progress: Callable[[int], None] | None = None,
) -> Incoming:
    """Read every feature of a table; `valid_from` holds where no column says it."""
    check_columns(table, (columns.name, columns.code, columns.parent, columns.valid_from))
    crs, notes = coordinate_system(table)
    refused = list(table.refused)
    features: list[Feature] = []
    for line, row in zip(table.lines.tolist(), table.records(), strict=True):
        try:
            features.append(_feature(line, row, columns, crs=crs, valid_from=valid_from))
        except Rejected as reason:
            refused.append(_refusal(line, row, columns, reason))
        if progress is not None:
            progress(1)
    kept, twins = _without_twins(features)
    return Incoming(kept, (*refused, *twins), (*table.notes, *notes))


def check_columns(table: Table, names: Iterable[str | None], *, shapes: bool = True) -> None:
    """Refuse a file that has no shapes (where it needs some) or lacks a named column."""
    if shapes and not table.has_shapes:
        raise Rejected(
            "{source} has no shapes. Send GeoJSON, GeoPackage or Shapefile.", source=table.source
        )
    missing = [name for name in names if name is not None and name not in table.columns]
    if missing:
        raise Rejected(
            "{source} has no column {missing}. It has: {columns}.",
            source=table.source,
            missing=", ".join(missing),
            columns=", ".join(table.columns),
        )


def coordinate_system(table: Table) -> tuple[str, tuple[PlatformError, ...]]:
    """Give the coordinate system of a table; guessed only where a guess is safe, and said."""
    if table.crs is not None:
        return systems.named(table.crs), ()
    shapes = table.geometry
    bounds = shapely.bounds(shapes) if shapes is not None else np.empty((0, 4))
    likely = systems.guess(bounds[:, 0], bounds[:, 1])
    if likely == systems.WGS84:
        return likely, (
            Rejected("{source} names no coordinate system; taken as WGS84.", source=table.source),
        )
    if likely is not None:
        raise Rejected(
            "{source} names no coordinate system; it looks like {crs}. Name it if it is.",
            source=table.source,
            crs=likely,
        )
    raise Rejected("{source} names no coordinate system. Name it.", source=table.source)


def _feature(
    line: int, row: dict[Any, Any], columns: Columns, *, crs: str, valid_from: date | None
) -> Feature:
    code = _text(row, columns.code)
    if code is None:
        raise Rejected("The code is missing.")
    rules.level_of(code)
    name = _text(row, columns.name)
    if name is None:
        raise Rejected("The name is missing.")
    day = _text(row, columns.valid_from)
    found = geometry.boundary(row["geometry"], crs=crs)
    return Feature(
        line=line,
        code=code,
        name=name,
        parent=_text(row, columns.parent),
        valid_from=parse_day(day) if day else valid_from,
        shape=found.shape,
        repairs=found.repairs,
    )


def _text(row: dict[Any, Any], column: str | None) -> str | None:
    value = row.get(column) if column is not None else None
    return None if value is None else str(value)


def parse_day(text: str) -> date:
    """Read a day in the usual writings."""
    for form in DAY_FORMATS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise Rejected("{day} is no day. Write it as 2025-11-06.", day=text[:40])


def _refusal(line: int, row: dict[Any, Any], columns: Columns, reason: Rejected) -> Refused:
    return Refused(line=line, reason=reason, column=columns.code, value=_text(row, columns.code))


def _without_twins(features: list[Feature]) -> tuple[tuple[Feature, ...], tuple[Refused, ...]]:
    """Refuse all features that share a code and a day: which one is right is not ours to say."""
    lines: dict[tuple[str, date | None], list[int]] = defaultdict(list)
    for feature in features:
        lines[feature.code, feature.valid_from].append(feature.line)
    kept: list[Feature] = []
    twins: list[Refused] = []
    for feature in features:
        alike = lines[feature.code, feature.valid_from]
        if len(alike) == 1:
            kept.append(feature)
            continue
        reason = Rejected(
            "Code {code} occurs {count} times (features {lines}). Join their shapes or drop one.",
            code=feature.code,
            count=len(alike),
            lines=", ".join(map(str, alike)),
        )
        twins.append(Refused(feature.line, reason, value=feature.code))
    return tuple(kept), tuple(twins)
