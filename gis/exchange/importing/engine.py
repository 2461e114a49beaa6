"""Take a table apart by its mapping and lay what is good into a temporary table.

Slice by slice, so that memory is bound by the slice: read words into values, refuse what does
not fit, copy the rest. A row with one bad value is left out whole.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy.orm import Session

from gis import crs as systems
from gis.exchange.importing import places, staging
from gis.exchange.importing.fields import Field
from gis.exchange.importing.mapping import MappedField, Mapping, check_codes, check_columns, matched
from gis.exchange.importing.report import Report
from gis.exchange.importing.values import Batch, parse
from gis.exchange.rows import GEOMETRY, plain_points
from gis.exchange.table import Refused, Table, bounded

STAGED = "staged"

Progress = Callable[[int], None]
Finish = Callable[[pa.Table], tuple[pa.Table, list[Refused]]]
"""What the ledger adds to some good rows, such as their area, and which it refuses for it."""
Take = Callable[[pa.Table], None]
"""What the ledger does with the good rows of a slice once they are in the temporary table."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A table with everything that is known about how to read it."""

    table: Table
    mapping: Mapping
    pairs: tuple[MappedField, ...]
    crs: str
    lines: bool = False
    """Whether a row may be a line; its middle is its place then, and it is its own extent."""
    instead: str | None = None
    """The field that stands for a place where a row has no coordinates, if the file has it."""

    @property
    def mapped(self) -> frozenset[str]:
        """Name the fields the file speaks of."""
        return frozenset(pair.field.name for pair in self.pairs)

    def may_say(self, field: str) -> frozenset[str]:
        """Name the codes that rows may get for a field."""
        found: set[str] = set()
        for pair in self.pairs:
            if pair.field.name == field:
                fixed = {str(pair.mapped.value)} if pair.mapped.value is not None else None
                found |= fixed or set(pair.field.codes.values())
        return frozenset(found)


def planned(
    table: Table,
    mapping: Mapping,
    fields: Sequence[Field],
    *,
    lines: bool = False,
    instead: str | None = None,
) -> Plan:
    """Check mapping, file and ledger against each other before a row is read."""
    pairs = tuple(matched(mapping, fields))
    check_columns(mapping, table.columns)
    check_codes(pairs)
    instead = instead if instead in mapping.fields else None
    if instead is None or has_places(table, mapping):
        places.check_origin(table, mapping)
        return Plan(table, mapping, pairs, places.system_of(table, mapping), lines, instead)
    return Plan(table, mapping, pairs, systems.WGS84, lines, instead)


def has_places(table: Table, mapping: Mapping) -> bool:
    """Tell whether mapping or file name any coordinates."""
    named = mapping.has_numbers or mapping.latitude is not None or mapping.extent is not None
    return named or table.has_shapes


def stage(
    session: Session,
    plan: Plan,
    fields: Sequence[Field],
    *,
    finish: Finish,
    take: Take,
    step: Progress,
) -> Report:
    """Fill the temporary table `staged` with the good rows, and report the others.

    While PostgreSQL takes one slice, the next one is read and laid ready: `finish` must not touch
    the session.
    """

    def taken(rows: pa.Table, text: memoryview) -> None:
        staging.copy(session, STAGED, rows.column_names, text)
        take(rows)

    table = plan.table
    told = len(table) + len(table.refused)
    report = Report(rows=told, refusals=list(table.refused), notes=list(table.notes))
    staging.create(session, STAGED, fields)
    with ThreadPoolExecutor(1) as copier:
        copied: Future[None] | None = None
        for start, end in table.rows.slices():
            good, refused = read_slice(plan, start, end)
            finished, more = finish(good)
            report.refusals += refused + more
            bounded(report.refusals)
            rows = without(finished, more)
            text = staging.as_csv(rows)
            if copied is not None:
                copied.result()
            copied = copier.submit(taken, rows, text)
            step(end - start)
        if copied is not None:
            copied.result()
    staging.analyze(session, STAGED)
    return report


def read_slice(plan: Plan, start: int, end: int) -> tuple[pa.Table, list[Refused]]:
    """Read some rows: the good ones typed, the others with their reasons."""
    lines = pa.array(plan.table.lines[start:end], pa.int32())
    batch = Batch(as_arrow(plan, start, end), lines)
    columns: dict[str, Any] = {"line": lines}
    refused: list[Refused] = []
    for pair in plan.pairs:
        columns[pair.field.name], more = parse(batch, pair)
        refused += more
    where = find_places(plan, batch, start, end)
    if plan.instead is not None:
        where = where.without_blanks(columns[plan.instead], lines)
    refused += where.refusals
    columns |= {"longitude": where.longitudes, "latitude": where.latitudes}
    columns["extent"] = pa.array(where.extents, pa.string())
    return without(pa.table(columns), refused), refused


def without(rows: pa.Table, refused: Sequence[Refused]) -> pa.Table:
    """Leave out the rows that were refused."""
    if not refused:
        return rows
    bad = pa.array(sorted({one.line for one in refused}), pa.int32())
    return rows.filter(pc.invert(pc.is_in(rows["line"], value_set=bad)))


def as_arrow(plan: Plan, start: int, end: int) -> pa.Table:
    """Give the columns the mapping speaks of, as text."""
    return plan.table.rows.part(start, end, sorted(plan.mapping.columns))


def find_places(plan: Plan, batch: Batch, start: int, end: int) -> places.Places:
    """Find where the rows lie, by the mapping's columns or by the file's shapes."""
    outlines, lines = plan.mapping.extent, plan.lines
    if plan.mapping.has_numbers:
        found = places.from_columns(batch, plan.mapping, plan.crs)
    elif plan.table.has_shapes:
        found = drawn(plan, batch, start, end)
    elif not has_places(plan.table, plan.mapping):
        return places.nowhere(batch)
    elif outlines is not None:
        return places.from_texts(batch, outlines, plan.crs, drawn_lines=lines)
    if outlines is None:
        return found
    return places.with_outlines(found, batch, outlines, plan.crs, lines=lines)


def drawn(plan: Plan, batch: Batch, start: int, end: int) -> places.Places:
    """Find where the rows lie by the file's shapes."""
    points = plain_points(plan.table.rows.part(start, end, [GEOMETRY])[GEOMETRY])
    if points is not None:
        return places.from_points(points, batch, plan.crs)
    shapes = plan.table.shapes(start, end)
    return places.from_shapes(shapes, batch.lines, plan.crs, drawn_lines=plan.lines)


def in_order(refusals: Sequence[Refused]) -> Iterator[Refused]:
    """Give refusals as a person reads the file: from top to bottom."""
    yield from sorted(refusals, key=lambda refused: refused.line)
