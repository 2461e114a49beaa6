"""Turn a file's words into values, a whole column at a time; what does not fit is refused.

Every function takes the column as the file says it (text, null where empty) and gives the
values beside the refusals. A refused value comes back as null: its row is left out later.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from gis.errors import Rejected
from gis.exchange.importing.fields import Kind
from gis.exchange.importing.mapping import MappedField
from gis.exchange.table import Refused

NUMBER = r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$"
GROUPED = r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$"
NOT_A_NUMBER = r"(?i)^[+-]?(nan|inf|infinity|#n/a|n/a|null|none|#value!|#div/0!)$"
ISO_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")
BIGGEST = 2_000_000_000

ARROW: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.WHOLE: pa.int64(),
    Kind.DECIMAL: pa.float64(),
    Kind.CODE: pa.string(),
    Kind.MOMENT: pa.timestamp("s"),
    Kind.FACTS: pa.string(),
    Kind.PARTS: pa.string(),
}

Column = Any
"""A `pyarrow.ChunkedArray`; pyarrow comes without types."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of the file: every column as text, and the line each row stands on."""

    table: pa.Table
    lines: pa.Array


Parsed = tuple[Column, list[Refused]]


def parse(batch: Batch, pair: MappedField) -> Parsed:
    """Give the values of one field for some rows, and what was refused."""
    if pair.mapped.value is not None:
        constant = pa.scalar(pair.mapped.value).cast(ARROW[pair.field.kind])
        return pa.chunked_array([pa.repeat(constant, batch.table.num_rows)]), []
    if pair.field.kind is Kind.FACTS:
        return facts(batch.table, pair), []
    text = said(batch.table, pair)
    values, refusals = PARSERS[pair.field.kind](text, pair, batch.lines)
    if pair.field.required:
        reason = Rejected("This cell is empty, but the ledger needs it. Fill it in.")
        refusals += refuse(pc.is_null(text), text, pair.column, batch.lines, lambda _: reason)
    return values, refusals


def said(table: pa.Table, pair: MappedField) -> Column:
    """Give what the file says of a field; several columns make one text, with a blank between.

    What a row needs (its number above all) needs every one of its parts.
    """
    names = pair.mapped.columns or (pair.mapped.column,)
    parts = [trimmed(table[name], pair.mapped.empty) for name in names]
    if len(parts) == 1:
        return parts[0]
    missing = "emit_null" if pair.field.required else "skip"
    return trimmed(pc.binary_join_element_wise(*parts, " ", null_handling=missing))


def trimmed(column: Column, empty: tuple[str, ...] = ()) -> Column:
    """Cut blanks off; a blank cell, or a word that means "nothing" here, becomes null."""
    text = pc.utf8_trim_whitespace(column.cast(pa.string()))
    nothing = pc.is_in(text, value_set=pa.array(["", *empty], pa.string()))
    return pc.if_else(nothing, pa.scalar(None, pa.string()), text)


def refuse(
    where: Column,
    text: Column,
    heading: str,
    lines: pa.Array,
    reason: Callable[[str], Rejected],
) -> list[Refused]:
    """List the rows where the mask is true."""
    rows = pc.indices_nonzero(pc.fill_null(where, False))
    values = text.take(rows).to_pylist()
    return [
        Refused(line, reason(value or ""), heading, value)
        for line, value in zip(lines.take(rows).to_pylist(), values, strict=True)
    ]


def as_text(text: Column, pair: MappedField, lines: pa.Array) -> Parsed:
    """Take a text as it is, unless it is too long or holds a NUL."""
    # A quotation mark before such a sign only disarms a formula; it is not part of the text.
    if pc.any(pc.starts_with(text, "'")).as_py():
        text = pc.replace_substring_regex(text, r"^'([=+@-])", r"\1")
    text = worded(text, pair)
    longest = pair.field.longest
    too_long = pc.greater(pc.utf8_length(text), longest)
    refusals = refuse(
        too_long,
        text,
        pair.column,
        lines,
        lambda _: Rejected("This text is longer than {longest} characters.", longest=longest),
    )
    with_nul = pc.match_substring(text, "\x00")
    refusals += refuse(
        with_nul, text, pair.column, lines, lambda _: Rejected("This text holds a NUL character.")
    )
    if not refusals:
        return text, refusals
    bad = pc.or_(too_long, with_nul)
    return pc.if_else(bad, pa.scalar(None, pa.string()), text), refusals


def as_number(text: Column, pair: MappedField, lines: pa.Array) -> Parsed:
    """Read numbers; thousands separators only where the mapping says there are."""
    plain, refusals = worded(text, pair), []
    # Most columns are nothing but digits; that is seen in a tenth of the time.
    if not pc.all(pc.ascii_is_decimal(plain)).as_py():
        plain = pc.utf8_normalize(plain, form="NFKC")
        if pair.mapped.thousands is not None:
            plain = pc.replace_substring(plain, pair.mapped.thousands, "")
        good = pc.match_substring_regex(plain, NUMBER)
        refusals = refuse(pc.invert(good), text, pair.column, lines, unreadable_number)
        plain = pc.if_else(good, plain, pa.scalar(None, pa.string()))
    values = plain.cast(pa.float64())
    if pair.mapped.factor != 1:
        values = pc.round(pc.multiply(values, pair.mapped.factor), 9)  # 1.13 m is 1,130 mm
    return within_limits(values, text, pair, lines, refusals)


