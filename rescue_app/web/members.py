"""Members' parts by a form: the leader gives them, each member says how far he is."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, BeforeValidator, Field

from gis.authority import Actor
from gis.store.base import new_id
from rescue_app.dispatch.drafts import PartDraft, StepDraft
from rescue_app.dispatch.members import amending, giving, telling
from rescue_app.dispatch.members.models import MemberPart
from rescue_app.dispatch.models import Assignment
from rescue_app.dispatch.rules import How, StepKind
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import order_form

router = APIRouter()
Blank = BeforeValidator(lambda value: value or None)


class MembersForm(BaseModel):
    """Who of the crew is ticked, each with the words beside his name."""

    id: UUID = Field(default_factory=new_id)
    member: list[UUID] = Field(default_factory=list)
    words_of: list[UUID] = Field(default_factory=list)
    words: list[str] = Field(default_factory=list)
    due: str = ""
    back: str = ""

    def parts(self) -> list[PartDraft]:
        """Give them as the service takes them."""
        words = dict(zip(self.words_of, self.words, strict=False))
        due = order_form.read_due(self.due)
        return [PartDraft(one, words.get(one, ""), due) for one in self.member]


class PartForm(BaseModel):
    """What a member says, or what his leader enters for him and how it reached him."""

    id: UUID = Field(default_factory=new_id)
    kind: StepKind = StepKind.ACCEPTED
    note: str = ""
    notice: Annotated[UUID | None, Blank] = None
    how: Annotated[How | None, Blank] = None
    words: str = ""
    due: str = ""
    back: str = ""

    def step(self) -> StepDraft:
        """Give it as the service takes it."""
        return StepDraft(self.id, self.kind, self.note, notice_id=self.notice, how=self.how)


@router.post("/crew/{hop_id}/members")
def give_parts(
    db: Db, actor: Who, now: Now, hop_id: UUID, form: Annotated[MembersForm, Form()]
) -> Response:
    """Give the ticked members their parts."""
    hop = giving.give(db, hop_id=hop_id, send_id=form.id, parts=form.parts(), by=actor, now=now)
    return RedirectResponse(_way_back(form.back, hop), 303)


@router.post("/parts/{part_id}")
def tell_part(
    db: Db, actor: Who, now: Now, part_id: UUID, form: Annotated[PartForm, Form()]
) -> Response:
    """Answer, or say how far one is."""
    part = telling.tell(db, part_id=part_id, step=form.step(), by=actor, now=now)
    return RedirectResponse(_way_on(form.back, part, actor), 303)


@router.post("/parts/{part_id}/change")
def change_part(
    db: Db, actor: Who, now: Now, part_id: UUID, form: Annotated[PartForm, Form()]
) -> Response:
    """Give one member's part other words or another time."""
    draft = PartDraft(part_id, form.words, order_form.read_due(form.due))
    part = amending.amend(
        db, part_id=part_id, notice_id=form.id, draft=draft, why=form.note, by=actor, now=now
    )
    return RedirectResponse(_way_on(form.back, part, actor), 303)


@router.post("/parts/{part_id}/take-back")
def take_part_back(
    db: Db, actor: Who, now: Now, part_id: UUID, form: Annotated[PartForm, Form()]
) -> Response:
    """Take one member's part back."""
    part = giving.take_back(
        db, part_id=part_id, notice_id=form.id, why=form.note, by=actor, now=now
    )
    return RedirectResponse(_way_on(form.back, part, actor), 303)


def _on_order(order_id: UUID, hop_id: UUID) -> str:
    return f"/orders/{order_id}?crew={hop_id}#team-part"


def _way_back(back: str, hop: Assignment) -> str:
    return _on_order(hop.order_id, hop.id) if back == "order" else f"/crew?hop={hop.id}"


def _way_on(back: str, part: MemberPart, actor: Actor) -> str:
    if back == "order":
        return _on_order(part.order_id, part.assignment_id)
    own = part.account_id == actor.id
    return f"/crew?part={part.id}" if own else f"/crew?hop={part.assignment_id}"
