"""SQL for incidents, their logs and the reports about them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import Geography
from shapely import MultiPolygon, Point
from sqlalchemy import cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.areas import repository as areas_of
from gis.areas.models import Area
from gis.areas.rules import AreaLevel
from gis.store.base import Shape
from hazards.points.models import HazardType
from rescue_app.auth.models import Account
from rescue_app.incidents.models import Incident, IncidentStep, SituationReport
from rescue_app.incidents.rules import Known

LIST_LIMIT = 200
GOES_ON = Incident.closed_at.is_(None) & Incident.merged_into_id.is_(None)


def visible(session: Session, incident_id: UUID) -> Incident | None:
    """Find an incident that the asker can see."""
    return session.get(Incident, incident_id)


def held(session: Session, incident_ids: Collection[UUID]) -> dict[UUID, Incident]:
    """Find incidents and let nobody else change them until the commit; always in one order."""
    query = select(Incident).where(Incident.id.in_(incident_ids)).order_by(Incident.id)
    found = session.scalars(query.with_for_update().execution_options(populate_existing=True))
    return {one.id: one for one in found}


def latest(
    session: Session, *, open_only: bool, drills: bool | None = None, limit: int = LIST_LIMIT
) -> list[Incident]:
    """Incidents that the asker can see, open ones first, the newest first.

    What was joined with another stands on that one's page. `drills` leaves out the other kind.
    """
    newest_first = (Incident.closed_at.is_not(None), Incident.opened_at.desc(), Incident.id.desc())
    query = select(Incident).order_by(*newest_first)
    query = query.where(GOES_ON if open_only else Incident.merged_into_id.is_(None))
    if drills is not None:
        query = query.where(Incident.is_drill == drills)
    return list(session.scalars(query.limit(limit)))


def ongoing(session: Session, *, drills: bool, made_up: bool = False) -> int:
    """Count what goes on and the asker can see, drills or real; only what is made up, if asked."""
    query = select(func.count()).where(GOES_ON, Incident.is_drill == drills)
    if made_up:
        query = query.where(Incident.synthetic)
    return session.scalar(query.select_from(Incident)) or 0


def add_once(session: Session, row: dict[str, Any]) -> bool:
    """Insert an incident unless its id is there already; tell whether it was new."""
    query = insert(Incident).values(row).on_conflict_do_nothing().returning(Incident.id)
    return session.scalar(query) is not None


def by_source(session: Session, source: str, ref: UUID) -> Incident | None:
    """Find what was opened from the same finding, report or alert."""
    query = select(Incident).where(Incident.source == source, Incident.source_ref == ref)
    return session.scalar(query)


def family(session: Session, hazard_type: str) -> str:
    """Give the family of a hazard; kinds of one family are perhaps the same thing."""
    query = select(HazardType.family).where(HazardType.code == hazard_type)
    return session.scalar(query) or hazard_type


def near(session: Session, place: Point, *, within_m: float) -> list[Known]:
    """Open incidents around a place; where one was drawn, the nearest edge of it counts."""
    here = cast(literal(place, Shape("POINT")), Geography)
    whole = func.coalesce(Incident.extent, Incident.place)
    away = func.ST_Distance(cast(whole, Geography), here)
    query = (
        select(Incident, HazardType.family, away)
        .join(HazardType, HazardType.code == Incident.hazard_type)
        .where(GOES_ON, func.ST_DWithin(cast(whole, Geography), here, within_m))
    )
    return [
        Known(one.id, kind, float(metres), one.happened_at, one.is_drill)
        for one, kind, metres in session.execute(query)
    ]


def area_of(session: Session, extent: MultiPolygon, *, day: date) -> str | None:
    """Give the path of the smallest area that holds all of a drawn area."""
    whole = areas_of.covering(literal(extent, Shape("MULTIPOLYGON")), day)
    query = select(Area.path).where(whole).order_by(*areas_of.DEEPEST_FIRST)
    return session.scalars(query.limit(1)).first()


def reached(session: Session, extent: MultiPolygon, *, within: str, day: date) -> list[str]:
    """Give the districts and streets below an area that a drawn area reaches, as paths."""
    whole = literal(extent, Shape("MULTIPOLYGON"))
    query = select(Area.path).where(
        areas_of.within(within),
        Area.path != within,
        Area.level.in_((AreaLevel.DISTRICT, AreaLevel.STREET)),
        areas_of.valid(day),
        func.ST_Intersects(Area.boundary, whole),
    )
    return list(session.scalars(query.order_by(Area.path)))


def areas(session: Session, paths: Collection[str], *, day: date) -> dict[str, Area]:
    """Areas by their paths, as they are on a day."""
    query = select(Area).options(areas_of.OUTLINE_LATER)
    query = query.where(Area.path.in_(paths), Area.validity.contains(day))
    return {area.path: area for area in session.scalars(query)}


def kin(session: Session, incident_id: UUID) -> list[Incident]:
    """Give what was joined with an incident, and what was split off it."""
    of = or_(Incident.merged_into_id == incident_id, Incident.split_from_id == incident_id)
    return list(session.scalars(select(Incident).where(of).order_by(Incident.opened_at)))


def add_step(session: Session, row: dict[str, Any]) -> bool:
    """Add a line to a log unless its id is there already; tell whether it was new."""
    query = insert(IncidentStep).values(row).on_conflict_do_nothing().returning(IncidentStep.id)
    return session.scalar(query) is not None


def step(session: Session, step_id: UUID) -> IncidentStep | None:
    """Find a line of a log."""
    return session.get(IncidentStep, step_id)


def steps(session: Session, incident_ids: Collection[UUID]) -> list[IncidentStep]:
    """Give the logs of incidents, the newest line first."""
    query = select(IncidentStep).where(IncidentStep.incident_id.in_(incident_ids))
    return list(session.scalars(query.order_by(IncidentStep.seq.desc())))


def add_report(session: Session, row: dict[str, Any]) -> bool:
    """Insert a report unless its id is there already; tell whether it was new."""
    query = insert(SituationReport).values(row).on_conflict_do_nothing()
    return session.scalar(query.returning(SituationReport.id)) is not None


def report(session: Session, report_id: UUID) -> SituationReport | None:
    """Find a report that the asker can see."""
    return session.get(SituationReport, report_id)


def reports(session: Session, incident_ids: Collection[UUID]) -> list[SituationReport]:
    """Give the reports about incidents, the newest first."""
    query = select(SituationReport).where(SituationReport.incident_id.in_(incident_ids))
    newest = query.order_by(SituationReport.sent_at.desc(), SituationReport.number.desc())
    return list(session.scalars(newest))


def reports_before(session: Session, report: SituationReport) -> list[UUID]:
    """Give the reports of the same incident that were sent before this one, the oldest first."""
    query = select(SituationReport.id).where(
        SituationReport.incident_id == report.incident_id, SituationReport.number < report.number
    )
    return list(session.scalars(query.order_by(SituationReport.number)))


def last_report(session: Session, incident_id: UUID) -> SituationReport | None:
    """Give the newest report about an incident."""
    query = select(SituationReport).where(SituationReport.incident_id == incident_id)
    return session.scalars(query.order_by(SituationReport.number.desc()).limit(1)).first()


def claim_late(session: Session, *, now: datetime, limit: int) -> Sequence[Incident]:
    """Hold incidents about whose late report somebody is to be called now."""
    query = (
        select(Incident)
        .where(Incident.report_call_at <= now)
        .order_by(Incident.report_call_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return session.scalars(query).all()


def phone_of(session: Session, account_id: UUID) -> str:
    """Give the number under which a person can be called back."""
    return session.scalar(select(Account.phone).where(Account.id == account_id)) or ""
