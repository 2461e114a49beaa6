"""One tick: every station by every rule, from what its streams measured. No database, no clock."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from hazards.alerts.rules import Colour
from hazards.judging.rules import (
    CALM,
    Agreed,
    Look,
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
    told = heard(rule, windows)
    full, eased = votes(rule, told, points), votes(rule, told, points, eased=True)
    other = rule.second
    second = votes(other, heard(other, windows), points) if other and eased else {}
    spoken = _spoken(told, points) if full or eased or standings else {}
    for point_id in {*full, *eased, *standings}:
        streams = spoken.get(point_id, 0)
        if not streams:
            continue  # silence neither raises nor ends anything
        opinion = highest(second.get(point_id, ()))
        reached = agreed(rule, _all(full.get(point_id, ()), streams), opinion)
        kept = agreed(rule, _all(eased.get(point_id, ()), streams), opinion)
        before = standings.get(point_id, CALM)
        now = advance(rule, before, _colour(reached), _colour(kept), at)
        if now != before:
            yield Change(point_id, before, now, reached)


@dataclass(frozen=True, slots=True)
class Heard:
    """What the streams of a rule measured up to a tick, and which of them spoke lately."""

    windows: Windows
    measured: Mapping[Look, Numbers]
    awake: NDArray[np.bool_]


def heard(rule: Rule, windows: Mapping[str, Windows]) -> Heard | None:
    """Look once at the streams of a rule."""
    held = windows.get(rule.property)
    if held is None or not len(held.streams):
        return None
    looks = {step.look for step in rule.steps}
    measured = {look: held.measured(rule.kind, look, decay=rule.decay) for look in looks}
    return Heard(held, measured, held.speaks())


def votes(
    rule: Rule, told: Heard | None, points: Mapping[int, UUID], *, eased: bool = False
) -> dict[UUID, list[Reached]]:
    """Give what streams reach, station by station; most reach nothing and cost nothing."""
    found: dict[UUID, list[Reached]] = defaultdict(list)
    if told is None:
        return found
    some = np.zeros(len(told.awake), dtype=bool)
    for step in rule.steps:
        some |= told.measured[step.look] >= rule.least(step, eased=eased)
    for row in np.flatnonzero(some & told.awake).tolist():
        stream = int(told.windows.streams[row])
        theirs = _row(told.measured, row)
        if stream in points and (one := seen(rule, stream, theirs, eased=eased)):
            base = told.windows.mark_of(row, one.step.mark)
            found[points[stream]].append(replace(one, base=base))
    return found


def _row(measured: Mapping[Look, Numbers], row: int) -> dict[Look, float]:
    told = ((look, float(numbers[row])) for look, numbers in measured.items())
    return {look: number for look, number in told if not math.isnan(number)}


def _spoken(told: Heard | None, points: Mapping[int, UUID]) -> dict[UUID, int]:
    """Count the streams of each station that said anything lately."""
    counted: dict[UUID, int] = defaultdict(int)
    if told is not None:
        for stream in told.windows.streams[told.awake].tolist():
            if (point_id := points.get(stream)) is not None:
                counted[point_id] += 1
    return counted


def _all(reached: Sequence[Reached], streams: int) -> list[Reached | None]:
    return [*reached, *[None] * (streams - len(reached))]


def _colour(one: Agreed | None) -> Colour | None:
    return one.colour if one else None
