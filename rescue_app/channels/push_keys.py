"""The key by which push services know this installation: made once, read by the program alone.

It lies in the database beside those of labels: whoever restores a backup keeps every device.
"""

import base64
from datetime import datetime

from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rescue_app.channels.models import PushKey

LOCK = 0x59_54_50_55
ONLY = 1


def make() -> bytes:
    """Make a key pair (P-256), as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())


def read(session: Session) -> bytes:
    """Give the key, or nothing where none was made yet. Needs the SYSTEM scope."""
    found = session.scalar(select(PushKey.secret).where(PushKey.id == ONLY))
    return bytes(found) if found else b""


def ensure(session: Session, *, secret: bytes, now: datetime) -> None:
    """Keep a key where there is none; of two processes that begin together one is first."""
    session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    if not read(session):
        session.add(PushKey(id=ONLY, secret=secret, made_at=now))
        session.flush()  # whoever reads next must find it


def public(secret: bytes) -> str:
    """Give the half that browsers are told."""
    key = form.load_pem_private_key(secret, password=None)
    point = key.public_key().public_bytes(form.Encoding.X962, form.PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()
