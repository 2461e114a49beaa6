"""Times of hops and of rungs, read off their logs: pure, and the same while it still goes on."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from math import ceil
from typing import Self
from uuid import UUID

from rescue_app.dispatch.rules import GONE, TAKEN_ON, HopKind, Step, StepKind


class Mark(StrEnum):
    """A moment in the life of a hop."""

    ORDERED = "ordered"
    ISSUED = "issued"
    DELIVERED = "delivered"
    SEEN = "seen"
    ANSWERED = "answered"
    PASSED = "passed"
    MOVING = "moving"
    ARRIVED = "arrived"
    WORKING = "working"
    DONE = "done"


class Leg(StrEnum):
    """A time between two marks; each stands apart, none is guessed from another."""

    DELIVERED = "delivered"
    SEEN = "seen"
    ANSWERED = "answered"
    PASSED = "passed"
    MOVING = "moving"
    ARRIVED = "arrived"
    DONE = "done"
    ON_SITE = "on_site"


class Fate(StrEnum):
    """What became of the answer that a hop owed; every hop has exactly one."""

    ANSWERED = "answered"
    SILENT = "silent"
    WAITING = "waiting"
    RECALLED = "recalled"


ENDS: dict[Leg, tuple[Mark, Mark]] = {
    Leg.DELIVERED: (Mark.ISSUED, Mark.DELIVERED),
    Leg.SEEN: (Mark.ISSUED, Mark.SEEN),
    Leg.ANSWERED: (Mark.ISSUED, Mark.ANSWERED),
    Leg.PASSED: (Mark.ANSWERED, Mark.PASSED),
    Leg.MOVING: (Mark.ANSWERED, Mark.MOVING),
    Leg.ARRIVED: (Mark.MOVING, Mark.ARRIVED),
    Leg.DONE: (Mark.ARRIVED, Mark.DONE),
    Leg.ON_SITE: (Mark.ORDERED, Mark.ARRIVED),
}
FIRST: dict[Mark, tuple[StepKind, ...]] = {
    Mark.DELIVERED: (StepKind.DELIVERED,),
    Mark.SEEN: (StepKind.SEEN,),
    Mark.ANSWERED: (*TAKEN_ON, StepKind.CANNOT),
    Mark.PASSED: (StepKind.PASSED_DOWN,),
    Mark.MOVING: (StepKind.MOVING,),
    Mark.ARRIVED: (StepKind.ARRIVED,),
    Mark.WORKING: (StepKind.WORKING,),
    Mark.DONE: (StepKind.DONE,),
}
CAME = {
    "reached": frozenset({Mark.DELIVERED, Mark.SEEN, Mark.ANSWERED}),
    "arrived": frozenset({Mark.ARRIVED, Mark.WORKING, Mark.DONE}),
    "done": frozenset({Mark.DONE}),
}
SAID = {
    "climbed_over": frozenset({StepKind.CLIMBED_OVER}),
    "cannot": frozenset({StepKind.CANNOT}),
    "taken_back": frozenset(GONE),
}
ASIDE = frozenset({StepKind.CANNOT, StepKind.CLIMBED_OVER, *GONE})
"""Whoever said one of these had somebody put in his place, or the order taken from him."""
DEPARTMENT = "department"
MEMBER = "member"
LEVELS = ("city", "district", DEPARTMENT, "street", "crew", MEMBER)


@dataclass(frozen=True, slots=True)
class Told:
    """What a log tells: when each kind was first done, and when the last line was.

    `lines` stand here where something went another way: their words are read out.
    """

    firsts: Mapping[StepKind, datetime]
    last_at: datetime | None
    lines: tuple[Step, ...] = ()

    @classmethod
    def of(cls, log: Sequence[Step]) -> Self:
        """Read a whole log."""
        firsts: dict[StepKind, datetime] = {}
        for step in log:
            firsts[step.kind] = min(firsts.get(step.kind, step.done_at), step.done_at)
        return cls(firsts, max((step.done_at for step in log), default=None), tuple(log))


@dataclass(frozen=True)  # without slots: what is read off a log is read once
class Hop:
    """One hop with what its log tells, or one member's part under his crew's."""

    id: UUID
    order_id: UUID
    parent_id: UUID | None
    holder: HopKind
    area_level: str
    name: str
    name_en: str
    ordered_at: datetime
    began_at: datetime
    answer_due_at: datetime
    told: Told

    @property
    def level(self) -> str:
        """Tell in which lane it is counted."""
        return DEPARTMENT if self.holder is HopKind.DEPARTMENT else self.area_level

    def first(self, *kinds: StepKind) -> datetime | None:
        """Give when the first line of these kinds was done."""
        firsts = self.told.firsts
        times = [firsts[kind] for kind in kinds if kind in firsts]
        return min(times) if times else None

    @cached_property
    def known(self) -> Mapping[Mark, datetime]:
        """The first time of every mark."""
        return _marks(self)


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took: of how many, in the middle, nine of ten (nearest rank), at worst."""

    count: int
    median: timedelta
    p90: timedelta
    worst: timedelta


@dataclass(frozen=True, slots=True)
class Tally:
    """How many hops of a level came how far. `answered + silent + waiting + recalled = given`."""

    given: int
    reached: int
    answered: int
    in_time: int
    silent: int
    waiting: int
    recalled: int
    climbed_over: int
    cannot: int
    taken_back: int
    arrived: int
    done: int


