"""SQL for cards: which households a point reaches, where they go, what is looked for, who has one.

Everything is read through the eyes of whoever asks: who may not see households finds none.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from shapely import Point
from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from gis.areas.repository import AFTER_SLASH
from gis.store.base import among
from gis.store.scope import NO_ONE
from hazards.checklists.repository import of_versions
from hazards.checklists.rules import Item, Mode
from hazards.points.models import HazardPoint
from hazards.points.rules import State
from hazards.tasks import lists
from hazards.tasks.lists import AskedList
from qr_codes.assets.models import Asset
from rescue_app.evacuation.models import Household

Sort = tuple[str, str]
"""Category and hazard type: what decides which lists a point has."""
M_PER_DEG = 90_000
"""Fewer metres than a degree has here in either direction: a box of this never cuts a reach."""
REACHED = text("""
    SELECT home.id AS household_id, point.id AS point_id, home.area_path
    FROM household AS home CROSS JOIN LATERAL (
        SELECT p.id FROM hazard_point AS p
        WHERE p.state = 'approved' AND (p.id = :point_id OR CAST(:point_id AS uuid) IS NULL)
          AND (p.place && ST_Expand(home.place, :degrees)
               OR p.extent && ST_Expand(home.place, :degrees))
          AND ST_DWithin(coalesce(p.extent, p.place)::geography, home.place::geography, :reach_m)
        ORDER BY ST_Distance(coalesce(p.extent, p.place)::geography, home.place::geography),
            p.grade, p.id
        LIMIT 1) AS point
    WHERE (CAST(:point_id AS uuid) IS NOT NULL
           OR (home.area_path >= :low AND home.area_path < :high))
      AND (CAST(:point_id AS uuid) IS NULL OR home.place && (
           SELECT ST_Expand(ST_Envelope(coalesce(p.extent, p.place)), :degrees)
           FROM hazard_point AS p WHERE p.id = :point_id))
    ORDER BY home.area_path, home.address, home.id LIMIT :most
""")
"""Each household with the nearest point that reaches it, or with the one that is asked about."""
SHELTERS = text("""
    SELECT asked.number, shelter.id
    FROM unnest(CAST(:points AS uuid[]), CAST(:lons AS float8[]), CAST(:lats AS float8[]))
        WITH ORDINALITY AS asked (point_id, lon, lat, number)
    JOIN hazard_point AS point ON point.id = asked.point_id
    CROSS JOIN LATERAL (
        SELECT a.id FROM asset AS a
        WHERE a.type_code = 'shelter' AND a.retired_at IS NULL
          AND NOT ST_DWithin(a.place::geography,
                             coalesce(point.extent, point.place)::geography, :reach_m)
        ORDER BY a.place <-> ST_SetSRID(ST_MakePoint(asked.lon, asked.lat), 4326), a.id
        LIMIT 1) AS shelter
