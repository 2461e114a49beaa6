"""Verbs of the chain table: ship it, replace it by a city's own."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, city_of, require
from hazards.calls.program import as_program
from hazards.editions import Editions, File
from rescue_app.chains import table
from rescue_app.chains.models import ChainEdition

EDITIONS = Editions(ChainEdition, acts="chains", topic="chain", kind="edition")


def load(session: Session, path: Path, *, now: datetime) -> None:
    """Bring the shipped file in, as often as one likes."""
    EDITIONS.of_program(session, file_of(path.read_text(encoding="utf-8")), now=now)


def bring_in(session: Session, said: str, *, by: Actor, now: datetime) -> ChainEdition:
    """Put a city's own table in force; the same one again changes nothing."""
    require(by, Act.EDIT_TEMPLATE, city_of(by.area_path))
    file, held = file_of(said), EDITIONS.in_force(session)
    if held is not None and held.digest == file.digest:
        return held
    with as_program(session):  # the table is the whole city's
        made = EDITIONS.of_city(session, file, by=by, now=now)
    EDITIONS.tell(session, "imported", made.edition, by=by)
    return made


def since(session: Session, edition: int) -> int | None:
    """Give the edition in force, if it is another one than this."""
    held = EDITIONS.in_force(session)
    return held.edition if held is not None and held.edition != edition else None


def file_of(said: str) -> File:
    """Read a file; a slip in it is refused."""
    found = table.read(said)
    return File(said, found.name, found.day)
