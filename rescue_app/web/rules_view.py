"""What the pages of rules show: rules with their words, what differs, and a rule on trial."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy.orm import Session

from gis.errors import Missing, PlatformError, Rejected
from hazards.judging import checking, live
from hazards.judging import repository as judged
from hazards.judging.files import RuleEntry
from hazards.judging.models import RuleVersion
from hazards.judging.rules import Step
from hazards.monitoring import properties, reading
from hazards.points import types
from rescue_app.web import trying
from rescue_app.web.rules_form import Draft, Sent
from rescue_app.web.trying import Tried

SETTINGS = ("hazard_type", "property", "kind", "ease", "margin", "decay", "hold_min",
            "down_after_min", "agree")  # fmt: skip
MOST_STATIONS = 200


@dataclass(frozen=True, slots=True)
class Listed:
    """A rule as the list shows it, and at how many stations it stands in a colour."""

    version: RuleVersion
    entry: RuleEntry
    standing: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What a version says unlike the one before it."""

    gone: Sequence[Step]
    new: Sequence[Step]
    settings: Sequence[tuple[str, Any, Any]]


@dataclass(slots=True)
class Trial:
    """A draft tried on a station's past, beside the version in force."""

    station: str
    start: datetime
    end: datetime
    tried: list[Tried]
    problem: PlatformError | None = None


def listed(session: Session) -> list[Listed]:
    """Give the rules in force, then the last version of those that are not."""
    counts = judged.standing_counts(session)
    last: dict[str, RuleVersion] = {}
    for one in sorted(judged.every(session), key=lambda row: (row.in_force, row.version)):
        last[one.code] = one
    rows = sorted(last.values(), key=lambda row: (not row.in_force, row.code))
    return [Listed(one, live.entry_of(one), counts.get(one.code, 0)) for one in rows]


def version_of(session: Session, code: str, version: int | None) -> RuleVersion:
    """Give a version of a rule: the one in force, or else the last, where none is named."""
    found = judged.versions(session, code)
    wanted = [one for one in found if version in {None, one.version}]
    row = next((one for one in wanted if version or one.in_force), None) or next(iter(wanted), None)
    if row is None:
        raise Missing("There is no such rule, or no such version of it.")
    return row


def detail(session: Session, code: str, version: int | None) -> dict[str, Any]:
    """Give one version of a rule, and its versions with what differs."""
    shown, found = version_of(session, code, version), judged.versions(session, code)
    entries = {one.version: live.entry_of(one) for one in found}
    changes = {
        newer.version: changed(entries[older.version], entries[newer.version])
        for newer, older in pairwise(found)
    }
    facts = {"shown": shown, "entry": entries[shown.version], "versions": found}
    return facts | {"changes": changes, "standing": judged.standing_counts(session).get(code, 0)}


def changed(older: RuleEntry, newer: RuleEntry) -> Changes:
    """Tell what differs between two rules."""
    before, after = older.rule().steps, newer.rule().steps
    settings = [
        (name, getattr(older, name), getattr(newer, name))
        for name in SETTINGS
        if getattr(older, name) != getattr(newer, name)
    ]
    gone = [one for one in before if one not in after]
    return Changes(gone, [one for one in after if one not in before], settings)


def compared(
    session: Session, entries: Sequence[RuleEntry]
) -> list[tuple[RuleEntry, RuleVersion | None, Changes | None]]:
    """Hold the rules of a file beside those in force; refuse one that cannot mean what it says."""
    told = []
    for entry in entries:
        checking.check(session, entry)
        held = judged.held(session, entry.code)
        told.append((entry, held, changed(live.entry_of(held), entry) if held else None))
    return told


def trial(session: Session, draft: Draft, code: str, sent: Sent, *, now: datetime) -> Trial:
    """Try a draft before it is published."""
    start, end = trying.span_of(sent.first, sent.last, now=now)
    made = Trial(sent.station, start, end, [])
    entry = draft.read(code)
    if entry is None:
        return made
    try:
        checking.check(session, entry)
        station = reading.called(session, sent.station.strip(), entry.property)
    except (Missing, Rejected) as problem:
        made.problem = problem
        return made
    made.tried.append(trying.tried(session, entry, station.id, (start, end)))
    held = judged.held(session, code)
    if held is not None and (before := live.entry_of(held)) != entry:
        beside = trying.tried(
            session, before, station.id, (start, end), version=held.version, in_force=True
        )
        made.tried.append(beside)
    return made


def choices(session: Session, draft: Draft) -> dict[str, Any]:
    """Give what can be chosen in the editor: marks, and stations to try a rule on."""
    known = {one.code: one for one in properties.listed(session)}
    of = known.get(draft.facts["property"])
    stations = reading.measuring(session, draft.facts["property"], most=MOST_STATIONS)
    return {"marks": of.marks if of else [], "stations": stations}


def words(session: Session) -> dict[str, Any]:
    """Give the names of what is measured, and of kinds of hazards."""
    hazards = {one.code: one for one in types.all_types(session) if one.active}
    return {"properties": {one.code: one for one in properties.listed(session)}, "hazards": hazards}
