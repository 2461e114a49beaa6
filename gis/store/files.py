"""Files that people attach and jobs leave: who may see them, and bytes that are kept once.

    photo = files.put(session, stream, id=…, name="北滨路.jpg", by=actor, area_path=…)
    files.attach(session, [photo.id], kind="case_step", ref=step.id, area_path=…, by=actor)
    for file in files.attached(session, "case_step", [step.id])[step.id]: …  # /files/{file.id}

A file that nobody attached within a day is forgotten. Pictures are drawn anew, documents are
allowed by a list, both by their content and not by their name (`sniffing`, `pictures`). What the
program itself made (an export, a list of refused rows) comes in by `keep`.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO
from uuid import UUID

from shapely import Point
from sqlalchemy import BigInteger, Select, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from gis.authority import Act, Actor, require
from gis.errors import Conflict, Forbidden, Missing, Rejected, Unavailable
from gis.store import audit, pictures, sniffing
from gis.store.base import AreaPath, Record, Shape, among
from gis.store.scope import SYSTEM, enter
from gis.store.shelf import PIECE_BYTES, Shelf

OPEN = ""
"""Kind of a file that belongs to nothing yet."""
MOST_BYTES = 50_000_000
RESULT = "result"
"""Kind of a file that a job left for whoever asked; it can be made again."""
LIVES = {OPEN: timedelta(days=1), RESULT: timedelta(days=30)}
SWEPT_AT_ONCE = 1_000
LONGEST_NAME = 200
EVIDENCE = sniffing.EVIDENCE
PICTURES = sniffing.PICTURES
SOUNDS = sniffing.SOUNDS
MOST_SOUND_BYTES = 2_000_000
"""A minute of speech is a tenth of it."""


class StoredFile(Record):
    """A file as those see it in whose area it lies. `place` is where a picture was taken."""

    __tablename__ = "stored_file"

    area_path: Mapped[AreaPath]
    owner_id: Mapped[UUID] = mapped_column(index=True)
    kind: Mapped[str]
    ref: Mapped[UUID | None] = mapped_column(index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(index=True)
    place: Mapped[Point | None] = mapped_column(Shape("POINT", index=False))

    @property
    def is_picture(self) -> bool:
        """Tell what can be shown from what can only be handed out."""
        return self.media_type in PICTURES

    @property
    def is_sound(self) -> bool:
        """Tell what is listened to."""
        return self.media_type in SOUNDS


def put(
    session: Session,
    stream: BinaryIO,
    *,
    id: UUID,  # noqa: A002 - the file's own id, made by whoever sends it
    name: str,
    by: Actor,
    area_path: str,
    allow: frozenset[sniffing.Sort] = EVIDENCE,
    most_bytes: int = MOST_BYTES,
) -> StoredFile:
    """Take in what a person sends; the same id again gives the file that is there."""
    require(by, Act.READ, area_path)
    there = _there(session, id, by.id)
    if there is not None:
        return there
    shown = plain_name(name)
    with TemporaryDirectory(prefix="yitong-file-") as folder:
        came = copied(stream, Path(folder) / "came", name=shown, most_bytes=most_bytes)
        sort, place, ready = sniffing.sort_of(came, name=shown), None, came
        if sort not in allow:
            raise Rejected("{name} is not of a kind that is asked for here.", name=shown)
        if sort.is_sound and came.stat().st_size > MOST_SOUND_BYTES:
            raise Rejected("This recording is too long. Record it shorter, or write it down.")
        if sort.is_picture:
            ready = Path(folder) / "drawn"
            drawn = pictures.redraw(came, ready, name=shown)
            sort, place = drawn.sort, drawn.place
        row = {"id": id, "name": shown, "owner_id": by.id, "area_path": area_path}
        return _kept(session, ready, row | {"media_type": sort, "place": place})


def keep(
    session: Session,
    path: Path,
    *,
    id: UUID,  # noqa: A002 - as above
    name: str,
    media_type: str,
    by_id: UUID,
    area_path: str,
    kind: str = OPEN,
    ref: UUID | None = None,
) -> StoredFile:
    """Keep a file the program made or only hands back; its content is not looked at."""
    there = _there(session, id, by_id)
    if there is not None:
        return there
    row = {"id": id, "name": plain_name(name), "owner_id": by_id, "area_path": area_path}
    return _kept(session, path, row | {"media_type": media_type, "kind": kind, "ref": ref})


def copy(
    session: Session,
    file: StoredFile,
    *,
    id: UUID,  # noqa: A002 - as above
    by: Actor,
) -> StoredFile:
    """Give somebody a file he sees to attach to another thing; its bytes are kept once."""
    there = _there(session, id, by.id)
    if there is not None:
        return there
    _hold(session, file.sha256)
    same = {name: getattr(file, name) for name in ("name", "media_type", "size_bytes", "sha256")}
    made = StoredFile(
        id=id, kind=OPEN, owner_id=by.id, area_path=by.area_path, place=file.place, **same
    )
    session.add(made)
    session.flush()  # whoever attaches it looks for its row
    audit.record(session, act="file.copied", subject=id, area_path=by.area_path, of=file.id)
    return made


def attach(
    session: Session, ids: Sequence[UUID], *, kind: str, ref: UUID, area_path: str, by: Actor
) -> list[StoredFile]:
    """Let somebody's own open files belong to a thing; whoever sees its area sees them."""
    query = select(StoredFile).where(StoredFile.id.in_(ids)).with_for_update()
    found = {file.id: file for file in session.scalars(query)}
    for file_id in ids:
        file = found.get(file_id)
        if (
            file is None
            or file.owner_id != by.id
            or (file.kind, file.ref)
            not in {
                (OPEN, None),
                (kind, ref),
            }
        ):
            raise Missing("One of the files is not there any more. Choose it again.")
        file.kind, file.ref, file.area_path = kind, ref, area_path
    session.flush()  # what comes next may look for the thing's files
    return [found[file_id] for file_id in ids]


