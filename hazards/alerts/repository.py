"""SQL of alerts: what is in force, what waits, what was; and where each of them holds."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shapely import MultiPolygon, set_srid, to_wkb
from sqlalchemy import ColumnElement, Integer, Row, case, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, defer

from gis.areas.models import Area
from gis.areas.repository import valid
from gis.areas.rules import AreaLevel
from gis.store.base import WGS84, Shape, among
from hazards.alerts.models import Alert, AlertCall, AlertColour, AlertStep
from hazards.alerts.rules import Colour, State

AreaRow = Row[str, str, str, str]
Called = Row[UUID, UUID, str]
"""A person, his call, and for which colour it was."""
"""An area's path, level, name and English name."""
LIST_ROWS = 300
COARSE_DEG = 0.0005
"""Outlines on the map of a whole city are drawn to fifty metres; what holds where is exact."""
# The smallest centres that a drawing reaches into; one beside it, along the border, is not touched.
TOUCHED = text("""
    WITH met AS (
        SELECT path FROM area
        WHERE level IN ('city', 'district', 'street') AND validity @> CAST(:day AS date)
            AND boundary && CAST(:drawn AS geometry)
            AND ST_Intersects(boundary, CAST(:drawn AS geometry))
            AND NOT ST_Touches(boundary, CAST(:drawn AS geometry)))
    SELECT path FROM met
    WHERE NOT EXISTS (SELECT FROM met below WHERE starts_with(below.path, met.path)
        AND below.path <> met.path)
    ORDER BY path
""")
EXTENT = text("""
    SELECT ST_Multi(ST_CollectionExtract(ST_UnaryUnion(ST_Collect(part)), 3)) AS extent FROM (
        SELECT boundary AS part FROM area
        WHERE path = ANY (:paths) AND validity @> CAST(:day AS date) AND boundary IS NOT NULL
        UNION ALL SELECT CAST(:drawn AS geometry)) AS parts
""").columns(extent=Shape("MULTIPOLYGON"))
CENTRES = text("""
    SELECT path FROM area
    WHERE level IN ('city', 'district', 'street') AND validity @> CAST(:day AS date)
        AND EXISTS (SELECT FROM unnest(CAST(:reach AS text[])) AS p WHERE starts_with(path, p))
    ORDER BY path
""")
# A collection written by PostgreSQL: the map reads it as it is.
SHAPES = text("""
    SELECT json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(
        json_build_object('type', 'Feature', 'geometry', ST_AsGeoJSON(coalesce(
                ST_SimplifyPreserveTopology(extent, :coarse), extent), 5)::json,
            'properties', json_build_object('id', id, 'colour', colour, 'hazard_type', hazard_type,
                'name', headline_zh || CASE WHEN is_drill THEN '（演练）' ELSE '' END,
                'name_en', headline_en || CASE WHEN is_drill THEN ' (drill)' ELSE '' END,
                'is_drill', is_drill,
                'rank', array_position(ARRAY['blue', 'yellow', 'orange', 'red'], colour)))
        ORDER BY issued_at), '[]'))::text
    FROM alert
    WHERE state = 'issued' AND expires_at > :now AND extent IS NOT NULL
""")
RANK = case({str(one): n for n, one in enumerate(Colour)}, value=Alert.colour)
OUTLINES_LATER = (defer(Alert.drawn), defer(Alert.extent))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the list is asked for; nothing said means all."""

    states: Collection[State] = ()
    colour: str | None = None
    hazard_type: str | None = None
    is_drill: bool | None = None
    until: datetime | None = None
    """Only what still holds after this moment."""


def add_once(session: Session, row: dict[str, Any]) -> bool:
    """Insert an alert unless its id is there already; tell whether it was new."""
    query = insert(Alert).values(row).on_conflict_do_nothing(index_elements=["id"])
    return session.scalar(query.returning(Alert.id)) is not None


def visible(session: Session, alert_id: UUID) -> Alert | None:
    """Find an alert that the asker can see."""
    return session.scalar(select(Alert).where(Alert.id == alert_id))


def held(session: Session, alert_id: UUID) -> Alert | None:
    """Find an alert that the asker may change, and let nobody else until the commit."""
    query = select(Alert).where(Alert.id == alert_id).with_for_update(key_share=True)
    return session.scalar(query.execution_options(populate_existing=True))


def claim_over(session: Session, *, now: datetime, limit: int) -> Sequence[Alert]:
    """Hold alerts and drafts whose time is over; a second worker takes others."""
    query = (
        select(Alert)
        .where(Alert.state.in_((State.DRAFT, State.ISSUED)), Alert.expires_at <= now)
        .order_by(Alert.expires_at)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True)
    )
    return session.scalars(query).all()


def listed(session: Session, wanted: Wanted) -> Sequence[Alert]:
    """Give alerts that the asker can see: the gravest first while they hold, else the newest."""
    query = select(Alert).options(*OUTLINES_LATER).where(*_asked(wanted))
    order = (RANK.desc(),) if wanted.until else ()
    newest = func.coalesce(Alert.issued_at, Alert.proposed_at).desc()
    return session.scalars(query.order_by(*order, newest, Alert.id).limit(LIST_ROWS)).all()


def count(session: Session, wanted: Wanted) -> int:
    """Count alerts that the asker can see."""
    found: int = session.scalar(select(func.count(Alert.id)).where(*_asked(wanted))) or 0
    return found


def _asked(wanted: Wanted) -> list[ColumnElement[bool]]:
    asked = [Alert.state.in_(wanted.states)] if wanted.states else []
    same = {"colour": wanted.colour, "hazard_type": wanted.hazard_type, "is_drill": wanted.is_drill}
    asked += [getattr(Alert, name) == value for name, value in same.items() if value is not None]
    return asked + ([Alert.expires_at > wanted.until] if wanted.until else [])


def in_force(session: Session, *, now: datetime, is_drill: bool | None = None) -> Sequence[Alert]:
    """Give what holds or is about to, as far as the asker sees, the gravest first."""
    return listed(session, Wanted(states=(State.ISSUED,), until=now, is_drill=is_drill))


def look_again(session: Session) -> None:
    """Let the worker look at all that lies inside again: places have moved."""
    held = Alert.state == State.ISSUED, Alert.looked_at.is_not(None)
    session.execute(update(Alert).where(*held).values(looked_at=func.to_timestamp(0)))


def chain(session: Session, root_id: UUID) -> Sequence[Alert]:
    """Give an alert with all that followed it, the newest first."""
    query = select(Alert).options(*OUTLINES_LATER).where(Alert.root_id == root_id)
    return session.scalars(query.order_by(Alert.proposed_at.desc(), Alert.id.desc())).all()


def add_step(session: Session, row: dict[str, Any]) -> None:
    """Add a line to the log."""
    session.execute(insert(AlertStep).values(row).inline())


def steps(session: Session, alert_ids: Collection[UUID]) -> Sequence[AlertStep]:
    """Give what was done about alerts, the newest first."""
    query = select(AlertStep).where(among(AlertStep.alert_id, alert_ids))
    return session.scalars(query.order_by(AlertStep.seq.desc())).all()


def bounds_of(alert: Alert) -> dict[str, Any]:
    """Give where an alert holds as the statements ask for it."""
    return {"areas": list(alert.area_paths), "drawn": _written(alert.drawn)}


def called(session: Session, root_id: UUID) -> dict[UUID, list[Called]]:
    """Give for what who was called about an alert and what followed it, by person."""
    found: dict[UUID, list[Called]] = defaultdict(list)
    query = select(AlertCall.person_id, AlertCall.ref, AlertCall.colour)
    for row in session.execute(query.where(AlertCall.root_id == root_id)):
        found[row.person_id].append(row)
    return found


def calling(session: Session) -> Sequence[UUID]:
    """Name the alerts in force that have not called everyone yet, the gravest first."""
    query = select(Alert.id).where(Alert.calling, Alert.state == State.ISSUED)
    return session.scalars(query.order_by(RANK.desc(), Alert.issued_at)).all()


def reached(session: Session, alert: Alert) -> int:
    """Count who was called about an alert and what it follows."""
    query = select(func.count(AlertCall.person_id.distinct()))
    return session.scalar(query.where(AlertCall.root_id == alert.root_id)) or 0


def colours(session: Session) -> dict[str, AlertColour]:
    """Give the colours, calmest first."""
    query = select(AlertColour).order_by(AlertColour.position)
    return {one.colour: one for one in session.scalars(query)}


def touched(session: Session, drawn: MultiPolygon, *, day: date) -> list[str]:
    """Name the smallest centres' areas that a drawing reaches into."""
    return list(session.scalars(TOUCHED, {"day": day, "drawn": _written(drawn)}))


