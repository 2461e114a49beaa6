"""What a sign-in takes: passwords, tokens, tries. Pure but for the random source."""

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from gis.errors import Rejected

MIN_PASSWORD_LENGTH = 10
TRIES_BEFORE_LOCK = 5
LOCK_LIFE = timedelta(minutes=5)
_HASHER = PasswordHasher()


@cache
def no_account_hash() -> str:
    """Give what is checked when the login is unknown, so that the answer's time does not tell."""
    return _HASHER.hash(secrets.token_hex())


def hash_password(password: str) -> str:
    """Hash a password with argon2id; raise Rejected when it is too short."""
    if len(password) < MIN_PASSWORD_LENGTH:
        raise Rejected(
            "The password is too short. Take at least {count} characters.",
            count=MIN_PASSWORD_LENGTH,
        )
    return _HASHER.hash(password)


def password_fits(password_hash: str, password: str) -> bool:
    """Tell whether the password is the one that was hashed."""
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def new_token() -> str:
    """Make the secret that a signed-in browser carries."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """Give what is kept of a token: a leaked table signs nobody in."""
    return hashlib.sha256(token.encode()).digest()


def lock_after(failed_tries: int, now: datetime) -> datetime | None:
    """Give the end of the lock after so many failed tries in a row, if any."""
    return now + LOCK_LIFE if failed_tries % TRIES_BEFORE_LOCK == 0 else None
