"""Ship rules and publish their next versions; a city's own stays in force when the file changes."""

from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, city_of, require
from gis.errors import Conflict
from gis.store import audit
from gis.store.notify import announce
from hazards.checklists.publishing import SHIPPED_BY
from hazards.judging import files, repository
from hazards.judging.files import RuleEntry
from hazards.judging.models import RuleVersion

TOPIC = "judging_rule"
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
    known = repository.versions(session, entry.code)
    held = next((one for one in known if one.in_force), None)
    if held is not None and held.definition == dumped(entry):
        return held
    if seen_version != (held.version if held else 0):
        raise Conflict(
            "Meanwhile {name} has published version {version}. Look at it, then publish yours.",
            name=held.made_by_name if held else "—",
            version=held.version if held else 0,
        )
    row = add(session, entry, shipped=False, in_force=True, by_name=by.name)
    facts = {"rule": entry.code, "version": row.version}
    audit.record(session, act="rule.published", subject=row.id, area_path=by.area_path, **facts)
    announce(session, topic=TOPIC, kind="published", ref=row.id, area_path=by.area_path)
    return row


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
