"""Photos and voice notes of a visit: promised with it, sent by themselves, in any order.

The words of a visit are small and come through where a picture does not; so neither waits for
the other. Whichever comes second joins the two.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.errors import Conflict, Rejected
from gis.store import files, notify, sniffing
from gis.store.files import StoredFile
from hazards.conflicts import repository as conflicts
from qr_codes.inspections.models import Inspection, InspectionPhoto
from qr_codes.inspections.visits import PHOTO, VOICE, Promised

KIND = "inspection"
MOST = 12
"""Photos and voice notes of one visit."""
ALLOWED = {PHOTO: sniffing.PICTURES, VOICE: sniffing.SOUNDS}


def promise(
    session: Session,
    inspection: Inspection,
    photos: Sequence[Promised],
    *,
    by: Actor,
    beside: Inspection | None = None,
) -> None:
    """Note the photos of a visit, and take those in that came before it.

    Another version of a visit may show what the one `beside` it has.
    """
    if len(photos) > MOST:
        raise Rejected("A visit carries {most} photos at most. Leave some out.", most=MOST)
    off = timedelta(seconds=inspection.clock_off_s)
    for one in photos:
        row = {
            "id": one.id,
            "inspection_id": inspection.id,
            "area_path": inspection.area_path,
            "actor_id": by.id,
            "kind": one.kind,
            "taken_at": min(one.taken_at - off, inspection.received_at),
            "place": one.place,
            "accuracy_m": one.accuracy_m,
            "item": one.item,
        }
        made = insert(InspectionPhoto).values(row).on_conflict_do_nothing()
        if session.scalar(made.returning(InspectionPhoto.id)) is None and not (
            beside and shared(session, one.id, with_=beside)
        ):
            raise Conflict("One of the photos belongs to another visit. Take it again.")
    for file in files.known(session, [one.id for one in photos]).values():
        join(session, file.id, by=by, now=inspection.received_at)


def shared(session: Session, photo_id: UUID, *, with_: Inspection) -> bool:
    """Tell whether a photo belongs to a visit or to another version of it."""
    owner = select(InspectionPhoto.inspection_id).where(InspectionPhoto.id == photo_id)
    return session.scalar(owner) in {with_.id, *conflicts.seconds(session, with_.id)}


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
    query = select(InspectionPhoto).where(InspectionPhoto.id == photo_id).with_for_update()
    promised = session.scalar(query)
    if promised is None or promised.received_at is not None:
        return
    visit, area = promised.inspection_id, promised.area_path
    files.attach(session, [photo_id], kind=KIND, ref=visit, area_path=area, by=by)
    promised.received_at = now
    notify.announce(session, topic="inspection", kind="photo", ref=visit, area_path=area)


def of(session: Session, inspection_id: UUID) -> Sequence[InspectionPhoto]:
    """Give the photos of a visit in the order they were taken, come or not."""
    query = select(InspectionPhoto).where(InspectionPhoto.inspection_id == inspection_id)
    return session.scalars(query.order_by(InspectionPhoto.taken_at, InspectionPhoto.id)).all()


def pictures_of(session: Session, inspection_id: UUID) -> list[InspectionPhoto]:
    """Give the pictures of a visit that have come."""
    found = of(session, inspection_id)
    return [one for one in found if one.kind == PHOTO and one.received_at is not None]


def by_ids(session: Session, ids: Collection[UUID]) -> Sequence[InspectionPhoto]:
    """Give photos by their ids in the order they were taken."""
    query = select(InspectionPhoto).where(InspectionPhoto.id.in_(ids))
    return session.scalars(query.order_by(InspectionPhoto.taken_at, InspectionPhoto.id)).all()
