"""Words from the site over HTTP: reports, people moved, calls for support."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from shapely import Point

from gis.authority import Actor
from hazards.checklists.visits import deed_time
from rescue_app.api.files import FileOut, shown
from rescue_app.api.order_shapes import HopOut, Placed
from rescue_app.http.codes import Codes
from rescue_app.http.dependencies import Db, Now, Sender, Who
from rescue_app.http.receiving import Attachment
from rescue_app.http.scanning import on_site
from rescue_app.http.senders import check_sender
from rescue_app.site import places, repository, service
from rescue_app.site.models import CrewPlace, SiteReport
from rescue_app.site.rules import MOST_FILES, Need, ReportDraft, ReportKind, Spot, Tick

router = APIRouter(prefix="/api/v1", tags=["orders"])


class SiteReportIn(Placed):
    """A report as the crew's phone sends it, perhaps long after the deed."""

    id: UUID
    kind: ReportKind
    words: str = ""
    need: Need | None = None
    people_moved: int | None = None
    done_at: AwareDatetime | None = None
    file_ids: tuple[UUID, ...] = ()
    promised: int = Field(default=0, ge=0, le=MOST_FILES)
    by: UUID | None = None
    sent_at: AwareDatetime | None = None

    def draft(self, sender: Actor) -> ReportDraft:
        """Give it as the service takes it; refuse what somebody else said on this phone."""
        check_sender(self.by, sender)
        return ReportDraft(
            **self.model_dump(exclude={"lon", "lat", "by", "sent_at"}), place=self.place()
        )


class SiteReportOut(Placed):
    """A report as it was kept."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    order_id: UUID
    assignment_id: UUID
    kind: str
    need: str | None
    words: str
    people_moved: int | None
    by_name: str
    by_phone: str
    done_at: datetime
    received_at: datetime

    @classmethod
    def of(cls, kept: SiteReport) -> Self:
        """Read it off the row."""
        told = cls.model_validate(kept)
        if kept.place is not None:
            told.lon, told.lat = kept.place.x, kept.place.y
        return told


@router.post("/hops/{hop_id}/reports", status_code=201)
def report(db: Db, actor: Who, now: Now, hop_id: UUID, body: SiteReportIn) -> SiteReportOut:
    """Keep what a crew tells from its site; the same id again is the same report."""
    return SiteReportOut.of(
        service.report(db, hop_id=hop_id, draft=body.draft(actor), by=actor, now=now)
    )


class DeedIn(BaseModel):
    """What a crew's phone sends of one deed, perhaps long after it."""

    id: UUID
    done_at: AwareDatetime | None = None
    by: UUID | None = None
    sent_at: AwareDatetime | None = None

    def when(self, sender: Actor, now: datetime) -> datetime:
        """Give the time of the deed, put right; refuse what somebody else did on this phone."""
        check_sender(self.by, sender)
        return deed_time(self, received_at=now).done_at if self.done_at else now


class TickIn(DeedIn):
    """A tick of the checklist; false takes one back."""

    item: int
    ticked: bool = True

    def draft(self, sender: Actor, now: datetime) -> Tick:
        """Give it as the service takes it."""
        return Tick(self.id, self.item, self.ticked, self.when(sender, now))


class ScanIn(DeedIn):
    """An arrival that the label of an asset at the order's place proves, by its code."""

    code: str


class TickOut(BaseModel):
    """A tick as it was kept."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    order_id: UUID
    assignment_id: UUID
    item: int
    ticked: bool
    by_name: str
    done_at: datetime
    received_at: datetime


@router.post("/hops/{hop_id}/ticks", status_code=201)
def tick(db: Db, actor: Who, now: Now, hop_id: UUID, body: TickIn) -> TickOut:
    """Tick an item of the order's checklist (`item` counts from 0); the same id counts once."""
    draft = body.draft(actor, now)
    return TickOut.model_validate(service.tick(db, hop_id=hop_id, draft=draft, by=actor, now=now))


@router.put("/site-photos/{file_id}")
def send_photo(sent: Attachment, db: Db, actor: Sender, file_id: UUID, of: UUID) -> FileOut:
    """Keep a photo that follows its report (`of`); the same id again is the same photo."""
    with sent.path.open("rb") as stream:
        return shown(
            service.add_photo(db, stream, of=of, file_id=file_id, name=sent.name, by=actor)
        )


class SpotIn(BaseModel):
    """One position of a phone, WGS84, with its accuracy in metres."""

    at: AwareDatetime
    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]
    accuracy_m: Annotated[float, Field(ge=0, le=100_000)]

    def spot(self) -> Spot:
        """Give it as the service takes it."""
        return Spot(Point(self.lon, self.lat), self.accuracy_m, self.at)


class PlacesIn(BaseModel):
    """Positions since the phone was last heard of; only the newest is kept."""

    spots: list[SpotIn] = Field(min_length=1, max_length=200)


class PlaceOut(BaseModel):
    """Where a person of a crew was last, while on the order."""

    hop_id: UUID
    name: str
    lon: float
    lat: float
    accuracy_m: float
    at: datetime

    @classmethod
    def of(cls, kept: CrewPlace) -> Self:
        """Read it off the row."""
        told = {name: getattr(kept, name) for name in ("name", "accuracy_m", "at")}
        return cls(hop_id=kept.assignment_id, lon=kept.place.x, lat=kept.place.y, **told)


@router.post("/hops/{hop_id}/places", status_code=201)
def share(db: Db, actor: Who, now: Now, hop_id: UUID, body: PlacesIn) -> HopOut:
    """Say where a crew on an order is; near enough to the place it has arrived."""
    spots = [spot.spot() for spot in body.spots]
    return HopOut.of(places.share(db, hop_id=hop_id, spots=spots, by=actor, now=now))


@router.post("/hops/{hop_id}/scans", status_code=201)
def scan(db: Db, actor: Who, now: Now, codes: Codes, hop_id: UUID, body: ScanIn) -> HopOut:
    """Say by a scanned label that a crew is at its order's place; the same id counts once."""
    done_at = body.when(actor, now)
    at = on_site(db, codes, body.code, actor=actor).asset.place
    told = places.scanned(
        db, hop_id=hop_id, step_id=body.id, asset=at.centroid, done_at=done_at, by=actor, now=now
    )
    return HopOut.of(told)


@router.get("/orders/{order_id}/places")
def where(db: Db, _: Who, order_id: UUID) -> list[PlaceOut]:
    """Give where the crews of an order were last, as far as the reader may see."""
    found = repository.places(db, order_id)
    return [PlaceOut.of(place) for kept in found.values() for place in kept]
