"""The table of observed properties: loaded from its file as often as one likes."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import Field, TypeAdapter
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hazards.checklists.files import Code, Strict, Words, parse, read_yaml
from hazards.monitoring.models import ObservedProperty


class MarkEntry(Strict):
    """A value that means something at a station, such as a river's warning level."""

    code: Code
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    ranked: bool = True


class Entry(Strict):
    """A property as the file writes it."""

    code: Code
    name: Words
    icon: str = "radio-tower"
    unit: str = Field(min_length=1)
    units: dict[str, float] = Field(min_length=1)
    adds: bool = False
    least: float
    most: float
    jump: float | None = Field(default=None, gt=0)
    stuck_h: float | None = Field(default=None, gt=0)
    marks: tuple[MarkEntry, ...] = ()


def load(session: Session, path: Path) -> None:
    """Bring the table to what the file says; a property that is missing there stays as it is."""
    entries = parse(path, TypeAdapter(tuple[Entry, ...]), read_yaml(path))
    rows = [
        one.model_dump(exclude={"name"})
        | {"name_zh": one.name.zh, "name_en": one.name.en, "position": position}
        for position, one in enumerate(entries)
    ]
    fresh = insert(ObservedProperty).values(rows)
    columns = {c.name: c for c in fresh.excluded if c.name != "code"}
    session.execute(fresh.on_conflict_do_update(index_elements=["code"], set_=columns))


def listed(session: Session) -> Sequence[ObservedProperty]:
    """Give all properties in their order."""
    return session.scalars(select(ObservedProperty).order_by(ObservedProperty.position)).all()


def words(session: Session) -> dict[str, str]:
    """Give every word that names a property in files, and its code."""
    known: dict[str, str] = {}
    for one in listed(session):
        known |= dict.fromkeys((one.code, one.name_zh, one.name_en), one.code)
    return known
