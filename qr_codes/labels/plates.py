"""Plates for a laser: one SVG each, of outlines alone, so that the workshop needs no font.

Letters come as shapes that are used again; cutters that know plain paths only get them written
out. Black is engraved; red is cut.
"""

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element, SubElement

from qr_codes.labels import sheets
from qr_codes.labels.sheets import Label, Row
from qr_codes.labels.sizes import PLATE_100, Form, Size
from qr_codes.labels.symbols import QUIET_MODULES, Symbol, path_of

SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"
POINTS_PER_MM = 72 / 25.4


def drawings(
    labels: Sequence[Label], symbols: Sequence[Symbol], *, size: Size = PLATE_100
) -> list[bytes]:
    """Draw one plate for each label."""
    pairs = zip(labels, symbols, strict=True)
    rows = [sheets.row_of(label, symbol, size) | {"svg": ""} for label, symbol in pairs]
    set_in = sheets.printed(rows, size=size, form="svg")
    return [outlined(svg, one, size) for svg, one in zip(set_in, symbols, strict=True)]


def as_pages(plates: Sequence[bytes], size: Size = PLATE_100) -> bytes:
    """Put plates on the pages of a PDF, to look at them as they will be."""
    blank: Row = dict.fromkeys(("name", "street", "emergency", "kind"), "")
    rows = [blank | {"code": "", "svg": plate.decode()} for plate in plates]
    whole = Size(size.code, Form.ROLL, size.wide_mm, size.high_mm, size.wide_mm)
    return sheets.printed(rows, size=whole, bare=True)[0]


def outlined(svg: bytes, symbol: Symbol, size: Size) -> bytes:
    """Write used shapes out as paths, and put the symbol in as one more."""
    root = ET.fromstring(svg)  # noqa: S314 - our own typesetter wrote it
    shapes = {one.get("id"): one for one in root.iter(SVG + "symbol")}
    for part in list(root.iter(SVG + "g")):
        for place, use in enumerate(list(part)):
            if use.tag == SVG + "use":
                part[place] = written_out(use, shapes[use.get(LINK, "").removeprefix("#")])
    for defined in root.findall(SVG + "defs"):
        root.remove(defined)
    root.append(symbol_path(symbol, size))
    root.set("width", f"{size.wide_mm:g}mm")
    root.set("height", f"{size.high_mm:g}mm")
    ET.register_namespace("", SVG.strip("{}"))
    told: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return told


def written_out(use: Element, shape: Element) -> Element:
    """Give a letter as paths where it stands."""
    group = Element(SVG + "g", transform=f"translate({use.get('x')} {use.get('y')})")
    for path in shape.iter(SVG + "path"):
        SubElement(group, SVG + "path", d=path.get("d", ""), fill="#000000")
    return group


def symbol_path(symbol: Symbol, size: Size) -> Element:
    """Draw the symbol where it belongs, in the points that the page is drawn in."""
    module = size.symbol_mm / (len(symbol.rows) + 2 * QUIET_MODULES) * POINTS_PER_MM
    x, y = (mm * POINTS_PER_MM for mm in size.symbol_at)
    place = f"translate({x:.4f} {y:.4f}) scale({module:.6f})"
    return Element(SVG + "path", d=path_of(symbol), fill="#000000", transform=place)


def file_name(label: Label) -> str:
    """Name a plate's file so that a workshop finds the asset: code first, then its name."""
    plain = re.sub(r"[^\w-]+", "_", label.name)[:40]
    return f"{label.code}-{plain}.svg"
