"""Editions of a file that the whole city goes by: only ever added, one of them in force.

A city's own edition stays in force when the shipped file changes.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from sqlalchemy import Index, func, select, text, update
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column

from gis.authority import Act, Actor, city_of, require
from gis.errors import Missing
from gis.store import audit, notify
from gis.store.base import Base
from hazards.calls.program import as_program
from hazards.checklists.files import Words
from hazards.checklists.publishing import SHIPPED_BY


class Edition(Base):
    """One file as it came in, word for word; the one `in_force` is followed."""

    __abstract__ = True

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Index]:  # noqa: N805 - SQLAlchemy calls it with the class
        """Hold that one at most is in force."""
        return (Index(f"uq_{cls.__tablename__}_in_force", "in_force", unique=True,
                      postgresql_where=text("in_force")),)  # fmt: skip

    edition: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    day: Mapped[date]
    digest: Mapped[str]
    said: Mapped[str]
    shipped: Mapped[bool]
    in_force: Mapped[bool]
    made_at: Mapped[datetime]
    made_by_name: Mapped[str]


@dataclass(frozen=True, slots=True)
class File:
    """What comes in: its words, and what they call themselves."""

    said: str
    name: Words
    day: date

    @property
    def digest(self) -> str:
        """Name what it says."""
        return hashlib.sha256(self.said.encode()).hexdigest()[:32]


Row = TypeVar("Row", bound=Edition)


@dataclass(frozen=True, slots=True)
class Editions(Generic[Row]):
    """The editions of one file; `topic` and `kind` tell the pages, `acts` the audit log."""

    row: type[Row]
    acts: str
    topic: str
    kind: str

    def of_program(self, session: Session, file: File, *, now: datetime) -> Row | None:
        """Add the shipped file if it is new; beside a city's own, else in force."""
        row = self.row
        if session.scalar(select(func.count()).where(row.digest == file.digest)):
            return None
        held = self.in_force(session)
        beside = held is not None and not held.shipped
        return self._add(session, file, shipped=True, by=SHIPPED_BY, now=now, beside=beside)

    def of_city(self, session: Session, file: File, *, by: Actor, now: datetime) -> Row:
        """Put a city's own file in force; with the program's eyes, since it is the whole city's."""
        return self._add(session, file, shipped=False, by=by.name, now=now, beside=False)

    def take(self, session: Session, number: int, *, by: Actor) -> None:
        """Put an earlier or a shipped edition in force again."""
        require(by, Act.EDIT_TEMPLATE, city_of(by.area_path))
        if self.one(session, number).in_force:
            return
        with as_program(session):
            session.execute(update(self.row).where(self.row.in_force).values(in_force=False))
            wanted = update(self.row).where(self.row.edition == number)
            session.execute(wanted.values(in_force=True))
        self.tell(session, "taken", number, by=by)

    def in_force(self, session: Session) -> Row | None:
        """Give the edition that is followed."""
        return session.scalar(select(self.row).where(self.row.in_force))

    def all(self, session: Session) -> Sequence[Row]:
        """Give all editions, newest first."""
        return session.scalars(select(self.row).order_by(self.row.edition.desc())).all()

    def one(self, session: Session, number: int | None) -> Row:
        """Give one edition, without a number the one in force."""
        found = session.get(self.row, number) if number else self.in_force(session)
        if found is None:
            raise Missing("There is no such edition. `yitong {acts} history` lists them.",
                          acts=self.acts)  # fmt: skip
        return found

    def tell(self, session: Session, act: str, number: int, *, by: Actor, **counts: int) -> None:
        """Tell the audit log and the pages."""
        audit.record(session, act=f"{self.acts}.{act}", subject=None, area_path=by.area_path,
                     edition=number, **counts)  # fmt: skip
        notify.announce(session, topic=self.topic, kind=self.kind, ref=None, area_path=by.area_path)

    def _add(
        self, session: Session, file: File, *, shipped: bool, by: str, now: datetime, beside: bool
    ) -> Row:
        if not beside:
            session.execute(update(self.row).values(in_force=False))
        number = session.scalar(select(func.coalesce(func.max(self.row.edition), 0) + 1))
        made = self.row(
            edition=number, name_zh=file.name.zh, name_en=file.name.en, day=file.day,
            digest=file.digest, said=file.said, shipped=shipped, in_force=not beside,
            made_at=now, made_by_name=by,
        )  # fmt: skip
        session.add(made)
        session.flush()  # what belongs to it points at it
        return made
