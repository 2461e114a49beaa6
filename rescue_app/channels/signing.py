"""Signs what goes out by the webhook and checks what comes in: who, when, and not changed.

The signature covers the key's id, the time and the body. An old time is refused, so that what
somebody recorded cannot be played again after the ids of events are forgotten. Pure.
"""

import hmac
import secrets
from collections.abc import Mapping
from hashlib import sha256

from gis.errors import Forbidden

KEY, TIME, SIGNATURE = "yitong-key", "yitong-time", "yitong-signature"
VERSION = "v1="
KEY_BYTES = 32
DRIFT_S = 300
"""How far the clocks of both sides may be apart."""


def new_key() -> tuple[str, bytes]:
    """Make a key and the id by which both sides name it."""
    return secrets.token_hex(4), secrets.token_bytes(KEY_BYTES)


def signature(key: bytes, *, key_id: str, at_s: int, body: bytes) -> str:
    """Sign a body."""
    said = f"{key_id}.{at_s}.".encode() + body
    return VERSION + hmac.digest(key, said, sha256).hex()


def headers(key: bytes, *, key_id: str, at_s: int, body: bytes) -> dict[str, str]:
    """Give the headers under which a body is sent."""
    return {
        KEY: key_id,
        TIME: str(at_s),
        SIGNATURE: signature(key, key_id=key_id, at_s=at_s, body=body),
    }


def check(
    told: Mapping[str, str], body: bytes, *, key: bytes | None, key_id: str, now_s: int
) -> None:
    """Raise Forbidden unless whoever holds the key sent exactly this a moment ago."""
    said = told.get(TIME, "")
    at_s = int(said) if said.isascii() and said.isdigit() and len(said) < 12 else 0
    # An unknown key is measured against one of zeros, so that the time of a refusal tells nothing.
    expected = signature(key or bytes(KEY_BYTES), key_id=key_id, at_s=at_s, body=body)
    same = hmac.compare_digest(expected.encode(), told.get(SIGNATURE, "").encode())
    known = hmac.compare_digest(key_id.encode(), told.get(KEY, "").encode())
    if not same or not known or key is None:
        raise Forbidden("The signature does not fit. Check the key, its id and what is signed.")
    if abs(now_s - at_s) > DRIFT_S:
        raise Forbidden(
            "The signature is {seconds} s away from this server's time. Set the clock right "
            "and sign again.",
            seconds=now_s - at_s,
        )
