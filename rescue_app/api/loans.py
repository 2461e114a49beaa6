"""Loans of crews over HTTP: ask, decide, read."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.loans import repository, service
from rescue_app.loans.models import CrewLoan
from rescue_app.loans.rules import WORDS_LENGTH, LoanAct, LoanDraft

router = APIRouter(prefix="/api/v1", tags=["loans"])
Said = Annotated[str, Field(max_length=WORDS_LENGTH)]


class LoanIn(BaseModel):
    """What a district asks of another one."""

    id: UUID
    lender_path: str
    words: Said
    until: AwareDatetime
    ability: str | None = None
    incident_id: UUID | None = None


class DecisionIn(BaseModel):
    """What one side does about a loan; to agree names the crew."""

    act: LoanAct
    crew_id: UUID | None = None
    why: Said = ""


class LoanOut(BaseModel):
    """A loan as it stands."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    area_path: str
    lender_path: str
    words: str
    ability: str | None
    until: datetime
    incident_id: UUID | None
    incident_title: str
    is_drill: bool
    synthetic: bool
    asker_name: str
    asked_at: datetime
    state: str
    crew_id: UUID | None
    crew_name: str
    answered_at: datetime | None
    answer_name: str
    answer_why: str
    ended_at: datetime | None
    ended_how: str | None
    ended_why: str

    @classmethod
    def of(cls, loan: CrewLoan) -> Self:
        """Read it off the row."""
        return cls.model_validate(loan)


@router.get("/loans")
def list_loans(db: Db, actor: Who) -> list[LoanOut]:
    """Give the loans that concern the reader's area: what waits first."""
    del actor  # row security leaves out the loans of others
    return [LoanOut.of(loan) for loan in repository.listed(db)]


@router.post("/loans", status_code=201)
def ask(db: Db, actor: Who, now: Now, body: LoanIn) -> LoanOut:
    """Ask another district for a crew; the same id again is the same request."""
    told = body.id, body.lender_path, body.words, body.until, body.ability, body.incident_id
    return LoanOut.of(service.ask(db, draft=LoanDraft(*told), by=actor, now=now))


@router.post("/loans/{loan_id}", status_code=201)
def decide(db: Db, actor: Who, now: Now, loan_id: UUID, body: DecisionIn) -> LoanOut:
    """Agree, refuse, recall, drop or give back."""
    told = body.model_dump()
    return LoanOut.of(service.decide(db, loan_id=loan_id, **told, by=actor, now=now))
