"""What the phones send from a place, whether somebody scanned a code or answered a list."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from gis import geometry
from hazards.checklists.rules import RawAnswer
from hazards.checklists.visits import Outcome, Visit

Text = Annotated[str, Field(max_length=100_000)]


class VisitIn(BaseModel):
    """What was seen, when, and where the phone was; the same id twice is one visit."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    outcome: Outcome
    answers: dict[str, bool | float | Text | None] = Field(default={}, max_length=200)
    note: Text = ""
    done_at: AwareDatetime | None = None
    sent_at: AwareDatetime | None = None
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def says_where(self) -> Self:
        """Refuse half a place."""
        if (self.lon is None) != (self.lat is None):
            raise ValueError("give both `lon` and `lat`, or neither")
        return self

    def visit(self) -> Visit:
        """Give it as the rules want it."""
        answers: dict[str, RawAnswer] = dict(self.answers)
        here = None
        if self.lon is not None and self.lat is not None:
            here = geometry.point(self.lon, self.lat)
        return Visit(
            id=self.id,
            outcome=self.outcome,
            answers=answers,
            note=self.note,
            done_at=self.done_at,
            sent_at=self.sent_at,
            place=here,
            accuracy_m=self.accuracy_m,
        )
