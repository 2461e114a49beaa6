"""Ship rules and publish their next versions; a city's own stays in force when the file changes."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, city_of, require
from gis.errors import Missing
from gis.store import audit
from gis.store.notify import announce
from hazards.calls.program import as_program
from hazards.checklists.publishing import SHIPPED_BY, check_seen
from hazards.judging import checking, files, repository
from hazards.judging.files import RuleEntry
from hazards.judging.models import RuleVersion
from hazards.judging.rules import CALM

TOPIC = "judging_rule"
RETIRED = "规则已停用", "The rule was taken out of force"
RULE_LOCK = 0x59_54_4A_52


def load(session: Session, path: Path) -> None:
    """Bring the shipped rules in, as often as one likes; a changed one is the next version."""
    for entry in files.read(path):
        known = repository.versions(session, entry.code)
        if not any(one.definition == dumped(entry) for one in known if one.shipped):
            held = next((one for one in known if one.in_force), None)
            beside = held is not None and not held.shipped
            add(session, entry, shipped=True, in_force=not beside, by_name=SHIPPED_BY)


def publish(session: Session, entry: RuleEntry, *, seen_version: int, by: Actor) -> RuleVersion:
    """Put a rule in force as the next version; the same once more changes nothing."""
    require(by, Act.SET_THRESHOLD, city_of(by.area_path))
    session.execute(select(func.pg_advisory_xact_lock(RULE_LOCK)))
    checking.check(session, entry)
    held = repository.held(session, entry.code)
    if held is not None and held.definition == dumped(entry):
        return held
    check_seen(held, seen_version)
    row = add(session, entry, shipped=False, in_force=True, by_name=by.name)
    _tell(session, row, "published", by=by)
    return row


def retire(session: Session, code: str, *, by: Actor, now: datetime) -> None:
    """Take a rule out of force: what stands by it ends, with that as the reason."""
    require(by, Act.SET_THRESHOLD, city_of(by.area_path))
    session.execute(select(func.pg_advisory_xact_lock(RULE_LOCK)))
    row = repository.held(session, code)
    if row is None:
        raise Missing("There is no rule of this code in force.")
    repository.set_aside(session, code)
    with as_program(session):  # what stands is written by the program alone
        end_standings(session, row, at=now)
    _tell(session, row, "retired", by=by)


def end_standings(session: Session, row: RuleVersion, *, at: datetime) -> None:
    """End what stands by a rule that judges no more."""
    standing = repository.standings(session, row.code)
    where = repository.paths(session, standing)
    repository.keep(session, row.code, dict.fromkeys(standing, CALM), where)
    ended: list[dict[str, object]] = [
        {"point_id": point_id, "rule_id": row.id, "area_path": where[point_id], "at": at,
         "before": one.colour, "colour": None, "why_zh": RETIRED[0], "why_en": RETIRED[1],
         "facts": {}}
        for point_id, one in standing.items() if one.colour
    ]  # fmt: skip
    repository.add_judgements(session, ended)


def _tell(session: Session, row: RuleVersion, what: str, *, by: Actor) -> None:
    facts = {"rule": row.code, "version": row.version}
    audit.record(session, act=f"rule.{what}", subject=row.id, area_path=by.area_path, **facts)
    announce(session, topic=TOPIC, kind=what, ref=row.id, area_path=by.area_path)


def add(
    session: Session, entry: RuleEntry, *, shipped: bool, in_force: bool, by_name: str
) -> RuleVersion:
    """Add a version."""
    known = repository.versions(session, entry.code)
    if in_force:
        repository.set_aside(session, entry.code)
    row = RuleVersion(
        code=entry.code,
        version=max((one.version for one in known), default=0) + 1,
        definition=dumped(entry),
        in_force=in_force,
        shipped=shipped,
        made_by_name=by_name,
    )
    session.add(row)
    session.flush()  # the next one of the code counts on from it
    return row


def dumped(entry: RuleEntry) -> dict[str, object]:
    """Give a rule as it is kept."""
    return entry.model_dump(mode="json")
