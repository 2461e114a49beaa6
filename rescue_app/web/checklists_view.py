"""What the pages of lists show: the facts beside the lists themselves."""

from itertools import pairwise
from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, city_of, may
from hazards.checklists import editions, figures
from hazards.checklists.files import TemplateEntry
from hazards.checklists.models import ChecklistItem
from hazards.checklists.repository import Checklist, as_item
from hazards.checklists.rows import item_row
from hazards.checklists.rules import Mode
from qr_codes.assets import repository as assets
from rescue_app.web.checklists_form import Draft
from rescue_app.web.points_view import type_names
from rescue_app.web.render import language

Facts = dict[str, Any]


def edits(actor: Actor) -> bool:
    """Tell whether this person publishes lists."""
    return may(actor, Act.EDIT_TEMPLATE, city_of(actor.area_path))


def tries(actor: Actor) -> bool:
    """Tell whether this person writes lists, be it for the city to publish."""
    return may(actor, Act.EDIT_TEMPLATE, actor.area_path)


def catalogue(request: Request, db: Session, actor: Actor, wanted: editions.Wanted) -> Facts:
    """Give the list of lists with its filters."""
    return {
        "rows": editions.listed(db, wanted),
        "wanted": wanted,
        "may_edit": edits(actor),
        "may_try": tries(actor),
    } | words(request, db)


def words(request: Request, db: Session) -> Facts:
    """Give the names of hazards and of kinds of assets in the reader's language."""
    chinese = language(request) == "zh"
    kinds = {one.code: one.name_zh if chinese else one.name_en for one in assets.types(db)}
    return {"types": type_names(request, db), "assets": kinds}


def detail(request: Request, db: Session, actor: Actor, code: str, version: int | None) -> Facts:
    """Give one version of a list as the phone shows it, beside its life."""
    found = editions.versions(db, code)
    held = next((one for one in found if not one.retired), None)
    shown = next((one for one in found if one.version == version), held or found[0])
    entries = editions.entries(db, found)
    changes = {
        newer.version: list(editions.differences(entries[older.version], entries[newer.version]))
        for newer, older in pairwise(found)
    }
    return {
        "list": shown,
        "held": held,
        "versions": found,
        "changes": changes,
        "preview": previewed(db, entries[shown.version], actor.area_path),
        "may_edit": edits(actor),
    } | words(request, db)


def previewed(db: Session, entry: TemplateEntry, area_path: str) -> Checklist:
    """Give a list as it would be answered in an area."""
    known = {one.threshold.code: one.value for one in figures.listed(db, area_path)}
    items = []
    for place, said in enumerate(entry.items, start=1):
        row = ChecklistItem(template_code=entry.code, version=0, **item_row(place, said))
        above = known.get(row.above_threshold or "", row.bad_above)
        below = known.get(row.below_threshold or "", row.bad_below)
        items.append(as_item(row, above, below))
    names = entry.name.zh, entry.name.en
    return Checklist(
        entry.code, 0, *names, entry.mode, in_force=False, shipped=False, items=tuple(items)
    )


def editor(request: Request, db: Session, actor: Actor, draft: Draft, *, is_new: bool) -> Facts:
    """Give the editor with its preview; while something is wrong the preview waits."""
    entry = Draft(draft.seen, dict(draft.facts), [dict(item) for item in draft.items]).read()
    return {
        "draft": draft,
        "is_new": is_new,
        "preview": previewed(db, entry, actor.area_path) if entry else None,
        "figures": figures.listed(db, actor.area_path),
        "modes": list(Mode),
    } | words(request, db)
