"""What a commander does with an order that is out: amend, suspend, resume, cancel, recall."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from gis.store.base import new_id
from rescue_app.dispatch import changing, ruling
from rescue_app.dispatch.changes import ChangeDraft, ChangeKind
from rescue_app.dispatch.drafts import Words
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web.order_form import read_due

router = APIRouter()


class ChangeForm(BaseModel):
    """A change as a form sends it; its number is made with the form."""

    id: UUID = Field(default_factory=new_id)
    kind: ChangeKind = ChangeKind.CANCELLED
    why: str = ""
    what: str = ""
    where: str = ""
    due: str = ""

    def draft(self) -> ChangeDraft:
        """Give it as the service takes it; only an amended order has new words."""
        amended = self.kind is ChangeKind.AMENDED
        words = Words(self.what, self.where, read_due(self.due)) if amended else None
        return ChangeDraft(self.id, self.kind, self.why, words)


@router.post("/orders/{order_id}/changes")
def change_order(
    db: Db, actor: Who, now: Now, order_id: UUID, form: Annotated[ChangeForm, Form()]
) -> Response:
    """Change an order for everybody who has it."""
    changing.change(db, order_id=order_id, draft=form.draft(), by=actor, now=now)
    return RedirectResponse(f"/orders/{order_id}", 303)


@router.post("/hops/{hop_id}/take-back")
def take_back(
    db: Db, actor: Who, now: Now, hop_id: UUID, form: Annotated[ChangeForm, Form()]
) -> Response:
    """Withdraw a hop and all below it."""
    hop = changing.take_back(db, hop_id=hop_id, draft=form.draft(), by=actor, now=now)
    return RedirectResponse(f"/orders/{hop.order_id}", 303)


class RulingForm(BaseModel):
    """The giver's word on a proposal; declined it needs its why."""

    take: bool = False
    why: str = ""
    back: str = ""


@router.post("/hops/{hop_id}/offers/{offer_id}")
def rule_on_offer(
    db: Db, actor: Who, now: Now, hop_id: UUID, offer_id: UUID, form: Annotated[RulingForm, Form()]
) -> Response:
    """Take a counter-proposal in one tap, or decline it."""
    about = {"hop_id": hop_id, "offer_id": offer_id}
    if form.take:
        hop = ruling.take(db, **about, by=actor, now=now)
    else:
        hop = ruling.decline(db, **about, why=form.why, by=actor, now=now)
    return RedirectResponse("/inbox" if form.back == "inbox" else f"/orders/{hop.order_id}", 303)
