"""Reads the workbooks that offices keep their ledgers in: titles above, merged cells within."""

import re
import zipfile
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
from gis.exchange.cells import as_text, header_place, headings, tidied
from gis.exchange.table import Table

# calamine lays a sheet out as one block and the process dies when that is not to be had: a single
# stray cell in the last corner of a sheet asks for 512 GB.
MAX_CELLS = 40_000_000
CELL = re.compile(rb"""\sr=["']([A-Z]{1,3})(\d{1,7})["']""")
CHUNK = 4 * 1024**2
LOOKED_AT_ROWS = 20
PARTS_SHEET = "long texts"

Grid = list[list[object]]


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
            name, grid = _sheet(book, path, layer)
            _complete(book, grid)
            names = tuple(name for name in book.sheet_names if name != PARTS_SHEET)
    except PasswordError as error:
        raise Rejected(
            "{source} is locked with a password. Send it without.", source=path.name
        ) from error
    except (CalamineError, OSError) as error:
        raise Rejected(
            "{source} is damaged or not a workbook. Open it in Excel and save it again.",
            source=path.name,
        ) from error
    return _table(path, grid, name=name, names=names)


def _sheet(book: CalamineWorkbook, path: Path, layer: str | None) -> tuple[str, Grid]:
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
            return name, _filled(sheet)
    raise Rejected("{source} is empty: not even a heading.", source=path.name)


def _filled(sheet: CalamineSheet) -> Grid:
    """The cells, each merged block filled with its value: that is what its reader sees."""
    grid: Grid = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        # Across columns a merge is a title; down the rows it means "the same for each".
        if left == right and top < len(grid) and left < len(grid[top]):
            for row in grid[top + 1 : bottom + 1]:
                row[left] = grid[top][left]
    return grid


def _complete(book: CalamineWorkbook, grid: Grid) -> None:
    """Put texts together that our own export cut: a cell holds 32,767 signs."""
    if PARTS_SHEET not in book.sheet_names or not grid:
        return
    whole: dict[tuple[int, str], str] = {}
    for row, name, part in book.get_sheet_by_name(PARTS_SHEET).to_python()[1:]:
        if isinstance(row, float):
            whole[int(row), str(name)] = whole.get((int(row), str(name)), "") + str(part)
    for (row, name), text in whole.items():
        if name in grid[0] and row <= len(grid):
            grid[row - 1][grid[0].index(name)] = text


def _table(path: Path, grid: Grid, *, name: str, names: tuple[str, ...]) -> Table:
    place = header_place(grid[:LOOKED_AT_ROWS])
    if place is None:
        raise Rejected("{source} is empty: not even a heading.", source=path.name)
    titles = headings(_until_last(grid[place]))
    rows = [[as_text(cell) for cell in row[: len(titles)]] for row in grid[place + 1 :]]
    filled = [index for index, row in enumerate(rows) if any(cell is not None for cell in row)]
    columns = (
        zip(*(rows[index] for index in filled), strict=True) if filled else ([] for _ in titles)
    )
    arrays = [pa.array(list(column), pa.string()) for column in columns]
    notes: tuple[PlatformError, ...] = ()
    if place:
        notes = (Rejected("The heading was taken from row {row}.", row=place + 1),)
    return Table(
        rows=tidied(pa.Table.from_arrays(arrays, names=titles)),
        lines=np.array(filled, dtype=np.int64) + place + 2,
        unit="row",
        source=path.name,
        driver="Excel",
        layer=name,
        layers=names,
        notes=notes,
    )


def _until_last(row: list[object]) -> list[object]:
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
