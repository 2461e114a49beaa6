"""SQL for checklists: a template with its items, thresholds of today filled in."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from gis.errors import Missing, Rejected
from hazards.checklists.figures import own_value
from hazards.checklists.models import ChecklistItem, ChecklistTemplate, Threshold
from hazards.checklists.rules import Choice, Item, Kind, Mode

# Columns, not rows of the mapping: every visit of every patrol reads a list, and nobody changes it.
OF_LIST = ("code", "version", "name_zh", "name_en", "mode", "shipped", "retired")
OF_ITEM = (
    "code", "kind", "text_zh", "text_en", "question", "grade", "stop", "bad_answer", "choices",
    "unit", "minimum", "maximum", "required",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checklist:
    """A version of a template, ready to be answered."""

    code: str
    version: int
    name_zh: str
    name_en: str
    mode: Mode
    in_force: bool
    """Whether this is the version that is asked today."""
    shipped: bool
    """Whether it came with the platform, and nobody here has published it."""
    items: tuple[Item, ...]

    def item(self, code: str) -> Item:
        """Give one item."""
        return next(item for item in self.items if item.code == code)


def for_subject(
    session: Session, subject: str, *, area_path: str, mode: Mode = Mode.PEACE
) -> Checklist:
    """Give the list in force for a kind of place such as `asset:bridge`, in one query.

    It is the mode's own, or that of peace where the mode has none. The figures are the area's.
    """
    table = ChecklistTemplate
    modes = table.mode.in_({mode, Mode.PEACE})
    wanted = table.applies_to.contains([subject]), modes, table.retired.is_(False)
    found = {one.mode: one for one in reversed(_checklists(session, and_(*wanted), area_path))}
    if not found:
        raise Missing("There is no checklist for {subject} yet. Load one.", subject=subject)
    return found.get(mode) or found[Mode.PEACE]


def by_mode(session: Session, subject: str, *, area_path: str) -> dict[Mode, Checklist]:
    """Give the lists in force for a kind of place, of every mode that has one of its own."""
    table = ChecklistTemplate
    wanted = table.applies_to.contains([subject]), table.retired.is_(False)
    found = {one.mode: one for one in reversed(_checklists(session, and_(*wanted), area_path))}
    return {mode: found[mode] for mode in Mode if mode in found}


def shown_for(
    session: Session, subject: str, shown: tuple[str, int], *, area_path: str
) -> Checklist:
    """Give the list that was shown for a kind of place, also when a newer one is in force."""
    table = ChecklistTemplate
    wanted = table.applies_to.contains([subject]), tuple_(table.code, table.version) == shown
    found = _checklists(session, and_(*wanted), area_path)
    if not found:
        raise Rejected("This list is not asked here. Load the page again and answer what it asks.")
    return found[0]


def of_version(session: Session, code: str, version: int, *, area_path: str) -> Checklist:
    """Give the list as it stood in one version, in force or not."""
    found = of_versions(session, [(code, version)], area_path=area_path)
    if not found:
        raise Missing("There is no such version of this checklist. Open the list of versions.")
    return found[code, version]


def of_versions(
    session: Session, keys: Collection[tuple[str, int]], *, area_path: str
) -> dict[tuple[str, int], Checklist]:
    """Give many versions at once, by code and version."""
    key = tuple_(ChecklistTemplate.code, ChecklistTemplate.version)
    found = _checklists(session, key.in_(keys), area_path)
    return {(one.code, one.version): one for one in found}


def _checklists(session: Session, wanted: ColumnElement[bool], area_path: str) -> list[Checklist]:
    over, under = aliased(Threshold), aliased(Threshold)
    table, item = ChecklistTemplate, ChecklistItem
    above = own_value(item.above_threshold, area_path), over.default_value, item.bad_above
    below = own_value(item.below_threshold, area_path), under.default_value, item.bad_below
    query = (
        select(
            *(getattr(table, name).label(f"list_{name}") for name in OF_LIST),
            *(getattr(item, name) for name in OF_ITEM),
            func.coalesce(*above).label("above"),
            func.coalesce(*below).label("below"),
        )
        .select_from(table)
        .join(item, and_(item.template_code == table.code, item.version == table.version))
        .outerjoin(over, over.code == item.above_threshold)
        .outerjoin(under, under.code == item.below_threshold)
        .where(wanted)
        .order_by(table.code, table.version, item.position)
    )
    found: Sequence[Any] = session.execute(query).all()
    return [
        Checklist(code, version, rows[0].list_name_zh, rows[0].list_name_en,
                  Mode(rows[0].list_mode), not rows[0].list_retired, rows[0].list_shipped,
                  tuple(as_item(row, row.above, row.below) for row in rows))
        for (code, version), grouped in groupby(
            found, key=lambda row: (row.list_code, row.list_version)
        )
        if (rows := list(grouped))
    ]  # fmt: skip


def as_item(row: Any, above: float | None, below: float | None) -> Item:
    """Turn a row into the value that the rules judge by."""
    return Item(
        code=row.code,
        kind=Kind(row.kind),
        text_zh=row.text_zh,
        text_en=row.text_en,
        question=row.question,
        grade=row.grade,
        stop=row.stop,
        bad_answer=row.bad_answer,
        choices=tuple(Choice(**choice) for choice in row.choices),
        unit=row.unit,
        minimum=row.minimum,
        maximum=row.maximum,
        bad_above=above,
        bad_below=below,
        required=row.required,
    )
