"""SQL for tracks: seen by whom row-level security lets see, written by their person alone."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.errors import Missing
from qr_codes.tracks.models import PatrolTrack, TrackLook, TrackSpot
from qr_codes.tracks.rules import Spot

MOST_SHOWN = 60
SPOT = (TrackSpot.n, TrackSpot.at, TrackSpot.lon, TrackSpot.lat, TrackSpot.accuracy_m)


def begin(session: Session, track: dict[str, object]) -> None:
    """Put a track down, if it is not there."""
    session.execute(insert(PatrolTrack).values(track).on_conflict_do_nothing())


def visible(session: Session, track_id: UUID) -> PatrolTrack:
    """Give a track that the asker may see."""
    found = session.get(PatrolTrack, track_id)
    if found is None:
        raise Missing("There is no such track, or it was removed.")
    return found


def own(session: Session, track_id: UUID, *, by: Actor) -> PatrolTrack:
    """Give somebody's own track and lock it."""
    query = select(PatrolTrack).where(PatrolTrack.id == track_id).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None or found.account_id != by.id:
        raise Missing("There is no such track, or it was removed.")
    return found


def put(session: Session, track_id: UUID, spots: Sequence[Spot]) -> None:
    """Add positions; those that are there stay as they are."""
    rows = [
        {"track_id": track_id, "n": one.n, "at": one.at, "lon": one.lon, "lat": one.lat,
         "accuracy_m": one.accuracy_m}
        for one in spots
    ]  # fmt: skip
    if rows:
        session.execute(insert(TrackSpot).on_conflict_do_nothing(), rows)


def cut(session: Session, track_id: UUID, *, after: datetime | None) -> None:
    """Remove the positions after a moment; without one, all."""
    gone = delete(TrackSpot).where(TrackSpot.track_id == track_id)
    session.execute(gone if after is None else gone.where(TrackSpot.at > after))


def spots(session: Session, track_id: UUID) -> list[Spot]:
    """Give the positions of a track."""
    query = select(*SPOT).where(TrackSpot.track_id == track_id).order_by(TrackSpot.n)
    return [Spot(*row) for row in session.execute(query)]


def count(session: Session, track_id: UUID) -> int:
    """Count the positions of a track."""
    query = select(func.count()).where(TrackSpot.track_id == track_id)
    return session.scalar(query) or 0


def listing(session: Session) -> Sequence[PatrolTrack]:
    """Give the tracks the asker may see, the last begun first: by time, never by length."""
    query = select(PatrolTrack).where(PatrolTrack.withdrawn_at.is_(None))
    return session.scalars(query.order_by(PatrolTrack.begun_at.desc()).limit(MOST_SHOWN)).all()


def looks(session: Session, track_id: UUID) -> Sequence[TrackLook]:
    """Give who looked at a track, the last first."""
    query = select(TrackLook).where(TrackLook.track_id == track_id)
    return session.scalars(query.order_by(TrackLook.at.desc())).all()


def remove_old(session: Session, *, now: datetime) -> int:
    """Remove the tracks whose time is over, with their positions and looks."""
    gone = delete(PatrolTrack).where(PatrolTrack.keep_until <= now).returning(PatrolTrack.id)
    return len(session.execute(gone).all())
