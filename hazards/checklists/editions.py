"""Templates as they stand and stood: the list of lists, one list's versions, what differs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from gis.errors import Missing
from hazards.checklists.files import ChoiceEntry, ItemEntry, TemplateEntry, Words
from hazards.checklists.models import ChecklistItem, ChecklistTemplate

FACTS = (
    "name",
    "applies_to",
    "hazard_types",
    "mode",
    "season",
    "rhythm",
    "role",
    "window_hours",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the list of lists; empty means all."""

    subject: str = ""
    hazard_type: str = ""
    mode: str = ""
    q: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: an item (or None for the list itself), the field, before and after.

    The field `item` tells of one that is new (nothing before) or gone (nothing after).
    """

    item: Words | None
    field: str
    was: object
    became: object


def in_force(session: Session, code: str) -> ChecklistTemplate | None:
    """Give the version of a list that is asked today."""
    query = select(ChecklistTemplate).where(ChecklistTemplate.code == code)
    return session.scalar(query.where(ChecklistTemplate.retired.is_(False)))


def listed(session: Session, wanted: Wanted) -> Sequence[tuple[ChecklistTemplate, int]]:
    """Give the lists in force with the number of their items."""
    items = (
        select(func.count())
        .where(
            ChecklistItem.template_code == ChecklistTemplate.code,
            ChecklistItem.version == ChecklistTemplate.version,
        )
        .scalar_subquery()
    )
    query = select(ChecklistTemplate, items).where(ChecklistTemplate.retired.is_(False))
    ordered = narrowed(query, wanted).order_by(ChecklistTemplate.mode, ChecklistTemplate.code)
    return [(template, count) for template, count in session.execute(ordered)]


def narrowed(
    query: Select[ChecklistTemplate, int], wanted: Wanted
) -> Select[ChecklistTemplate, int]:
    """Keep what is asked for; a list for all hazards is one for each."""
    table = ChecklistTemplate
    if wanted.subject == "asset":
        query = query.where(func.array_to_string(table.applies_to, " ").contains("asset:"))
    elif wanted.subject:
        query = query.where(table.applies_to.contains([f"point:{wanted.subject}"]))
    if wanted.hazard_type:
        every = func.cardinality(table.hazard_types) == 0
        query = query.where(or_(every, table.hazard_types.contains([wanted.hazard_type])))
    if wanted.mode:
        query = query.where(table.mode == wanted.mode)
    if wanted.q:
        zh = table.name_zh.icontains(wanted.q, autoescape=True)
        query = query.where(or_(zh, table.name_en.icontains(wanted.q, autoescape=True)))
    return query


def versions(session: Session, code: str) -> Sequence[ChecklistTemplate]:
    """Give all versions of a list, newest first; raise Missing when there is none."""
    query = select(ChecklistTemplate).where(ChecklistTemplate.code == code)
    found = session.scalars(query.order_by(ChecklistTemplate.version.desc())).all()
    if not found:
        raise Missing("There is no such list. It may have another name by now.")
    return found


def entries(session: Session, found: Sequence[ChecklistTemplate]) -> dict[int, TemplateEntry]:
    """Give versions of one list as a file would write them, by number."""
    query = (
        select(ChecklistItem)
        .where(ChecklistItem.template_code == found[0].code)
        .where(ChecklistItem.version.in_([one.version for one in found]))
        .order_by(ChecklistItem.position)
    )
    items: dict[int, list[ChecklistItem]] = {one.version: [] for one in found}
    for item in session.scalars(query):
        items[item.version].append(item)
    return {one.version: as_entry(one, items[one.version]) for one in found}


def as_entry(row: ChecklistTemplate, items: Sequence[ChecklistItem]) -> TemplateEntry:
    """Give a version as a file would write it."""
    return TemplateEntry.model_validate(
        {name: getattr(row, name) for name in ("code", *FACTS) if name != "name"}
        | {"name": {"zh": row.name_zh, "en": row.name_en}, "items": [*map(item_entry, items)]}
    )


def item_entry(row: ChecklistItem) -> ItemEntry:
    """Give an item as a file would write it."""
    return ItemEntry.model_validate(
        {
            "code": row.code,
            "question": None if row.question == row.code else row.question,
            "kind": row.kind,
            "text": {"zh": row.text_zh, "en": row.text_en},
            "bad": row.bad_answer,
            "grade": row.grade,
            "stop": row.stop,
            "choices": [ChoiceEntry.model_validate(choice) for choice in row.choices],
            "unit": row.unit,
            "minimum": row.minimum,
            "maximum": row.maximum,
            "above": row.above_threshold if row.bad_above is None else row.bad_above,
            "below": row.below_threshold if row.bad_below is None else row.bad_below,
            "required": row.required,
        }
    )


def differences(before: TemplateEntry, after: TemplateEntry) -> Iterator[Change]:
    """Tell what differs between two versions, the list's own facts first."""
    for name in FACTS:
        was, became = getattr(before, name), getattr(after, name)
        if was != became:
            yield Change(None, name, was, became)
    old = {item.code: item for item in before.items}
    new = {item.code: item for item in after.items}
    for code, item in new.items():
        if code not in old:
            yield Change(item.text, "item", None, item.text)
        else:
            yield from item_changes(old[code], item)
    yield from (
        Change(one.text, "item", one.text, None) for code, one in old.items() if code not in new
    )
    kept = [code for code in old if code in new], [code for code in new if code in old]
    if kept[0] != kept[1]:
        yield Change(None, "order", None, [new[code].text for code in kept[1]])


def item_changes(old: ItemEntry, new: ItemEntry) -> Iterator[Change]:
    """Tell what differs between an item before and after."""
    for name in ItemEntry.model_fields:
        was, became = getattr(old, name), getattr(new, name)
        if was != became:
            yield Change(new.text, name, was, became)
