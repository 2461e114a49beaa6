"""One tick: every station by every rule, from what its streams measured. No database, no clock."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np

from hazards.alerts.rules import Colour
from hazards.judging.rules import (
    CALM,
    Agreed,
    Reached,
    Rule,
    Standing,
    advance,
    agreed,
    highest,
    seen,
)
from hazards.judging.windows import Numbers, Windows

Standings = Mapping[UUID, Standing]


@dataclass(frozen=True, slots=True)
class Change:
    """A station whose standing by a rule went on; `agreed` is what it stands on, if anything."""

    point_id: UUID
    before: Standing
    now: Standing
    agreed: Agreed | None

    @property
    def recoloured(self) -> bool:
        """Tell whether its colour is another one."""
        return self.before.colour is not self.now.colour


def judge(
    rule: Rule,
    windows: Mapping[str, Windows],
    points: Mapping[int, UUID],
    standings: Standings,
    at: datetime,
) -> Iterator[Change]:
    """Judge all stations of a rule at a tick; give those whose standing is another one.

    `points` says at which station a stream measures.
    """
    full = votes(rule, windows, points, ease=1.0)
    eased = votes(rule, windows, points, ease=rule.ease)
    second = votes(rule.second, windows, points, ease=1.0) if rule.second else {}
    spoken = _spoken(windows.get(rule.property), points)
    for point_id in {*full, *eased, *standings}:
        streams = spoken.get(point_id, 0)
        if not streams:
            continue  # silence neither raises nor ends anything
        other = highest(second.get(point_id, ()))
        reached = agreed(rule, _all(full.get(point_id, ()), streams), other)
        kept = agreed(rule, _all(eased.get(point_id, ()), streams), other)
        before = standings.get(point_id, CALM)
        now = advance(rule, before, _colour(reached), _colour(kept), at)
        if now != before:
            yield Change(point_id, before, now, reached)


def votes(
    rule: Rule, windows: Mapping[str, Windows], points: Mapping[int, UUID], *, ease: float
) -> dict[UUID, list[Reached]]:
    """Give what streams reach, station by station; most reach nothing and cost nothing."""
    held = windows.get(rule.property)
    if held is None or not len(held.streams):
        return {}
    spans = sorted({step.window for step in rule.steps})
    measured = {span: held.measured(rule.kind, span) for span in spans}
    lowest = {span: min(s.at for s in rule.steps if s.window == span) * ease for span in spans}
    awake = held.speaks()
    some = np.zeros(len(held.streams), dtype=bool)
    for span in spans:
        some |= measured[span] >= lowest[span]
    found: dict[UUID, list[Reached]] = defaultdict(list)
    for row in np.flatnonzero(some & awake):
        stream = int(held.streams[row])
        theirs = _row(measured, int(row))
        if stream in points and (one := seen(rule, stream, theirs, ease=ease)):
            found[points[stream]].append(one)
    return found


def _row(measured: Mapping[timedelta, Numbers], row: int) -> dict[timedelta, float]:
    told = ((span, float(numbers[row])) for span, numbers in measured.items())
    return {span: number for span, number in told if not math.isnan(number)}


def _spoken(held: Windows | None, points: Mapping[int, UUID]) -> dict[UUID, int]:
    """Count the streams of each station that said anything lately."""
    counted: dict[UUID, int] = defaultdict(int)
    if held is not None:
        for stream in held.streams[held.speaks()]:
            if (point_id := points.get(int(stream))) is not None:
                counted[point_id] += 1
    return counted


def _all(reached: Sequence[Reached], streams: int) -> list[Reached | None]:
    return [*reached, *[None] * (streams - len(reached))]


def _colour(one: Agreed | None) -> Colour | None:
    return one.colour if one else None
