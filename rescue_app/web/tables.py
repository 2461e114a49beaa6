"""Tables that every spreadsheet opens, in which no cell acts on its own."""

import csv
import io
from collections.abc import Iterable, Sequence

from fastapi.responses import Response

SPREADSHEET_ACTS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(rows: Iterable[Sequence[object]], *, name: str) -> Response:
    """Write rows as a file; the mark before them tells spreadsheets that it is UTF-8."""
    lines = io.StringIO()
    csv.writer(lines).writerows([plain(cell) for cell in row] for row in rows)
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Response(
        "\ufeff" + lines.getvalue(), media_type="text/csv; charset=utf-8", headers=headers
    )


def plain(cell: object) -> object:
    """Hold that a text stays a text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(SPREADSHEET_ACTS) else cell
