"""Verbs of the chain table: ship it, replace it by a city's own, take an earlier one again.

A city's own edition stays in force when the shipped file changes.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, city_of, require
from gis.errors import Missing
from gis.store import audit, notify
from hazards.calls.program import as_program
from hazards.checklists.publishing import SHIPPED_BY
from rescue_app.chains import table
from rescue_app.chains.models import ChainEdition


def load(session: Session, path: Path, *, now: datetime) -> None:
    """Bring the shipped file in, as often as one likes."""
    said = path.read_text(encoding="utf-8")
    found = table.read(said)
    known = session.scalar(select(func.count()).where(ChainEdition.digest == digest_of(said)))
    if not known:
        held = in_force(session)
        beside = held is not None and not held.shipped
        _add(session, found, said, shipped=True, by_name=SHIPPED_BY, now=now, beside=beside)


def bring_in(session: Session, said: str, *, by: Actor, now: datetime) -> ChainEdition:
    """Put a city's own table in force; the same one again changes nothing."""
    require(by, Act.EDIT_TEMPLATE, city_of(by.area_path))
    found, held = table.read(said), in_force(session)
    if held is not None and held.digest == digest_of(said):
        return held
    with as_program(session):  # the table is the whole city's
        made = _add(session, found, said, shipped=False, by_name=by.name, now=now, beside=False)
    _tell(session, "chains.imported", made.edition, by)
    return made


def take(session: Session, number: int, *, by: Actor) -> None:
    """Put an earlier or a shipped edition in force again."""
    require(by, Act.EDIT_TEMPLATE, city_of(by.area_path))
    if edition(session, number).in_force:
        return
    of = ChainEdition
    with as_program(session):
        session.execute(update(of).where(of.in_force).values(in_force=False))
        session.execute(update(of).where(of.edition == number).values(in_force=True))
    _tell(session, "chains.taken", number, by)


def in_force(session: Session) -> ChainEdition | None:
    """Give the edition that is followed."""
    return session.scalar(select(ChainEdition).where(ChainEdition.in_force))


def editions(session: Session) -> Sequence[ChainEdition]:
    """Give all editions, newest first."""
    return session.scalars(select(ChainEdition).order_by(ChainEdition.edition.desc())).all()


def edition(session: Session, number: int | None) -> ChainEdition:
    """Give one edition, without a number the one in force."""
    found = session.get(ChainEdition, number) if number else in_force(session)
    if found is None:
        raise Missing("There is no such edition. `yitong chains history` lists them.")
    return found


def digest_of(said: str) -> str:
    """Name what a file says."""
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _add(
    session: Session,
    found: table.Table,
    said: str,
    *,
    shipped: bool,
    by_name: str,
    now: datetime,
    beside: bool,
) -> ChainEdition:
    if not beside:
        session.execute(update(ChainEdition).values(in_force=False))
    number = session.scalar(select(func.coalesce(func.max(ChainEdition.edition), 0) + 1))
    made = ChainEdition(
        edition=number, name_zh=found.name.zh, name_en=found.name.en, day=found.day,
        digest=digest_of(said), said=said, shipped=shipped, in_force=not beside,
        made_at=now, made_by_name=by_name,
    )  # fmt: skip
    session.add(made)
    session.flush()  # written through the program's eyes
    return made


def _tell(session: Session, act: str, number: int, by: Actor) -> None:
    audit.record(session, act=act, subject=None, area_path=by.area_path, edition=number)
    notify.announce(session, topic="chain", kind="edition", ref=None, area_path=by.area_path)
