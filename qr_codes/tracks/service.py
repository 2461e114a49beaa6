"""Verbs of tracks: take in what a phone noted, look, take back, forget when the time is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.store import audit
from qr_codes.tracks import repository, rules
from qr_codes.tracks.models import PatrolTrack, TrackLook
from qr_codes.tracks.rules import Spot


@dataclass(frozen=True, slots=True)
class Batch:
    """Some positions of a track, with what its phone knows of it."""

    track_id: UUID
    begun_at: datetime
    ended_at: datetime | None
    spots: Sequence[Spot]


def take_in(session: Session, batch: Batch, *, by: Actor, now: datetime, days: int) -> PatrolTrack:
    """Keep positions, in any order and any number of times; none from after the stop."""
    require(by, Act.INSPECT, by.area_path)
    until = rules.keep_until(batch.begun_at, days=days, now=now)
    repository.begin(session, {
        "id": batch.track_id,
        "account_id": by.id,
        "person_name": by.name,
        "area_path": by.area_path,
        "begun_at": batch.begun_at,
        "keep_until": until,
        "length_m": 0.0,
    })  # fmt: skip
    track = repository.own(session, batch.track_id, by=by)
    if track.withdrawn_at is not None:
        return track
    held = repository.count(session, track.id)
    repository.put(session, track.id, rules.checked(batch.spots, held=held))
    ends = [end for end in (track.ended_at, batch.ended_at) if end is not None]
    if ends:
        track.ended_at = min(ends)
        repository.cut(session, track.id, after=track.ended_at)
    track.length_m = rules.length_m(repository.spots(session, track.id))
    session.flush()  # the policy speaks before the answer does
    return track


def look(session: Session, track_id: UUID, *, by: Actor, now: datetime) -> PatrolTrack:
    """Give a track to its person, or to his chain; that the chain looked is noted for him."""
    track = repository.visible(session, track_id)
    if track.account_id != by.id:
        session.add(TrackLook(track_id=track.id, by_id=by.id, by_name=by.name, at=now))
        audit.record(session, act="track.looked_at", subject=track.id, area_path=track.area_path)
    return track


def take_back(session: Session, track_id: UUID, *, by: Actor, now: datetime) -> None:
    """Remove the positions of one's own track at once; what still comes for it is not kept."""
    track = repository.own(session, track_id, by=by)
    repository.cut(session, track.id, after=None)
    track.withdrawn_at, track.length_m = track.withdrawn_at or now, 0.0
    session.flush()  # the policy speaks before the answer does


def forget_old(session: Session, *, now: datetime) -> int:
    """Remove what was promised to be removed by now. Needs the SYSTEM scope."""
    return repository.remove_old(session, now=now)