def worded(text: Column, pair: MappedField) -> Column:
    """Put what the mapping means by a word: `5km: "5000"`."""
    words = pair.mapped.values
    if not words:
        return text
    place = pc.index_in(text, value_set=pa.array(list(words), pa.string()))
    meant = pa.array(list(words.values()), pa.string()).take(place.combine_chunks())
    return pc.coalesce(pa.chunked_array([meant]), text)


def within_limits(
    values: Column, text: Column, pair: MappedField, lines: pa.Array, refusals: list[Refused]
) -> Parsed:
    """Refuse numbers outside the field's limits."""
    least = -BIGGEST if pair.field.least is None else pair.field.least
    most = BIGGEST if pair.field.most is None else pair.field.most
    low, high = pc.less(values, least), pc.greater(values, most)
    refusals += refuse(
        low, text, pair.column, lines, lambda _: Rejected("Must be at least {least}.", least=least)
    )
    refusals += refuse(
        high, text, pair.column, lines, lambda _: Rejected("Must be at most {most}.", most=most)
    )
    bad = pc.or_(low, high)
    return pc.if_else(bad, pa.scalar(None, pa.float64()), values), refusals


def unreadable_number(value: str) -> Rejected:
    """Say what is wrong with a number and how to mend it."""
    if pc.match_substring_regex(pa.scalar(value), GROUPED).as_py():
        return Rejected(
            "{value} has thousands separators. Write {plain},"
            " or put `thousands: ','` beside the column in the mapping.",
            value=value,
            plain=value.replace(",", ""),
        )
    if pc.match_substring_regex(pa.scalar(value), NOT_A_NUMBER).as_py():
        return Rejected("{value} is not a number. Leave the cell empty when unknown.", value=value)
    return Rejected("{value} is not a number. Write digits only, without a unit.", value=value)


def as_whole(text: Column, pair: MappedField, lines: pa.Array) -> Parsed:
    """Read whole numbers; 12.0 is 12, as Excel writes it."""
    values, refusals = as_number(text, pair, lines)
    broken = pc.not_equal(values, pc.floor(values))
    refusals += refuse(
        broken, text, pair.column, lines, lambda v: Rejected("{value} is not whole.", value=v)
    )
    whole = pc.if_else(broken, pa.scalar(None, pa.float64()), values)
    return whole.cast(pa.int64()), refusals


def as_code(text: Column, pair: MappedField, lines: pa.Array) -> Parsed:
    """Read words as codes: the mapping's words first, then those every file may use."""
    known = {**pair.field.codes, **pair.mapped.values}
    folded = {word.strip().lower(): code for word, code in known.items()}
    found = pc.index_in(pc.utf8_lower(text), value_set=pa.array(list(folded), pa.string()))
    codes = pa.array(list(folded.values()), pa.string()).take(found.combine_chunks())
    values = pa.chunked_array([codes])
    unknown = pc.and_(pc.is_null(values), pc.is_valid(text))
    if pair.mapped.otherwise is not None:
        return pc.if_else(unknown, pair.mapped.otherwise, values), []
    listed = ", ".join(sorted(set(known.values())))
    return values, refuse(
        unknown,
        text,
        pair.column,
        lines,
        lambda value: Rejected(
            "{value} is not known here. Known are: {known}."
            " Correct it, or say under values in the mapping what it means.",
            value=value,
            known=listed,
        ),
    )


def as_moment(text: Column, pair: MappedField, lines: pa.Array) -> Parsed:
    """Read times by the mapping's format, or as ISO 8601 writes them."""
    formats = ISO_FORMATS if pair.mapped.format is None else (pair.mapped.format,)
    values = pa.chunked_array([pa.nulls(len(text), pa.timestamp("s"))])
    for form in formats:
        read = pc.strptime(text, format=form, unit="s", error_is_null=True)
        values = pc.coalesce(values, read)
    unread = pc.and_(pc.is_null(values), pc.is_valid(text))
    return values, refuse(
        unread,
        text,
        pair.column,
        lines,
        lambda value: Rejected(
            "{value} is not a time like {format}. Correct it, or the format in the mapping.",
            value=value,
            format=formats[-1],
        ),
    )


def as_parts(text: Column, pair: MappedField, lines: pa.Array) -> Parsed:
    """Read cells that hold several things; alike ones are read once."""
    text, refusals = as_text(text, pair, lines)
    read: dict[str, str] = {}
    reasons: dict[str, Rejected] = {}
    for said in pc.unique(text).drop_null().to_pylist():
        try:
            read[said] = json.dumps(pair.field.read and pair.field.read(said), ensure_ascii=False)
        except Rejected as reason:
            reasons[said] = reason
    place = pc.index_in(text, value_set=pa.array(list(read), pa.string()))
    values = pa.array(list(read.values()), pa.string()).take(place.combine_chunks())
    bad = pc.is_in(text, value_set=pa.array(list(reasons), pa.string()))
    refusals += refuse(bad, text, pair.column, lines, reasons.__getitem__)
    return pa.chunked_array([values]), refusals


def facts(table: pa.Table, pair: MappedField) -> Column:
    """Keep further columns of the source word for word, as one JSON object per row."""
    kept = table.select(pair.mapped.columns).to_pylist()
    rows = ({k: v for k, v in row.items() if v is not None and v != ""} for row in kept)
    texts = [json.dumps(row, ensure_ascii=False) for row in rows]
    return pa.chunked_array([pa.array(texts, pa.string())])


PARSERS: dict[Kind, Callable[[Column, MappedField, pa.Array], Parsed]] = {
    Kind.TEXT: as_text,
    Kind.WHOLE: as_whole,
    Kind.DECIMAL: as_number,
    Kind.CODE: as_code,
    Kind.MOMENT: as_moment,
    Kind.PARTS: as_parts,
}
