"""A small workbook of texts: several sheets, every cell a text, so that no formula ever runs."""

from collections.abc import Mapping, Sequence
from io import BytesIO

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    """Write sheets by name; the first row of each is its heading."""
    import openpyxl  # noqa: PLC0415 - slow to load, and the server starts without it
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - the same
    from openpyxl.styles import Font  # noqa: PLC0415 - the same

    book = openpyxl.Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for number, row in enumerate(rows):
            cells = []
            for text in row:
                cell = WriteOnlyCell(sheet, text)
                cell.data_type = "s"  # openpyxl makes a formula of "=1+1"
                cell.font = Font(bold=number == 0)
                cells.append(cell)
            sheet.append(cells)
    into = BytesIO()
    book.save(into)
    return into.getvalue()
