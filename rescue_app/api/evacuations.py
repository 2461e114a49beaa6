"""Households and rosters over HTTP: bring in, make, say a step, give the all-clear."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from shapely import Point
from sqlalchemy.orm import Session

from gis.authority import Actor
from hazards.checklists.visits import deed_time
from rescue_app.evacuation import households, patrols, reading, service
from rescue_app.evacuation.households import MOST_AT_ONCE, HouseholdDraft
from rescue_app.evacuation.models import Evacuation
from rescue_app.evacuation.patrols import PatrolDraft
from rescue_app.evacuation.reading import Count, Line
from rescue_app.evacuation.rules import MOST_PEOPLE, Standing, StepKind
from rescue_app.evacuation.service import StepDraft
from rescue_app.http.dependencies import Db, Every, Now, Who
from rescue_app.http.senders import check_sender

router = APIRouter(prefix="/api/v1", tags=["evacuation"])
Said = Annotated[str, Field(max_length=500)]
Named = Annotated[str, Field(min_length=1, max_length=200)]


class HouseholdIn(BaseModel):
    """A household as its source tells of it; WGS84."""

    source_id: Named
    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]
    head: Named
    phone: Said = ""
    address: Named
    people: Annotated[int, Field(ge=1, le=MOST_PEOPLE)]
    frail: Annotated[int, Field(ge=0, le=MOST_PEOPLE)] = 0
    needs: Said = ""

    def draft(self) -> HouseholdDraft:
        """Give it as the service takes it."""
        told = self.model_dump(exclude={"lon", "lat"})
        return HouseholdDraft(place=Point(self.lon, self.lat), **told)


class HouseholdsIn(BaseModel):
    """Households of one source, all of them or none."""

    source: Named
    synthetic: bool = False
    households: list[HouseholdIn] = Field(min_length=1, max_length=MOST_AT_ONCE)


class KeptOut(BaseModel):
    """How many households were kept."""

    kept: int


class RosterIn(BaseModel):
    """The incident to make a roster for; the radius counts where no area was drawn."""

    incident_id: UUID
    radius_m: int = 500


class StepIn(BaseModel):
    """A step as a phone sends it, perhaps long after the deed."""

    id: UUID
    kind: StepKind
    note: Said = ""
    done_at: AwareDatetime | None = None
    confirms: UUID | None = None
    by: UUID | None = None
    """The account that said it, on a phone that may have changed hands since."""
    sent_at: AwareDatetime | None = None

    def draft(self, sender: Actor, now: datetime) -> StepDraft:
        """Give it as the service takes it, its time put right."""
        check_sender(self.by, sender)
        done_at = deed_time(self, received_at=now).done_at if self.done_at else None
        return StepDraft(self.id, self.kind, self.note, done_at, self.confirms)


class PatrolIn(BaseModel):
    """A round against return as a phone sends it, perhaps long after it was walked."""

    id: UUID
    note: Said = ""
    done_at: AwareDatetime | None = None
    lon: Annotated[float | None, Field(ge=-180, le=180)] = None
    lat: Annotated[float | None, Field(ge=-90, le=90)] = None
    by: UUID | None = None
    sent_at: AwareDatetime | None = None

    def draft(self, sender: Actor, now: datetime) -> PatrolDraft:
        """Give it as the service takes it, its time put right."""
        check_sender(self.by, sender)
        done_at = deed_time(self, received_at=now).done_at if self.done_at else None
        place = None if self.lon is None or self.lat is None else Point(self.lon, self.lat)
        return PatrolDraft(self.id, self.note, done_at, place)


class PatrolOut(BaseModel):
    """A round that was walked."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    by_name: str
    done_at: datetime
    note: str


class AssignIn(BaseModel):
    """Who fetches a household, and where it goes."""

    crew_id: UUID | None
    shelter_id: UUID | None


