"""Two versions of what the field said, over HTTP: listed, read, ruled."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from hazards.conflicts import repository
from hazards.conflicts.models import VersionConflict, VersionRuling
from hazards.conflicts.repository import Wanted
from hazards.conflicts.rules import Choice
from hazards.conflicts.service import Ruling
from rescue_app import ruling
from rescue_app.api.visits import Text
from rescue_app.http.dependencies import Db, Now, Who

router = APIRouter(prefix="/api/v1/conflicts", tags=["inspections"])


class RulingIn(BaseModel):
    """Which version holds, and why; the same id twice is one ruling. `open` takes it back."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    choice: Choice
    reason: Text


class ConflictOut(BaseModel):
    """Two versions; `aside_id` is the one that does not count by what was ruled last."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    about: str
    kind: str
    subject_id: UUID
    subject_name: str
    area_path: str
    first_id: UUID | None
    second_id: UUID
    facts: dict[str, Any]
    author_name: str
    done_at: datetime
    sent_at: datetime | None
    received_at: datetime
    choice: str
    aside_id: UUID | None


class RulingOut(BaseModel):
    """What was ruled once."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    choice: str
    reason: str
    by_name: str
    ruled_at: datetime


class ShownOut(ConflictOut):
    """Two versions with all that was ruled about them."""

    rulings: list[RulingOut]

    @classmethod
    def of(cls, one: VersionConflict, ruled: list[VersionRuling]) -> Self:
        """Show a conflict."""
        own = ConflictOut.model_validate(one).model_dump()
        return cls(**own, rulings=[RulingOut.model_validate(each) for each in ruled])


class ListOut(BaseModel):
    """One page, and how many there are."""

    total: int
    items: list[ConflictOut]


@router.get("")
def listing(
    db: Db, _: Who, *, ruled: bool = False, page: Annotated[int, Query(ge=1, le=100_000)] = 1
) -> ListOut:
    """Give what waits for a ruling, or what was ruled."""
    rows, total = repository.listing(db, Wanted(ruled, page))
    return ListOut(total=total, items=[ConflictOut.model_validate(one) for one in rows])


@router.get("/{conflict_id}")
def show(db: Db, _: Who, conflict_id: UUID) -> ShownOut:
    """Give one conflict; its versions are visits or answers of their own."""
    one = repository.visible(db, conflict_id)
    return ShownOut.of(one, list(repository.rulings(db, conflict_id)))


@router.post("/{conflict_id}/rulings", status_code=201)
def rule(db: Db, actor: Who, now: Now, conflict_id: UUID, body: RulingIn) -> ShownOut:
    """Rule which version holds; findings and tasks follow in the same transaction."""
    said = Ruling(body.id, body.choice, body.reason)
    one = ruling.rule(db, conflict_id=conflict_id, ruling=said, by=actor, now=now)
    return ShownOut.of(one, list(repository.rulings(db, conflict_id)))