def extent(
    session: Session, paths: Sequence[str], drawn: MultiPolygon | None, *, day: date
) -> MultiPolygon | None:
    """Give whole areas and a drawing as one outline; none where no boundary is known."""
    asked = {"paths": list(paths), "day": day, "drawn": _written(drawn)}
    found: MultiPolygon | None = session.scalar(EXTENT, asked)
    return None if found is None or found.is_empty else found


def named(session: Session, paths: Collection[str], *, day: date) -> Sequence[AreaRow]:
    """Give path, level and names of areas that are there on a day, the biggest first."""
    query = select(Area.path, Area.level, Area.name, Area.name_en).where(
        Area.path.in_(list(paths)), valid(day)
    )
    depth = func.length(Area.path, type_=Integer)
    return session.execute(query.order_by(depth, Area.path)).all()


def centres_in(session: Session, reach: Sequence[str], *, day: date) -> tuple[str, ...]:
    """Give the areas of all centres that an alert concerns: who has to hear of it at once."""
    return tuple(session.scalars(CENTRES, {"reach": list(reach), "day": day}))


def shapes(session: Session, *, now: datetime) -> str:
    """Give the outlines of what is in force as GeoJSON, the newest last."""
    told: str = session.execute(SHAPES, {"now": now, "coarse": COARSE_DEG}).scalar_one()
    return told


def streets(session: Session, area_path: str, *, day: date) -> Sequence[AreaRow]:
    """Give an area with its districts and streets, in the order of the tree: what one can tick."""
    levels = (AreaLevel.CITY, AreaLevel.DISTRICT, AreaLevel.STREET)
    query = select(Area.path, Area.level, Area.name, Area.name_en).where(
        Area.path.startswith(area_path, autoescape=True), Area.level.in_(levels), valid(day)
    )
    return session.execute(query.order_by(Area.path)).all()


def _written(drawn: MultiPolygon | None) -> str | None:
    return None if drawn is None else to_wkb(set_srid(drawn, WGS84), hex=True, include_srid=True)
