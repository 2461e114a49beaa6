"""Files over HTTP: send one with an id of your own, look at what your scope sees."""

import re
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Header
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel

from gis.store import files
from gis.store.files import StoredFile
from rescue_app.http.dependencies import Db, Who
from rescue_app.http.receiving import Attachment

router = APIRouter(tags=["files"])
PART = re.compile(r"bytes=([0-9]{1,12})-([0-9]{0,12})")
# A file never runs in our pages' name, whatever a browser makes of it.
CLOSED = "default-src 'none'; sandbox; frame-ancestors 'none'"


class FileOut(BaseModel):
    """A file as it was kept."""

    id: UUID
    name: str
    media_type: str
    size_bytes: int
    is_picture: bool


def shown(file: StoredFile) -> FileOut:
    """Show a file."""
    return FileOut.model_validate(file, from_attributes=True)


@router.put("/api/v1/files/{file_id}")
def send_file(sent: Attachment, db: Db, who: Who, file_id: UUID) -> FileOut:
    """Keep a picture or a document until it is attached; the same id again is the same file."""
    with sent.path.open("rb") as stream:
        kept = files.put(db, stream, id=file_id, name=sent.name, by=who, area_path=who.area_path)
    return shown(kept)


@router.delete("/api/v1/files/{file_id}", status_code=204)
def remove_file(db: Db, who: Who, file_id: UUID) -> None:
    """Take back a file of one's own that belongs to nothing yet."""
    files.take_back(db, file_id, by=who)


@router.get("/files/{file_id}")
def get_file(
    db: Db,
    _: Who,
    file_id: UUID,
    if_none_match: Annotated[str, Header()] = "",
    wanted: Annotated[str, Header(alias="range")] = "",
) -> Response:
    """Hand a file out to those who see it: pictures and sound to the page, the rest to save."""
    return handed_out(db, files.visible(db, file_id), if_none_match, wanted)


@router.get("/files/{file_id}/small")
def get_small(
    db: Db, _: Who, file_id: UUID, if_none_match: Annotated[str, Header()] = ""
) -> Response:
    """Hand a picture out small, for strips and lists, to those who see it."""
    file = files.visible(db, file_id)
    headers = answer_headers(file, "-small")
    if if_none_match == headers["etag"]:
        return Response(status_code=304, headers=headers)
    return Response(files.small(db, file), media_type="image/jpeg", headers=headers)


def answer_headers(file: StoredFile, kind: str = "") -> dict[str, str]:
    """Let a browser keep the bytes, and ask each time whether its reader still may."""
    return {
        "etag": f'"{file.sha256}{kind}"',
        "cache-control": "private, no-cache",
        "content-security-policy": CLOSED,
        "content-disposition": disposition(file),
    }


def handed_out(db: Db, file: StoredFile, if_none_match: str, wanted: str = "") -> Response:
    """Stream a file; each time it is asked whether the reader may, even if he has the bytes."""
    headers = answer_headers(file)
    if if_none_match == headers["etag"]:
        return Response(status_code=304, headers=headers)
    if file.is_sound:
        return played(db, file, headers, wanted)
    headers["content-length"] = str(file.size_bytes)
    pieces = files.shelf_of(db).pieces(file.sha256)
    return StreamingResponse(pieces, media_type=file.media_type, headers=headers)


def played(db: Db, file: StoredFile, headers: dict[str, str], wanted: str) -> Response:
    """Give a recording whole or the part that is asked for: some players ask for parts alone."""
    content = b"".join(files.shelf_of(db).pieces(file.sha256))
    headers["accept-ranges"] = "bytes"
    part = PART.fullmatch(wanted)
    if part is None:
        return Response(content, media_type=file.media_type, headers=headers)
    first, last = int(part[1]), min(int(part[2] or len(content)), len(content) - 1)
    if first > last:
        headers["content-range"] = f"bytes */{len(content)}"
        return Response(status_code=416, headers=headers)
    headers["content-range"] = f"bytes {first}-{last}/{len(content)}"
    some = content[first : last + 1]
    return Response(some, status_code=206, media_type=file.media_type, headers=headers)


def disposition(file: StoredFile) -> str:
    """Say how a browser is to treat a file, with its name in any script (RFC 6266)."""
    how = "inline" if file.is_picture or file.is_sound else "attachment"
    return f"{how}; filename*=UTF-8''{quote(file.name)}"
