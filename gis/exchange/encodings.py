"""Which encoding a text is in: UTF-8 if it can be, else GB18030 if it looks like Chinese.

Half of the ledgers in the field come from Excel's "CSV" (GBK, no mark), and GB18030 accepts
nearly every byte string: so a guess must look like Chinese, or we ask.
"""

import codecs
import re
from collections.abc import Iterable

from gis.errors import Rejected

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
HAN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
FOREIGN = re.compile(r"[^\x00-\x7f]")


def known(name: str) -> str:
    """Python's name for an encoding the user named."""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        raise Rejected(
            "There is no encoding called {name}. Try utf-8 or gb18030.", name=name
        ) from None
    # GB2312 and GBK files hold characters of the larger set as soon as a rare name occurs.
    return "gb18030" if found in {"gb2312", "gbk", "cp936"} else found


def decoded(data: bytes, *, encoding: str | None, source: str) -> tuple[str, str]:
    """The text and the encoding it was in."""
    if encoding is not None:
        return _strictly(data, known(encoding), source), known(encoding)
    for mark, name in MARKS:
        if data.startswith(mark):
            return _strictly(data, name, source), name
    guess = guessed([data], source=source)
    return _strictly(data, guess, source), guess


def _strictly(data: bytes, name: str, source: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise Rejected(
            "{source} is not {encoding}: byte {position} cannot be read. Name its encoding.",
            source=source,
            encoding=name,
            position=error.start + 1,
        ) from error


def guessed(samples: Iterable[bytes], *, source: str, cut: bool = False) -> str:
    """UTF-8 or GB18030; with `cut`, fields whose last character a fixed width cut off count."""
    pieces = [piece for piece in samples if piece]
    if all(_reads(piece, "utf-8", cut=cut) is not None for piece in pieces):
        return "utf-8"
    texts = [_reads(piece, "gb18030", cut=cut) for piece in pieces]
    whole = "".join(text for text in texts if text is not None)
    foreign = FOREIGN.findall(whole)
    han = HAN.findall(whole)
    if any(text is None for text in texts) or len(han) < 0.9 * len(foreign) or _is_latin(pieces):
        raise Rejected(
            "The encoding of {source} is neither UTF-8 nor GB18030 for sure. Name its encoding.",
            source=source,
        )
    return "gb18030"


def _is_latin(pieces: list[bytes]) -> bool:
    """Western text misread as GBK pairs an accent with the plain letter after it."""
    pairs = re.findall(rb"[\x81-\xfe][\x40-\xfe]", b"\n".join(pieces))
    plain = sum(1 for pair in pairs if pair[1] < 0x80)
    return plain > 0.35 * len(pairs)


def _reads(piece: bytes, name: str, *, cut: bool) -> str | None:
    for dropped in range(4 if cut else 1):
        try:
            return piece[: len(piece) - dropped].decode(name)
        except UnicodeDecodeError:
            continue
    return None