class MoveOut(BaseModel):
    """A household of a roster, how it stands, and the deed that says so."""

    id: UUID
    head: str
    phone: str
    address: str
    people: int
    frail: int
    needs: str
    crew_id: UUID | None
    shelter_id: UUID | None
    standing: Standing
    deed_id: UUID | None

    @classmethod
    def of(cls, line: Line) -> Self:
        """Read it off a line of the board."""
        own = {"standing", "deed_id"}
        told = {name: getattr(line.move, name) for name in cls.model_fields if name not in own}
        deed = line.state.deed
        return cls(**told, standing=line.state.standing, deed_id=deed.id if deed else None)


class RosterOut(BaseModel):
    """A roster with its numbers, its households and its shelters."""

    id: UUID
    incident_id: UUID
    threatened: int
    verified: int
    unverified_households: int
    cleared_at: datetime | None
    cleared_by_name: str | None
    moves: list[MoveOut]
    shelters: list[Count]

    @classmethod
    def of(cls, db: Session, roster: Evacuation) -> Self:
        """Read it as the asker may see it."""
        board = reading.board(db, roster)
        return cls(
            id=roster.id,
            incident_id=roster.incident_id,
            threatened=board.people(),
            verified=board.people(Standing.VERIFIED),
            unverified_households=board.unverified,
            cleared_at=roster.cleared_at,
            cleared_by_name=roster.cleared_by_name,
            moves=[MoveOut.of(line) for line in board.lines],
            shelters=list(board.shelters),
        )


@router.put("/households")
def bring_in(db: Db, actor: Who, now: Now, body: HouseholdsIn) -> KeptOut:
    """Keep households of a source; its same number again is the same household."""
    drafts = [one.draft() for one in body.households]
    return KeptOut(kept=households.bring_in(
        db, source=body.source, drafts=drafts, by=actor, now=now, synthetic=body.synthetic
    ))  # fmt: skip


@router.post("/evacuations", status_code=201)
def make(db: Db, actor: Who, now: Now, body: RosterIn) -> RosterOut:
    """Make the roster of an incident; asked for twice it is one."""
    told = body.model_dump()
    return RosterOut.of(db, service.make(db, by=actor, now=now, **told))


@router.get("/evacuations/{evacuation_id}")
def show(db: Db, _: Who, evacuation_id: UUID) -> RosterOut:
    """Give a roster as far as the asker may see it."""
    return RosterOut.of(db, service.visible(db, evacuation_id))


@router.put("/evacuations/moves/{move_id}", status_code=204)
def assign(db: Db, actor: Who, move_id: UUID, body: AssignIn) -> None:
    """Say who fetches a household and where it goes."""
    service.assign(db, move_id=move_id, by=actor, **body.model_dump())


@router.post("/evacuations/moves/{move_id}/steps", status_code=201)
def tell(db: Db, actor: Who, now: Now, move_id: UUID, body: StepIn) -> RosterOut:
    """Keep what somebody says about a household; the same id again is the same step."""
    move = service.tell(db, move_id=move_id, draft=body.draft(actor, now), by=actor, now=now)
    return RosterOut.of(db, service.visible(db, move.evacuation_id))


@router.post("/evacuations/{evacuation_id}/patrols", status_code=201)
def patrol(
    db: Db, actor: Who, now: Now, every: Every, evacuation_id: UUID, body: PatrolIn
) -> list[PatrolOut]:
    """Keep that the danger area was walked; the same id again is the same round."""
    draft = body.draft(actor, now)
    roster = patrols.tell(
        db, evacuation_id=evacuation_id, draft=draft, by=actor, now=now, every=every
    )
    return [PatrolOut.model_validate(one) for one in patrols.kept(db, roster)]


@router.post("/evacuations/{evacuation_id}/clear")
def clear(db: Db, actor: Who, now: Now, evacuation_id: UUID) -> RosterOut:
    """Give the all-clear; refused while one household is not verified, and named which."""
    return RosterOut.of(db, service.clear(db, evacuation_id=evacuation_id, by=actor, now=now))
