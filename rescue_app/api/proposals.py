"""The one tap over HTTP: what is proposed for an incident, and issuing it, once."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from gis.authority import Act, require
from rescue_app.dispatch.rules import Urgency
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.incidents import service as incidents
from rescue_app.proposals import proposing, repository, service
from rescue_app.proposals.models import OrderBatch
from rescue_app.proposals.proposing import Proposal, Row
from rescue_app.proposals.rules import ActionDraft, BatchDraft, Fit
from rescue_app.web.proposals_view import terms

router = APIRouter(prefix="/api/v1/incidents", tags=["orders"])
Level = Literal["I", "II", "III", "IV"]
Path = Annotated[str | None, Query(pattern=r"^/(\d+/)+$", max_length=100)]


class FitOut(BaseModel):
    """A crew that could be sent: what it lacks, how long it needs and what that rests on."""

    crew_id: UUID
    name: str
    on_duty: bool
    in_hand: int
    lacks: tuple[str, ...]
    seconds: float | None
    basis: str

    @classmethod
    def of(cls, fit: Fit) -> Self:
        """Read it off a fit."""
        crew = fit.crew
        return cls(
            crew_id=crew.id, name=crew.name, on_duty=crew.on_duty, in_hand=fit.load,
            lacks=fit.lacks, seconds=fit.seconds, basis=fit.basis,
        )  # fmt: skip


class LineOut(BaseModel):
    """One proposed action: words, minutes, the targets as an order names them, and the crews."""

    code: str
    step: str
    what: str
    what_en: str
    checklist: tuple[dict[str, str], ...]
    within_min: int
    targets: list[str]
    ownerless: bool
    crews: list[FitOut]

    @classmethod
    def of(cls, row: Row) -> Self:
        """Read it off a row of the proposal."""
        action, chosen, owner = row.line.action, row.line.chosen, row.acting.owner
        targets = [unit.value for unit in row.acting.units if unit.mine]
        return cls(
            code=action.code, step=action.step, what=action.zh, what_en=action.en,
            checklist=action.checklist, within_min=action.within_min,
            targets=[*targets, *([f"crew:{chosen.crew.id}"] if chosen else [])],
            ownerless=owner is not None and owner.ownerless,
            crews=[FitOut.of(fit) for fit in row.line.fits],
        )  # fmt: skip


class ProposalOut(BaseModel):
    """What is left to issue at a level in a district; `seen` is sent back with what is issued."""

    district_path: str
    plan_type: str
    plan_version: int | None
    level: Level
    in_force: bool
    road_graph: str | None
    seen: list[UUID]
    lines: list[LineOut]

    @classmethod
    def of(cls, found: Proposal) -> Self:
        """Read it off a proposal."""
        return cls.model_validate({
            "district_path": found.district_path,
            "plan_type": found.plan_type,
            "plan_version": found.plan.version if found.plan else None,
            "level": found.level,
            "in_force": found.held is not None and found.held.level == found.level,
            "road_graph": found.graph.source if found.graph else None,
            "seen": [one.id for one in found.batches],
            "lines": [LineOut.of(row) for row in found.rows],
        })  # fmt: skip


class ActionIn(BaseModel):
    """An action to issue. One that the plan does not have begins its code with `added_`."""

    code: str = Field(max_length=80)
    step: Literal["consult", "patrol", "evacuate", "rescue", "duty"]
    what: str
    within_min: int
    targets: list[str]
    checklist: list[str] | None = None
    """One string an item; not said, it is the plan's."""

    def draft(self) -> ActionDraft:
        """Give it as the service takes it."""
        items = None if self.checklist is None else tuple(self.checklist)
        targets = tuple(self.targets)
        return ActionDraft(self.code, self.step, self.what, self.within_min, targets, items)


class IssueIn(BaseModel):
    """What one tap issues: all of it, or nothing. The same id again is the same issue."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    district_path: str
    level: Level
    plan_type: str
    plan_version: int | None
    urgency: Urgency = Urgency.URGENT
    where: str
    actions: list[ActionIn]
    left_out: list[str] = []
    seen: list[UUID] = []

    def draft(self, incident_id: UUID) -> BatchDraft:
        """Give it as the service takes it."""
        actions = tuple(one.draft() for one in self.actions)
        plain = self.model_dump(exclude={"actions", "left_out", "seen"})
        return BatchDraft(
            **plain, incident_id=incident_id, actions=actions,
            left_out=tuple(self.left_out), seen=frozenset(self.seen),
        )  # fmt: skip


class IssueOut(BaseModel):
    """What stands issued: `mine` is false where somebody else was first."""

    id: UUID
    mine: bool
    issuer_name: str
    issued_at: datetime
    level: Level
    orders: list[UUID]

    @classmethod
    def of(cls, batch: OrderBatch, orders: list[UUID], *, mine: bool) -> Self:
        """Read it off an issue."""
        return cls.model_validate({
            "id": batch.id, "mine": mine, "issuer_name": batch.issuer_name,
            "issued_at": batch.issued_at, "level": batch.level, "orders": orders,
        })  # fmt: skip


@router.get("/{incident_id}/proposal")
def read_proposal(
    request: Request, db: Db, actor: Who, now: Now, incident_id: UUID,
    district: Path = None, level: Level | None = None,
) -> ProposalOut:  # fmt: skip
    """Propose what the plan in force asks for at a level, as far as it is not issued yet."""
    require(actor, Act.ISSUE_ORDER, actor.area_path)
    incident = incidents.visible(db, incident_id)
    found = proposing.propose(
        db, incident, district_path=district, level=level, actor=actor, now=now,
        terms=terms(request),
    )  # fmt: skip
    return ProposalOut.of(found)


@router.post("/{incident_id}/issues", status_code=201)
def issue(
    db: Db, actor: Who, now: Now, incident_id: UUID, body: IssueIn, response: Response
) -> IssueOut:
    """Issue; 200 instead of 201 where somebody else was first, with what he issued."""
    done = service.issue(db, draft=body.draft(incident_id), by=actor, now=now)
    response.status_code = 201 if done.mine else 200
    lines = repository.lines(db, [done.batch.id])[done.batch.id]
    return IssueOut.of(done.batch, [line.order_id for line in lines], mine=done.mine)
