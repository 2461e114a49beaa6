"""Members' parts over HTTP: give them, answer, say how far one is, take one back."""

from datetime import datetime
from typing import Self
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from rescue_app.api.order_shapes import StepIn
from rescue_app.dispatch import service
from rescue_app.dispatch.drafts import PartDraft, StepDraft
from rescue_app.dispatch.members import amending, giving, reading, repository
from rescue_app.dispatch.members.models import MemberPart
from rescue_app.dispatch.rules import How
from rescue_app.http.answers import Arrival, Heard
from rescue_app.http.dependencies import COOKIE, Db, Now, Who
from rescue_app.http.senders import check_sender

router = APIRouter(prefix="/api/v1", tags=["orders"])


class MemberIn(BaseModel):
    """A member of the crew, and what of its order is his."""

    member_id: UUID
    words: str = ""
    due_at: AwareDatetime | None = None


class MembersIn(BaseModel):
    """Who of a crew gets a part; the id is the send's own, so that twice is once."""

    id: UUID
    members: list[MemberIn] = Field(max_length=200)
    by: UUID | None = None
    sent_at: AwareDatetime | None = None


class MemberStepIn(StepIn):
    """A member's word; `how` says how it reached his leader, where he enters it."""

    how: How | None = None

    def draft(self, now: datetime) -> StepDraft:
        """Give it as the service takes it, its time put right."""
        told = super().draft(now)
        return StepDraft(
            told.id, told.kind, told.note, told.done_at, told.place, told.notice_id, self.how
        )


class PartChangeIn(BaseModel):
    """The new words of a member's part; without words he has all of the order."""

    id: UUID
    words: str = ""
    due_at: AwareDatetime | None = None
    note: str = ""
    by: UUID | None = None
    sent_at: AwareDatetime | None = None


class PartBackIn(BaseModel):
    """Why a member's part is taken back."""

    id: UUID
    note: str = ""
    by: UUID | None = None
    sent_at: AwareDatetime | None = None


class PartOut(BaseModel):
    """A member's part as it stands."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    order_id: UUID
    assignment_id: UUID
    member_id: UUID
    name: str
    phone: str
    giver_name: str
    giver_phone: str
    words: str
    due_at: datetime | None
    began_at: datetime
    answer_due_at: datetime
    state: str
    state_at: datetime
    answered_at: datetime | None
    answer_note: str | None
    check_in_at: datetime | None

    @classmethod
    def of(cls, part: MemberPart) -> Self:
        """Read it off the row."""
        return cls.model_validate(part)


@router.post("/hops/{hop_id}/members", status_code=201)
def give_parts(db: Db, actor: Who, now: Now, hop_id: UUID, body: MembersIn) -> list[PartOut]:
    """Give members of a crew their parts; each one's phone rings."""
    check_sender(body.by, actor)
    parts = [PartDraft(one.member_id, one.words, one.due_at) for one in body.members]
    giving.give(db, hop_id=hop_id, send_id=body.id, parts=parts, by=actor, now=now)
    return [PartOut.of(part) for part in repository.of_hop(db, hop_id)]


@router.get("/orders/{order_id}/members")
def members_of(db: Db, _: Who, order_id: UUID) -> list[PartOut]:
    """Give the members of an order, as far as the reader may see."""
    order = service.visible(db, order_id)
    return [PartOut.of(part) for part in reading.parts_of_order(db, order.id)]


@router.post("/parts/{part_id}/steps", status_code=201)
async def tell_part(request: Request, now: Now, part_id: UUID, body: MemberStepIn) -> PartOut:
    """Add a step to a member's log; the same id counts once."""
    arrival = Arrival(request.cookies.get(COOKIE), part_id, body.draft(now), now, body.by)
    heard: Heard[MemberPart] = await request.app.state.answers.of_parts.ask(arrival)
    request.state.actor = heard.by
    return PartOut.of(heard.row)


@router.post("/parts/{part_id}/change", status_code=201)
def change_part(db: Db, actor: Who, now: Now, part_id: UUID, body: PartChangeIn) -> PartOut:
    """Change a member's part; he owes an answer that he heard it."""
    check_sender(body.by, actor)
    draft = PartDraft(part_id, body.words, body.due_at)
    return PartOut.of(
        amending.amend(
            db, part_id=part_id, notice_id=body.id, draft=draft, why=body.note, by=actor, now=now
        )
    )


@router.post("/parts/{part_id}/take-back", status_code=201)
def take_part_back(db: Db, actor: Who, now: Now, part_id: UUID, body: PartBackIn) -> PartOut:
    """Take a member's part back; he owes an answer that he heard it."""
    check_sender(body.by, actor)
    return PartOut.of(
        giving.take_back(db, part_id=part_id, notice_id=body.id, why=body.note, by=actor, now=now)
    )
