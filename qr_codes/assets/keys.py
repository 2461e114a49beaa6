"""The keys that sign codes live in the database: a backup that holds the labels holds them too.

Only the SYSTEM scope may read them, so nobody's hand-made query ever sees a secret.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.errors import Rejected
from gis.store import audit
from qr_codes.assets.models import CodeKey, RiskCode
from qr_codes.assets.rules import IN_FORCE
from qr_codes.signing import KEY_BYTES, KEYS_ON_THE_RING, KeyRing

LOCK = 0x59_54_4B_59


def read(session: Session) -> KeyRing:
    """Give the ring; the newest key signs. Needs the SYSTEM scope."""
    keys = session.scalars(select(CodeKey).order_by(CodeKey.made_at)).all()
    held = {key.id: bytes(key.secret) for key in keys}
    return KeyRing(keys=held, current=keys[-1].id if keys else -1)


def rotate(session: Session, *, secret: bytes, now: datetime) -> int:
    """Put a new signing key on the ring; labels signed by older ones stay good."""
    if len(secret) != KEY_BYTES:
        raise Rejected("A key has {length} bytes.", length=KEY_BYTES)
    session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    held = {key.id: key for key in session.scalars(select(CodeKey))}
    free = [number for number in range(KEYS_ON_THE_RING) if number not in held]
    key_id = free[0] if free else idle(session, held)
    if key_id in held:
        session.delete(held[key_id])
        session.flush()  # the id is used again
    session.add(CodeKey(id=key_id, secret=secret, made_at=now))
    audit.record(session, act="code_key.rotated", subject=None, area_path="/", key_id=key_id)
    return key_id


def idle(session: Session, held: dict[int, CodeKey]) -> int:
    """Give the oldest key that no label in force needs any more."""
    used = set(
        session.scalars(select(RiskCode.key_id).where(RiskCode.state.in_(IN_FORCE)).distinct())
    )
    newest = max(held.values(), key=lambda key: key.made_at).id
    spare = [key for key in held.values() if key.id not in used and key.id != newest]
    if not spare:
        raise Rejected(
            "All {count} keys still have labels in force. Replace the oldest labels first.",
            count=KEYS_ON_THE_RING,
        )
    return min(spare, key=lambda key: key.made_at).id


def ensure(session: Session, *, secret: bytes, now: datetime) -> None:
    """Make the first key of a new installation; do nothing where one is."""
    if session.scalar(select(func.count()).select_from(CodeKey)) == 0:
        rotate(session, secret=secret, now=now)
