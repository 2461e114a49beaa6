"""A batch of labels: drawn, set, and proved before anybody gets it."""

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qr_codes.labels import plates, proofs, sheets
from qr_codes.labels.proofs import Failure
from qr_codes.labels.sheets import Label
from qr_codes.labels.sizes import Form, Size
from qr_codes.labels.symbols import Symbol

Step = Callable[[int], None]
PLATES_AT_ONCE = 24


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of it; with failures it is not to be handed out."""

    content: bytes
    suffix: str
    media_type: str
    failures: Sequence[Failure]


def make(labels: Sequence[Label], *, public_url: str, size: Size, step: Step) -> Batch:
    """Make a batch; `step` hears how many labels are proved, and may end it by an exception."""
    rows, symbols = [], []
    sheets.check(labels)
    for label in labels:
        step(0)
        symbols.append(sheets.symbol_for(label, public_url))
        rows.append(sheets.row_of(label, symbols[-1], size))
    if size.form is Form.PLATE:
        return _plates(labels, symbols, size, step)
    pdf = sheets.printed(rows, size=size)[0]
    failures: list[Failure] = []
    for done, found in proofs.pages(pdf, size, symbols):
        failures += found
        step(done)
    return Batch(pdf, "pdf", "application/pdf", failures)


def _plates(
    labels: Sequence[Label], symbols: Sequence[Symbol], size: Size, step: Step
) -> Batch:  # fmt: skip
    """Make plates: a drawing each, all in one archive."""
    out, failures = io.BytesIO(), []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for first in range(0, len(labels), PLATES_AT_ONCE):
            here = labels[first : first + PLATES_AT_ONCE]
            theirs = symbols[first : first + PLATES_AT_ONCE]
            drawn = plates.drawings(here, theirs, size=size)
            for label, plate in zip(here, drawn, strict=True):
                archive.writestr(plates.file_name(label), plate)
            for done, found in proofs.pages(plates.as_pages(drawn, size), size, theirs):
                failures += [Failure(first + one.index, one.cause) for one in found]
                step(first + done)
    return Batch(out.getvalue(), "zip", "application/zip", failures)
