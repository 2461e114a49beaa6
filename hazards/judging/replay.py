"""Judges a station's past as it would have been judged live: same ticks, same rule, same words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from hazards.alerts.rules import Colour
from hazards.judging import engine, live, repository
from hazards.judging.memory import MICROSECOND, empty, pour, pour_days, spans_of
from hazards.judging.repository import Readings
from hazards.judging.rules import CALM, RANK, TICK, Episode, Rule, Standing, episodes
from hazards.judging.sentences import Words
from hazards.judging.skimming import steady
from hazards.judging.windows import Windows, end_of, tick_of


@dataclass(frozen=True, slots=True)
class Moment:
    """A change of colour in a replay, and why."""

    at: datetime
    colour: Colour | None
    why_zh: str
    why_en: str


def replay(
    session: Session, rule: Rule, point_id: UUID, *, start: datetime, end: datetime
) -> list[Moment]:
    """Give every change of colour of a station between two moments, by its readings as kept.

    Readings are taken at the moment they speak of: what came late then is in its place here.
    """
    spans = spans_of([rule])
    streams = [one for one in repository.streams_of(session, spans) if one.point_id == point_id]
    first = start - max(spans.values()) - TICK
    windows, points = empty(session, streams, spans, until=first)
    rows = repository.readings(session, observed=(first, end), streams=points)
    words = live.words_of(session, rule)
    return list(judged(rule, windows, points, rows, words, start=start, end=end))


def judged(
    rule: Rule,
    windows: dict[str, Windows],
    points: dict[int, UUID],
    rows: Readings,
    words: Words,
    *,
    start: datetime,
    end: datetime,
) -> Iterator[Moment]:
    """Go through the ticks of a span, over those at which nothing can change."""
    held: dict[UUID, Standing] = {}
    stays = steady(rule, windows, rows, first=tick_of(start), last=tick_of(end))
    ends = np.searchsorted(rows["at"], _ticks(start, end), side="right")
    before = 0
    for n, upto in enumerate(ends.tolist()):
        standing = next(iter(held.values()), CALM)
        if standing.steady and stays[RANK[standing.colour], n]:
            continue
        at = end_of(tick_of(start) + n)
        for one in windows.values():
            one.go_on(at)
            pour(one, rows[before:upto])
            pour_days(one, rows[before:upto])
        before = upto
        for change in engine.judge(rule, windows, points, held, at):
            held[change.point_id] = change.now
            if change.now.calm:
                del held[change.point_id]
            if change.recoloured:
                yield Moment(at, change.now.colour, *live.said(change, rule, words))


def _ticks(start: datetime, end: datetime) -> NDArray[np.int64]:
    microseconds = TICK // MICROSECOND
    return np.arange(tick_of(start), tick_of(end) + 1, dtype=np.int64) * microseconds


def episodes_of(moments: Sequence[Moment]) -> list[Episode]:
    """Join changes into episodes."""
    return episodes([(one.at, one.colour) for one in moments])
