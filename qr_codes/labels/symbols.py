"""The QR symbol of a code, as its matrix, as PNG and as SVG.

A symbol is drawn from its matrix and read back by another library before anyone gets it:
a label that cannot be scanned costs a second trip to the bridge.
"""

import io
import re
from dataclasses import dataclass
from typing import Literal

import zxingcpp
from PIL import Image
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_H
from qrcode.util import QRData

from gis.errors import Rejected, Unavailable

QUIET_MODULES = 4
ALPHANUMERIC: Literal[2] = 2  # QR mode: eleven bits for two signs
QR = zxingcpp.barcode_formats_from_str("QRCode")
# Alphanumeric symbols that fit at error correction H, by QR version from 1 on (ISO/IEC 18004).
CAPACITY = (10, 20, 35, 50, 64, 84)
SMALLEST_LABEL_MM = 25
MASKS = (2, 0, 1, 3, 4, 5, 6, 7)
HOST_ONLY = re.compile(r"HTTPS?://[0-9A-Z.\-]+(:[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Symbol:
    """A QR symbol as its matrix; `rows` hold True where ink is."""

    text: str
    version: int
    rows: tuple[tuple[bool, ...], ...]

    @property
    def module_mm(self) -> float:
        """How large one module is on the smallest label we print."""
        return SMALLEST_LABEL_MM / (len(self.rows) + 2 * QUIET_MODULES)


def address(public_url: str, code: str, *, under: str = "C") -> str:
    """The short URL in capitals: alphanumeric mode keeps the symbol small."""
    base = public_url.strip().rstrip("/").upper()
    if not HOST_ONLY.fullmatch(base):
        raise Rejected(
            "The public address {address} must be a scheme and a host, without a path.",
            address=public_url,
        )
    return f"{base}/{under}/{code}"


def version_for(text: str) -> int:
    """The smallest QR version at error correction H whose modules a phone still reads at 25 mm."""
    for version, most in enumerate(CAPACITY, start=1):
        if len(text) <= most:
            return version
    raise Rejected(
        "{address} is too long for a 25 mm label: at most {most} symbols.",
        address=text,
        most=CAPACITY[-1],
    )


def draw(text: str, *, version: int, mask: int) -> Symbol:
    """The matrix with version and mask fixed: ten times faster than letting it try all masks."""
    code = QRCode(version=version, error_correction=ERROR_CORRECT_H, border=0, mask_pattern=mask)
    code.add_data(QRData(text, mode=ALPHANUMERIC), optimize=0)
    code.make(fit=False)
    return Symbol(text, version, tuple(tuple(map(bool, row)) for row in code.modules))


def image(symbol: Symbol, *, module_px: int = 8) -> Image.Image:
    """The symbol with its quiet zone, drawn straight from the matrix."""
    side = len(symbol.rows)
    ink = Image.frombytes(
        "L", (side, side), bytes(0 if dark else 255 for row in symbol.rows for dark in row)
    )
    whole = side + 2 * QUIET_MODULES
    sheet = Image.new("L", (whole, whole), 255)
    sheet.paste(ink, (QUIET_MODULES, QUIET_MODULES))
    return sheet.resize((whole * module_px, whole * module_px), Image.Resampling.NEAREST)


def read(picture: Image.Image) -> str | None:
    """Give what an independent decoder reads in a picture."""
    found = zxingcpp.read_barcode(picture, formats=QR)
    return found.text if found else None


def readable(symbol: Symbol) -> bool:
    """Whether the decoder reads back exactly what was meant."""
    return read(image(symbol, module_px=3)) == symbol.text


def symbol_of(text: str) -> Symbol:
    """A symbol that has been read back; another mask is tried when the first one fails."""
    version = version_for(text)
    for mask in MASKS:
        symbol = draw(text, version=version, mask=mask)
        if readable(symbol):
            return symbol
    raise Unavailable(
        "The symbol for {address} could not be read back. Nothing was printed.", address=text
    )


def png(symbol: Symbol, *, module_px: int = 12) -> bytes:
    """One symbol as a PNG for screens and label printers."""
    out = io.BytesIO()
    image(symbol, module_px=module_px).convert("1").save(out, "PNG", optimize=True)
    return out.getvalue()


def path_of(symbol: Symbol) -> str:
    """One SVG path of all dark runs: a single path leaves no hairlines between rows."""
    parts: list[str] = []
    for y, row in enumerate(symbol.rows, start=QUIET_MODULES):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                run = x - start
                parts.append(f"M{start + QUIET_MODULES} {y}h{run}v1h-{run}z")
            x += 1
    return "".join(parts)


def svg(symbol: Symbol, *, size_mm: float = SMALLEST_LABEL_MM) -> str:
    """One symbol as SVG in millimetres, for plates and engravers."""
    whole = len(symbol.rows) + 2 * QUIET_MODULES
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size_mm:g}mm" height="{size_mm:g}mm" '
        f'viewBox="0 0 {whole} {whole}" shape-rendering="crispEdges">'
        f'<rect width="{whole}" height="{whole}" fill="#fff"/><path d="{path_of(symbol)}"/></svg>'
    )
