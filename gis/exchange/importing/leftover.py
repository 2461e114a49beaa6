"""The refused rows as a file: as they came, with the reasons beside them, to correct and send."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

from gis.errors import PlatformError
from gis.exchange.importing.report import Report, by_line, harmless
from gis.exchange.table import Table

Say = Callable[[PlatformError], str]


def write(path: Path, table: Table, report: Report, *, say: Say = str) -> None:
    """Write a CSV that Excel opens: line and reasons first, then the row's own cells."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "reason", *table.columns])
        for row in rows(table, report, say):
            writer.writerow([harmless(cell) for cell in row])


def rows(table: Table, report: Report, say: Say) -> Iterator[list[object]]:
    """Give line, reasons and cells of each refused row; a row that was unreadable has no cells."""
    place = {int(line): row for row, line in enumerate(table.lines)}
    for line, refusals in by_line(report.refusals):
        told = "; ".join(": ".join(filter(None, (r.column, say(r.reason)))) for r in refusals)
        row = table.rows.slice(place[line], 1).to_pylist() if line in place else []
        yield [line, told, *("" if cell is None else cell for one in row for cell in one.values())]
