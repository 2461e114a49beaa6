"""SQL of what cameras see: the same thing near in place and time, and the nearest asset."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from geoalchemy2 import Geography
from geoalchemy2.shape import from_shape
from shapely import Point
from sqlalchemy import cast, func, select, text
from sqlalchemy.orm import Session

from gis.store.base import WGS84
from qr_codes.assets.models import Asset
from qr_codes.sightings.models import Sighting, SightingEvent, SightingKind

PAGE_ROWS = 50
HOLD = text("SELECT pg_advisory_xact_lock(hashtext('sighting'), hashtext(:kind))")
REACH_DEG = 0.06
"""A box of more than 5 km, which the index answers before metres are measured."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of them a page asks for."""

    kind: str = ""
    outcome: str = ""


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
    total = session.scalar(select(func.count()).select_from(Sighting).where(*asked)) or 0
    query = select(Sighting).where(*asked).order_by(Sighting.last_at.desc(), Sighting.id)
    return session.scalars(query.limit(PAGE_ROWS).offset((page - 1) * PAGE_ROWS)).all(), total


def kinds(session: Session) -> dict[str, SightingKind]:
    """Give all kinds in their order."""
    query = select(SightingKind).order_by(SightingKind.position)
    return {one.code: one for one in session.scalars(query)}
