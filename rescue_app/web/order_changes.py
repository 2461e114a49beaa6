"""What a commander does with an order that is out: amend, suspend, resume, cancel, recall."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.errors import Conflict, PlatformError, Rejected
from gis.store.base import new_id
from rescue_app.dispatch import changing, ruling
from rescue_app.dispatch.changes import ChangeDraft, ChangeKind
from rescue_app.dispatch.drafts import Words
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import flash, order_view
from rescue_app.web.order_form import read_due
from rescue_app.web.render import page, say

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
    request: Request,
    db: Db,
    actor: Who,
    now: Now,
    order_id: UUID,
    form: Annotated[ChangeForm, Form()],
) -> Response:
    """Change an order for everybody who has it."""
    try:
        with db.begin_nested():
            changing.change(db, order_id=order_id, draft=form.draft(), by=actor, now=now)
    except (Conflict, Rejected) as problem:
        return show_again(request, db, actor, now, order_id, form, problem)
    return RedirectResponse(f"/orders/{order_id}", 303)


def show_again(
    request: Request,
    db: Session,
    actor: Actor,
    now: datetime,
    order_id: UUID,
    form: ChangeForm,
    problem: PlatformError,
) -> Response:
    """Show the order as it stands, with what was typed and why it did not go out."""
    facts = order_view.facts(db, actor, order_id, find="", crew=None)
    facts |= {"seq": request.app.state.hub.seq, "typed": form, "now": now}
    facts["problem"] = say(request, problem.text, **problem.values)
    return page(request, "orders/order.html", status=422, section="incidents", **facts)


@router.post("/hops/{hop_id}/take-back")
def take_back(
    db: Db, actor: Who, now: Now, hop_id: UUID, form: Annotated[ChangeForm, Form()]
) -> Response:
    """Withdraw a hop and all below it."""
    hop = changing.take_back(db, hop_id=hop_id, draft=form.draft(), by=actor, now=now)
    return RedirectResponse(f"/orders/{hop.order_id}", 303)


RULED = {
    True: "Taken: the order went out the way that was proposed.",
    False: "Declined: who proposed it reads why.",
}


class RulingForm(BaseModel):
    """The giver's word on a proposal; declined it needs its why."""

    take: bool = False
    why: str = ""
    back: str = ""


@router.post("/hops/{hop_id}/offers/{offer_id}")
def rule_on_offer(
    request: Request,
    db: Db,
    actor: Who,
    now: Now,
    hop_id: UUID,
    offer_id: UUID,
    form: Annotated[RulingForm, Form()],
) -> Response:
    """Take a counter-proposal in one tap, or decline it."""
    about = {"hop_id": hop_id, "offer_id": offer_id}
    if form.take:
        hop = ruling.take(db, **about, by=actor, now=now)
    else:
        hop = ruling.decline(db, **about, why=form.why, by=actor, now=now)
    back = "/inbox" if form.back == "inbox" else f"/orders/{hop.order_id}"
    text = say(request, RULED[form.take])
    return flash.say(RedirectResponse(back, 303), text)
