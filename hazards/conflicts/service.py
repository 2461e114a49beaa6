"""Verbs of conflicts: note that two versions contradict each other, rule which one holds."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Conflict
from gis.store import audit, notify
from hazards.checklists.rules import bounded
from hazards.conflicts import repository, rules
from hazards.conflicts.models import VersionConflict, VersionRuling
from hazards.conflicts.rules import Choice, Kind

TOPIC = "conflict"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What somebody rules. The same id twice is the same ruling once."""

    id: UUID
    choice: Choice
    reason: str


def note(session: Session, conflict: VersionConflict) -> UUID:
    """Keep that two versions contradict each other, once; gives its id."""
    conflict.id = rules.id_of(Kind(conflict.kind), conflict.first_id, conflict.second_id)
    if repository.keep(session, conflict):
        _tell(session, conflict, "conflict.noted", kind=conflict.kind, second=conflict.second_id)
    return conflict.id


def rule(
    session: Session, *, conflict_id: UUID, ruling: Ruling, by: Actor, now: datetime
) -> tuple[VersionConflict, UUID | None, bool]:
    """Write down which version holds; gives what was set aside before, and whether it is new.

    What follows for findings or tasks is up to whose versions they are, in the same transaction.
    """
    conflict = repository.visible(session, conflict_id, lock=True)
    require(by, Act.RULE_CONFLICT, conflict.area_path)
    before = conflict.aside_id
    known = session.get(VersionRuling, ruling.id)
    if known is not None:
        if (known.conflict_id, known.choice) != (conflict_id, ruling.choice):
            raise Conflict("This was ruled already. Load the page again.")
        return conflict, before, False
    reason = bounded(ruling.reason)
    rules.check(Kind(conflict.kind), Choice(conflict.choice), ruling.choice, reason)
    row = VersionRuling(
        id=ruling.id, conflict_id=conflict.id, area_path=conflict.area_path, reason=reason,
        choice=ruling.choice, by_id=by.id, by_name=by.name, ruled_at=now,
    )  # fmt: skip
    session.add(row)
    conflict.choice = ruling.choice
    conflict.aside_id = rules.aside(ruling.choice, conflict.first_id, conflict.second_id)
    session.flush()  # what follows asks which versions are set aside
    _tell(session, conflict, "conflict.ruled", choice=ruling.choice, reason=reason)
    return conflict, before, True


def _tell(session: Session, conflict: VersionConflict, act: str, **facts: object) -> None:
    area = conflict.area_path
    audit.record(session, act=act, subject=conflict.id, area_path=area, **facts)
    notify.announce(session, topic=TOPIC, kind=conflict.kind, ref=conflict.id, area_path=area)
