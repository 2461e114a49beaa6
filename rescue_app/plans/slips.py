"""What is wrong with a plan and where: the action by its number and words, its field, and why."""

from typing import Any

from pydantic import ValidationError

from gis.errors import Rejected

REASONS = {
    "missing": "{where}: this is missing. Write it.",
    "extra_forbidden": "{where}: no plan has this word. Look how it is spelled, or take it out.",
    "string_too_long": "{where}: too long. At most {max_length} characters.",
    "string_too_short": "{where}: this is empty. Write it.",
    "too_long": "{where}: too many. At most {max_length}.",
    "too_short": "{where}: at least {min_length} is needed.",
    "literal_error": "{where}: “{said}” is not known here.",
    "string_pattern_mismatch": "{where}: “{said}” is no code of small letters, digits and _.",
    "greater_than_equal": "{where}: at least {ge}.",
    "less_than_equal": "{where}: at most {le}.",
    "int_parsing": "{where}: “{said}” is no whole number.",
    "int_type": "{where}: “{said}” is no whole number.",
    "value_error": "Two actions have the code {said}. Give each its own.",
}
OTHER = "{where}: “{said}” does not fit here."
SHOWN = 60
BEFORE = ("name", "follows", "checklist")
"""Parts that the editor shows in a field for each language."""


class Slip(Rejected):
    """A fault of a plan; `action` counts from 0, `field` is the editor's."""

    def __init__(self, text: str, *, action: int | None, field: str, **values: object) -> None:
        super().__init__(text, **values)
        self.action, self.field = action, field


def first_of(trouble: ValidationError, raw: dict[str, Any]) -> Slip:
    """Say the first fault of a plan that was brought or typed."""
    first = trouble.errors()[0]
    place = list(first["loc"])
    reason = REASONS.get(first["type"], OTHER)
    said = twin(raw) if first["type"] == "value_error" else str(first["input"])[:SHOWN]
    action = place[1] if place[:1] == ["actions"] and len(place) > 1 else None
    at = action if isinstance(action, int) else None
    values = {"where": where(place, raw), "said": said} | first.get("ctx", {})
    return Slip(reason, action=at, field=field_of(place[2:] if at is not None else place),
                **{name: values[name] for name in values if f"{{{name}}}" in reason})  # fmt: skip


def where(place: list[int | str], raw: dict[str, Any]) -> str:
    """Name a place as a person would count it: `3. Patrol → checklist → 2 → zh`."""
    steps = [step + 1 if isinstance(step, int) else step for step in place]
    if place[:1] == ["actions"] and len(place) > 1 and isinstance(place[1], int):
        named = f"{steps[1]}. {words_of(raw['actions'][place[1]])}".rstrip(". ")
        steps = [named, *steps[2:]]
    return " → ".join(str(step) for step in steps)


def words_of(action: object) -> str:
    """Give what an action says, or its code."""
    told = action if isinstance(action, dict) else {"code": action}
    text = told.get("text")
    said = text.get("zh") if isinstance(text, dict) else ""
    return str(said or told.get("code", ""))[:SHOWN]


def twin(raw: dict[str, Any]) -> str:
    """Give a code that two actions have."""
    codes = [str(action["code"]) for action in raw["actions"]]
    return next(code for code in codes if codes.count(code) > 1)


def field_of(place: list[int | str]) -> str:
    """Name the editor's field: `text → zh` is `zh`, `checklist → 2 → en` is `checklist_en`."""
    names = [str(step) for step in place if not isinstance(step, int)]
    if names[:1] == ["text"]:
        return names[-1]
    return "_".join(names[:2]) if names[:1] and names[0] in BEFORE else "".join(names[:1])
