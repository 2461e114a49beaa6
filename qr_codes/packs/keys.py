"""The keys that sign packs lie beside those that sign codes: in the database, for SYSTEM alone."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from gis.errors import Rejected
from gis.store import audit
from qr_codes.packs.models import PackKey
from qr_codes.packs.rules import published
from qr_codes.packs.sealing import SECRET_BYTES, SealRing

LOCK = 0x59_54_50_4B


def read(session: Session, *, now: datetime) -> SealRing:
    """Give the keys that hold; the newest signs. Needs the SYSTEM scope."""
    keys = session.scalars(select(PackKey).order_by(PackKey.made_at, PackKey.id)).all()
    hold = published({key.id: key.made_at for key in keys}, now=now)
    held = {key.id: bytes(key.secret) for key in keys if key.id in hold}
    return SealRing(held, current=keys[-1].id if keys else 0)


def rotate(session: Session, *, secret: bytes, now: datetime, forget: bool = False) -> int:
    """Put a new key on the ring; with `forget` the older ones hold no longer, as after a leak."""
    if len(secret) != SECRET_BYTES:
        raise Rejected("A key has {length} bytes.", length=SECRET_BYTES)
    session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    newest = session.scalar(select(func.coalesce(func.max(PackKey.id), 0))) or 0
    if forget:
        session.execute(delete(PackKey))
    session.add(PackKey(id=newest + 1, secret=secret, made_at=now))
    session.flush()  # whoever reads next must find it
    facts = {"key_id": newest + 1, "forgot": forget}
    audit.record(session, act="pack_key.rotated", subject=None, area_path="/", **facts)
    return newest + 1


def ensure(session: Session, *, secret: bytes, now: datetime) -> None:
    """Make the first key of a new installation; do nothing where one is."""
    if session.scalar(select(PackKey.id).limit(1)) is None:
        rotate(session, secret=secret, now=now)
