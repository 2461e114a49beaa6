"""Tables for Excel, written row by row. A text is a text there: no formula ever runs."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from pyarrow import csv

from gis.errors import Rejected
from gis.exchange.workbook import PARTS_SHEET
from gis.exchange.writing.slices import Slices

MOST_ROWS = 1_048_575
MOST_TEXT = 32_767
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def table(slices: Slices, path: Path) -> None:
    """Write a CSV with the mark by which Excel sees UTF-8."""
    with path.open("wb") as file:
        file.write("\ufeff".encode())
        with csv.CSVWriter(file, slices.schema, write_options=csv.WriteOptions()) as writer:
            for batch in slices.batches:
                writer.write_batch(batch)


def workbook(slices: Slices, path: Path) -> None:
    """Write one sheet; texts too long for a cell follow whole on a second one, in parts."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("points")
    sheet.freeze_panes = "A2"
    names = slices.schema.names
    sheet.append([_heading(sheet, name) for name in names])
    long: list[tuple[int, str, str]] = []
    for row, values in enumerate(slices.rows(), start=2):
        if row > MOST_ROWS + 1:
            raise Rejected("A sheet holds {most} rows. Export as CSV instead.", most=MOST_ROWS)
        long += [(row, n, v) for n, v in zip(names, values, strict=True) if _is_long(v)]
        sheet.append([_cell(sheet, value) for value in values])
    if long:
        second = book.create_sheet(PARTS_SHEET)
        second.append(["row", "column", "text"])
        for line in _parts(long):
            second.append([_cell(second, value) for value in line])
    book.save(path)


def _heading(sheet: Any, name: str) -> Any:
    cell = WriteOnlyCell(sheet, name)
    cell.font = Font(bold=True)
    return cell


def _is_long(value: object) -> bool:
    return isinstance(value, str) and len(value) > MOST_TEXT


def _parts(long: list[tuple[int, str, str]]) -> Iterator[tuple[int, str, str]]:
    half = MOST_TEXT // 2
    for row, name, text in long:
        for start in range(0, len(text), half):
            yield row, name, text[start : start + half]


def _cell(sheet: Any, value: object) -> object:
    if not isinstance(value, str):
        return value
    plain = LOOKS_ESCAPED.sub("_x005F_", UNPRINTABLE.sub(" ", value))
    cell = WriteOnlyCell(sheet, plain[:MOST_TEXT])
    cell.data_type = "s"  # openpyxl makes a formula of "=1+1"
    return cell
