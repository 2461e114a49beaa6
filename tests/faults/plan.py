"""What is to happen in one night, drawn from its seed: who answers how, and what breaks when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from random import Random

COMMAND = ("district", "deputy", "street")
CREW = ("crew_a", "mate_a", "crew_b")
ROLES = (*COMMAND, *CREW)
STORM_S = 10.0
"""How long things break; after that everything is up again and the line is good."""
ISSUED_WITHIN_S = 3.0
SKEW_MIN = 15
AIMED = 0.6
"""So many blows fall while a certain request is under way."""
SAID = ("accepted", "yes", "passed_down", "moving", "looks")


class Manner(StrEnum):
    """How somebody takes a call."""

    PROMPT = "prompt"
    SLOW = "slow"
    SILENT = "silent"
    CANNOT = "cannot"
    LATE = "late"


class What(StrEnum):
    """What breaks."""

    WEB = "web"
    WORKER = "worker"
    DATABASE = "database"
    BACKEND = "backend"
    FROZEN_WEB = "frozen web"
    FROZEN_WORKER = "frozen worker"


class Start(StrEnum):
    """Where an order enters."""

    DISTRICT = "district"
    STREET = "street"
    CREWS = "crews"


@dataclass(frozen=True, slots=True)
class Habit:
    """One person tonight. `skew` is how wrong his phone's clock is."""

    manner: Manner
    after_s: float
    skew: timedelta
    by_call: bool
    shuffles: bool
    steps_in: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """What the giver does to an order that is out."""

    kind: str
    at_s: float


@dataclass(frozen=True, slots=True)
class Cascade:
    """One order and the people of its lane."""

    lane: int
    start: Start
    urgency: str
    within_s: int
    at_s: float
    habits: Mapping[str, Habit]
    turns: Sequence[Turn]
    take_back_after_s: float | None


@dataclass(frozen=True, slots=True)
class Blow:
    """One thing that breaks, which of them, and when it is back.

    Aimed `at` a request (the beginning of its mark), it falls so long after that one passes; at the
    latest, and where it is not aimed, at its hour.
    """

    what: What
    which: int
    at_s: float
    back_s: float
    at: str = ""
    after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """A night."""

    seed: int
    cascades: Sequence[Cascade]
    blows: Sequence[Blow]


def draw(seed: int, *, cascades: int, storm_s: float = STORM_S) -> Plan:
    """Draw a night; the same seed is the same night."""
    dice = Random(seed)
    made = tuple(_cascade(dice, lane) for lane in range(cascades))
    return Plan(seed, made, tuple(_blow(dice, what, cascades, storm_s) for what in _broken(dice)))


def beside(one: Plan, other: Plan) -> Plan:
    """Let two nights happen at once, each in lanes of its own."""
    first = len(one.cascades)
    moved = (replace(each, lane=first + each.lane) for each in other.cascades)
    return Plan(one.seed, (*one.cascades, *moved), (*one.blows, *other.blows))


def _cascade(dice: Random, lane: int) -> Cascade:
    starts = (Start.DISTRICT, Start.STREET, Start.CREWS)
    take_back = dice.uniform(0.2, 3) if dice.random() < 0.15 else None
    return Cascade(
        lane,
        dice.choices(starts, (7, 2, 1))[0],
        dice.choice(("flash", "urgent", "routine")),
        dice.choice((1, 1, 2)),
        dice.uniform(0, ISSUED_WITHIN_S),
        {role: _habit(dice, role) for role in ROLES},
        _turns(dice),
        take_back,
    )


def _habit(dice: Random, role: str) -> Habit:
    odds = (5, 3, 6, 2, 2) if role in COMMAND else (6, 3, 4, 1, 2)
    manner = dice.choices(tuple(Manner), odds)[0]
    longest = {Manner.PROMPT: 0.3, Manner.SLOW: 1.5, Manner.LATE: 6.0}.get(manner, 1.0)
    return Habit(
        manner,
        dice.uniform(0, longest),
        timedelta(minutes=dice.uniform(-SKEW_MIN, SKEW_MIN)),
        by_call=dice.random() < 0.4,
        shuffles=dice.random() < 0.5,
        steps_in=dice.random() < 0.1,
    )


def _turns(dice: Random) -> tuple[Turn, ...]:
    kinds = dice.choices(
        ((), ("amended",), ("suspended", "resumed"), ("cancelled",), ("recalled",)),
        (12, 3, 2, 2, 2),
    )[0]
    at = sorted(dice.uniform(0.5, 6) for _ in kinds)
    return tuple(Turn(kind, at_s) for kind, at_s in zip(kinds, at, strict=True))


def _broken(dice: Random) -> list[What]:
    """Draw what breaks: the web and the worker at least once each, the database most nights."""
    odds = (4, 4, 2, 2, 1, 1)
    drawn = [What.WEB, What.WORKER, dice.choice((What.DATABASE, What.BACKEND))]
    return drawn + dice.choices(tuple(What), odds, k=dice.randint(0, 3))


def _blow(dice: Random, what: What, lanes: int, storm_s: float) -> Blow:
    at = ""
    if dice.random() < AIMED:
        whose = f"{dice.randrange(lanes)} {dice.choice(ROLES)}"
        at = dice.choice((f"{dice.randrange(lanes)} issued", *(f"{whose} {said}" for said in SAID)))
    return Blow(
        what, dice.randrange(1000), dice.uniform(0.3, storm_s), dice.uniform(0.1, 1.5), at,
        dice.uniform(0, 0.05),
    )  # fmt: skip
