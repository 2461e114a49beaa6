"""The YAML file of a plan, read strictly and written again the same way."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import Field, TypeAdapter, model_validator

from gis.errors import Rejected
from hazards.checklists.files import Code, Strict, Words, fitted, parse, read_yaml, yaml_of
from rescue_app.plans.rules import Action

LONGEST_MIN = 10_080
MOST_BYTES = 500_000
Who = Annotated[str, Field(pattern=r"^[a-z][a-z_]*(:[a-z_]+)?$", max_length=60)]


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

    def action(self) -> Action:
        """Give it as the rules know it."""
        facts = self.model_dump(exclude={"text"})
        return Action(**facts, zh=self.text.zh, en=self.text.en)


class PlanEntry(Strict):
    """A plan as the file writes it; `follows` says honestly what it rests on."""

    type: Code
    name: Words
    follows: Words
    actions: tuple[ActionEntry, ...] = Field(min_length=1, max_length=200)

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


def read_text(said: bytes) -> dict[str, Any]:
    """Read a file that somebody brings, as far as it is YAML with a plan's outline."""
    if len(said) > MOST_BYTES:
        raise Rejected("This file is too long to be a plan.")
    raw = yaml_of(said)
    if not isinstance(raw, dict) or not isinstance(raw.get("actions"), list):
        raise Rejected("This is no plan: it needs `type`, `name`, `follows` and `actions`.")
    return raw


def checked(raw: dict[str, Any]) -> PlanEntry:
    """Read a plan, or name the place of the first slip."""
    return fitted(PlanEntry, raw, name=str(raw.get("type", "")))


def written(entry: PlanEntry) -> str:
    """Write a plan as a file that can be brought in again."""
    return yaml.safe_dump(
        entry.model_dump(mode="json"), allow_unicode=True, sort_keys=False, width=100
    )
