"""What rests on records that are gone is taken back: points made historical, open proposals.

A list of records taken back as a whole takes its evidence with it. A point goes back to possible
only if its record alone made it historical and no other record is surely of its place; a proposal
that people have decided on stays as they decided.
"""

from datetime import UTC, datetime
from uuid import UUID, uuid5

import structlog
from sqlalchemy.orm import Session

from gis.authority import Actor, Role
from gis.errors import PlatformError
from gis.store import audit
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import PROGRAM, SYSTEM
from hazards.events.models import DisasterEvent
from hazards.evidence import repository, telling
from hazards.evidence.backing import REACH_M, Certainty, certainty, share_within
from hazards.evidence.models import EvidenceBacking
from hazards.evidence.rules import State
from hazards.points import repository as points
from hazards.points.cases import proposing
from hazards.points.cases import service as cases
from hazards.points.cases.proposing import Ask
from hazards.points.models import HazardPoint
from hazards.points.rules import Evidence

log = structlog.get_logger()
GONE = (
    "使本点成为“历史性”的灾情记录已撤回或更正，没有别的记录可以佐证"
    " · The record that made this point historical was taken back or corrected; no other backs it"
)


def look(sessions: Sessions, *, now: datetime) -> None:
    """Take back what rests on records that are gone or say something else now."""
    with unit_of_work(sessions, SYSTEM) as session:
        for row in repository.resting_on_nothing(session):
            row.state = State.OUTDATED
            telling.say(session, row, "outdated", row.area_path)
        waiting = repository.backings_in_doubt(session)
    for case_id in waiting:
        judged(sessions, case_id, now=now)


def judged(sessions: Sessions, case_id: UUID, *, now: datetime) -> None:
    """Judge one backing in a transaction of its own: one that cannot be holds up no other."""
    try:
        with unit_of_work(sessions, SYSTEM) as session:
            backing = repository.backing(session, case_id)
            if backing is None:
                return
            point = points.find(session, backing.point_id)
            if point is None or point.evidence != Evidence.HISTORICAL:
                backing.taken_back_at = now
            elif not is_backed(session, point):
                backing.taken_back_at = now
                take_back(session, point, case_back(backing), now=now)
    except PlatformError as trouble:
        log.warning("evidence.not_taken_back", case_id=str(case_id), reason=str(trouble))


def is_backed(session: Session, point: HazardPoint) -> bool:
    """Tell whether any record is surely of a point's place."""
    family = repository.family_of(session, point.hazard_type)
    near = repository.around(session, point.place, family=family, reach_m=REACH_M)
    return any(is_sure(away, event) for event, away in near)


def take_back(session: Session, point: HazardPoint, case_id: UUID, *, now: datetime) -> None:
    """Let a point be possible again, by a case of the program's own."""
    by = the_program(point.area_path)
    ask = Ask(case_id, by, now, GONE)
    changes: dict[str, object] = {"evidence": Evidence.POSSIBLE}
    proposing.change(
        session, ask=ask, point_id=point.id, seen_version=point.version, changes=changes
    )
    cases.carry_through(session, case_id=ask.case_id, by=by, now=now)
    audit.record(
        session, act="evidence.unbacked", subject=point.id, area_path=point.area_path,
        case=ask.case_id,
    )  # fmt: skip


def case_back(backing: EvidenceBacking) -> UUID:
    """Give the id of the case by which the program took a backing back, if it did."""
    at = backing.taken_back_at
    return uuid5(backing.case_id, at.astimezone(UTC).isoformat() if at else "")


def is_sure(away_m: float, event: DisasterEvent) -> bool:
    """Tell whether a record surely belongs to a place so far from it."""
    share = share_within(away_m, accuracy_m=event.location_accuracy_m)
    return certainty(share) is Certainty.SURE


def the_program(area_path: str) -> Actor:
    """Give the program as the office of a point's district, which sees the case then."""
    city, district = [*area_path.strip("/").split("/"), ""][:2]
    unit = f"/{city}/{district}/" if district else f"/{city}/"
    return Actor(PROGRAM.id, PROGRAM.name, Role.SYSTEM, unit)
