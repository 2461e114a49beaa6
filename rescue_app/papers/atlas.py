"""The atlas set in type: streets first, since only then the index knows their pages."""

import io
import json
from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import Any

import pypdfium2 as pdfium

from gis.errors import Unavailable
from qr_codes.labels.sheets import compiler_and_font

Told = dict[str, Any]
Step = Callable[[int], None]


def family() -> str:
    """Name the font with Chinese letters that this machine has."""
    return compiler_and_font()[1]


def bound(
    front: Callable[[Sequence[int]], Told], parts: Sequence[Told], *, step: Step
) -> bytes:  # fmt: skip
    """Set cover, index, streets and contacts as one PDF.

    `front` is told on which page each part begins; how many pages it takes itself is found first.
    """
    before = pages_of(typeset(front([0] * len(parts)) | {"first": 1}))
    made, begins, next_page = [], [], before + 1
    for done, part in enumerate(parts):
        step(done)
        made.append(typeset(part | {"first": next_page}))
        begins.append(next_page)
        next_page += pages_of(made[-1])
    whole = pdfium.PdfDocument.new()
    for pdf in (typeset(front(begins) | {"first": 1}), *made):
        part_of = pdfium.PdfDocument(pdf)
        whole.import_pages(part_of)
        part_of.close()
    out = io.BytesIO()
    whole.save(out)
    whole.close()
    step(len(parts))
    return out.getvalue()


def pages_of(pdf: bytes) -> int:
    """Count pages."""
    document = pdfium.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def typeset(told: Told, template: str = "atlas.typ") -> bytes:
    """Set one part."""
    compiler, font = compiler_and_font()
    page = files("rescue_app.papers").joinpath(template).read_bytes()
    said = {"told": json.dumps(told, ensure_ascii=False), "font": font}
    made = compiler.compile(page, format="pdf", sys_inputs=said)
    if not isinstance(made, bytes):
        raise Unavailable("The paper could not be set in type. Try again.")
    return made
