"""Bring the files of checklists into the tables, as often as one likes, losing nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.errors import Rejected
from gis.store.base import Base
from hazards.checklists import files
from hazards.checklists.files import ItemEntry, TemplateEntry, ThresholdEntry
from hazards.checklists.models import ChecklistItem, ChecklistTemplate, Threshold


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the files hold now."""

    thresholds: int
    templates: int
    items: int


def load(session: Session, folder: Path) -> Loaded:
    """Load thresholds, templates and items; what left the files is retired, never deleted."""
    figures = files.thresholds(folder)
    templates = list(files.templates(folder))
    known = {figure.code for figure in figures}
    items = [
        item_row(template, position, item, known)
        for template in templates
        for position, item in enumerate(template.items, start=1)
    ]
    upsert(session, Threshold, [threshold_row(figure) for figure in figures])
    session.execute(update(ChecklistTemplate).values(retired=True))
    session.execute(update(ChecklistItem).values(retired=True))
    upsert(session, ChecklistTemplate, [template_row(template) for template in templates])
    upsert(session, ChecklistItem, items)
    return Loaded(len(figures), len(templates), len(items))


def upsert(session: Session, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows of reference data, or bring them to what the file says."""
    if not rows:
        return
    keys = [column.name for column in table.__table__.primary_key]
    statement = insert(table).values(list(rows))
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    session.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed))


def threshold_row(figure: ThresholdEntry) -> dict[str, Any]:
    """Give a figure's row; `own_value` is left out, so that a city's own setting stays."""
    return {
        "code": figure.code,
        "name_zh": figure.name.zh,
        "name_en": figure.name.en,
        "note_zh": figure.note.zh,
        "note_en": figure.note.en,
        "unit": figure.unit,
        "stop": figure.stop,
        "default_value": figure.default,
    }


def template_row(template: TemplateEntry) -> dict[str, Any]:
    """Give a template's row."""
    return {
        "code": template.code,
        "name_zh": template.name.zh,
        "name_en": template.name.en,
        "applies_to": list(template.applies_to),
        "retired": False,
    }


def item_row(
    template: TemplateEntry, position: int, item: ItemEntry, known: set[str]
) -> dict[str, Any]:
    """Give an item's row; a threshold nobody defined is a slip in the file."""
    named = {name for name in (item.above, item.below) if isinstance(name, str)}
    if not named <= known:
        raise Rejected(
            "{template}, {item}: there is no threshold {threshold} in thresholds.yaml.",
            template=template.code, item=item.code, threshold=", ".join(sorted(named - known)),
        )  # fmt: skip
    return {
        "template_code": template.code,
        "code": item.code,
        "position": position,
        "kind": item.kind,
        "text_zh": item.text.zh,
        "text_en": item.text.en,
        "grade": item.grade,
        "stop": item.stop,
        "bad_answer": item.bad,
        "choices": [choice.model_dump() for choice in item.choices],
        "unit": item.unit,
        "minimum": item.minimum,
        "maximum": item.maximum,
        "bad_above": figure_of(item.above),
        "bad_below": figure_of(item.below),
        "above_threshold": name_of(item.above),
        "below_threshold": name_of(item.below),
        "retired": False,
    }


def figure_of(limit: float | str | None) -> float | None:
    """Give a limit that the file states as a figure."""
    return None if isinstance(limit, str) else limit


def name_of(limit: float | str | None) -> str | None:
    """Give a limit that the file states as the code of a threshold."""
    return limit if isinstance(limit, str) else None
