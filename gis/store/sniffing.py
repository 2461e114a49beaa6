"""What a file really is, by its bytes: a name and what a browser says about it prove nothing."""

import re
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from gis.errors import Rejected

LOOKED_AT_BYTES = 4096
OOXML_TYPES = "[Content_Types].xml"
MOST_PARTS, MOST_UNPACKED_BYTES, MOST_RATIO = 5_000, 500 * 1024**2, 200
MAIN_PART = re.compile(rb'ContentType="([^"]+\.main\+xml)"')
FILMS = (b"V_VP8", b"V_VP9", b"V_AV1", b"V_MPEG")
WHAT_WE_KEEP = "Pictures (JPEG, PNG, WebP, GIF), PDF, Word (.docx) and Excel (.xlsx) are kept."


class Sort(StrEnum):
    """The sorts of file that people may attach."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    GIF = "image/gif"
    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    WEBM = "audio/webm"
    OGG = "audio/ogg"
    M4A = "audio/mp4"

    @property
    def is_sound(self) -> bool:
        """Tell what was spoken from what is seen or read."""
        return self.value.startswith("audio/")

    @property
    def is_picture(self) -> bool:
        """Tell pictures, which are drawn anew, from documents."""
        return self.value.startswith("image/")


PICTURES = frozenset(sort for sort in Sort if sort.is_picture)
SOUNDS = frozenset(sort for sort in Sort if sort.is_sound)
"""What phones record: Opus in WebM or Ogg, AAC in MP4, and no picture beside it."""
EVIDENCE = frozenset(Sort) - SOUNDS
"""What may be attached to a record: pictures and documents."""


@dataclass(frozen=True, slots=True)
class Start:
    """How a file of this sort begins."""

    mark: bytes
    sort: Sort
    second: bytes = b""


STARTS = (
    Start(b"\xff\xd8\xff", Sort.JPEG),
    Start(b"\x89PNG\r\n\x1a\n", Sort.PNG),
    Start(b"RIFF", Sort.WEBP, second=b"WEBP"),
    Start(b"GIF8", Sort.GIF),
    Start(b"%PDF-", Sort.PDF),
)


def sort_of(path: Path, *, name: str) -> Sort:
    """Tell what a file is, or refuse it with what may be sent instead."""
    with path.open("rb") as file:
        head = file.read(LOOKED_AT_BYTES)
    if not head:
        raise Rejected("{name} is empty. Choose the file again.", name=name)
    for start in STARTS:
        if head.startswith(start.mark) and head[8:12].startswith(start.second):
            return start.sort
    if head.startswith(b"PK\x03\x04"):
        return _office(path, name)
    sound = _sound(head)
    if sound is not None:
        return sound
    raise _unknown(name)


def _sound(head: bytes) -> Sort | None:
    if head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head[:64]:
        is_film = any(codec in head for codec in FILMS)
        return Sort.WEBM if b"A_OPUS" in head and not is_film else None
    if head.startswith(b"OggS"):
        return Sort.OGG if head[28:36] == b"OpusHead" else None
    if head[4:8] == b"ftyp" and b"mp4a" in head and b"vide" not in head:
        return Sort.M4A
    return None


def _unknown(name: str) -> Rejected:
    return Rejected(
        "{name} is no picture and no document that is kept here, whatever its name says."
        " Send JPEG, PNG, WebP, GIF, PDF, Word (.docx) or Excel (.xlsx).",
        name=name,
    )


def _office(path: Path, name: str) -> Sort:
    try:
        with zipfile.ZipFile(path) as parts:
            _check_size(parts, path, name)
            listed = parts.read(OOXML_TYPES)
            names = parts.namelist()
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError) as error:
        raise _unknown(name) from error
    if b"macroEnabled" in listed or any("vbaproject" in part.lower() for part in names):
        raise Rejected(
            "{name} holds macros (programs). Save it as .docx or .xlsx without macros, then send"
            " it again.",
            name=name,
        )
    found = MAIN_PART.search(listed)
    kind = found[1].decode(errors="replace").removesuffix(".main+xml") if found else ""
    if kind not in set(Sort):
        raise _unknown(name)
    return Sort(kind)


def _check_size(parts: zipfile.ZipFile, path: Path, name: str) -> None:
    entries = parts.infolist()
    size = sum(entry.file_size for entry in entries)
    packed = max(path.stat().st_size, 1)
    types = parts.getinfo(OOXML_TYPES).file_size
    swells = size > 10 * 1024**2 and size > packed * MOST_RATIO
    if (
        swells
        or len(entries) > MOST_PARTS
        or size > MOST_UNPACKED_BYTES
        or types > MOST_UNPACKED_BYTES // 100
    ):
        raise Rejected("{name} grows beyond measure when unpacked; it is not kept.", name=name)
