"""The YAML file of rules, read strictly, and what a definition means as a rule."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import Field, TypeAdapter, model_validator

from gis.errors import Rejected
from hazards.alerts.rules import Colour
from hazards.checklists.files import Code, Strict, Words, fitted, parse, read_yaml, yaml_of
from hazards.judging.rules import VALUE_WINDOW, Kind, Rule, Step

MOST_DAYS, MOST_BYTES = 30, 500_000
DAY_HOURS = 24
Hours = Annotated[float, Field(gt=0, le=MOST_DAYS * DAY_HOURS)]


class StepEntry(Strict):
    """One step; `hours` is its span, `mark` what it lies over."""

    colour: Colour
    at: Annotated[float, Field(allow_inf_nan=False)]
    hours: Hours | None = None
    mark: Code | None = None


class Curve(Strict):
    """Intensity and duration, I = alpha D^-beta (mm/h, h), as sums over spans."""

    alpha: float = Field(gt=0)
    beta: float = Field(ge=0, lt=1)
    hours: tuple[Hours, ...] = Field(min_length=1)

    def sum_at(self, hours: float) -> float:
        """Give the millimetres of the curve in so many hours."""
        amount: float = self.alpha * hours ** (1 - self.beta)
        return amount


class SecondEntry(Strict):
    """A second opinion from another property at the same station."""

    property: Code
    kind: Kind
    steps: tuple[StepEntry, ...] = Field(min_length=1)


class RuleEntry(Strict):
    """A rule as the file writes it: steps one by one, or a curve with its shares.

    `follows` says honestly what it rests on.
    """

    code: Code
    name: Words
    follows: Words | None = None
    hazard_type: Code
    property: Code
    kind: Kind
    steps: tuple[StepEntry, ...] = ()
    curve: Curve | None = None
    shares: dict[Colour, float] = Field(default_factory=dict)
    ease: float = Field(default=0.8, gt=0, le=1)
    margin: float = Field(default=0, ge=0)
    decay: float = Field(default=1, gt=0, le=1)
    hold_min: float = Field(default=0, ge=0)
    down_after_min: float = Field(default=60, ge=0)
    agree: int = Field(default=1, ge=1, le=20)
    second: SecondEntry | None = None

    @model_validator(mode="after")
    def can_be_reached(self) -> Self:
        """Refuse a rule that nothing reaches, or whose spans its kind does not know."""
        if bool(self.steps) == bool(self.curve):
            raise ValueError("give either steps or a curve")
        if self.curve and (not self.shares or self.kind is not Kind.SUM):
            raise ValueError("a curve judges sums and needs shares")
        check(self.steps, self.kind)
        if self.second:
            check(self.second.steps, self.second.kind)
        return self

    def rule(self) -> Rule:
        """Give what is judged by."""
        second = self.second
        return Rule(
            property=self.property,
            kind=self.kind,
            steps=self._steps(),
            ease=self.ease,
            margin=self.margin,
            decay=self.decay,
            hold=timedelta(minutes=self.hold_min),
            down_after=timedelta(minutes=self.down_after_min),
            agree=self.agree,
            second=Rule(second.property, second.kind, steps_of(second.steps)) if second else None,
        )

    def _steps(self) -> tuple[Step, ...]:
        if self.curve is None:
            return steps_of(self.steps)
        return tuple(
            Step(colour, round(self.curve.sum_at(hours) * share, 1), timedelta(hours=hours))
            for colour, share in self.shares.items()
            for hours in self.curve.hours
        )


def check(steps: tuple[StepEntry, ...], kind: Kind) -> None:
    """Refuse steps with a span or a mark that their kind does not know, or without one."""
    spans, marks = [one.hours for one in steps], [one.mark for one in steps]
    if kind is Kind.OVER and not all(marks):
        raise ValueError("each step over a mark needs its mark")
    if kind is not Kind.OVER and any(marks):
        raise ValueError("only a value over a mark has a mark")
    if kind in {Kind.VALUE, Kind.OVER}:
        if any(spans):
            raise ValueError("a value has no hours")
        return
    if not all(spans):
        raise ValueError("each step of a rate or a sum needs its hours")
    days = [one for one in spans if one and one > DAY_HOURS]
    if kind is Kind.RATE and days:
        raise ValueError("a rate looks back a day at most")
    if any(one % 1 for one in days):
        raise ValueError("a span of more than a day is of whole hours")
    if kind is Kind.SUM and any(one.at <= 0 for one in steps):
        raise ValueError("the step of a sum is above zero")


def steps_of(entries: tuple[StepEntry, ...]) -> tuple[Step, ...]:
    """Give steps as they are judged by."""
    return tuple(
        Step(
            one.colour,
            one.at,
            timedelta(hours=one.hours) if one.hours else VALUE_WINDOW,
            one.mark or "",
        )
        for one in entries
    )


def read_text(said: bytes) -> tuple[RuleEntry, ...]:
    """Read a file that somebody brings, or name the place of the first slip."""
    if len(said) > MOST_BYTES:
        raise Rejected("This file is too long to be a list of rules.")
    raw = yaml_of(said)
    listed = raw if isinstance(raw, list) else [raw]
    if not all(isinstance(one, dict) and "code" in one and "kind" in one for one in listed):
        raise Rejected("This is no list of rules: each needs `code`, `name`, `kind` and steps.")
    entries = tuple(checked(one) for one in listed)
    if len({one.code for one in entries}) < len(entries):
        raise Rejected("Two rules in this file have the same code. Keep one of them.")
    return entries


def checked(raw: dict[str, Any]) -> RuleEntry:
    """Read one rule, or name the place of the first slip."""
    return fitted(RuleEntry, raw, name=str(raw.get("code", "")))


def written(entries: Iterable[RuleEntry]) -> str:
    """Write rules as a file that can be brought in again."""
    said = [one.model_dump(mode="json", exclude_defaults=True) for one in entries]
    return yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=100)


def read(path: Path) -> tuple[RuleEntry, ...]:
    """Read the file of rules."""
    return parse(path, TypeAdapter(tuple[RuleEntry, ...]), read_yaml(path))
