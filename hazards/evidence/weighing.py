"""A point becomes historical on the day its record arrives: each new record is weighed once.

Only a point that the ledger calls possible is moved, only by a record that is surely of its
place, and by a case of the program's own: logged, told, and undone like any other. After a
person's undo the same record does not move it again. A record that was corrected away and then
back does: what was taken back by the program was nobody's judgement of the place.
"""

from datetime import datetime
from uuid import UUID, uuid5

import structlog
from sqlalchemy.orm import Session

from gis.errors import PlatformError
from gis.store import audit
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM
from hazards.events.models import DisasterEvent
from hazards.events.rules import said
from hazards.evidence import repository, resting
from hazards.evidence.backing import FURTHEST_M, REACH_M
from hazards.points import repository as points
from hazards.points.cases import proposing
from hazards.points.cases import repository as known_cases
from hazards.points.cases import service as cases
from hazards.points.cases.proposing import Ask
from hazards.points.models import HazardPoint
from hazards.points.rules import Evidence, State

log = structlog.get_logger()
AT_ONCE = 500
BACKED = (
    "记录 {source} {number}（{day}）相距 {away:.0f} 米，位置精度 {accuracy:.0f} 米"
    " · Record {source} {number} ({day}) lies {away:.0f} m away, good to {accuracy:.0f} m"
)


def look(sessions: Sessions, *, now: datetime) -> int:
    """Weigh the records that came or were corrected since; tells how many points they moved."""
    resting.look(sessions, now=now)
    with unit_of_work(sessions, SYSTEM) as session:
        repository.pass_over_vague(session, worse_than_m=FURTHEST_M)
        waiting = repository.unweighed(session, most=AT_ONCE)
    return sum(weighed(sessions, event_id, now=now) for event_id in waiting)


def weighed(sessions: Sessions, event_id: UUID, *, now: datetime) -> int:
    """Weigh one record in a transaction of its own: one that cannot be holds up no other."""
    try:
        with unit_of_work(sessions, SYSTEM) as session:
            event = repository.to_weigh(session, event_id)
            if event is None:
                return 0
            near = about(session, event)
            return sum(back(session, event, point, away, now=now) for point, away in near)
    except PlatformError as trouble:
        log.warning("evidence.not_weighed", event_id=str(event_id), reason=str(trouble))
        with unit_of_work(sessions, SYSTEM) as session:
            repository.to_weigh(session, event_id)
    return 0


def about(session: Session, event: DisasterEvent) -> list[tuple[HazardPoint, float]]:
    """Give the possible points of a record's family that it surely speaks of."""
    family = repository.family_of(session, event.hazard_type)
    near = points.near(session, event.place, within_m=REACH_M)
    return [
        (point, away)
        for point, away in near
        if (point.state, point.evidence) == (State.APPROVED, Evidence.POSSIBLE)
        and repository.family_of(session, point.hazard_type) == family
        and resting.is_sure(away, event)
    ]


def back(
    session: Session, event: DisasterEvent, point: HazardPoint, away_m: float, *, now: datetime
) -> bool:
    """Let a record make a possible point historical, once for each time it comes to say so."""
    case_id = next_case(session, event, point)
    if case_id is None:
        return False
    by = resting.the_program(point.area_path)
    ask = Ask(case_id, by, now, reason(event, away_m))
    changes: dict[str, object] = {"evidence": Evidence.HISTORICAL}
    proposing.change(
        session, ask=ask, point_id=point.id, seen_version=point.version, changes=changes
    )
    cases.carry_through(session, case_id=case_id, by=by, now=now)
    repository.note_backing(session, case_id=case_id, event_id=event.id, point=point)
    facts = {"event": event.id, "case": case_id, "away_m": round(away_m)}
    audit.record(
        session, act="evidence.backed", subject=point.id, area_path=point.area_path, **facts
    )
    return True


def next_case(session: Session, event: DisasterEvent, point: HazardPoint) -> UUID | None:
    """Give the id of the case to come; none where a person undid, or the last is in force."""
    first = uuid5(event.id, str(point.id))
    before = repository.backings(session, event_id=event.id, point_id=point.id)
    if not before:
        return first if known_cases.find(session, first) is None else None
    last = before[-1]
    taken_back = last.taken_back_at and known_cases.find(session, resting.case_back(last))
    return uuid5(first, str(len(before))) if taken_back else None


def reason(event: DisasterEvent, away_m: float) -> str:
    """Say which record it was."""
    return BACKED.format(
        source=event.source,
        number=event.source_id,
        day=said(event.happened_at, event.time_precision),
        away=away_m,
        accuracy=event.location_accuracy_m or 0,
    )
