"""SQL for accounts and sign-ins."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, any_, delete, literal, select, text
from sqlalchemy.orm import Session

from gis.authority import COMMANDERS, Actor, Role
from gis.store.scope import NO_ONE
from rescue_app.auth.models import Account, SignIn

ON_ROUNDS = (Role.PATROL, Role.CREW, Role.STREET_COMMANDER)
MOST_PEOPLE = 500
ENTER = text("""
    SELECT found.id, found.name, found.role, found.area_path,
           set_config('yitong.area_path', coalesce(found.area_path, ''), true),
           set_config('yitong.role', coalesce(found.role, :role), true),
           set_config('yitong.actor', coalesce(found.id::text, :no_one), true)
    FROM (VALUES (1)) AS once LEFT JOIN bearer_of(:hash, :now, :worn, :fresh) AS found ON true
""")
"""One trip for what every request begins with: who it is, and his scope."""


def by_login(session: Session, login: str) -> Account | None:
    """Find an account by its login, held until the transaction ends."""
    return session.scalar(select(Account).where(Account.login == login).with_for_update())


def signed_in(
    session: Session, token_hashes: Collection[bytes], now: datetime
) -> list[tuple[Account, SignIn]]:
    """Find who carries these tokens, where the sign-in and the account are still good."""
    asked = any_(literal(list(token_hashes), ARRAY(LargeBinary)))
    query = (
        select(Account, SignIn)
        .join(SignIn, SignIn.account_id == Account.id)
        .where(SignIn.token_hash == asked, SignIn.expires_at > now, Account.active)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def enter(
    session: Session, token_hash: bytes, *, now: datetime, worn: datetime, fresh: datetime
) -> Actor | None:
    """Look through the eyes of who carries a token, or through a resident's; say who it is.

    A sign-in that ends before `worn` lives until `fresh` from now on.
    """
    told = {"hash": token_hash, "now": now, "worn": worn, "fresh": fresh}
    row = session.execute(ENTER, {**told, "role": Role.RESIDENT, "no_one": str(NO_ONE)}).one()
    return Actor(row[0], row[1], Role(row[2]), row[3]) if row[0] else None


def by_id(session: Session, account_id: UUID) -> Account | None:
    """Find an account that may still sign in."""
    query = select(Account).where(Account.id == account_id, Account.active)
    return session.scalar(query)


def commanders_at(session: Session, area_paths: Collection[str]) -> dict[str, list[Account]]:
    """Who commands exactly these areas."""
    query = select(Account).where(
        Account.area_path.in_(area_paths), Account.role.in_(COMMANDERS), Account.active
    )
    found: dict[str, list[Account]] = defaultdict(list)
    for account in session.scalars(query.order_by(Account.login)):
        found[account.area_path].append(account)
    return found


def on_rounds(session: Session, area_path: str) -> list[Account]:
    """Give who answers lists in an area, by name."""
    query = select(Account).where(
        Account.area_path.startswith(area_path, autoescape=True),
        Account.role.in_(ON_ROUNDS),
        Account.active,
    )
    return list(session.scalars(query.order_by(Account.name, Account.login).limit(MOST_PEOPLE)))


def forget(session: Session, token_hash: bytes) -> None:
    """Drop a sign-in."""
    session.execute(delete(SignIn).where(SignIn.token_hash == token_hash))


def purge_expired(session: Session, now: datetime) -> None:
    """Drop every sign-in whose life is over."""
    session.execute(delete(SignIn).where(SignIn.expires_at <= now))
