"""Tables of tracks: whose, from when to when, how long; its positions; who looked."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Base, Record


class PatrolTrack(Record):
    """One stretch of one person's round; the id is made by his phone when he switches it on.

    `keep_until` is what he was promised. `withdrawn_at` is set when he took it back: its positions
    are gone, and what still comes for it is not kept.
    """

    __tablename__ = "patrol_track"

    account_id: Mapped[UUID] = mapped_column(index=True)
    person_name: Mapped[str]
    area_path: Mapped[AreaPath]
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    keep_until: Mapped[datetime] = mapped_column(index=True)
    withdrawn_at: Mapped[datetime | None]
    length_m: Mapped[float] = mapped_column(default=0.0)


class TrackSpot(Base):
    """One position; `n` is its number on the phone, so that sent twice it is one."""

    __tablename__ = "track_spot"

    track_id: Mapped[UUID] = mapped_column(
        ForeignKey("patrol_track.id", ondelete="CASCADE"), primary_key=True
    )
    n: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    lon: Mapped[float]
    lat: Mapped[float]
    accuracy_m: Mapped[float]


class TrackLook(Record):
    """That somebody else looked at a track; its person reads it."""

    __tablename__ = "track_look"

    track_id: Mapped[UUID] = mapped_column(
        ForeignKey("patrol_track.id", ondelete="CASCADE"), index=True
    )
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    at: Mapped[datetime]
