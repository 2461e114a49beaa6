"""Accounts and their sign-ins."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from gis.authority import Actor, Role
from gis.store.base import AreaPath, Base, Record


class Account(Record):
    """A person who may sign in, with one role in one area."""

    __tablename__ = "account"

    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    phone: Mapped[str | None]
    role: Mapped[str]
    area_path: Mapped[AreaPath]
    password_hash: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    failed_tries: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    synthetic: Mapped[bool] = mapped_column(default=False)

    def as_actor(self) -> Actor:
        """Give the person as the lower floors know him."""
        return Actor(self.id, self.name, Role(self.role), self.area_path)


class SignIn(Base):
    """One device on which somebody is signed in; the token itself is never kept."""

    __tablename__ = "sign_in"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    agent: Mapped[str]
