"""Tables for Excel, written as rows come. A text is a text there: no formula ever runs."""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from pyarrow import csv

from gis.errors import Rejected
from gis.exchange.workbook import PARTS_SHEET
from gis.exchange.writing import cells
from gis.exchange.writing.slices import Slices

MOST_ROWS = 1_048_575
SHEET = "xl/worksheets/sheet1.xml"
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def table(slices: Slices, path: Path) -> None:
    """Write a CSV with the mark by which Excel sees UTF-8."""
    slices = slices.named()
    with path.open("wb") as file:
        file.write("\ufeff".encode())
        with csv.CSVWriter(file, slices.schema, write_options=csv.WriteOptions()) as writer:
            for batch in slices.batches:
                writer.write_batch(batch)


def workbook(slices: Slices, path: Path) -> None:
    """Write one sheet; texts too long for a cell follow whole on a second one, in parts."""
    slices = slices.named()
    names, long = slices.schema.names, list[cells.Long]()
    head, end, tail = parts_of(book_of(names, ()))[SHEET].partition(b"</sheetData>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        with packed.open(SHEET, "w", force_zip64=True) as sheet:
            sheet.write(head)
            row = 2
            for batch in slices.batches:
                if row + batch.num_rows > MOST_ROWS + 2:
                    raise Rejected(
                        "A sheet holds {most} rows. Export as CSV instead.", most=MOST_ROWS
                    )
                sheet.write(cells.rows(batch, first=row).encode())
                long += cells.long_texts(batch, first=row)
                row += batch.num_rows
            sheet.write(end + tail)
        for name, content in parts_of(book_of(names, long)).items():
            if name != SHEET:
                packed.writestr(name, content)


def parts_of(book: openpyxl.Workbook) -> dict[str, bytes]:
    """Take a workbook apart into the files it is packed of."""
    whole = BytesIO()
    book.save(whole)
    with zipfile.ZipFile(whole) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def book_of(names: Iterable[str], long: Sequence[cells.Long]) -> openpyxl.Workbook:
    """Make the workbook around the rows: headings, and the sheet of long texts."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("points")
    sheet.freeze_panes = "A2"
    sheet.append([_heading(sheet, name) for name in names])
    if long:
        second = book.create_sheet(PARTS_SHEET)
        second.append(["row", "column", "text"])
        for line in _parts(long):
            second.append([_cell(second, value) for value in line])
    return book


def _heading(sheet: Any, name: str) -> Any:
    cell = WriteOnlyCell(sheet, name)
    cell.font = Font(bold=True)
    return cell


def _parts(long: Iterable[cells.Long]) -> Iterator[cells.Long]:
    half = cells.MOST_TEXT // 2
    for row, name, text in long:
        for start in range(0, len(text), half):
            yield row, name, text[start : start + half]


def _cell(sheet: Any, value: object) -> object:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, LOOKS_ESCAPED.sub("_x005F_", UNPRINTABLE.sub(" ", value)))
    cell.data_type = "s"  # openpyxl makes a formula of "=1+1"
    return cell