def marks(hop: Hop) -> Mapping[Mark, datetime]:
    """Give the first time of every mark; what was said after it was taken back is no mark."""
    return hop.known


def _marks(hop: Hop) -> dict[Mark, datetime]:
    ended = hop.first(*GONE)
    found = {Mark.ORDERED: hop.ordered_at, Mark.ISSUED: hop.began_at}
    for mark, kinds in FIRST.items():
        at = hop.first(*kinds)
        if at is not None and (ended is None or at <= ended):
            found[mark] = at
    return found


def legs(hop: Hop) -> dict[Leg, timedelta]:
    """Give the times that are known at both ends; a clock that ran backwards gives none."""
    known = marks(hop)
    return {
        leg: known[end] - known[start]
        for leg, (start, end) in ENDS.items()
        if start in known and end in known and known[end] >= known[start]
    }


def fate(hop: Hop, *, now: datetime) -> Fate:
    """Tell what became of the answer; silence begins where its time is over."""
    if Mark.ANSWERED in marks(hop):
        return Fate.ANSWERED
    ended = hop.first(*GONE)
    if hop.answer_due_at < (ended or now):
        return Fate.SILENT
    return Fate.WAITING if ended is None else Fate.RECALLED


def spread(times: Iterable[timedelta]) -> Spread | None:
    """Give the middle, nine of ten and the worst; of nothing there is none."""
    told = sorted(times)
    if not told:
        return None
    low, high = told[(len(told) - 1) // 2], told[len(told) // 2]
    middle = timedelta(seconds=(low.total_seconds() + high.total_seconds()) / 2)
    return Spread(len(told), middle, told[ceil(0.9 * len(told)) - 1], told[-1])


def tally(hops: Sequence[Hop], *, now: datetime) -> Tally:
    """Count hops, each looked at once."""
    counts = Counter(way for hop in hops for way in _ways(hop, now))
    ways = [field.name for field in fields(Tally) if field.name != "given"]
    return Tally(given=len(hops), **{way: counts[way] for way in ways})


def added(tallies: Iterable[Tally]) -> Tally:
    """Add tallies of different hops up."""
    given = list(tallies)
    return Tally(*(sum(getattr(one, way.name) for one in given) for way in fields(Tally)))


def _ways(hop: Hop, now: datetime) -> Iterator[str]:
    """Tell where in a tally a hop is counted."""
    yield fate(hop, now=now)
    known, said = hop.known.keys(), hop.told.firsts.keys()
    yield from (way for way, any_of in CAME.items() if not any_of.isdisjoint(known))
    yield from (way for way, any_of in SAID.items() if not any_of.isdisjoint(said))
    if Mark.ANSWERED in known and hop.known[Mark.ANSWERED] <= hop.answer_due_at:
        yield "in_time"


def spreads(hops: Iterable[Hop]) -> dict[Leg, Spread]:
    """Give each leg's times over many hops; a leg that nobody went is left out."""
    found: dict[Leg, list[timedelta]] = {leg: [] for leg in Leg}
    for hop in hops:
        for leg, time in legs(hop).items():
            found[leg].append(time)
    return {leg: told for leg, times in found.items() if (told := spread(times))}


def by_level(hops: Iterable[Hop]) -> dict[str, list[Hop]]:
    """Sort hops into their lanes, from the city down; a lane without a hop is none."""
    found: dict[str, list[Hop]] = {level: [] for level in LEVELS}
    for hop in hops:
        found.setdefault(hop.level, []).append(hop)
    return {level: those for level, those in found.items() if those}


def instead(hop: Hop, hops: Mapping[UUID | None, Sequence[Hop]]) -> list[Hop]:
    """Give who got it in place of one that could not, was silent or taken back.

    `hops` are those of the same order by who gave them, in the order of their beginning: what
    follows a refusal goes to another one beside it, what climbs over a silent one goes on below.
    """
    over, refused = hop.first(StepKind.CLIMBED_OVER), hop.first(StepKind.CANNOT, *GONE)
    beside = begun_since(hops.get(hop.parent_id, ()), refused)
    return [
        *begun_since(hops.get(hop.id, ()), over),
        *(one for one in beside if one.id != hop.id and one.order_id == hop.order_id),
    ]


def begun_since(hops: Sequence[Hop], since: datetime | None) -> Sequence[Hop]:
    """Give those of an ordered row that began then or later; since never there is none."""
    # Found by halving: of 5,000 crews 500 refuse, and each has the other 4,999 beside it.
    return () if since is None else hops[bisect_left(hops, since, key=_began) :]


def _began(hop: Hop) -> datetime:
    return hop.began_at


def went_another_way(hop: Hop, *, ended_at: datetime | None) -> bool:
    """Tell what was refused, climbed over or taken back, whatever came of it later.

    When the whole order ended, at `ended_at`, nobody was put in another's place.
    """
    gone_at = hop.first(*GONE)
    alone = gone_at is not None and gone_at != ended_at
    return alone or hop.first(StepKind.CANNOT, StepKind.CLIMBED_OVER) is not None


def endings(hops: Iterable[Hop], ended: Collection[UUID]) -> dict[UUID, datetime]:
    """Give when each order that ended did: its last hops were taken back then."""
    found: dict[UUID, datetime] = {}
    for hop in hops:
        gone_at = hop.first(*GONE) if hop.order_id in ended else None
        if gone_at is not None:
            found[hop.order_id] = max(gone_at, found.get(hop.order_id, gone_at))
    return found
