"""Modes over HTTP: which one holds in an area, what held before, and the switch."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from hazards.modes import repository
from hazards.modes.models import AreaMode
from hazards.modes.rules import Mode
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.levels import following

router = APIRouter(prefix="/api/v1/modes", tags=["modes"])
AreaQuery = Annotated[str, Query(pattern=r"^/(\d+/)+$", max_length=100)]


class SwitchIn(BaseModel):
    """A switch; the same id twice is one switch."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    area_path: str = Field(pattern=r"^/(\d+/)+$", max_length=100)
    mode: Mode
    reason: str = Field(max_length=100_000)


class ModeRowOut(BaseModel):
    """What was switched where, from when to when, by whom and why."""

    id: UUID
    area_path: str
    mode: Mode
    since: datetime | None
    until: datetime | None
    reason: str
    by_name: str

    @classmethod
    def of(cls, row: AreaMode) -> Self:
        """Show a row."""
        return cls.model_validate(row, from_attributes=True)


class ModeOut(BaseModel):
    """The mode of an area, and the row that decides it: its own, or that of an area above."""

    area_path: str
    mode: Mode
    decided: ModeRowOut | None


@router.get("")
def show(db: Db, _: Who, now: Now, area: AreaQuery, at: AwareDatetime | None = None) -> ModeOut:
    """Tell the mode of an area, now or at a moment."""
    row = repository.standing(db, area, at or now)
    decided = None if row is None else ModeRowOut.of(row)
    return ModeOut(area_path=area, mode=decided.mode if decided else Mode.PEACE, decided=decided)


@router.get("/history")
def history(db: Db, _: Who, area: AreaQuery) -> list[ModeRowOut]:
    """Give what held in an area, above and inside it, newest first."""
    return [ModeRowOut.of(row) for row in repository.history(db, area)]


class SwitchedOut(ModeRowOut):
    """A switch, and what it did to the lists."""

    started: int
    cancelled: int


@router.post("", status_code=201)
def switch(db: Db, actor: Who, now: Now, body: SwitchIn, response: Response) -> SwitchedOut:
    """Put an area into a mode; what is in force already answers 200."""
    done = following.switch_by_hand(db, **body.model_dump(), by=actor, now=now)
    response.status_code = 201 if done.switched.new else 200
    row = ModeRowOut.of(done.switched.row).model_dump()
    return SwitchedOut(**row, started=done.started, cancelled=done.cancelled)
