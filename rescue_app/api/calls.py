"""Calls over HTTP: what a person owes, his answer, and what his page received and showed."""

from datetime import datetime, timedelta
from typing import Literal, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from hazards.calls import own, service
from hazards.calls.drafts import AnswerDraft, TakenBy
from hazards.calls.own import MyCall
from hazards.calls.rules import EventKind
from rescue_app import heard
from rescue_app.http.dependencies import Db, Now, Who

router = APIRouter(prefix="/api/v1/calls", tags=["calls"])
NEWS = timedelta(hours=24)
RECEIPT_KINDS = {"delivered": EventKind.DELIVERED, "seen": EventKind.SEEN}


class ReceiptIn(BaseModel):
    """A page's word about one call and the rungs it showed."""

    call_id: UUID
    kind: Literal["delivered", "seen"]
    rungs: list[UUID] = []


class ReceiptsIn(BaseModel):
    """Everything a page has to tell at once."""

    receipts: list[ReceiptIn]


class AnswerIn(BaseModel):
    """An answer; the same id twice is one answer."""

    id: UUID
    says: Literal["yes", "cannot"]
    why: str = ""
    next_step: str = ""
    next_by: datetime | None = None
    done_at: datetime | None = None
    rungs: list[UUID] = []
    person_id: UUID | None = None
    taken_by: TakenBy | None = None

    def draft(self) -> AnswerDraft:
        """Give it as the service takes it."""
        told = self.model_dump(exclude={"person_id", "says"})
        return AnswerDraft(EventKind(self.says), **told)


class CallOut(BaseModel):
    """One matter on one person's list."""

    id: UUID
    topic: str
    ref: UUID
    text_zh: str
    text_en: str
    urgency: str
    cry: str
    is_drill: bool
    page: str
    called_as: str
    owed: bool
    due_at: datetime
    opened_at: datetime
    answer: str | None
    rungs: list[UUID]

    @classmethod
    def of(cls, mine: MyCall) -> Self:
        """Shape what was read."""
        call = mine.call
        same = ("id", "topic", "ref", "text_zh", "text_en", "urgency", "page", "opened_at",
                "cry", "is_drill")  # fmt: skip
        return cls(
            **{name: getattr(call, name) for name in same},
            called_as=mine.latest.kind,
            owed=mine.owed,
            due_at=mine.due_at,
            answer=mine.said.kind if mine.said else None,
            rungs=[rung.id for rung in mine.rungs],
        )


@router.get("")
def my_calls(db: Db, actor: Who, now: Now) -> list[CallOut]:
    """Give what the reader was called about, the most pressing first."""
    return [CallOut.of(each) for each in own.mine(db, actor.id, since=now - NEWS, now=now)]


@router.post("/receipts", status_code=204)
def receive(db: Db, actor: Who, now: Now, body: ReceiptsIn) -> None:
    """Keep what the reader's own page received and showed; none of it is an answer."""
    told = [service.Receipt(r.call_id, RECEIPT_KINDS[r.kind], r.rungs) for r in body.receipts]
    service.receive(db, told, by=actor, now=now)


@router.post("/{call_id}/answers", status_code=204)
def answer(db: Db, actor: Who, now: Now, call_id: UUID, body: AnswerIn) -> None:
    """Answer for oneself, or enter another's word with how it came."""
    heard.answer(
        db, call_id=call_id, draft=body.draft(), by=actor, now=now, person_id=body.person_id
    )
