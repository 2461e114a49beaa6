"""Opens a zip that came from outside without trusting a word of it.

Names may climb out of the folder, sizes may lie, one megabyte may unpack to a thousand: the
bytes are counted as they come, and only files we can read are written, under names we make.
"""

import re
import zipfile
from pathlib import Path

from gis.errors import Rejected

MAX_ENTRIES = 2_000
MAX_BYTES = 2 * 1024**3
MAX_RATIO = 250
# Below this a high ratio is harmless: a short file of one repeated letter.
RATIO_FREE_BYTES = 32 * 1024**2
CHUNK = 1024**2
UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


def check(path: Path) -> None:
    """Refuse an archive that claims more than we would unpack (workbooks are archives too)."""
    with _opened(path) as archive:
        _checked(archive, path)


def unpack(path: Path, *, into: Path, suffixes: frozenset[str]) -> list[Path]:
    """Write the files with a known suffix flat into a folder of ours; the rest is left alone."""
    written: list[Path] = []
    left = MAX_BYTES
    with _opened(path) as archive:
        for entry in _checked(archive, path):
            name = _plain_name(entry)
            if Path(name).suffix.lower() not in suffixes:
                continue
            target = into / name
            if target.exists():
                raise Rejected(
                    "{source} holds {name} twice, in two folders. Send one data set per zip.",
                    source=path.name,
                    name=name,
                )
            left -= _write(archive, entry, target, most=left, source=path.name)
            written.append(target)
    return written


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise Rejected(
            "{source} is damaged or not a zip. Pack it again.", source=path.name
        ) from error


def _checked(archive: zipfile.ZipFile, path: Path) -> list[zipfile.ZipInfo]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    size = sum(entry.file_size for entry in entries)
    packed = max(path.stat().st_size, 1)
    if len(entries) > MAX_ENTRIES or size > MAX_BYTES:
        raise Rejected(
            "{source} unpacks to {count} files of {megabytes} MB; more than we open. Split it.",
            source=path.name,
            count=len(entries),
            megabytes=size // 1024**2,
        )
    if size > RATIO_FREE_BYTES and size > packed * MAX_RATIO:
        raise Rejected(
            "{source} grows {ratio} times when unpacked; that is a trap, not data.",
            source=path.name,
            ratio=size // packed,
        )
    for entry in entries:
        _check_entry(entry, path)
    return entries


def _check_entry(entry: zipfile.ZipInfo, path: Path) -> None:
    parts = re.split(r"[\\/]", entry.filename)
    climbs = ".." in parts or entry.filename.startswith(("/", "\\")) or ":" in parts[0]
    is_link = (entry.external_attr >> 16) & 0o170000 == 0o120000
    if climbs or is_link:
        raise Rejected(
            "{source} holds {name}, which points outside the archive. Pack the plain files again.",
            source=path.name,
            name=entry.filename[:80],
        )
    if entry.flag_bits & 0x1:
        raise Rejected("{source} is locked with a password. Send it without.", source=path.name)


def _plain_name(entry: zipfile.ZipInfo) -> str:
    """The last part of the name; names without the UTF-8 flag are GBK on Chinese Windows."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        raw = name.encode("cp437", errors="ignore")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return UNSAFE.sub("_", re.split(r"[\\/]", name)[-1])[:120] or "unnamed"


def _write(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, *, most: int, source: str
) -> int:
    written = 0
    try:
        with archive.open(entry) as packed, target.open("wb") as plain:
            while chunk := packed.read(CHUNK):
                written += len(chunk)
                if written > most:
                    raise Rejected(
                        "{source} unpacks to more than we open. Split it.", source=source
                    )
                plain.write(chunk)
    except (zipfile.BadZipFile, OSError, NotImplementedError, EOFError) as error:
        raise Rejected("{source} is damaged or not a zip. Pack it again.", source=source) from error
    return written
