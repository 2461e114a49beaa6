"""The proof of a print: what is handed out is drawn as a printer draws it, and read again.

Each symbol is read where it lies on its page at 300 dots to the inch, as it is and worn.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium
from PIL import Image

from qr_codes.labels import wear
from qr_codes.labels.sizes import Size
from qr_codes.labels.symbols import Symbol, read

DPI = 300
MM_PER_INCH = 25.4
POINTS_PER_INCH = 72
AS_PRINTED = "print"


@dataclass(frozen=True, slots=True)
class Failure:
    """A label that cannot be relied on: which one, and what it did not stand."""

    index: int
    cause: str


def pages(pdf: bytes, size: Size, symbols: Sequence[Symbol]) -> Iterator[tuple[int, list[Failure]]]:
    """Read page by page; give how many labels were looked at so far, and which failed here."""
    document = pdfium.PdfDocument(pdf)
    try:
        for number in range(len(document)):
            drawn = document[number].render(scale=DPI / POINTS_PER_INCH, grayscale=True)
            page = drawn.to_pil().convert("L")
            first = number * size.per_page
            here = symbols[first : first + size.per_page]
            found = [failed(cut_out(page, size, slot), one) for slot, one in enumerate(here)]
            yield (
                first + len(here),
                [Failure(first + slot, cause) for slot, cause in enumerate(found) if cause],
            )
    finally:
        document.close()


def cut_out(page: Image.Image, size: Size, slot: int) -> Image.Image:
    """Cut a symbol with its quiet zone out of a page, from where it should lie."""
    (left, top), (x, y) = size.label_at(slot), size.symbol_at
    corners = (left + x, top + y, left + x + size.symbol_mm, top + y + size.symbol_mm)
    wide, high, across, down = (round(mm / MM_PER_INCH * DPI) for mm in corners)
    return page.crop((wide, high, across, down))


def failed(picture: Image.Image, symbol: Symbol) -> str:
    """Say what a printed symbol does not stand; nothing when it is good."""
    if read(picture) != symbol.text:
        return AS_PRINTED
    modules = len(symbol.rows)
    for name, worn in wear.WEAR.items():
        spoilt = worn(picture, modules=modules, seed=symbol.text)
        soft = wear.blurred(spoilt, modules=modules, seed="")
        # A phone looks more than once, and never quite sharp.
        if symbol.text not in (read(spoilt), read(soft)):
            return name
    return ""
