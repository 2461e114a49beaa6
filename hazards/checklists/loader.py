"""Bring the files of checklists into the tables, as often as one likes, losing nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.store.base import Base
from hazards.checklists import files, publishing, rows
from hazards.checklists.models import Threshold


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the files hold now."""

    thresholds: int
    templates: int
    items: int


def load(session: Session, folder: Path) -> Loaded:
    """Load thresholds and templates; a template that changed in the files gets a new version."""
    figures = files.thresholds(folder)
    templates = list(files.templates(folder))
    upsert(session, Threshold, [rows.threshold_row(figure) for figure in figures])
    publishing.ship(session, templates)
    return Loaded(len(figures), len(templates), sum(len(one.items) for one in templates))


def upsert(session: Session, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows of reference data, or bring them to what the file says."""
    if not rows:
        return
    keys = [column.name for column in table.__table__.primary_key]
    statement = insert(table).values(list(rows))
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    session.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed))
