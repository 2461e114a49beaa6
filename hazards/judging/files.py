"""The YAML file of rules, read strictly, and what a definition means as a rule."""

from datetime import timedelta
from pathlib import Path
from typing import Self

from pydantic import Field, TypeAdapter, model_validator

from hazards.alerts.rules import Colour
from hazards.checklists.files import Code, Strict, Words, parse, read_yaml
from hazards.judging.rules import VALUE_WINDOW, Kind, Rule, Step

MOST_HOURS = 24


class StepEntry(Strict):
    """One step; `hours` is its span."""

    colour: Colour
    at: float
    hours: float | None = Field(default=None, gt=0, le=MOST_HOURS)


class Curve(Strict):
    """Intensity and duration, I = alpha D^-beta (mm/h, h), as sums over spans."""

    alpha: float = Field(gt=0)
    beta: float = Field(ge=0, lt=1)
    hours: tuple[float, ...] = Field(min_length=1)

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
    """A rule as the file writes it: steps one by one, or a curve with its shares."""

    code: Code
    name: Words
    hazard_type: Code
    property: Code
    kind: Kind
    steps: tuple[StepEntry, ...] = ()
    curve: Curve | None = None
    shares: dict[Colour, float] = Field(default_factory=dict)
    ease: float = Field(default=0.8, gt=0, le=1)
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
        spans = [one.hours for one in self.steps]
        if self.kind is Kind.VALUE and any(spans):
            raise ValueError("a value has no hours")
        if self.kind is not Kind.VALUE and not all(spans) and self.steps:
            raise ValueError("each step of a rate or a sum needs its hours")
        return self

    def rule(self) -> Rule:
        """Give what is judged by."""
        second = self.second
        return Rule(
            property=self.property,
            kind=self.kind,
            steps=self._steps(),
            ease=self.ease,
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


def steps_of(entries: tuple[StepEntry, ...]) -> tuple[Step, ...]:
    """Give steps as they are judged by."""
    return tuple(
        Step(one.colour, one.at, timedelta(hours=one.hours) if one.hours else VALUE_WINDOW)
        for one in entries
    )


def read(path: Path) -> tuple[RuleEntry, ...]:
    """Read the file of rules."""
    return parse(path, TypeAdapter(tuple[RuleEntry, ...]), read_yaml(path))
