"""What the phones send from a place, whether somebody scanned a code or answered a list."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from gis import geometry
from gis.authority import Actor
from hazards.checklists.rules import RawAnswer
from hazards.checklists.visits import Outcome, Visit
from hazards.photos.rules import Promised
from rescue_app.http.senders import check_sender

Text = Annotated[str, Field(max_length=100_000)]


class PhotoIn(BaseModel):
    """A photo or a voice note that a visit promises; it comes itself under the same id."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    taken_at: AwareDatetime
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = Field(default=None, ge=0)
    kind: Literal["photo", "voice"] = "photo"
    item: Annotated[str, Field(max_length=200)] = ""

    def promised(self) -> Promised:
        """Give it as the rules want it."""
        known = self.lon is not None and self.lat is not None
        place = geometry.point(self.lon, self.lat) if known else None  # type: ignore[arg-type]  # known says so
        return Promised(self.id, self.taken_at, place, self.accuracy_m, self.kind, self.item)


class VisitIn(BaseModel):
    """What was seen, when, and where the phone was; the same id twice is one visit.

    `by` is the account that answered: a phone that changed hands sends nothing as somebody else.
    `template_code` and `template_version` say which list was shown; answers are judged by that.
    """

    model_config = ConfigDict(extra="forbid")

    id: UUID
    by: UUID | None = None
    outcome: Outcome
    answers: dict[str, bool | float | Text | None] = Field(default={}, max_length=200)
    note: Text = ""
    done_at: AwareDatetime | None = None
    sent_at: AwareDatetime | None = None
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = Field(default=None, ge=0)
    template_code: Annotated[str, Field(max_length=200)] | None = None
    template_version: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    photos: list[PhotoIn] = Field(default=[], max_length=50)

    @model_validator(mode="after")
    def says_where(self) -> Self:
        """Refuse half a place."""
        if (self.lon is None) != (self.lat is None):
            raise ValueError("give both `lon` and `lat`, or neither")
        return self

    @model_validator(mode="after")
    def says_which_list(self) -> Self:
        """Refuse half a list's name."""
        if (self.template_code is None) != (self.template_version is None):
            raise ValueError("give both `template_code` and `template_version`, or neither")
        return self

    def promised(self) -> list[Promised]:
        """Give the photos and voice notes that come with it."""
        return [one.promised() for one in self.photos]

    def visit(self, sender: Actor) -> Visit:
        """Give it as the rules want it; refuse what somebody else said."""
        check_sender(self.by, sender)
        answers: dict[str, RawAnswer] = dict(self.answers)
        here = None
        if self.lon is not None and self.lat is not None:
            here = geometry.point(self.lon, self.lat)
        shown = None
        if self.template_code is not None and self.template_version is not None:
            shown = self.template_code, self.template_version
        return Visit(
            id=self.id,
            outcome=self.outcome,
            answers=answers,
            note=self.note,
            done_at=self.done_at,
            sent_at=self.sent_at,
            place=here,
            accuracy_m=self.accuracy_m,
            shown=shown,
        )
