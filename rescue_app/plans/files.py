"""The YAML file of a plan, read strictly and written again the same way."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import Field, TypeAdapter, ValidationError, model_validator

from gis.errors import Rejected
from hazards.checklists.files import Code, Strict, Words, parse, read_yaml, yaml_of
from rescue_app.dispatch.checklist import ITEM_LENGTH, MOST_ITEMS
from rescue_app.plans import slips
from rescue_app.plans.rules import Action

LONGEST_MIN = 10_080
MOST_BYTES = 500_000
MOST_ACTIONS = 90
"""The editor sends eleven fields for each; a form of more than a thousand is not taken."""
Who = Annotated[str, Field(pattern=r"^[a-z][a-z_]*(:[a-z_]+)?$", max_length=60)]


class Item(Strict):
    """One item of an action's checklist, short enough to be read in the rain."""

    zh: Annotated[str, Field(min_length=1, max_length=ITEM_LENGTH["zh"])]
    en: Annotated[str, Field(min_length=1, max_length=ITEM_LENGTH["en"])]


class ActionEntry(Strict):
    """One action as the file writes it; `level` is the lowest at which it is done."""

    code: Code
    step: Literal["consult", "patrol", "evacuate", "rescue", "duty"]
    level: Literal["I", "II", "III", "IV"]
    who: Who
    within_min: Annotated[int, Field(ge=1, le=LONGEST_MIN)]
    text: Words
    materials: dict[Code, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)
    crew: tuple[Code, ...] = Field(default=(), max_length=8)
    checklist: tuple[Item, ...] = Field(default=(), max_length=MOST_ITEMS)

    def action(self) -> Action:
        """Give it as the rules know it."""
        facts = self.model_dump(exclude={"text"})
        return Action(**facts, zh=self.text.zh, en=self.text.en)


class PlanEntry(Strict):
    """A plan as the file writes it; `follows` says honestly what it rests on."""

    type: Code
    name: Words
    follows: Words
    actions: tuple[ActionEntry, ...] = Field(min_length=1, max_length=MOST_ACTIONS)

    @model_validator(mode="after")
    def has_no_twins(self) -> Self:
        """Refuse two actions of one code."""
        codes = [action.code for action in self.actions]
        if len(set(codes)) < len(codes):
            raise ValueError("two actions have the same code")
        return self

    def as_actions(self) -> list[Action]:
        """Give its actions as the rules know them."""
        return [action.action() for action in self.actions]


def read(path: Path) -> PlanEntry:
    """Read a file that ships."""
    return parse(path, TypeAdapter(PlanEntry), read_yaml(path))


def read_text(said: bytes, plan_type: str) -> PlanEntry:
    """Read a file that somebody brings whole, or say why not: nothing of it is left out."""
    if len(said) > MOST_BYTES:
        raise Rejected("This file is too long to be a plan.")
    raw = yaml_of(said)
    if not isinstance(raw, dict) or not isinstance(raw.get("actions"), list):
        raise Rejected("This is no plan: it needs `type`, `name`, `follows` and `actions`.")
    if raw.get("type") != plan_type:
        raise Rejected(
            "This file is a plan of another kind. Bring it in on the page of that kind, "
            "or write `type: {type}` into it.",
            type=plan_type,
        )
    return checked(raw)


def checked(raw: dict[str, Any]) -> PlanEntry:
    """Read a plan, or name the place of the first slip."""
    try:
        return PlanEntry.model_validate(raw)
    except ValidationError as trouble:
        raise slips.first_of(trouble, raw) from None


def written(entry: PlanEntry) -> str:
    """Write a plan as a file that can be brought in again."""
    return yaml.safe_dump(
        entry.model_dump(mode="json"), allow_unicode=True, sort_keys=False, width=100
    )
