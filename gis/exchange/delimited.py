"""Reads CSV and its cousins: any separator, any of the usual encodings, every line accounted for.

The quick way is pyarrow's parser. A file with ragged rows or line breaks inside quotes takes
the slow way through the standard library, which knows the line each record began on.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv as arrow_csv

from gis.errors import Rejected
from gis.exchange import encodings
from gis.exchange.cells import header_place, headings, in_columns, tidied
from gis.exchange.rows import Rows
from gis.exchange.table import Refused, Table, bounded

SEPARATORS = (",", "\t", ";", "|")
LOOKED_AT_LINES = 20
HEAD_LETTERS = 1_000_000
BLOCK = 1024**2
OPEN_QUOTE = "A quotation mark in this row is not closed, or stands inside a value. Mend it."


def read(path: Path, *, encoding: str | None, layer: str | None) -> Table:
    """The rows of a text table; `layer` is not asked for, a text has one."""
    del layer
    with encodings.in_utf8(path, encoding=encoding) as (plain, found):
        with plain.open(encoding="utf-8-sig", newline="") as file:
            start = file.read(HEAD_LETTERS)
        if "\x00" in start[:4096]:
            raise Rejected("{source} is not a text table.", source=path.name)
        separator = _separator(start)
        head = _head(start, separator)
        place = header_place(head)
        if place is None:
            raise Rejected("{source} is empty: not even a heading.", source=path.name)
        rows, lines, refused = _quickly(plain, separator, head, place) or _slowly(
            plain, separator, place
        )
    return Table(
        rows=rows,
        lines=lines,
        unit="line",
        source=path.name,
        driver="CSV",
        encoding=found,
        refused=refused,
    )


Found = tuple[Rows, NDArray[np.int64], tuple[Refused, ...]]


def _separator(text: str) -> str:
    """The separator that cuts the first lines most often, outside quotes."""
    lines = text[:65_536].splitlines()[:LOOKED_AT_LINES]
    counts = {sep: sum(line.count(sep) for line in lines) for sep in SEPARATORS}
    best = max(SEPARATORS, key=lambda sep: counts[sep])
    return best if counts[best] else ","


def _head(text: str, separator: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    return [row for row, _ in zip(reader, range(LOOKED_AT_LINES), strict=False)]


def _quickly(path: Path, separator: str, head: list[list[str]], place: int) -> Found | None:
    if any("\n" in cell for row in head[: place + 1] for cell in row):
        return None
    names = headings(head[place])
    try:
        with arrow_csv.open_csv(
            path,
            arrow_csv.ReadOptions(column_names=names, skip_rows=place + 1, block_size=BLOCK),
            arrow_csv.ParseOptions(delimiter=separator, newlines_in_values=False),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        ) as found:
            parts = (tidied(pa.Table.from_batches([batch])) for batch in found)
            rows = Rows(found.schema, parts, source=path.name)
    except pa.ArrowInvalid:
        return None
    if _breaks(path) != len(rows) + place + 1:
        return None
    return rows, np.arange(len(rows), dtype=np.int64) + place + 2, ()


def _breaks(path: Path) -> int:
    count, last = 0, b"\n"
    with path.open("rb") as file:
        while piece := file.read(BLOCK):
            count += piece.count(b"\n")
            last = piece[-1:]
    return count + (last != b"\n")


def _slowly(path: Path, separator: str, place: int) -> Found:
    csv.field_size_limit(10_000_000)
    lines: list[int] = []
    refused: list[Refused] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=separator, strict=True)
        for _ in range(place):
            next(reader)
        names = headings(next(reader))
        schema = pa.schema([(name, pa.string()) for name in names])
        good = _sorted_out(reader, len(names), lines, refused)
        rows = Rows(schema, in_columns(good, schema), source=path.name)
    return rows, np.array(lines, dtype=np.int64), tuple(refused)


def _sorted_out(
    reader: Any, width: int, lines: list[int], refused: list[Refused]
) -> Iterator[list[str]]:
    """Give the good rows; their lines, and what was refused, go into the two lists."""
    for line, row in _records(reader):
        if row is None:
            refused.append(Refused(line=line, reason=Rejected(OPEN_QUOTE)))
        elif not any(cell.strip() for cell in row):
            continue
        elif len(row) < width or any(cell.strip() for cell in row[width:]):
            refused.append(_ragged(line, len(row), width))
        else:
            lines.append(line)
            yield row[:width]
        bounded(refused)


def _records(reader: Any) -> Iterator[tuple[int, list[str] | None]]:
    """Each record with the line it began on; None for one whose quotes do not match."""
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield line, None


def _ragged(line: int, found: int, wanted: int) -> Refused:
    reason = Rejected(
        "This row has {found} columns, the heading has {wanted}. Check its separators and quotes.",
        found=found,
        wanted=wanted,
    )
    return Refused(line=line, reason=reason)
