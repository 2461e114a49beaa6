"""The sizes of labels that people can buy, in millimetres (pure).

Where the symbol lies is said here once: the template draws it there, the proof looks for it there.
"""

from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """How labels are handed out: cut from a sheet, off a roll, or cut into metal."""

    SHEET = "sheet"
    ROLL = "roll"
    PLATE = "plate"


@dataclass(frozen=True, slots=True)
class Size:
    """One size. `symbol_mm` counts the quiet zone; `tall` labels have their words below it."""

    code: str
    form: Form
    wide_mm: float
    high_mm: float
    symbol_mm: float
    columns: int = 1
    rows: int = 1
    tall: bool = False
    page_wide_mm: float = 0
    page_high_mm: float = 0

    @property
    def per_page(self) -> int:
        """How many labels lie on a page."""
        return self.columns * self.rows

    @property
    def page_mm(self) -> tuple[float, float]:
        """How large a page is: a sheet, or the label itself."""
        return self.page_wide_mm or self.wide_mm, self.page_high_mm or self.high_mm

    def label_at(self, slot: int) -> tuple[float, float]:
        """Where a label's upper left corner lies on its page."""
        row, column = divmod(slot, self.columns)
        above = (self.page_mm[1] - self.rows * self.high_mm) / 2
        return column * self.wide_mm, above + row * self.high_mm

    @property
    def symbol_at(self) -> tuple[float, float]:
        """Where the symbol's upper left corner lies on its label."""
        if self.tall:
            return (self.wide_mm - self.symbol_mm) / 2, 0
        above = (self.high_mm - self.symbol_mm) / 2
        return above, above


A4_24 = Size("a4_24", Form.SHEET, 70, 37, 31, 3, 8, page_wide_mm=210, page_high_mm=297)
ROLL_70 = Size("roll_70x37", Form.ROLL, 70, 37, 31)
ROLL_25 = Size("roll_25x38", Form.ROLL, 25, 38, 25, tall=True)
PLATE_100 = Size("plate_100x60", Form.PLATE, 100, 60, 50)
SIZES: dict[str, Size] = {one.code: one for one in (A4_24, ROLL_70, ROLL_25, PLATE_100)}
