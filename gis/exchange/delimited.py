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
from gis.exchange.cells import header_place, headings, tidied
from gis.exchange.table import Refused, Table

SEPARATORS = (",", "\t", ";", "|")
LOOKED_AT_LINES = 20
BLOCK = 1024**2
OPEN_QUOTE = "A quotation mark in this row is not closed, or stands inside a value. Mend it."


def read(path: Path, *, encoding: str | None, layer: str | None) -> Table:
    """The rows of a text table; `layer` is not asked for, a text has one."""
    del layer
    text, found = encodings.decoded(path.read_bytes(), encoding=encoding, source=path.name)
    text = text.removeprefix("\ufeff")
    if "\x00" in text[:4096]:
        raise Rejected("{source} is not a text table.", source=path.name)
    separator = _separator(text)
    head = _head(text, separator)
    place = header_place(head)
    if place is None:
        raise Rejected("{source} is empty: not even a heading.", source=path.name)
    data = text.encode()
    del text  # a large file is held once, not as bytes and as characters beside its columns
    quick = _quickly(data, separator, head, place)
    rows, lines, refused = quick or _slowly(data.decode(), separator, place)
    return Table(
        rows=tidied(rows),
        lines=lines,
        unit="line",
        source=path.name,
        driver="CSV",
        encoding=found,
        refused=refused,
    )


Rows = tuple[pa.Table, NDArray[np.int64], tuple[Refused, ...]]


def _separator(text: str) -> str:
    """The separator that cuts the first lines most often, outside quotes."""
    lines = text[:65_536].splitlines()[:LOOKED_AT_LINES]
    counts = {sep: sum(line.count(sep) for line in lines) for sep in SEPARATORS}
    best = max(SEPARATORS, key=lambda sep: counts[sep])
    return best if counts[best] else ","


def _head(text: str, separator: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text[:1_000_000]), delimiter=separator)
    return [row for row, _ in zip(reader, range(LOOKED_AT_LINES), strict=False)]


def _quickly(data: bytes, separator: str, head: list[list[str]], place: int) -> Rows | None:
    if any("\n" in cell for row in head[: place + 1] for cell in row):
        return None
    names = headings(head[place])
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(data),
            arrow_csv.ReadOptions(column_names=names, skip_rows=place + 1, block_size=BLOCK),
            arrow_csv.ParseOptions(delimiter=separator, newlines_in_values=False),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid:
        return None
    breaks = data.count(b"\n") + (0 if data.endswith(b"\n") else 1)
    if breaks != table.num_rows + place + 1:
        return None
    return table, np.arange(table.num_rows, dtype=np.int64) + place + 2, ()


def _slowly(text: str, separator: str, place: int) -> Rows:
    csv.field_size_limit(10_000_000)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    for _ in range(place):
        next(reader)
    names = headings(next(reader))
    lines: list[int] = []
    kept: list[list[str]] = []
    refused: list[Refused] = []
    for line, row in _records(reader):
        if row is None:
            refused.append(Refused(line=line, reason=Rejected(OPEN_QUOTE)))
        elif not any(cell.strip() for cell in row):
            continue
        elif len(row) < len(names) or any(cell.strip() for cell in row[len(names) :]):
            refused.append(_ragged(line, len(row), len(names)))
        else:
            lines.append(line)
            kept.append(row[: len(names)])
    columns = zip(*kept, strict=True) if kept else ([] for _ in names)
    arrays = [pa.array([cell or None for cell in column], pa.string()) for column in columns]
    table = pa.Table.from_arrays(arrays, names=names)
    return table, np.array(lines, dtype=np.int64), tuple(refused)


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
