"""What lies beside an area: looked at through the eyes of the area above, and named."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.areas.models import Area
from gis.areas.repository import valid
from gis.authority import Role
from gis.store.scope import Scope, enter
from hazards.calls.program import as_program
from rescue_app.evacuation.rules import above


@dataclass(frozen=True, slots=True)
class Named:
    """What a crew, an area or a shelter is called; a shelter has no English name."""

    name: str
    name_en: str


@contextmanager
def around(session: Session, area_path: str) -> Iterator[None]:
    """Look through the eyes of the area above: a street's neighbours, and nothing beyond."""
    with as_program(session):
        enter(session, Scope(above(area_path), Role.DISTRICT_COMMANDER))
        yield


def area_names(session: Session, paths: Collection[str]) -> dict[str, Named]:
    """Give what the areas of these paths are called today."""
    query = select(Area.path, Area.name, Area.name_en).where(Area.path.in_(paths), valid())
    return {path: Named(name, english) for path, name, english in session.execute(query)}