""")
"""The nearest shelter in use outside the danger, for places that points reach."""


@dataclass(frozen=True, slots=True)
class Watch:
    """The lists of a sort of point, and all they look for."""

    lists: Sequence[AskedList]
    items: Sequence[Item]


class Pair(NamedTuple):
    """A household and the point whose card it gets, by their ids."""

    household_id: UUID
    point_id: UUID
    area_path: str


@dataclass(frozen=True, slots=True)
class Reached:
    """A household and the point whose card it gets."""

    household: Household
    point: HazardPoint


def pairs(
    session: Session, *, reach_m: int, most: int, point_id: UUID | None = None, under: str = "/"
) -> list[Pair]:
    """Give households within the reach of a point, or of any point for those of an area."""
    asked = {"point_id": point_id, "reach_m": reach_m, "degrees": reach_m / M_PER_DEG,
             "low": under, "high": under[:-1] + AFTER_SLASH, "most": most}  # fmt: skip
    return [Pair(*row) for row in session.execute(REACHED, asked)]


def reached(session: Session, found: Sequence[Pair]) -> list[Reached]:
    """Give the households and points themselves; what is gone meanwhile is left out."""
    homes = _by_id(session, Household, {one.household_id for one in found})
    points = _by_id(session, HazardPoint, {one.point_id for one in found})
    return [
        Reached(homes[one.household_id], points[one.point_id])
        for one in found
        if one.household_id in homes and one.point_id in points
    ]


def shelters(
    session: Session, asked: Sequence[tuple[UUID, Point]], *, reach_m: int
) -> list[Asset | None]:
    """Give for each place, with the point that reaches it, the nearest shelter out of its reach."""
    said = {"points": [one for one, _ in asked], "lons": [at.x for _, at in asked],
            "lats": [at.y for _, at in asked], "reach_m": reach_m}  # fmt: skip
    found = {row.number: row.id for row in session.execute(SHELTERS, said)}
    known = _by_id(session, Asset, set(found.values()))
    return [known.get(found.get(n, NO_ONE)) for n in range(1, len(asked) + 1)]


def points_under(session: Session, under: str, *, most: int) -> Sequence[HazardPoint]:
    """Give the points on the ledger in an area, street by street, the worst first."""
    of = HazardPoint
    here = (of.area_path >= under, of.area_path < under[:-1] + AFTER_SLASH)
    query = select(of).where(*here, of.state == State.APPROVED)
    return session.scalars(query.order_by(of.area_path, of.grade, of.id).limit(most)).all()


def in_charge(session: Session, under: str, *, most: int) -> Sequence[Row[Any]]:
    """Give who is in charge of each point on the ledger in an area, street by street."""
    of = HazardPoint
    here = (of.area_path >= under, of.area_path < under[:-1] + AFTER_SLASH)
    query = select(
        of.id, of.area_path, of.owner_name, of.owner_phone, of.owner_post, of.owner_unit,
        of.monitoring_name, of.monitoring_phone, of.monitoring_post, of.monitors,
    ).where(*here, of.state == State.APPROVED)  # fmt: skip
    ordered = query.order_by(of.area_path, of.grade, of.id).limit(most)
    return list[Row[Any]](session.execute(ordered))


def points_of(session: Session, ids: Sequence[UUID]) -> list[HazardPoint]:
    """Give points in the order asked for; what is gone meanwhile is left out."""
    known = _by_id(session, HazardPoint, set(ids))
    return [known[one] for one in ids if one in known]


def watched(
    session: Session, points: Iterable[HazardPoint], *, area_path: str
) -> dict[Sort, Watch]:
    """Give the lists of peace for each sort of point, and what they look for."""
    sorts = {(one.category, one.hazard_type) for one in points}
    book = [one for one in lists.read(session).lists if one.mode is Mode.PEACE]
    found = {
        sort: [one for one in book if sort[0] in one.categories and sort[1] in one.hazard_types]
        for sort in sorts
    }
    keys = {(one.code, one.version) for several in found.values() for one in several}
    known = of_versions(session, sorted(keys), area_path=area_path)
    return {
        sort: Watch(
            several, [item for one in several for item in known[one.code, one.version].items]
        )
        for sort, several in found.items()
    }


def homes_under(session: Session, under: str, *, most: int) -> Sequence[Household]:
    """Give the households of an area, as far as the reader sees them."""
    here = (Household.area_path >= under, Household.area_path < under[:-1] + AFTER_SLASH)
    query = select(Household).where(*here).order_by(Household.area_path, Household.id)
    return session.scalars(query.limit(most)).all()


def homes_of(session: Session, ids: Collection[UUID]) -> dict[UUID, Household]:
    """Give households by id, as far as the reader sees them."""
    return _by_id(session, Household, ids)


def _by_id(session: Session, kind: type[Any], ids: Collection[UUID]) -> dict[UUID, Any]:
    return {one.id: one for one in session.scalars(select(kind).where(among(kind.id, ids)))}
