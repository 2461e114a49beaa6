"""SQL for checklists: a template with its items, thresholds of today filled in."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from gis.errors import Missing
from hazards.checklists.models import ChecklistItem, ChecklistTemplate, Threshold
from hazards.checklists.rules import Choice, Item, Kind


@dataclass(frozen=True, slots=True)
class Checklist:
    """A template ready to be answered."""

    code: str
    name_zh: str
    name_en: str
    items: tuple[Item, ...]

    def item(self, code: str) -> Item:
        """Give one item."""
        return next(item for item in self.items if item.code == code)


def for_subject(session: Session, subject: str) -> Checklist:
    """Give the checklist of a kind of place such as `asset:bridge`, in one query."""
    over, under = aliased(Threshold), aliased(Threshold)
    query = (
        select(
            ChecklistTemplate,
            ChecklistItem,
            func.coalesce(over.own_value, over.default_value, ChecklistItem.bad_above),
            func.coalesce(under.own_value, under.default_value, ChecklistItem.bad_below),
        )
        .join(ChecklistItem, ChecklistItem.template_code == ChecklistTemplate.code)
        .outerjoin(over, over.code == ChecklistItem.above_threshold)
        .outerjoin(under, under.code == ChecklistItem.below_threshold)
        .where(ChecklistTemplate.applies_to.contains([subject]))
        .where(ChecklistTemplate.retired.is_(False), ChecklistItem.retired.is_(False))
        .order_by(ChecklistTemplate.code, ChecklistItem.position)
    )
    rows = session.execute(query).all()
    if not rows:
        raise Missing("There is no checklist for {subject} yet. Load one.", subject=subject)
    template: ChecklistTemplate = rows[0][0]
    items = tuple(
        as_item(item, above, below)
        for found, item, above, below in rows
        if found.code == template.code
    )
    return Checklist(template.code, template.name_zh, template.name_en, items)


def as_item(row: ChecklistItem, above: float | None, below: float | None) -> Item:
    """Turn a row into the value that the rules judge by."""
    return Item(
        code=row.code,
        kind=Kind(row.kind),
        text_zh=row.text_zh,
        text_en=row.text_en,
        grade=row.grade,
        stop=row.stop,
        bad_answer=row.bad_answer,
        choices=tuple(Choice(**choice) for choice in row.choices),
        unit=row.unit,
        minimum=row.minimum,
        maximum=row.maximum,
        bad_above=above,
        bad_below=below,
    )