def attached(session: Session, kind: str, refs: Iterable[UUID]) -> dict[UUID, list[StoredFile]]:
    """Give the files of some things, in the order they came."""
    asked = list(refs)
    query = select(StoredFile).where(StoredFile.kind == kind, StoredFile.ref.in_(asked))
    found: dict[UUID, list[StoredFile]] = {ref: [] for ref in asked}
    for file in session.scalars(query.order_by(StoredFile.created_at, StoredFile.id)):
        if file.ref is not None:
            found[file.ref].append(file)
    return found


def known(session: Session, ids: Collection[UUID]) -> dict[UUID, StoredFile]:
    """Give files by their ids, those the scope may see."""
    query = select(StoredFile).where(among(StoredFile.id, ids))
    return {file.id: file for file in session.scalars(query)} if ids else {}


def visible(session: Session, file_id: UUID) -> StoredFile:
    """Give a file the scope may see."""
    file = session.get(StoredFile, file_id)
    if file is None:
        raise Missing("There is no such file. It may have been removed.")
    return file


def shelf_of(session: Session) -> Shelf:
    """Give where this session's installation keeps its bytes."""
    url = session.info.get("files_url")
    if url is None:
        raise Unavailable("No storage for files is set up here. Set YITONG_FILES_URL.")
    return Shelf(url)


def small(session: Session, file: StoredFile) -> bytes:
    """Give a picture drawn small."""
    if not file.is_picture:
        raise Missing("This file is no picture. Open it itself.")
    with shelf_of(session).open(file.sha256) as source:
        return pictures.small(source)


def forget(session: Session, file: StoredFile) -> None:
    """Remove a file; its bytes go with the next sweep, if nothing else has the same."""
    audit.record(session, act="file.removed", subject=file.id, area_path=file.area_path)
    session.delete(file)
    session.flush()  # a policy that hides the row from deletion shows here


def take_back(session: Session, file_id: UUID, *, by: Actor) -> None:
    """Remove a file of one's own that belongs to nothing yet."""
    file = visible(session, file_id)
    if file.owner_id != by.id or file.kind != OPEN:
        raise Forbidden("This file belongs to a record already; it stays with it.")
    forget(session, file)


def sweep(session: Session, *, now: datetime) -> int:
    """Forget open files of yesterday, old results, and bytes that no file has."""
    enter(session, SYSTEM)
    before = now - LIVES[OPEN]
    for kind, life in LIVES.items():
        old = (StoredFile.kind == kind, StoredFile.created_at < now - life)
        session.execute(delete(StoredFile).where(*old))
    removed = 0
    shelf = shelf_of(session)
    orphans = (name for name in shelf.kept(before=before) if not session.scalar(_having(name)))
    for sha256 in islice(orphans, SWEPT_AT_ONCE):
        _hold(session, sha256)
        if not session.scalar(_having(sha256)):
            shelf.remove(sha256)
            removed += 1
    return removed


def plain_name(name: str) -> str:
    """Give the last part of a name, without what no file system and no header takes."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(sign if sign.isprintable() else "_" for sign in last).strip(". ")
    return shown[-LONGEST_NAME:] or "unnamed"


def copied(stream: BinaryIO, into: Path, *, name: str, most_bytes: int) -> Path:
    """Write a stream into a file, up to so many bytes."""
    written = 0
    with into.open("wb") as file:
        while piece := stream.read(PIECE_BYTES):
            written += len(piece)
            if written > most_bytes:
                raise Rejected(
                    "{name} is larger than {most} MB. Make it smaller, then send it again.",
                    name=name,
                    most=most_bytes // 1_000_000,
                )
            file.write(piece)
    return into


def _there(session: Session, file_id: UUID, by_id: UUID) -> StoredFile | None:
    file = session.get(StoredFile, file_id)
    if file is not None and file.owner_id != by_id:
        raise Conflict("This id is taken by another file. Send the file again.")
    return file


def _kept(session: Session, path: Path, row: dict[str, object]) -> StoredFile:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    # Held until the commit, so that a sweep does not take the bytes away in between.
    _hold(session, sha256)
    shelf_of(session).put(sha256, path)
    full = {"kind": OPEN} | row | {"sha256": sha256, "size_bytes": path.stat().st_size}
    made = insert(StoredFile).values(**full).on_conflict_do_nothing().returning(StoredFile)
    file_row = session.scalar(made)
    if file_row is None:
        raise Conflict("This id is taken by another file. Send the file again.")
    facts = {"sha256": sha256, "media_type": file_row.media_type}
    where = file_row.area_path
    audit.record(session, act="file.kept", subject=file_row.id, area_path=where, **facts)
    return file_row


def _hold(session: Session, sha256: str) -> None:
    key = int(sha256[:15], 16)
    session.execute(select(func.pg_advisory_xact_lock(key)))


def _having(sha256: str) -> Select[UUID]:
    return select(StoredFile.id).where(StoredFile.sha256 == sha256).limit(1)
