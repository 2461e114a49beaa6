"""The editor of a list: what was typed, moved and taken out, and what is wrong beside which field.

The server holds no half-made list: every act sends the whole form and gets it back changed, so
that it works by keyboard, without scripts, and on a bad line.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError

from gis.errors import PlatformError
from hazards.checklists.files import ItemEntry, TemplateEntry
from hazards.checklists.rules import PICTURED

FACTS = ("code", "name_zh", "name_en", "mode", "season", "rhythm", "role", "window_hours")
ITEM = (
    "code", "question", "kind", "zh", "en", "bad", "grade", "stop", "unit", "minimum", "maximum",
    "above_by", "above", "below_by", "below", "required",
)  # fmt: skip
CHOICE = ("value", "zh", "en", "bad")
BLANK_ITEM = dict.fromkeys(ITEM, "") | {"bad": "yes", "grade": "3", "stop": "no", "required": "no"}
WRONG = {
    "string_too_short": "This is needed. Fill it in.",
    "string_pattern_mismatch": "Small letters, digits and _ only, beginning with a letter.",
    "float_parsing": "Write a number, such as 108.38.",
    "int_parsing": "Write a whole number, digits only.",
    "greater_than_equal": "This is too small.",
    "less_than_equal": "This is too big.",
    "too_short": "A list needs at least one item.",
    "enum": "Choose one.",
    "literal_error": "Choose one.",
}
NOT_SO = "This is not right. Correct it."
OWN_WORDS = {
    "choice needs at least two choices": "A choice needs at least two answers.",
    "two items have the same code": "Two items have the same code. Change one of them.",
}


class Sent(BaseModel):
    """The form as a browser sends it: each item gives one value to every list."""

    do: str = "show"
    seen: int = 0
    code: str = ""
    name_zh: str = ""
    name_en: str = ""
    mode: str = ""
    season: str = ""
    rhythm: str = ""
    role: str = ""
    window_hours: str = ""
    applies_to: list[str] = []
    hazard_types: list[str] = []
    item_code: list[str] = []
    item_question: list[str] = []
    item_kind: list[str] = []
    item_zh: list[str] = []
    item_en: list[str] = []
    item_bad: list[str] = []
    item_grade: list[str] = []
    item_stop: list[str] = []
    item_unit: list[str] = []
    item_minimum: list[str] = []
    item_maximum: list[str] = []
    item_above_by: list[str] = []
    item_above: list[str] = []
    item_below_by: list[str] = []
    item_below: list[str] = []
    item_required: list[str] = []
    choice_item: list[int] = []
    choice_value: list[str] = []
    choice_zh: list[str] = []
    choice_en: list[str] = []
    choice_bad: list[str] = []


@dataclass(slots=True)
class Draft:
    """What stands in the editor. `problem` is what no single field can be blamed for."""

    seen: int
    facts: dict[str, Any]
    items: list[dict[str, Any]]
    errors: dict[str, str] = field(default_factory=dict)
    problem: PlatformError | None = None

    @classmethod
    def sent(cls, sent: Sent) -> "Draft":
        """Take what a browser sent."""
        facts: dict[str, Any] = {name: getattr(sent, name).strip() for name in FACTS}
        facts |= {"applies_to": sent.applies_to, "hazard_types": sent.hazard_types}
        columns = [getattr(sent, f"item_{name}") for name in ITEM]
        rows = zip(*columns, strict=True)
        items = [dict(zip(ITEM, row, strict=True)) | {"choices": []} for row in rows]
        chosen = zip(*(getattr(sent, f"choice_{name}") for name in CHOICE), strict=True)
        for number, values in zip(sent.choice_item, chosen, strict=True):
            items[number]["choices"].append(dict(zip(CHOICE, values, strict=True)))
        return cls(sent.seen, facts, items)

    @classmethod
    def of(cls, entry: TemplateEntry | None, seen: int) -> "Draft":
        """Open the editor on a version, or on an empty list."""
        if entry is None:
            first: dict[str, Any] = dict.fromkeys(FACTS, "")
            first |= {"applies_to": [], "hazard_types": []}
            first |= {"mode": "peace", "season": "all", "rhythm": "monthly", "role": "patrol"}
            return cls(0, first | {"window_hours": "72"}, [])
        facts: dict[str, Any] = {name: str(getattr(entry, name, "")) for name in FACTS}
        facts |= {"name_zh": entry.name.zh, "name_en": entry.name.en}
        facts |= {name: list(getattr(entry, name)) for name in ("applies_to", "hazard_types")}
        return cls(seen, facts, [typed_item(item) for item in entry.items])

    @classmethod
    def brought(cls, raw: Mapping[str, Any], seen: int) -> "Draft":
        """Open the editor on what a form of another program says."""
        draft = cls.of(None, seen)
        draft.seen = seen
        draft.facts |= {name: raw[name] for name in draft.facts if name in raw}
        draft.facts |= {"name_zh": raw["name"]["zh"], "name_en": raw["name"]["en"]}
        for item in raw["items"]:
            draft.items.append(typed_item(ItemEntry.model_validate(item)))
        return draft

    def step(self, act: str) -> None:
        """Add, move or take out an item, or give a choice one more answer."""
        verb, _, where = act.partition(":")
        at = int(where) if where.isdigit() and int(where) < len(self.items) else None
        if verb == "add":
            self.items.append(dict(BLANK_ITEM) | {"kind": where or "yes_no", "choices": []})
        elif at is None:
            return
        elif verb == "remove":
            del self.items[at]
        elif verb == "choice":
            self.items[at]["choices"].append(dict.fromkeys(CHOICE, ""))
        elif verb in {"up", "down"}:
            to = max(0, at + (1 if verb == "down" else -1))
            self.items.insert(to, self.items.pop(at))

    def read(self) -> TemplateEntry | None:
        """Give the list, or note beside each field what is wrong with it."""
        self.name_items()
        raw = dict(self.facts)
        raw["name"] = {"zh": raw.pop("name_zh"), "en": raw.pop("name_en")}
        raw["items"] = [raw_item(item) for item in self.items]
        try:
            return TemplateEntry.model_validate(raw)
        except ValidationError as trouble:
            for error in trouble.errors():
                place = place_of(error["loc"])
                said = str(error.get("ctx", {}).get("error", ""))
                self.errors[place] = OWN_WORDS.get(said) or WRONG.get(error["type"], NOT_SO)
            return None

    def name_items(self) -> None:
        """Give new items and answers a code of their own: people need not think of one."""
        taken = {item["code"] for item in self.items}
        for number, item in enumerate(self.items, start=1):
            if not item["code"].strip():
                item["code"] = free_name(f"item_{number}", taken)
                taken.add(item["code"])
            values = {choice["value"] for choice in item["choices"]}
            for place, choice in enumerate(item["choices"], start=1):
                if not choice["value"].strip() and (choice["zh"].strip() or choice["en"].strip()):
                    choice["value"] = free_name(f"answer_{place}", values)
                    values.add(choice["value"])


def free_name(wanted: str, taken: set[str]) -> str:
    """Give a name that nothing else has."""
    return wanted if wanted not in taken else free_name(f"{wanted}_b", taken)


def place_of(loc: tuple[int | str, ...]) -> str:
    """Name the field of the form that an error speaks of."""
    parts = [str(part) for part in loc]
    if parts[:1] == ["name"]:
        return "_".join(parts)
    if parts[:1] != ["items"] or len(parts) < 2:
        return parts[0] if parts else "items"
    rest = [part for part in parts[2:] if part not in {"text", "float", "str"}]
    return f"{parts[1]}.{rest[0] if rest else 'item'}"


def raw_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """Give an item as a file would write it; what its kind has no use for is left out."""
    raw: dict[str, Any] = {
        "code": item["code"].strip(),
        "question": item["question"].strip() or None,
        "kind": item["kind"],
        "text": {"zh": item["zh"].strip(), "en": item["en"].strip()},
        "grade": item["grade"],
        "stop": item["stop"] == "yes",
    }
    if item["kind"] in PICTURED:
        raw["required"] = item["required"] == "yes"
    if item["kind"] == "yes_no":
        raw["bad"] = item["bad"] == "yes"
    if item["kind"] == "choice":
        raw["choices"] = [
            dict(choice) | {"bad": choice["bad"] == "yes"}
            for choice in item["choices"]
            if choice["zh"].strip() or choice["en"].strip()
        ]
    if item["kind"] == "number":
        limits = {name: limit_of(item, name) for name in ("above", "below")}
        span = {name: item[name].strip() or None for name in ("minimum", "maximum")}
        raw |= {"unit": item["unit"].strip()} | span | limits
    return raw


def limit_of(item: Mapping[str, Any], side: str) -> object:
    """Give a limit: none, the code of a threshold, or the figure that was typed."""
    by = item[f"{side}_by"]
    if by != "figure":
        return by or None
    try:
        return float(item[side])
    except ValueError:
        return [item[side]]  # neither a figure nor a code: refused beside the field


def typed_item(item: ItemEntry) -> dict[str, Any]:
    """Give what a person would have typed to make an item say this."""
    typed: dict[str, Any] = dict(BLANK_ITEM) | {
        "code": item.code, "question": item.question or "", "kind": item.kind,
        "zh": item.text.zh, "en": item.text.en, "grade": str(item.grade), "unit": item.unit,
        "bad": "no" if item.bad is False else "yes", "stop": "yes" if item.stop else "no",
        "minimum": shown(item.minimum), "maximum": shown(item.maximum),
        "required": "yes" if item.required else "no",
    }  # fmt: skip
    for side, limit in (("above", item.above), ("below", item.below)):
        named = isinstance(limit, str)
        typed[f"{side}_by"] = limit if named else "" if limit is None else "figure"
        typed[side] = "" if named else shown(limit)
    typed["choices"] = [
        {"value": one.value, "zh": one.zh, "en": one.en, "bad": "yes" if one.bad else "no"}
        for one in item.choices
    ]
    return typed


def shown(value: float | str | None) -> str:
    """Show a figure as a person would type it."""
    return f"{value:.10g}" if isinstance(value, float) else ""
