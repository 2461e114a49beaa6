"""Tracks over HTTP: a phone sends what it noted, its person reads it or takes it back."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from qr_codes.tracks import repository, rules, service
from qr_codes.tracks.models import PatrolTrack
from qr_codes.tracks.rules import Spot
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.http.senders import check_sender

router = APIRouter(prefix="/api/v1", tags=["tracks"])


class SpotIn(BaseModel):
    """One position; `n` is its number on the phone: the same number twice is one position."""

    model_config = ConfigDict(extra="forbid")

    n: Annotated[int, Field(ge=0, lt=1_000_000)]
    at: AwareDatetime
    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]
    accuracy_m: Annotated[float, Field(ge=0, le=100_000)]

    def spot(self) -> Spot:
        """Give it as the rules take it."""
        return Spot(self.n, self.at, self.lon, self.lat, self.accuracy_m)


class BatchIn(BaseModel):
    """Some positions of a track, and when it was switched on and, if it was, off."""

    model_config = ConfigDict(extra="forbid")

    by: UUID
    begun_at: AwareDatetime
    ended_at: AwareDatetime | None = None
    spots: list[SpotIn] = Field(default=[], max_length=rules.MOST_AT_ONCE)

    def batch(self, track_id: UUID) -> service.Batch:
        """Give it as the service takes it."""
        spots = [one.spot() for one in self.spots]
        return service.Batch(track_id, self.begun_at, self.ended_at, spots)


class TrackOut(BaseModel):
    """A track as it was kept; it is removed at `keep_until`."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    person_name: str
    begun_at: datetime
    ended_at: datetime | None
    keep_until: datetime
    withdrawn_at: datetime | None
    length_m: float


class WayOut(TrackOut):
    """A track with its way as lines of longitude and latitude, jumps left out."""

    lines: list[list[tuple[float, float]]]

    @classmethod
    def of(cls, track: PatrolTrack, spots: list[Spot]) -> Self:
        """Show a track."""
        lines = [[(one.lon, one.lat) for one in line] for line in rules.way(spots)]
        return cls(**TrackOut.model_validate(track).model_dump(), lines=lines)


@router.post("/tracks/{track_id}/spots")
def send_spots(
    request: Request, db: Db, actor: Who, now: Now, track_id: UUID, body: BatchIn
) -> TrackOut:
    """Keep positions of your own track, in any order and any number of times."""
    check_sender(body.by, actor)
    days = request.app.state.settings.track_days
    kept = service.take_in(db, body.batch(track_id), by=actor, now=now, days=days)
    return TrackOut.model_validate(kept)


@router.get("/tracks")
def list_tracks(db: Db, _: Who) -> list[TrackOut]:
    """Give the tracks you may see: your own; at a centre, those of its own people."""
    return [TrackOut.model_validate(one) for one in repository.listing(db)]


@router.get("/tracks/{track_id}")
def show_track(db: Db, actor: Who, now: Now, track_id: UUID) -> WayOut:
    """Give one track with its way; its person is told that you looked."""
    track = service.look(db, track_id, by=actor, now=now)
    return WayOut.of(track, repository.spots(db, track.id))


@router.delete("/tracks/{track_id}", status_code=204)
def take_back(db: Db, actor: Who, now: Now, track_id: UUID) -> None:
    """Remove your own track at once."""
    service.take_back(db, track_id, by=actor, now=now)
