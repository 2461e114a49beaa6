"""SQL for accounts and sign-ins."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from rescue_app.auth.models import Account, SignIn


def by_login(session: Session, login: str) -> Account | None:
    """Find an account by its login, held until the transaction ends."""
    return session.scalar(select(Account).where(Account.login == login).with_for_update())


def signed_in(session: Session, token_hash: bytes, now: datetime) -> tuple[Account, SignIn] | None:
    """Find who carries this token, if the sign-in and the account are still good."""
    query = (
        select(Account, SignIn)
        .join(SignIn, SignIn.account_id == Account.id)
        .where(SignIn.token_hash == token_hash, SignIn.expires_at > now, Account.active)
    )
    row = session.execute(query).one_or_none()
    return None if row is None else (row[0], row[1])


def forget(session: Session, token_hash: bytes) -> None:
    """Drop a sign-in."""
    session.execute(delete(SignIn).where(SignIn.token_hash == token_hash))


def purge_expired(session: Session, now: datetime) -> None:
    """Drop every sign-in whose life is over."""
    session.execute(delete(SignIn).where(SignIn.expires_at <= now))
