"""Where the bytes of files lie: a folder, or any storage that fsspec knows, named by their hash.

The same bytes lie there once. A blob is written beside its place and moved there whole, so that
a killed process never leaves half a file under a good name.
"""

import io
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

import fsspec

from gis.errors import Unavailable

PIECE_BYTES = 256 * 1024
INCOMING = "incoming"


class Shelf:
    """The blobs of one installation."""

    def __init__(self, url: str) -> None:
        try:
            # A remembered listing hides what another process wrote or swept: a blob that is gone
            # would count as kept, and its content be lost.
            self._fs, root = fsspec.core.url_to_fs(url, use_listings_cache=False)
        except (ImportError, ValueError) as error:
            raise Unavailable(
                "The storage {url} cannot be used: {error}. Correct YITONG_FILES_URL.",
                url=url.rsplit("@", maxsplit=1)[-1],
                error=error,
            ) from error
        self._root = root.rstrip("/")

    def put(self, sha256: str, source: Path) -> None:
        """Keep the content of a file, unless it is here already and whole."""
        place = self._place(sha256)
        size = source.stat().st_size
        if self._fs.exists(place) and self._fs.size(place) == size:
            return
        beside = f"{self._root}/{INCOMING}/{uuid4().hex}"
        self._fs.makedirs(self._fs._parent(beside), exist_ok=True)  # noqa: SLF001 - fsspec has no public name for it
        with source.open("rb") as read, self._fs.open(beside, "wb") as written:
            shutil.copyfileobj(read, written, PIECE_BYTES)
            written.flush()
            with suppress(io.UnsupportedOperation, AttributeError):
                os.fsync(written.fileno())
        self._fs.makedirs(self._fs._parent(place), exist_ok=True)  # noqa: SLF001 - as above
        self._fs.mv(beside, place)

    def pieces(self, sha256: str) -> Iterator[bytes]:
        """Give the content piece by piece."""
        with self.open(sha256) as file:
            while piece := file.read(PIECE_BYTES):
                yield piece

    def open(self, sha256: str) -> BinaryIO:
        """Open the content for reading."""
        try:
            opened: BinaryIO = self._fs.open(self._place(sha256), "rb")
        except FileNotFoundError as error:
            raise Unavailable(
                "The content of this file is not in the storage. Ask whoever runs the platform"
                " to bring it back from the backup."
            ) from error
        return opened

    def fetch(self, sha256: str, into: Path) -> Path:
        """Bring the content into a file of its own, for programs that want a path."""
        with self.open(sha256) as source, into.open("wb") as target:
            shutil.copyfileobj(source, target, PIECE_BYTES)
        return into

    def remove(self, sha256: str) -> None:
        """Forget the content, if it is here."""
        with suppress(FileNotFoundError):
            self._fs.rm_file(self._place(sha256))

    def kept(self, *, before: datetime) -> Iterator[str]:
        """Name the blobs that have been here since before a moment; half-written ones go."""
        for path, facts in self._fs.find(self._root, detail=True).items():
            if _changed(facts) >= before:
                continue
            if f"/{INCOMING}/" in path:
                self._fs.rm_file(path)
            else:
                yield path.rsplit("/", 1)[-1]

    def _place(self, sha256: str) -> str:
        return f"{self._root}/{sha256[:2]}/{sha256}"


def _changed(facts: dict[str, object]) -> datetime:
    """Tell when a blob was written; each storage has its own word for it."""
    said = facts.get("mtime") or facts.get("LastModified") or facts.get("created")
    if isinstance(said, int | float):
        return datetime.fromtimestamp(said, UTC)
    return said if isinstance(said, datetime) else datetime.now(UTC)
