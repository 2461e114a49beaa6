"""Photos and documents of a point: a part of what its entry says, so they come and go by cases.

`file_ids` of an entry says which it has, in order; the files themselves are `gis.store.files`.
Row-level security shows a file to those who see an entry, of now or before, that has it; until
then to the unit whose case brings it.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.store import files
from gis.store.files import StoredFile
from hazards.points.models import Entry

KIND = "point"
"""Whose the files are; the policy of `stored_file` knows the word."""


class WithFiles(Protocol):
    """What names its files: an entry, a step of a case."""

    @property
    def file_ids(self) -> Sequence[UUID]:
        """Which it has, in order."""


def take_in(
    session: Session,
    file_ids: Sequence[UUID],
    *,
    point_id: UUID,
    known: Iterable[UUID],
    unit_path: str,
    by: Actor,
) -> None:
    """Let the files that are new with a point belong to it; what it had stays as it is."""
    fresh = [one for one in file_ids if one not in set(known)]
    files.attach(session, fresh, kind=KIND, ref=point_id, area_path=unit_path, by=by)


def files_of(session: Session, things: Iterable[WithFiles]) -> dict[UUID, StoredFile]:
    """Give the files of entries and steps by their ids, as far as the reader may see them."""
    return files.known(session, {one for thing in things for one in thing.file_ids})


def photo(entry: Entry, known: dict[UUID, StoredFile]) -> StoredFile | None:
    """Give the picture that stands for an entry: its first."""
    shown = (known[one] for one in entry.file_ids if one in known)
    return next((file for file in shown if file.is_picture), None)
