"""From what a file, a form or a page says to the rows of a version."""

import hashlib
from typing import Any

from gis.errors import Rejected
from hazards.checklists.files import ItemEntry, TemplateEntry, ThresholdEntry


def digest_of(template: TemplateEntry) -> str:
    """Name what a template says; the same name means the same content."""
    # What was not asked before is left out of the name: old lists keep theirs.
    said = template.model_dump_json().replace(',"required":false', "")
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def threshold_row(figure: ThresholdEntry) -> dict[str, Any]:
    """Give a figure's row."""
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


def template_row(template: TemplateEntry, **more: Any) -> dict[str, Any]:
    """Give a template's row."""
    return {
        "code": template.code,
        "name_zh": template.name.zh,
        "name_en": template.name.en,
        "applies_to": list(template.applies_to),
        "hazard_types": list(template.hazard_types),
        "mode": template.mode,
        "season": template.season,
        "rhythm": template.rhythm,
        "role": template.role,
        "window_hours": template.window_hours,
        "digest": digest_of(template),
    } | more


def item_rows(template: TemplateEntry, version: int, known: set[str]) -> list[dict[str, Any]]:
    """Give the rows of a version's items; a threshold nobody defined is a slip."""
    for item in template.items:
        named = {name for name in (item.above, item.below) if isinstance(name, str)}
        if not named <= known:
            raise Rejected(
                "{template}, {item}: there is no threshold {threshold} in thresholds.yaml.",
                template=template.code, item=item.code, threshold=", ".join(sorted(named - known)),
            )  # fmt: skip
    own = {"template_code": template.code, "version": version}
    return [own | item_row(place, item) for place, item in enumerate(template.items, start=1)]


def item_row(position: int, item: ItemEntry) -> dict[str, Any]:
    """Give what an item's row says of the item alone."""
    return {
        "code": item.code,
        "position": position,
        "question": item.question or item.code,
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
        "required": item.required,
    }


def figure_of(limit: float | str | None) -> float | None:
    """Give a limit that is stated as a figure."""
    return None if isinstance(limit, str) else limit


def name_of(limit: float | str | None) -> str | None:
    """Give a limit that is stated as the code of a threshold."""
    return limit if isinstance(limit, str) else None
