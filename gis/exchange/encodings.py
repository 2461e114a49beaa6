"""Which encoding a text is in: UTF-8 if it can be, else GB18030 if it looks like Chinese.

Half of the ledgers in the field come from Excel's "CSV" (GBK, no mark), and GB18030 accepts
nearly every byte string: so a guess must look like Chinese, or we ask.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from gis.errors import Rejected

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CHUNK = 4 * 1024**2
LOOKED_AT = 1024**2
HAN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef°′″℃ⅠⅡⅢⅣⅤ·…—“”‘’]")
"""What Chinese tables are made of; degrees, minutes and seconds are, too."""
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


@contextmanager
def in_utf8(path: Path, *, encoding: str | None) -> Iterator[tuple[Path, str]]:
    """Give a text file in UTF-8, and the encoding it was in: itself, or a copy while it is read."""
    name = known(encoding) if encoding is not None else _found(path)
    if name in {"utf-8", "utf-8-sig"}:
        _hold_readable(path, name)
        yield path, name
        return
    with TemporaryDirectory(prefix="yitong-text-") as folder:
        copy = Path(folder) / path.name
        with copy.open("w", encoding="utf-8", newline="") as file:
            for text in _texts(path, name):
                file.write(text)
        yield copy, name


def _found(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    for mark, name in MARKS:
        if start.startswith(mark):
            return name
    try:
        _hold_readable(path, "utf-8")
    except Rejected as trouble:
        with path.open("rb") as file:
            # About the first byte that is no UTF-8; a line's end is never half a character.
            file.seek(max(int(str(trouble.values["position"])) - LOOKED_AT // 2, 0))
            sample = file.read(LOOKED_AT)
        if path.stat().st_size > LOOKED_AT:
            sample = sample[sample.find(b"\n") + 1 : sample.rfind(b"\n") + 1]
        return guessed([sample], source=path.name)
    return "utf-8"


def _hold_readable(path: Path, name: str) -> None:
    for _ in _texts(path, name):
        pass


def _texts(path: Path, name: str) -> Iterator[str]:
    """Decode a file piece by piece; what is not in the encoding is told with its place."""
    decoder = codecs.getincrementaldecoder(name)()
    done = 0
    with path.open("rb") as file:
        while True:
            piece = file.read(CHUNK)
            kept = len(decoder.getstate()[0])
            try:
                yield decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as error:
                raise Rejected(
                    "{source} is not {encoding}: byte {position} cannot be read."
                    " Name its encoding.",
                    source=path.name,
                    encoding=name,
                    position=done - kept + error.start + 1,
                ) from error
            if not piece:
                return
            done += len(piece)


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
