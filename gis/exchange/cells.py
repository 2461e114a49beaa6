"""Turns cells into text columns, and finds the heading under the titles people put above it."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import pyarrow as pa
import pyarrow.compute as pc

ROWS_AT_ONCE = 10_000
BLANKS = " \t\r\n\u00a0\u3000\ufeff"


def header_place(rows: Sequence[Sequence[object]]) -> int | None:
    """Index of the heading: the first row with two filled cells (titles have one)."""
    filled = [sum(1 for cell in row if as_text(cell)) for row in rows]
    wide = [index for index, count in enumerate(filled) if count >= 2]
    alone = [index for index, count in enumerate(filled) if count == 1]
    if wide:
        return wide[0]
    return alone[0] if alone else None


def headings(cells: Iterable[object]) -> list[str]:
    """Names of columns: trimmed, none empty, no two alike."""
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = " ".join((as_text(cell) or f"#{place}").split())
        again = name
        count = 1
        while again in names or again == "geometry":
            count += 1
            again = f"{name}#{count}"
        names.append(again)
    return names


def as_text(cell: object) -> str | None:
    """A cell as a person reads it: 12 and not 12.0, a date without midnight."""
    match cell:
        case bool():
            return "true" if cell else "false"
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
        case dt.datetime():
            return cell.isoformat(sep=" ").removesuffix(" 00:00:00")
        case dt.date() | dt.time():
            return cell.isoformat()
        case _:
            return None if cell is None else str(cell).strip(BLANKS) or None


def numbers_as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give a column of floats as `as_text` gives each, in bulk where Arrow writes it alike."""
    values = column.cast(pa.float64())
    size = pc.abs(values)
    whole = pc.and_(pc.equal(values, pc.floor(values)), pc.less(size, 1e15))
    digits = pc.if_else(whole, values, None).cast(pa.int64()).cast(pa.string())
    # Arrow says 1e+10 where Python says it in digits; what is left is rare.
    alike = pc.and_(pc.greater_equal(size, 1e-3), pc.less(size, 1e7))
    broken = pc.if_else(alike, values, None).cast(pa.string())
    text = pc.coalesce(digits, broken)
    odd = pc.and_(pc.is_null(text), pc.is_valid(values))
    if not pc.any(odd).as_py():
        return text
    said = pa.array(map(as_text, values.filter(odd).to_pylist()), pa.string())
    return pa.chunked_array(
        [pc.replace_with_mask(text.combine_chunks(), odd.combine_chunks(), said)]
    )


def in_columns(rows: Iterator[Sequence[str | None]], schema: pa.Schema) -> Iterator[pa.Table]:
    """Turn rows of texts into columns, some thousand rows at a time."""
    while some := list(islice(rows, ROWS_AT_ONCE)):
        arrays = [pa.array(column, pa.string()) for column in zip(*some, strict=True)]
        yield tidied(pa.Table.from_arrays(arrays, schema=schema))


def tidied(table: pa.Table) -> pa.Table:
    """Text columns, trimmed, empty cells missing; rows of empty cells are the caller's matter."""
    columns = []
    for column in table.columns:
        trimmed = pc.utf8_trim(column, BLANKS)
        columns.append(pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed))
    return pa.Table.from_arrays(columns, names=table.column_names)
