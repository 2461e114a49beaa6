"""The crews of a district around a place: what they can do, have in hand, and how far they are."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from geoalchemy2 import Geography
from shapely import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Select, cast, func, literal, select
from sqlalchemy.orm import Session

from gis.roads import repository as roads
from gis.roads.models import RoadGraph
from gis.store.base import Shape
from hazards.duty.models import Crew as CrewRow
from hazards.duty.models import Unit
from qr_codes.assets.models import Asset
from qr_codes.traffic.models import AssetClosure
from rescue_app.dispatch.models import Assignment
from rescue_app.dispatch.reading import NOT_IN_HAND
from rescue_app.incidents.models import Incident
from rescue_app.plans.rules import Action
from rescue_app.proposals.rules import Crew, Terms

MOST_CREWS = 400
MOST_DRIVES = 60


def around(
    session: Session,
    incident: Incident,
    district: str,
    actions: Sequence[Action],
    *,
    terms: Terms,
) -> list[Crew]:
    """Give the district's crews that could be sent, with how long each needs.

    Those of other districts are borrowed, which is asked for, not proposed; lent ones are there.
    """
    wanted = {code for action in actions for code in action.crew}
    if not wanted:
        return []
    found = near(session, incident.place, inside=district, abilities=wanted)
    drives = driven(session, incident, district, found, terms=terms)
    return [replace(crew, drive_s=drives.get(crew.id)) for crew, _ in found]


def graph(session: Session) -> RoadGraph | None:
    """Give the road graph, where there is one and the database can find ways on it."""
    return roads.graph(session) if roads.routes(session) else None


def driven(
    session: Session,
    incident: Incident,
    district: str,
    found: Sequence[tuple[Crew, Point | None]],
    *,
    terms: Terms,
) -> dict[UUID, float]:
    """Give the seconds of those that come by road: on the graph, and to and from it."""
    starts = {crew.id: at for crew, at in found[:MOST_DRIVES] if at is not None}
    if not starts or graph(session) is None:
        return {}
    closed = closed_places(session, district)
    drives = roads.drives(session, starts, incident.place, closed=closed)
    return {key: drive.seconds + terms.straight_s(drive.access_m) for key, drive in drives.items()}


def near(
    session: Session, place: Point, *, inside: str, abilities: Collection[str]
) -> list[tuple[Crew, Point | None]]:
    """Give the nearest crews of an area that can do or carry any of this, with where they are."""
    query = _around(place, inside=inside, abilities=abilities)
    return [(_read(row, away, load), at) for row, at, away, load in session.execute(query)]


def _around(
    place: Point, *, inside: str, abilities: Collection[str]
) -> Select[CrewRow, Point | None, float | None, int]:
    # A crew that nobody placed stands where its base is.
    where = func.coalesce(CrewRow.place, Unit.place)
    metres = func.ST_Distance(
        cast(where, Geography), cast(literal(place, Shape("POINT")), Geography)
    )
    load = (
        select(func.count())
        .where(Assignment.crew_id == CrewRow.id, Assignment.state.not_in(NOT_IN_HAND))
        .scalar_subquery()
    )
    able = func.array_cat(CrewRow.skills, CrewRow.equipment)
    return (
        select(CrewRow, cast(where, Shape("POINT")), metres, load)
        .join(Unit, Unit.id == CrewRow.unit_id)
        .where(
            CrewRow.sent_by(inside),
            able.bool_op("&&")(cast(list(abilities), CrewRow.skills.type)),
        )
        .order_by(metres.nulls_last(), CrewRow.id)
        .limit(MOST_CREWS)
    )


def _read(row: CrewRow, away: float | None, load: int) -> Crew:
    return Crew(
        id=row.id,
        name=row.name,
        name_en=row.name_en,
        area_path=row.area_path,
        abilities=frozenset(row.skills) | frozenset(row.equipment),
        on_duty=row.on_duty,
        load=load,
        metres=None if away is None else float(away),
    )


def closed_places(session: Session, inside: str) -> BaseGeometry | None:
    """Give the assets of an area that are closed to traffic now, as one shape."""
    query = (
        select(cast(func.ST_Collect(Asset.place), Shape("GEOMETRY")))
        .join(AssetClosure, AssetClosure.asset_id == Asset.id)
        .where(
            AssetClosure.reopened_at.is_(None),
            AssetClosure.area_path.startswith(inside, autoescape=True),
        )
    )
    return session.scalar(query)
