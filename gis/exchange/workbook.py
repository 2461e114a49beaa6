"""Reads the workbooks that offices keep their ledgers in: titles above, merged cells within."""

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

import numpy as np
import pyarrow as pa
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from gis.errors import PlatformError, Rejected
from gis.exchange import archive
from gis.exchange.cells import as_text, header_place, headings, in_columns
from gis.exchange.rows import Rows
from gis.exchange.table import Table

# calamine lays a sheet out as one block and the process dies when that is not to be had: a single
# stray cell in the last corner of a sheet asks for 512 GB.
MAX_CELLS = 40_000_000
CELL = re.compile(rb"""\sr=["']([A-Z]{1,3})(\d{1,7})["']""")
CHUNK = 4 * 1024**2
LOOKED_AT_ROWS = 20
PARTS_SHEET = "long texts"

Cells = list[object]


def read(path: Path, *, encoding: str | None, layer: str | None) -> Table:
    """The rows of one sheet: the one named, or the first visible one that is not empty."""
    del encoding
    # A workbook with a password is no zip; calamine tells it from a broken one.
    if zipfile.is_zipfile(path):
        archive.check(path)
        _check_macros(path)
        _check_extent(path)
    try:
        with CalamineWorkbook.from_path(path) as book:
            return _table(path, book, _sheet(book, path, layer))
    except PasswordError as error:
        raise Rejected(
            "{source} is locked with a password. Send it without.", source=path.name
        ) from error
    except (CalamineError, OSError) as error:
        raise Rejected(
            "{source} is damaged or not a workbook. Open it in Excel and save it again.",
            source=path.name,
        ) from error


def _sheet(book: CalamineWorkbook, path: Path, layer: str | None) -> CalamineSheet:
    if layer is not None and layer not in book.sheet_names:
        raise Rejected(
            "{source} has no sheet {layer}. It has: {names}.",
            source=path.name,
            layer=layer,
            names=", ".join(book.sheet_names),
        )
    shown = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
    for name in [layer] if layer is not None else shown:
        sheet = book.get_sheet_by_name(name)
        if sheet.height:
            return sheet
    raise Rejected("{source} is empty: not even a heading.", source=path.name)


def _rows(sheet: CalamineSheet) -> Iterator[Cells]:
    """The cells row by row, each merged block filled with its value: that is what people see."""
    # Across columns a merge is a title; down the rows it means "the same for each".
    merged = [
        (top, bottom, left)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        if left == right
    ]
    begins = defaultdict(list)
    for block in merged:
        begins[block[0]].append(block)
    before: list[object] = [None] * sheet.start[1] if sheet.start else []
    filling: list[tuple[int, int, object]] = []
    for number, cells in enumerate(sheet.iter_rows()):
        row = [*before, *cells]
        for _, left, value in filling:
            row[left] = value
        filling = [block for block in filling if block[0] > number]
        filling += [(b, left, row[left]) for _, b, left in begins[number] if b > number]
        yield row


def _long_texts(book: CalamineWorkbook) -> dict[int, dict[str, str]]:
    """Put texts together that our own export cut: a cell holds 32,767 signs."""
    whole: dict[int, dict[str, str]] = defaultdict(dict)
    if PARTS_SHEET in book.sheet_names:
        for row, name, part in book.get_sheet_by_name(PARTS_SHEET).to_python()[1:]:
            if isinstance(row, float):
                texts = whole[int(row)]
                texts[str(name)] = texts.get(str(name), "") + str(part)
    return whole


def _table(path: Path, book: CalamineWorkbook, sheet: CalamineSheet) -> Table:
    cells = _rows(sheet)
    head = list(islice(cells, LOOKED_AT_ROWS))
    place = header_place(head)
    if place is None:
        raise Rejected("{source} is empty: not even a heading.", source=path.name)
    titles, deep = _titles(head, place, sheet)
    first = place + deep
    lines: list[int] = []
    below = enumerate(chain(head[first:], cells), start=first + 1)
    filled = _filled(below, titles, _long_texts(book), lines)
    schema = pa.schema([(title, pa.string()) for title in titles])
    rows = Rows(schema, in_columns(filled, schema), source=path.name)
    notes: tuple[PlatformError, ...] = ()
    if place:
        notes = (Rejected("The heading was taken from row {row}.", row=place + 1),)
    return Table(
        rows=rows,
        lines=np.array(lines, dtype=np.int64),
        unit="row",
        source=path.name,
        driver="Excel",
        layer=sheet.name,
        layers=tuple(name for name in book.sheet_names if name != PARTS_SHEET),
        notes=notes,
    )


def _titles(head: list[Cells], place: int, sheet: CalamineSheet) -> tuple[list[str], int]:
    """Name the columns, and say over how many rows: 威胁对象 above 户数 and 人数 is two."""
    across = {
        column: left
        for (top, left), (_, right) in sheet.merged_cell_ranges or ()
        if top == place and left < right
        for column in range(left, right + 1)
    }
    upper = [head[place][across.get(column, column)] for column in range(len(head[place]))]
    lower = head[place + 1] if place + 1 < len(head) else []
    beside = [cell for column, cell in enumerate(lower) if column not in across and as_text(cell)]
    alone = {as_text(cell) for column, cell in enumerate(upper) if column not in across}
    if not any(as_text(lower[column]) for column in across if lower) or not (
        {as_text(cell) for cell in beside} <= alone
    ):
        return headings(_until_last(head[place])), 1
    parted = [map(as_text, pair) for pair in zip(upper, lower, strict=True)]
    names: Cells = ["·".join(dict.fromkeys(filter(None, pair))) for pair in parted]
    return headings(_until_last(names)), 2


def _filled(
    rows: Iterable[tuple[int, Cells]],
    titles: list[str],
    long: dict[int, dict[str, str]],
    lines: list[int],
) -> Iterator[list[str | None]]:
    """Give the rows that say something as texts; the line of each goes into `lines`."""
    for line, row in rows:
        cells = [as_text(cell) for cell in row[: len(titles)]]
        for name, text in long.get(line, {}).items():
            if name in titles:
                cells[titles.index(name)] = text
        if any(cell is not None for cell in cells):
            lines.append(line)
            yield cells


def _until_last(row: Cells) -> Cells:
    filled = [index for index, cell in enumerate(row) if as_text(cell)]
    return row[: filled[-1] + 1]


def _check_macros(path: Path) -> None:
    """Refuse a workbook with programs in it, whatever its name says."""
    with zipfile.ZipFile(path) as book:
        if any("vbaproject" in name.lower() for name in book.namelist()):
            raise Rejected(
                "{source} may hold macros (programs). Save it as .xlsx, then send it again.",
                source=path.name,
            )


def _check_extent(path: Path) -> None:
    """Refuse a sheet whose outermost cells span more than we could lay out."""
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                columns, rows = _extent(book, name)
                if columns * rows > MAX_CELLS:
                    raise Rejected(
                        "A sheet of {source} reaches to row {rows}, column {columns}. "
                        "Delete the stray cells far from the table, then send it again.",
                        source=path.name,
                        rows=rows,
                        columns=columns,
                    )


def _extent(book: zipfile.ZipFile, name: str) -> tuple[int, int]:
    letters: set[bytes] = set()
    rows: set[bytes] = set()
    tail = b""
    with book.open(name) as sheet:
        while chunk := sheet.read(CHUNK):
            for column, row in set(CELL.findall(tail + chunk)):
                letters.add(column)
                rows.add(row)
            tail = chunk[-32:]
    return max(map(_number, letters), default=0), max(map(int, rows), default=0)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
