"""Cards set in type, a few at a time, and read again from the very pages that are handed out."""

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from typing import Any
from uuid import UUID

import pypdfium2 as pdfium

from gis.errors import Conflict, Unavailable
from qr_codes.labels import proofs, symbols
from qr_codes.labels.sheets import compiler_and_font
from qr_codes.labels.sizes import Form, Size
from qr_codes.labels.symbols import Symbol
from rescue_app.papers.rules import Whose

AT_ONCE = 20
"""Cards set in one go: after each go the page knows how far it is, and it can be stopped."""
KEPT_RUNS = 12
"""The typesetter keeps what it worked out (8 MB for a card) until so many runs did not use it."""
EDGE_MM, TOP_MM = 8, 5
Told = dict[str, Any]
Step = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class CardSize(Size):
    """Half an A4 page; the symbol lies in its upper right corner."""

    @property
    def symbol_at(self) -> tuple[float, float]:
        """Where the symbol's upper left corner lies on its card."""
        return self.wide_mm - EDGE_MM - self.symbol_mm, TOP_MM


CARD = CardSize("card_a5", Form.SHEET, 210, 148.5, 30, 1, 2, page_wide_mm=210, page_high_mm=297)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a card says, and the point that its symbol opens."""

    told: Told
    point_id: UUID
    area_path: str
    whose: Whose
    about: str

    @property
    def state(self) -> str:
        """Number what it says."""
        return str(self.told["state"])


def address(public_url: str, point_id: UUID) -> str:
    """Give what a card's symbol says: the point's own address, in capitals."""
    return symbols.address(public_url, point_id.hex.upper(), under="P")


def printed(sheets: Sequence[Sheet], *, public_url: str, title: str, step: Step) -> bytes:
    """Set cards as one PDF; `step` hears how many are read back, and may end it by an exception."""
    whole = pdfium.PdfDocument.new()
    known: dict[UUID, Symbol] = {}
    for first in range(0, len(sheets), AT_ONCE):
        here = sheets[first : first + AT_ONCE]
        for one in here:
            if one.point_id not in known:
                known[one.point_id] = symbols.symbol_of(address(public_url, one.point_id))
        part = _set([one.told | {"svg": _drawn(known[one.point_id])} for one in here], title)
        _proved(part, here, [known[one.point_id] for one in here])
        whole.import_pages(pdfium.PdfDocument(part))
        step(first + len(here))
    out = io.BytesIO()
    whole.save(out)
    return out.getvalue()


def _drawn(symbol: Symbol) -> str:
    return symbols.svg(symbol, size_mm=CARD.symbol_mm)


def _set(cards: Sequence[Told], title: str) -> bytes:
    compiler, family = compiler_and_font()
    told = asdict(CARD) | {"symbol_at": CARD.symbol_at}
    said = {"cards": json.dumps(cards, ensure_ascii=False), "size": json.dumps(told),
            "font": family, "title": title}  # fmt: skip
    page = files("rescue_app.papers").joinpath("cards.typ").read_bytes()
    made = compiler.compile(page, format="pdf", sys_inputs=said)
    if not isinstance(made, bytes):
        raise Unavailable("The cards could not be set in type. Try again.")
    for _ in range(KEPT_RUNS):
        compiler.compile(b"", format="pdf")
    return made


def _proved(pdf: bytes, sheets: Sequence[Sheet], expected: Sequence[Symbol]) -> None:
    for _, failures in proofs.pages(pdf, CARD, expected):
        for failure in failures:
            raise Conflict("Nothing was handed out: the symbol on the card of {which} cannot be"
                           " read as it is printed. Print again.",
                           which=sheets[failure.index].about)  # fmt: skip
