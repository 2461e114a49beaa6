"""Rows of a sheet as the XML Excel keeps them, a column at a time.

openpyxl makes an object of each cell and takes a minute and a half for a city's ledger; Arrow
joins the same text for whole columns in a few seconds. A text is a text: no formula ever runs.
"""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
from openpyxl.utils import get_column_letter

from gis.exchange.writing import markup

MOST_TEXT = 32_767
LOOKS_ESCAPED = (r"_(x[0-9A-Fa-f]{4})", r"_x005F_\1")
Long = tuple[int, str, str]


def rows(batch: pa.RecordBatch, *, first: int) -> str:
    """Write the rows of a slice; `first` is the number of its first row on the sheet."""
    numbers = pa.array(range(first, first + batch.num_rows), pa.int32()).cast(pa.string())
    cells = [
        cell(column, get_column_letter(place), numbers)
        for place, column in enumerate(batch.columns, start=1)
    ]
    written = pc.binary_join_element_wise(
        '<row r="', numbers, '">', *cells, "</row>", "", null_handling="replace"
    )
    return "".join(written.to_pylist())


def cell(column: pa.Array, letter: str, numbers: pa.Array) -> pa.Array:
    """Write a column's cells; an empty one is nothing."""
    if pa.types.is_string(column.type):
        texts = escaped(pc.utf8_slice_codeunits(column, 0, MOST_TEXT))
        kind, end = '" t="inlineStr"><is><t xml:space="preserve">', "</t></is></c>"
    else:
        texts, kind, end = column.cast(pa.string()), '"><v>', "</v></c>"
    return pc.binary_join_element_wise(f'<c r="{letter}', numbers, kind, texts, end, "")


def escaped(texts: pa.Array) -> pa.Array:
    """Write a text so that Excel reads it as it is: `_x0041_` would be an A."""
    pattern, instead = LOOKS_ESCAPED
    if markup.has(texts, pattern):
        texts = pc.replace_substring_regex(texts, pattern, instead)
    return markup.plain(texts)


def long_texts(batch: pa.RecordBatch, *, first: int) -> Iterator[Long]:
    """Give the texts that no cell holds, with their row and column."""
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if pa.types.is_string(column.type):
            for row in pc.indices_nonzero(pc.greater(pc.utf8_length(column), MOST_TEXT)):
                yield first + row.as_py(), name, column[row.as_py()].as_py()
