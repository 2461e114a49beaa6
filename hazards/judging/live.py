"""Judges as readings come: what streams measured is in the worker's memory, what stands is kept."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis.store.engine import Sessions, unit_of_work
from gis.store.notify import announce
from gis.store.scope import SYSTEM
from hazards.judging import engine, repository, sentences
from hazards.judging.engine import Change
from hazards.judging.files import RuleEntry
from hazards.judging.memory import Memory
from hazards.judging.models import RuleVersion
from hazards.judging.rules import RANK, TICK, Rule, Standing
from hazards.judging.sentences import Words
from hazards.judging.windows import EPOCH, Windows, end_of
from hazards.monitoring import properties

TOPIC = "judgement"


class Judge:
    """Judges tick by tick; an object for each worker."""

    def __init__(self) -> None:
        self._memory = Memory()

    def look(self, sessions: Sessions, *, now: datetime) -> int:
        """Judge as of the last whole tick; give how many stations changed their colour."""
        at = end_of((now - EPOCH) // TICK)
        with unit_of_work(sessions, SYSTEM) as session:
            versions = repository.in_force(session)
            held = self._memory
            held.follow(session, [rule_of(one) for one in versions], at=at, now=now)
            return sum(apply(session, one, held.windows, held.points, at=at) for one in versions)


def entry_of(version: RuleVersion) -> RuleEntry:
    """Give a version as it was written."""
    return RuleEntry.model_validate(version.definition)


def rule_of(version: RuleVersion) -> Rule:
    """Give what a version is judged by."""
    return entry_of(version).rule()


def words_of(session: Session, rule: Rule) -> Words:
    """Give the words of a rule's property."""
    found = {one.code: one for one in properties.listed(session)}[rule.property]
    marks = {one["code"]: (one["zh"], one["en"]) for one in found.marks}
    return Words(found.name_zh, found.name_en, found.unit, marks)


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
        **({"mark": by.step.mark, "over": by.base} if by.step.mark else {}),
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
