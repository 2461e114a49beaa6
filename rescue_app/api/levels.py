"""Response levels over HTTP: what is in force, what held when, and the change."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from hazards.modes.rules import Mode
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.levels import repository, service
from rescue_app.levels.models import ResponseLevel
from rescue_app.levels.rules import Change
from rescue_app.levels.service import LevelDraft, Set

router = APIRouter(prefix="/api/v1/levels", tags=["levels"])
AreaQuery = Annotated[str, Query(pattern=r"^/(\d+/)+$", max_length=100)]
Level = Literal["I", "II", "III", "IV"]


class LevelIn(BaseModel):
    """A change: a level starts, rises or falls; `level: null` ends it. The same id is one change.

    `seen` is the level that the sender saw, empty for none: if another holds by now, it is refused.
    """

    model_config = ConfigDict(extra="forbid")

    id: UUID
    area_path: str = Field(pattern=r"^/(\d+/)+$", max_length=100)
    plan_type: str
    level: Level | None
    ground: str = Field(max_length=100_000)
    incident_id: UUID | None = None
    seen: str | None = None

    def draft(self) -> LevelDraft:
        """Give it as the service takes it."""
        return LevelDraft(**self.model_dump())


class LevelOut(BaseModel):
    """One level of one kind of plan in one district, from when to when, by whom and why."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    area_path: str
    plan_type: str
    level: Level
    since: datetime | None
    until: datetime | None
    ground: str
    by_name: str
    incident_id: UUID | None
    end_ground: str | None
    ended_by_name: str | None

    @classmethod
    def of(cls, row: ResponseLevel) -> Self:
        """Show a row."""
        return cls.model_validate(row)


class SetOut(BaseModel):
    """What a change came to: the row, the step, and the mode the district was switched to."""

    row: LevelOut | None
    change: Change | None
    mode: Mode | None

    @classmethod
    def of(cls, done: Set) -> Self:
        """Read it off what was done."""
        turned = done.turned.switched.row if done.turned else None
        return cls(
            row=LevelOut.of(done.row) if done.row else None,
            change=done.change,
            mode=Mode(turned.mode) if turned else None,
        )


@router.get("")
def in_force(db: Db, _: Who, area: AreaQuery, at: AwareDatetime | None = None) -> list[LevelOut]:
    """Give the levels that hold in an area and inside it, now or at a moment."""
    rows: Sequence[ResponseLevel]
    rows = repository.at(db, area, at) if at else repository.in_force(db, area)
    return [LevelOut.of(row) for row in rows]


@router.get("/history")
def history(db: Db, _: Who, area: AreaQuery) -> list[LevelOut]:
    """Give what held in an area and inside it, newest first."""
    return [LevelOut.of(row) for row in repository.history(db, area)]


@router.post("", status_code=201)
def put(db: Db, actor: Who, now: Now, body: LevelIn, response: Response) -> SetOut:
    """Start, change or end a level; what holds already answers 200."""
    done = service.put(db, draft=body.draft(), by=actor, now=now)
    response.status_code = 201 if done.change else 200
    return SetOut.of(done)
