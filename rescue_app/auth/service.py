"""Sign in, sign out, add people. Most of it runs in the SYSTEM scope: nobody is known yet."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from gis.authority import Actor, Role
from gis.errors import Conflict, Missing, Rejected
from gis.store import audit
from rescue_app.auth import repository, rules
from rescue_app.auth.models import Account, SignIn

AGENT_LENGTH = 200
RENEW_AFTER = 0.1
"""Share of its life after which a sign-in in use is prolonged: not on each request."""


def add_account(
    session: Session,
    *,
    login: str,
    name: str,
    password: str,
    role: Role,
    area_path: str,
    phone: str | None = None,
    synthetic: bool = False,
) -> Account:
    """Add a person who may sign in; raise Conflict when the login is taken."""
    if repository.by_login(session, login) is not None:
        raise Conflict("The login {login} is taken. Choose another.", login=login)
    account = Account(
        login=login,
        name=name,
        phone=phone,
        role=role,
        area_path=area_path,
        password_hash=rules.hash_password(password),
        synthetic=synthetic,
    )
    session.add(account)
    session.flush()  # the audit line needs account.id
    audit.record(session, act="account.added", subject=account.id, area_path=area_path, role=role)
    return account


def check_password(session: Session, *, login: str, password: str, now: datetime) -> Account | None:
    """Give the account when the password fits, else None; failed tries are counted and lock.

    Raises Rejected while the account is locked.
    """
    account = repository.by_login(session, login)
    known_hash = account.password_hash if account else rules.no_account_hash()
    if account and account.locked_until and account.locked_until > now:
        raise Rejected("Too many wrong passwords. Try again in five minutes.")
    fits = rules.password_fits(known_hash, password)
    if account is None:
        return None
    if not fits or not account.active:
        account.failed_tries += 1
        account.locked_until = rules.lock_after(account.failed_tries, now)
        return None
    account.failed_tries = 0
    return account


def active(session: Session, login: str) -> Account:
    """Give an account that may sign in."""
    account = repository.by_login(session, login)
    if account is None or not account.active:
        raise Missing(
            "Nobody may sign in as {login}. Add the person with `yitong user add`.", login=login
        )
    return account


def begin(session: Session, account: Account, *, agent: str, now: datetime, life: timedelta) -> str:
    """Sign an account in on a device and give the token for its cookie."""
    token = rules.new_token()
    session.add(
        SignIn(
            token_hash=rules.token_hash(token),
            account_id=account.id,
            created_at=now,
            expires_at=now + life,
            agent=agent[:AGENT_LENGTH],
        )
    )
    audit.record(session, act="account.signed_in", subject=account.id, area_path=account.area_path)
    return token


def enter(session: Session, token: str, *, now: datetime, life: timedelta) -> Actor | None:
    """Let a transaction look as who carries this token does, and prolong a sign-in that is used.

    Nobody carries it: then it looks as a resident does.
    """
    worn, fresh = now + life * (1 - RENEW_AFTER), now + life
    return repository.enter(session, rules.token_hash(token), now=now, worn=worn, fresh=fresh)


def identify_all(
    session: Session, tokens: Collection[str], *, now: datetime, life: timedelta
) -> dict[str, Actor]:
    """Give the actors who carry these tokens; a token that is good for nobody is left out."""
    known = {rules.token_hash(token): token for token in tokens}
    actors: dict[str, Actor] = {}
    for account, sign_in in repository.signed_in(session, known, now):
        if sign_in.expires_at - now < life * (1 - RENEW_AFTER):
            sign_in.expires_at = now + life
        actors[known[sign_in.token_hash]] = account.as_actor()
    session.flush()  # the actor's own scope, entered next, may not touch sign-ins
    return actors


def end(session: Session, token: str) -> None:
    """Sign the device out."""
    repository.forget(session, rules.token_hash(token))
