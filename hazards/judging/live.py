"""Judges as readings come: the worker keeps the last day of all streams in memory.

What is in memory is never the truth: it is made from the readings kept, again each hour and
whenever a rule or a stream changed, and a worker that starts begins with it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from gis.store.engine import Sessions, unit_of_work
from gis.store.notify import announce
from gis.store.scope import SYSTEM
from hazards.judging import engine, repository, sentences
from hazards.judging.engine import Change
from hazards.judging.files import RuleEntry
from hazards.judging.models import RuleVersion
from hazards.judging.repository import Readings
from hazards.judging.rules import RANK, TICK, Rule, Standing
from hazards.judging.sentences import Words
from hazards.judging.windows import EPOCH, SPAN, Windows, end_of
from hazards.monitoring import properties

TOPIC = "judgement"
OVERLAP = timedelta(minutes=2)
"""Readings heard so shortly before the last look are asked for again: their transactions may
have ended after it."""
ANEW = timedelta(hours=1)
MICROSECOND = timedelta(microseconds=1)


class Judge:
    """Judges tick by tick; an object for each worker."""

    def __init__(self) -> None:
        self._windows: dict[str, Windows] = {}
        self._points: dict[int, UUID] = {}
        self._made_of: object = None
        self._made_at: datetime | None = None
        self._heard: datetime = EPOCH
        self._known: set[tuple[int, int]] = set()
        self._early: Readings = np.empty(0, repository.ROW)

    def look(self, sessions: Sessions, *, now: datetime) -> int:
        """Judge as of the last whole tick; give how many stations changed their colour."""
        at = end_of((now - EPOCH) // TICK)
        with unit_of_work(sessions, SYSTEM) as session:
            rules = repository.in_force(session)
            self._follow(session, rules, at=at, now=now)
            return sum(
                apply(session, version, self._windows, self._points, at=at) for version in rules
            )

    def _follow(
        self, session: Session, versions: Sequence[RuleVersion], *, at: datetime, now: datetime
    ) -> None:
        rules = [rule_of(version) for version in versions]
        wanted = {one.property for rule in rules for one in (rule, rule.second) if one}
        streams = repository.streams_of(session, wanted)
        made_of = tuple(sorted(tuple(row) for row in streams))
        if self._made_at is None or made_of != self._made_of or now - self._made_at >= ANEW:
            self._windows, self._points = empty(session, streams, until=at)
            self._made_of, self._made_at = made_of, now
            self._heard, self._known = EPOCH, set()
            self._early = np.empty(0, repository.ROW)
        self._take(session, at=at, now=now)

    def _take(self, session: Session, *, at: datetime, now: datetime) -> None:
        since = self._heard - OVERLAP if self._heard > EPOCH else None
        rows = repository.readings(session, observed=(at - SPAN, now), heard_after=since)
        keys = list(zip(rows["stream"].tolist(), rows["at"].tolist(), strict=True))
        fresh = np.array([key not in self._known for key in keys], dtype=bool)
        recent = rows["heard"] > (now - 2 * OVERLAP - EPOCH) // MICROSECOND
        self._known = {key for key, keep in zip(keys, recent.tolist(), strict=True) if keep}
        self._heard = now
        waiting = np.concatenate([self._early, rows[fresh]])
        waiting = waiting[np.argsort(waiting["at"], kind="stable")]
        due = waiting["at"] <= (at - EPOCH) // MICROSECOND
        self._early = waiting[~due]
        for windows in self._windows.values():
            windows.go_on(at)
            pour(windows, waiting[due])


def pour(windows: Windows, rows: Readings) -> None:
    """Add readings to windows; those of other properties fall through."""
    ticks = -(-rows["at"].astype(np.int64) // (TICK // MICROSECOND))
    windows.add(rows["stream"].astype(np.int64), ticks, rows["value"].astype(np.float64))


def empty(
    session: Session, streams: Sequence[Any], *, until: datetime
) -> tuple[dict[str, Windows], dict[int, UUID]]:
    """Give windows for streams, with nothing in them yet, and where each stream measures."""
    adds = {one.code: one.adds for one in properties.listed(session)}
    by_property: dict[str, dict[int, timedelta]] = {}
    for number, of, _, interval_s in streams:
        by_property.setdefault(of, {})[number] = timedelta(seconds=interval_s)
    windows = {
        of: Windows(intervals, adds=adds[of], until=until) for of, intervals in by_property.items()
    }
    return windows, {number: point_id for number, _, point_id, _ in streams}


def entry_of(version: RuleVersion) -> RuleEntry:
    """Give a version as it was written."""
    return RuleEntry.model_validate(version.definition)


def rule_of(version: RuleVersion) -> Rule:
    """Give what a version is judged by."""
    return entry_of(version).rule()


def words_of(session: Session, rule: Rule) -> Words:
    """Give the words of a rule's property."""
    found = {one.code: one for one in properties.listed(session)}[rule.property]
    return Words(found.name_zh, found.name_en, found.unit)


def apply(
    session: Session,
    version: RuleVersion,
    windows: Mapping[str, Windows],
    points: Mapping[int, UUID],
    *,
    at: datetime,
) -> int:
    """Judge by one rule, and keep what stands and what changed; give how many colours changed."""
    rule = rule_of(version)
    held = repository.standings(session, version.code)
    changes = list(engine.judge(rule, windows, points, held, at))
    if not changes:
        return 0
    paths = repository.paths(session, {one.point_id for one in changes})
    now: dict[UUID, Standing] = {one.point_id: one.now for one in changes}
    repository.keep(session, version.code, now, paths)
    coloured = [one for one in changes if one.recoloured]
    words = words_of(session, rule)
    rows = [row_of(one, version, rule, words, paths[one.point_id], at) for one in coloured]
    repository.add_judgements(session, rows)
    for one in coloured:
        kind, where = str(one.now.colour or "over"), paths[one.point_id]
        announce(session, topic=TOPIC, kind=kind, ref=one.point_id, area_path=where)
    return len(coloured)


def row_of(
    change: Change, version: RuleVersion, rule: Rule, words: Words, path: str, at: datetime
) -> dict[str, Any]:
    """Write a change of colour as its row, with the sentence and the numbers behind it."""
    zh, en = said(change, rule, words)
    by = change.agreed.by if change.agreed else None
    facts = by and {
        "stream": by.stream,
        "measured": by.measured,
        "at": by.step.at,
        "hours": by.step.window / timedelta(hours=1),
    }
    return {
        "point_id": change.point_id,
        "rule_id": version.id,
        "area_path": path,
        "at": at,
        "before": change.before.colour,
        "colour": change.now.colour,
        "why_zh": zh,
        "why_en": en,
        "facts": facts or {},
    }


def said(change: Change, rule: Rule, words: Words) -> tuple[str, str]:
    """Say why a colour came or went."""
    before, now = change.before.colour, change.now.colour
    if before is not None and (now is None or RANK[now] < RANK[before]):
        return sentences.down(rule, before, now, words)
    if change.agreed is None:
        raise AssertionError("a colour that came has a reason")
    return sentences.up(rule, change.agreed, words)
