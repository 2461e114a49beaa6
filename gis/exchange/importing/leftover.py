"""The refused rows as a file: as they came, with the reasons beside them, to correct and send."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from gis.errors import PlatformError
from gis.exchange.importing.mapping import ABOUT, SHAPE
from gis.exchange.importing.report import Report, by_line, harmless
from gis.exchange.table import Table

Say = Callable[[PlatformError], str]


def write(path: Path, table: Table, report: Report, *, say: Say = str) -> None:
    """Write a CSV that Excel opens: line and reasons first, then the row's own cells."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*ABOUT, *table.columns, *([SHAPE] if table.has_shapes else [])])
        for row in rows(table, report, say):
            writer.writerow([harmless(cell) for cell in row])


def rows(table: Table, report: Report, say: Say) -> Iterator[list[object]]:
    """Give line, reasons and cells of each refused row; a row that was unreadable has no cells."""
    refused = dict(by_line(report.refusals))
    cells = dict(cells_of(table, set(refused)))
    for line, refusals in refused.items():
        told = "; ".join(": ".join(filter(None, (r.column, say(r.reason)))) for r in refusals)
        yield [line, told, *("" if cell is None else cell for cell in cells.get(line, ()))]


def cells_of(table: Table, lines: set[int]) -> Iterator[tuple[int, list[str | None]]]:
    """Give the cells of some lines, each slice of the file read once."""
    wanted = np.isin(table.lines, np.fromiter(lines, np.int64, len(lines)))
    for start, end in table.rows.slices():
        places = np.flatnonzero(wanted[start:end])
        if places.size:
            texts = table.texts(start, end).take(pa.array(places)).to_pylist()
            drawn = shapes_of(table, start, end, places)
            for place, row, shape in zip(places, texts, drawn, strict=True):
                yield int(table.lines[start + place]), [*row.values(), *shape]


def shapes_of(
    table: Table, start: int, end: int, places: NDArray[np.intp]
) -> Iterable[Sequence[str | None]]:
    """Give each row's shape as a cell: a table of text has no other place for it."""
    if not table.has_shapes:
        return [()] * len(places)
    said = shapely.to_wkt(table.shapes(start, end)[places], rounding_precision=-1)
    return ([one] for one in said)
