"""Columns of texts as XML holds them, a whole column at once."""

import pyarrow as pa
import pyarrow.compute as pc

UNPRINTABLE = r"[\x01-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]"
ODD = rf"[&<>\r]|{UNPRINTABLE}"
CHANGES = (
    (UNPRINTABLE, " "),
    ("&", "&amp;"),
    ("<", "&lt;"),
    (">", "&gt;"),
    ("\r", "&#13;"),
)


def has(texts: pa.Array, pattern: str) -> bool:
    """Tell whether any text has something; most columns have nothing odd."""
    return bool(pc.any(pc.match_substring_regex(texts, pattern)).as_py())


def plain(texts: pa.Array) -> pa.Array:
    """Write texts so that a reader of XML reads them as they are; what it cannot is a space."""
    if has(texts, ODD):
        for pattern, instead in CHANGES:
            texts = pc.replace_substring_regex(texts, pattern, instead)
    return texts
