"""A small file of a form, read as a table: for lists that people keep in Excel."""

import base64
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import UploadFile

from gis.errors import Rejected
from gis.store.files import plain_name

if TYPE_CHECKING:
    from gis.exchange import Table

MOST_BYTES = 5_000_000
MOST_CARRIED_BYTES = 2_000_000


@contextmanager
def on_disk(file: UploadFile) -> Iterator[Path]:
    """Lay a file of a form on the disk under its own name, for as long as it is read."""
    data = file.file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Rejected("This file is larger than {most} MB. A list is smaller: cut it in parts.",
                       most=MOST_BYTES // 1_000_000)  # fmt: skip
    if not data:
        raise Rejected("Choose a file first.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / plain_name(file.filename or "list.csv")
        path.write_bytes(data)
        yield path


def carried(file: UploadFile) -> str:
    """Let a form carry a file from the dry run to the taking over."""
    data = file.file.read(MOST_CARRIED_BYTES + 1)
    if len(data) > MOST_CARRIED_BYTES:
        raise Rejected("This file is larger than {most} MB. A list is smaller: cut it in parts.",
                       most=MOST_CARRIED_BYTES // 1_000_000)  # fmt: skip
    return base64.b64encode(data).decode()


def brought(data: str, name: str) -> UploadFile:
    """Take the file back; it is read anew, whatever happened to it on the way."""
    try:
        return UploadFile(io.BytesIO(base64.b64decode(data, validate=True)), filename=name)
    except ValueError:
        raise Rejected("The rows did not arrive whole. Send the file again.") from None


def table_of(file: UploadFile) -> "Table":
    """Read a CSV or Excel file of a form."""
    from gis import exchange  # noqa: PLC0415 - the readers behind it are slow to load

    with on_disk(file) as path:
        return exchange.read(path)
