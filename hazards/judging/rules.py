"""When readings become a warning colour, how it goes down again, and why. Pure.

Time goes in ticks. At a tick each stream of a station is judged alone (`seen`), the streams of a
station together (`agreed`), and then in time (`advance`): up at once or after a hold, down by one
step at a time and later than up. A replay that makes the same ticks gives what live gave.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from hazards.alerts.rules import Colour

TICK = timedelta(minutes=5)
VALUE_WINDOW = timedelta(hours=1)
"""A value is the last one of this span."""


RANK: Mapping[Colour | None, int] = {None: 0} | {one: n for n, one in enumerate(Colour, 1)}
BY_RANK = (None, *Colour)


class Kind(StrEnum):
    """What of a stream is held against the steps."""

    VALUE = "value"
    RATE = "rate"
    SUM = "sum"
    OVER = "over"


Look = tuple[timedelta, str]
"""Over which span a step looks, and from which mark on it counts."""


@dataclass(frozen=True, slots=True)
class Step:
    """From how much on in which span a colour is reached. A value needs no span.

    With a mark it is how much over it: each stream has its own.
    """

    colour: Colour
    at: float
    window: timedelta = VALUE_WINDOW
    mark: str = ""

    @property
    def look(self) -> Look:
        """Give what of a stream it is held against; steps that look alike share it."""
        return self.window, self.mark


@dataclass(frozen=True, slots=True)
class Rule:
    """How one property is judged.

    Attributes:
        property: which streams.
        kind: their value now, also over a mark; its change over the window, or the sum over it.
        steps: any number for a colour; one of them is enough.
        ease: a colour in force holds down to this share of its step.
        margin: how far under its step over a mark it holds, where a share means nothing.
        decay: what a day counts beside the one after it, in sums over several days.
        hold: how long a higher colour must be reached before it counts.
        down_after: how long each step down takes.
        agree: how many streams of a station must reach a colour; fewer streams must all.
        second: a rule for another property at the same station, one more vote for its colour.

    """

    property: str
    kind: Kind
    steps: tuple[Step, ...]
    ease: float = 0.8
    margin: float = 0.0
    decay: float = 1.0
    hold: timedelta = timedelta(0)
    down_after: timedelta = timedelta(hours=1)
    agree: int = 1
    second: "Rule | None" = None

    def least(self, step: Step, *, eased: bool) -> float:
        """Give from how much on a step counts: in full, or for a colour that is in force."""
        if not eased:
            return step.at
        return step.at - self.margin if self.kind is Kind.OVER else step.at * self.ease

    def longest(self) -> timedelta:
        """Give the longest span that it looks over."""
        spans = [step.window for step in self.steps]
        return max([*spans, self.second.longest() if self.second else VALUE_WINDOW])


@dataclass(frozen=True, slots=True)
class Reached:
    """The step that a stream has reached, with what it measured in the step's window.

    Over a mark `base` is the mark: what the stream itself said is both together.
    """

    stream: int
    step: Step
    measured: float
    base: float = 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """What is in force at a station by a rule, since when, and what is on its way up or down."""

    colour: Colour | None = None
    since: datetime | None = None
    rising: Colour | None = None
    rising_since: datetime | None = None
    easing_since: datetime | None = None

    @property
    def calm(self) -> bool:
        """Nothing is in force, and nothing on its way."""
        return self.colour is None and self.rising is None

    @property
    def steady(self) -> bool:
        """Nothing is on its way, up or down."""
        return self.rising is None and self.easing_since is None


CALM = Standing()


def seen(
    rule: Rule, stream: int, measured: Mapping[Look, float], *, eased: bool = False
) -> Reached | None:
    """Give the highest step reached; of one colour the one that is exceeded most.

    `measured` is what the stream measured by window and mark. A window without a reading is not
    in it, nor is a mark that the stream has not: what nobody measured reaches nothing.
    """
    return highest(
        [
            Reached(stream, step, measured[step.look])
            for step in rule.steps
            if step.look in measured and measured[step.look] >= rule.least(step, eased=eased)
        ]
    )


def highest(reached: Sequence[Reached | None]) -> Reached | None:
    """Give the one that reaches furthest."""
    return max((one for one in reached if one), key=_height, default=None)


def _height(one: Reached) -> tuple[int, float]:
    return RANK[one.step.colour], one.measured / one.step.at if one.step.at else 0.0


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a station's streams say together, by the one that says most."""

    colour: Colour
    by: Reached


def agreed(
    rule: Rule, votes: Sequence[Reached | None], second: Reached | None = None
) -> Agreed | None:
    """Give the highest colour that enough of a station's streams reach.

    `votes` has one for each stream that measured anything: where fewer stand there than must
    agree, all of them must. The second opinion is one more vote and never speaks alone.
    """
    best = highest(votes)
    if best is None:
        return None
    ranks = sorted((RANK[one.step.colour] for one in (*votes, second) if one), reverse=True)
    needed = max(1, min(rule.agree, len(votes)))
    colour = BY_RANK[ranks[needed - 1]] if len(ranks) >= needed else None
    return Agreed(colour, best) if colour else None


def advance(
    rule: Rule, standing: Standing, reached: Colour | None, kept: Colour | None, at: datetime
) -> Standing:
    """Go on by one tick: `reached` by full steps, `kept` by eased ones."""
    up = _risen(rule, standing, reached, at)
    if up is not None:
        return up
    rising = None if RANK[reached] <= RANK[standing.colour] else reached
    now = replace(standing, rising=rising, rising_since=standing.rising_since if rising else None)
    if RANK[kept] >= RANK[standing.colour]:
        return replace(now, easing_since=None)
    easing = standing.easing_since or at
    if at - easing < rule.down_after:
        return replace(now, easing_since=easing)
    lower = BY_RANK[RANK[standing.colour] - 1]
    return replace(now, colour=lower, since=at, easing_since=at if lower else None)


def _risen(rule: Rule, standing: Standing, reached: Colour | None, at: datetime) -> Standing | None:
    """Give the standing while a higher colour is reached, or None where none is."""
    if RANK[reached] <= RANK[standing.colour]:
        return None
    since = standing.rising_since or at
    # Of all that was reached meanwhile the least counts: so much has held all the time.
    least = reached if standing.rising is None else min(standing.rising, reached, key=RANK.get)  # type: ignore[arg-type]  # every colour has a rank
    if at - since >= rule.hold:
        return Standing(least, at)
    return replace(standing, rising=least, rising_since=since, easing_since=None)


@dataclass(frozen=True, slots=True)
class Episode:
    """A time during which a station stood above calm, with its worst colour."""

    start: datetime
    end: datetime | None
    worst: Colour


def episodes(changes: Sequence[tuple[datetime, Colour | None]]) -> list[Episode]:
    """Join changes of colour, in their order, into episodes."""
    made: list[Episode] = []
    ends = [*changes, (None, None)]
    for (at, colour), (until, _) in pairwise(ends):
        if colour is None or at is None:
            continue
        last = made[-1] if made else None
        if last is not None and last.end == at:
            made[-1] = Episode(last.start, until, max(last.worst, colour, key=lambda c: RANK[c]))
        else:
            made.append(Episode(at, until, colour))
    return made
