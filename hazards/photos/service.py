"""Photos and voice notes of a visit: promised with it, sent by themselves, in any order.

The words of a visit are small and come through where a picture does not; so neither waits for
the other. Whichever comes second joins the two.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import BinaryIO, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.errors import Conflict, Rejected
from gis.store import files, notify, sniffing
from gis.store.files import StoredFile
from hazards.photos import repository
from hazards.photos.rules import MOST, PHOTO, VOICE, Promised

KIND = "visit"
ALLOWED = {PHOTO: sniffing.PICTURES, VOICE: sniffing.SOUNDS}


class Visited(Protocol):
    """What a visit that was kept tells: an inspection, or an answer to a list of a point."""

    id: UUID
    area_path: str
    clock_off_s: int
    received_at: datetime


def promise(
    session: Session,
    visit: Visited,
    photos: Sequence[Promised],
    *,
    by: Actor,
    beside: Visited | None = None,
) -> None:
    """Note the photos of a visit, and take those in that came before it.

    Another version of a visit may show what the one `beside` it has.
    """
    if len(photos) > MOST:
        raise Rejected("A visit carries {most} photos at most. Leave some out.", most=MOST)
    off = timedelta(seconds=visit.clock_off_s)
    for one in photos:
        row = {
            "id": one.id,
            "visit_id": visit.id,
            "area_path": visit.area_path,
            "actor_id": by.id,
            "kind": one.kind,
            "taken_at": min(one.taken_at - off, visit.received_at),
            "place": one.place,
            "accuracy_m": one.accuracy_m,
            "item": one.item,
        }
        if not repository.keep(session, row) and not (
            beside and repository.shared(session, one.id, with_=beside.id)
        ):
            raise Conflict("One of the photos belongs to another visit. Take it again.")
    for file in files.known(session, [one.id for one in photos]).values():
        join(session, file.id, by=by, now=visit.received_at)


def take_in(
    session: Session,
    stream: BinaryIO,
    *,
    photo_id: UUID,
    name: str,
    by: Actor,
    now: datetime,
    kind: str = PHOTO,
) -> StoredFile:
    """Keep a picture or a recording; it joins its visit now, or when that comes."""
    file = files.put(
        session,
        stream,
        id=photo_id,
        name=name,
        by=by,
        area_path=by.area_path,
        allow=ALLOWED[kind],
    )
    join(session, photo_id, by=by, now=now)
    return file


def join(session: Session, photo_id: UUID, *, by: Actor, now: datetime) -> None:
    """Let a picture that is here belong to the visit that promised it, if one did."""
    promised = repository.held(session, photo_id)
    if promised is None or promised.received_at is not None:
        return
    visit, area = promised.visit_id, promised.area_path
    files.attach(session, [photo_id], kind=KIND, ref=visit, area_path=area, by=by)
    promised.received_at = now
    notify.announce(session, topic="visit", kind="photo", ref=visit, area_path=area)
