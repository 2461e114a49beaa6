"""SQL of what cameras see: the same thing near in place and time, and the nearest asset."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from geoalchemy2 import Geography
from geoalchemy2.shape import from_shape
from shapely import Point
from sqlalchemy import Row, and_, cast, exists, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.store.base import WGS84
from qr_codes.assets.models import Asset
from qr_codes.sightings.models import Sighting, SightingDecision, SightingEvent, SightingKind
from qr_codes.sightings.rules import ACTED

PAGE_ROWS = 50
HOLD = text("SELECT pg_advisory_xact_lock(hashtext('sighting'), hashtext(:kind))")
REACH_DEG = 0.06
"""A box of more than 5 km, which the index answers before metres are measured."""

NEAR_M, NEAR_DEG = 1_000, 0.012
# The nearest of each by its own index of places, then in metres; what is further off says nothing.
NEAREST = text("""
    SELECT s.id, p.id AS point_id, p.name AS point_name, p.metres AS point_m,
        a.id AS asset_id, a.name AS asset_name, a.metres AS asset_m
    FROM sighting s
    LEFT JOIN LATERAL (SELECT id, name,
            ST_Distance(h.place::geography, s.place::geography) AS metres
        FROM hazard_point h WHERE h.place && ST_Expand(s.place, :near_deg)
            AND h.state = 'approved' ORDER BY metres, id LIMIT 1) AS p ON p.metres <= :near_m
    LEFT JOIN LATERAL (SELECT id, name,
            ST_Distance(t.place::geography, s.place::geography) AS metres
        FROM asset t WHERE t.place && ST_Expand(s.place, :near_deg)
            AND t.retired_at IS NULL ORDER BY metres, id LIMIT 1) AS a ON a.metres <= :near_m
    WHERE s.id = ANY(:ids)
""")
DECIDED = exists().where(SightingDecision.sighting_id == Sighting.id)
WAITS = and_(Sighting.outcome.in_(ACTED), ~DECIDED)
"""Somebody was sent or would be warned, and nobody has said yet what it is."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of them a page asks for."""

    kind: str = ""
    outcome: str = ""
    waiting: bool = False


def hold(session: Session, kind: str) -> None:
    """Let events of a kind come one after the other: two at once would be two things."""
    session.execute(HOLD, {"kind": kind})


def told(session: Session, *, source: str, ref: str) -> SightingEvent | None:
    """Give an event that was told before."""
    query = select(SightingEvent).where(SightingEvent.source == source, SightingEvent.ref == ref)
    return session.scalar(query)


def same(session: Session, kind: SightingKind, *, place: Point, at: datetime) -> Sighting | None:
    """Give what was seen of this kind near this place and time, the nearest first."""
    apart, spot = timedelta(minutes=kind.apart_min), from_shape(place, srid=WGS84)
    metres = func.ST_Distance(cast(Sighting.place, Geography), cast(spot, Geography))
    query = select(Sighting).where(
        Sighting.kind == kind.code,
        Sighting.last_at >= at - apart,
        Sighting.first_at <= at + apart,
        func.ST_DWithin(cast(Sighting.place, Geography), cast(spot, Geography), kind.apart_m),
    )
    return session.scalars(query.order_by(metres).limit(1)).first()


def asset_near(session: Session, place: Point, *, within_m: float) -> UUID | None:
    """Give the nearest asset in use within so many metres."""
    spot = from_shape(place, srid=WGS84)
    metres = func.ST_Distance(cast(Asset.place, Geography), cast(spot, Geography))
    query = select(Asset.id).where(
        func.ST_DWithin(Asset.place, spot, REACH_DEG), Asset.retired_at.is_(None),
        metres <= within_m,
    )  # fmt: skip
    return session.scalars(query.order_by(metres, Asset.id).limit(1)).first()


def listing(session: Session, wanted: Wanted, *, page: int) -> tuple[Sequence[Sighting], int]:
    """Give a page of what was seen, the latest first; and how many in all."""
    asked = [] if not wanted.kind else [Sighting.kind == wanted.kind]
    asked += [] if not wanted.outcome else [Sighting.outcome == wanted.outcome]
    asked += [WAITS] if wanted.waiting else []
    total = session.scalar(select(func.count()).select_from(Sighting).where(*asked)) or 0
    query = select(Sighting).where(*asked).order_by(Sighting.last_at.desc(), Sighting.id)
    return session.scalars(query.limit(PAGE_ROWS).offset((page - 1) * PAGE_ROWS)).all(), total


def kinds(session: Session) -> dict[str, SightingKind]:
    """Give all kinds in their order."""
    query = select(SightingKind).order_by(SightingKind.position)
    return {one.code: one for one in session.scalars(query)}


def find(session: Session, sighting_id: UUID) -> Sighting | None:
    """Give what was seen, if the asker sees it."""
    return session.scalar(select(Sighting).where(Sighting.id == sighting_id))


def nearest(session: Session, ids: Collection[UUID]) -> dict[UUID, Row[Any]]:
    """Give the ledger's point and the asset nearest to each, with their distance."""
    asked = {"ids": list(ids), "near_m": NEAR_M, "near_deg": NEAR_DEG}
    return {row.id: row for row in session.execute(NEAREST, asked)} if ids else {}


def decisions(session: Session, ids: Collection[UUID]) -> dict[UUID, SightingDecision]:
    """Give the last word about each; that it is an incident stays the last."""
    query = select(SightingDecision).where(SightingDecision.sighting_id.in_(ids))
    order = SightingDecision.incident_id.is_not(None), SightingDecision.at
    return {one.sighting_id: one for one in session.scalars(query.order_by(*order))}


def add_decision(session: Session, row: dict[str, Any]) -> bool:
    """Keep a word, unless it was said before or an incident was made of it meanwhile."""
    fresh = insert(SightingDecision).values(row).on_conflict_do_nothing()
    return session.scalar(fresh.returning(SightingDecision.id)) is not None


def of_incidents(session: Session, incident_ids: Collection[UUID]) -> Sequence[Sighting]:
    """Give what was seen of incidents, the first one first."""
    told = SightingDecision.sighting_id == Sighting.id
    query = select(Sighting).join(SightingDecision, told)
    query = query.where(SightingDecision.incident_id.in_(incident_ids))
    return session.scalars(query.order_by(Sighting.first_at)).all()


def waiting(session: Session) -> int:
    """Count what waits for a person's word in one's area."""
    return session.scalar(select(func.count()).select_from(Sighting).where(WAITS)) or 0
