"""JSON shapes of cases: where each stands, what it would change, and what people said of it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.store.base import new_id
from hazards.points.cases import repository, rules
from hazards.points.cases.models import CaseStep, LedgerCase
from hazards.points.cases.rules import Kind, State, Step
from hazards.points.cases.service import Said
from rescue_app.api.points_said import Text


class StepIn(BaseModel):
    """A step as a person takes it; he makes the id, so that sending twice takes it once."""

    model_config = ConfigDict(extra="forbid")

    id: UUID = Field(default_factory=new_id)
    act: Step
    opinion: Text = ""
    visited_on: date | None = None
    file_ids: list[UUID] = Field(default=[], max_length=20)
    of_point: bool = False

    def said(self) -> Said:
        """Give it as the service takes it."""
        return Said(self.id, self.opinion, tuple(self.file_ids), self.of_point, self.visited_on)


class UndoIn(BaseModel):
    """An undo; the id is that of the case it becomes."""

    id: UUID = Field(default_factory=new_id)


class StepTaken(BaseModel):
    """A step that was taken."""

    id: UUID
    act: Step
    state: State
    person_name: str
    at: datetime
    opinion: str
    file_ids: list[UUID]
    facts: dict[str, Any]

    @classmethod
    def of(cls, step: CaseStep) -> "StepTaken":
        """Show a step."""
        return cls.model_validate({name: getattr(step, name) for name in cls.model_fields})


class CaseLine(BaseModel):
    """A case in a list."""

    id: UUID
    kind: Kind
    state: State
    title: str
    author_name: str
    unit_path: str
    area_path: str
    opened_at: datetime
    changed_at: datetime
    count_new: int
    count_changed: int
    count_removed: int
    count_left_out: int

    @classmethod
    def of(cls, case: LedgerCase) -> "CaseLine":
        """Show a case."""
        return cls.model_validate({name: getattr(case, name) for name in cls.model_fields})


class CaseOut(CaseLine):
    """A case in full, with what its reader can do next."""

    reason: str
    ground: str | None
    report: str
    undoes_id: UUID | None
    job_id: UUID | None
    steps: list[StepTaken]
    next: list[Step]

    @classmethod
    def told(cls, session: Session, case: LedgerCase, actor: Actor) -> "CaseOut":
        """Show a case to a person."""
        session.flush()  # the step taken just now is shown too
        steps = [StepTaken.of(step) for step in repository.steps(session, case.id)]
        plain = {n: getattr(case, n) for n in cls.model_fields if n not in {"steps", "next"}}
        following = rules.open_steps(repository.standing(session, case), by=actor)
        return cls.model_validate(plain | {"steps": steps, "next": following})


class CasesOut(BaseModel):
    """One page of cases."""

    total: int
    items: list[CaseLine]


def answered(
    response: Response,
    session: Session,
    actor: Actor,
    case: LedgerCase,
    *,
    is_new: bool,
    at_work: bool = False,
) -> CaseOut:
    """Show a case that was asked for: 201 when it is new, 200 when it was there."""
    response.status_code = 202 if at_work else 201 if is_new else 200
    return CaseOut.told(session, case, actor)


def moved(
    response: Response, session: Session, actor: Actor, case: LedgerCase, step: Step
) -> CaseOut:
    """Show a case after a step: 409 when it went back, 202 when a job takes the step."""
    if step is Step.APPROVE:
        response.status_code = {State.RETURNED: 409, State.REVIEWED: 202}.get(
            State(case.state), 200
        )
    return CaseOut.told(session, case, actor)
