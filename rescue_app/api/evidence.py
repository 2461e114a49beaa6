"""What the records propose over HTTP: lists and one proposal with its records, for programs."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from shapely.geometry import mapping

from hazards.evidence import repository
from hazards.evidence.models import EvidenceProposal
from hazards.evidence.rules import State
from rescue_app.http.dependencies import Db, Who
from rescue_app.web import evidence_view

router = APIRouter(prefix="/api/v1/evidence", tags=["points"])
MOST_ON_MAP = 5_000
Page = Annotated[int, Query(ge=1, le=100_000)]


class ProposalOut(BaseModel):
    """A place that records speak for, why in plain words, and what a person made of it."""

    id: UUID
    state: State
    family: str
    evidence: str
    hazard_type: str
    longitude: float
    latitude: float
    area_path: str
    why: str
    facts: dict[str, Any]
    synthetic: bool
    found_at: datetime
    decided_at: datetime | None
    decided_by_name: str | None
    reason: str | None
    case_id: UUID | None
    point_id: UUID | None

    @classmethod
    def of(cls, row: EvidenceProposal, why: str) -> "ProposalOut":
        """Give a proposal with its reason."""
        place = {"longitude": row.place.x, "latitude": row.place.y, "why": why}
        names = cls.model_fields.keys() - place.keys()
        return cls(**place, **{name: getattr(row, name) for name in names})


class ProposalsOut(BaseModel):
    """One page of proposals, the surest first."""

    total: int
    items: list[ProposalOut]


class RecordOut(BaseModel):
    """A record behind a proposal; its place is the middle of a circle as wide as its accuracy."""

    id: UUID
    source: str
    number: str
    hazard_type: str
    title: str
    happened_on: str
    longitude: float
    latitude: float
    accuracy_m: float | None
    deaths: int | None
    synthetic: bool


class ProposalInFull(BaseModel):
    """A proposal, the records behind it that the reader may see, and how it was found."""

    proposal: ProposalOut
    records: list[RecordOut]
    method: str | None
    parameters: dict[str, Any] | None
    vintage: dict[str, Any] | None
    seed: int | None


@router.get("/proposals")
def list_proposals(
    request: Request, db: Db, _: Who, *, state: State = State.OPEN, page: Page = 1
) -> ProposalsOut:
    """Give one page of the proposals of a state, the surest first."""
    rows, counts = repository.listing(db, states=[state], page=page)
    lines = evidence_view.lines(request, db, rows)
    items = [ProposalOut.of(line["row"], line["why"]) for line in lines]
    return ProposalsOut(total=counts.get(state, 0), items=items)


@router.get("/proposals.geojson")
def on_the_map(db: Db, _: Who, *, state: State = State.OPEN) -> dict[str, Any]:
    """Give the places of the proposals of a state."""
    rows = repository.placed(db, state=state, most=MOST_ON_MAP)
    return {"type": "FeatureCollection", "features": [feature(row) for row in rows]}


@router.get("/proposals/{proposal_id}")
def one_proposal(request: Request, db: Db, _: Who, proposal_id: UUID) -> ProposalInFull:
    """Give a proposal with the records behind it and how it was found."""
    row = repository.visible(db, proposal_id)
    events, search = repository.events(db, row.event_ids), repository.search(db, row.search_id)
    why = evidence_view.why(request, row, evidence_view.days_of(events))
    made = {
        name: getattr(search, name, None) for name in ("method", "parameters", "vintage", "seed")
    }
    records = [RecordOut(**evidence_view.told_of(one)) for one in events]
    return ProposalInFull(proposal=ProposalOut.of(row, why), records=records, **made)


def feature(row: EvidenceProposal) -> dict[str, Any]:
    """Give one proposal as the map draws it."""
    about: dict[str, Any] = {
        "id": str(row.id), "evidence": row.evidence, "type": row.hazard_type,
        "records": row.facts["records"], "synthetic": row.synthetic,
    }  # fmt: skip
    return {"type": "Feature", "properties": about, "geometry": mapping(row.place)}
