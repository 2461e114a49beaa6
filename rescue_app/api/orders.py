"""Orders over HTTP: issue, read, answer, pass down, change, take back."""

from uuid import UUID

from fastapi import APIRouter, Request

from rescue_app.api.order_shapes import (
    ChangeIn,
    HopOut,
    OrderHead,
    OrderIn,
    OrderOut,
    PassDownIn,
    RulingIn,
    StepIn,
    TakeBackIn,
)
from rescue_app.dispatch import changing, ruling, service
from rescue_app.dispatch.board import outline
from rescue_app.dispatch.models import Assignment
from rescue_app.http.answers import Arrival, Heard
from rescue_app.http.dependencies import COOKIE, Db, Now, Who

router = APIRouter(prefix="/api/v1", tags=["orders"])


@router.post("/orders", status_code=201)
def issue_order(db: Db, actor: Who, now: Now, body: OrderIn) -> OrderHead:
    """Issue an order to all its targets; the same id again is the same order."""
    return OrderHead.model_validate(service.issue(db, draft=body.draft(), by=actor, now=now))


@router.get("/orders/{order_id}")
def read_order(db: Db, _: Who, order_id: UUID) -> OrderOut:
    """Give an order with its hops, numbers and newest steps, as far as the reader may see."""
    return OrderOut.of(outline(db, order_id))


@router.post("/hops/{hop_id}/steps", status_code=201)
async def tell(request: Request, now: Now, hop_id: UUID, body: StepIn) -> HopOut:
    """Add a step to a hop's log (an answer, or how far a crew is); the same id counts once."""
    arrival = Arrival(request.cookies.get(COOKIE), hop_id, body.draft(now), now, body.by)
    heard: Heard[Assignment] = await request.app.state.answers.of_hops.ask(arrival)
    request.state.actor = heard.by
    return HopOut.of(heard.row)


@router.post("/hops/{hop_id}/offers/{offer_id}", status_code=201)
def rule_on_offer(
    db: Db, actor: Who, now: Now, hop_id: UUID, offer_id: UUID, body: RulingIn
) -> HopOut:
    """Take a counter-proposal (the substitute gets the order, once) or decline it, and why."""
    about = {"hop_id": hop_id, "offer_id": offer_id}
    if body.take:
        return HopOut.of(ruling.take(db, **about, by=actor, now=now))
    return HopOut.of(ruling.decline(db, **about, why=body.why, by=actor, now=now))


@router.post("/hops/{hop_id}/pass-down", status_code=201)
def pass_down(db: Db, actor: Who, now: Now, hop_id: UUID, body: PassDownIn) -> HopOut:
    """Hand an order on to units and crews below."""
    to = body.chosen()
    return HopOut.of(
        service.pass_down(
            db, hop_id=hop_id, step_id=body.id, to=to, note=body.note, by=actor, now=now
        )
    )


@router.post("/orders/{order_id}/changes", status_code=201)
def change_order(db: Db, actor: Who, now: Now, order_id: UUID, body: ChangeIn) -> OrderHead:
    """Amend, suspend, resume, cancel or recall an order; everyone who has it answers."""
    draft = body.draft(service.visible(db, order_id))
    changed = changing.change(db, order_id=order_id, draft=draft, by=actor, now=now)
    return OrderHead.model_validate(changed)


@router.post("/hops/{hop_id}/take-back", status_code=201)
def take_back(db: Db, actor: Who, now: Now, hop_id: UUID, body: TakeBackIn) -> HopOut:
    """Withdraw a hop and everything below it."""
    return HopOut.of(changing.take_back(db, hop_id=hop_id, draft=body.draft(), by=actor, now=now))
