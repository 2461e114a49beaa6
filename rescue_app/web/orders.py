"""Pages of orders for those who command: write one, watch it go down, answer, pass on."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from gis.authority import Act, may, require
from gis.errors import PlatformError
from gis.store.base import new_id
from rescue_app.dispatch import changes_repository, reading, service, telling
from rescue_app.dispatch.drafts import Offer, StepDraft, Target
from rescue_app.dispatch.rules import StepKind
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import order_form, order_view
from rescue_app.web.order_form import OrderForm
from rescue_app.web.render import page

router = APIRouter()
NEWS = timedelta(hours=12)


class HopForm(BaseModel):
    """What a person says about a hop; the step's number is made with the form."""

    id: UUID = Field(default_factory=new_id)
    kind: StepKind = StepKind.ACCEPTED
    note: str = ""
    notice: UUID | None = None
    targets: list[str] = Field(default_factory=list)
    part_of: list[str] = Field(default_factory=list)
    parts: list[str] = Field(default_factory=list)
    other: str = ""
    due: str = ""
    means: str = ""
    back: str = ""

    def step(self) -> StepDraft:
        """Give it as the service takes it."""
        target = Target.parse(self.other) if self.other else None
        due = order_form.read_due(self.due)
        proposes = target is not None or due is not None or bool(self.means.strip())
        offer = Offer(target, due, self.means) if proposes else None
        return StepDraft(self.id, self.kind, self.note, notice_id=self.notice, offer=offer)

    def chosen(self) -> list[Target]:
        """Give the ticked, each with the words that are its own."""
        return order_form.chosen(self.targets, self.part_of, self.parts)

    def way_back(self, order_id: UUID) -> str:
        """Give the page the form was on."""
        return "/inbox" if self.back == "inbox" else f"/orders/{order_id}"


class Look(BaseModel):
    """What of an order's page is looked at: targets by words, a crew's people, a page of hops."""

    find: str = ""
    crew: UUID | None = None
    page: int = Field(1, ge=1, le=10_000)


Looked = Annotated[Look, Query()]


@router.get("/orders/new", name="new_order")
def new_order(
    request: Request, db: Db, actor: Who, now: Now, form: Annotated[OrderForm, Query()]
) -> Response:
    """Show the form; the search for targets comes back here with all that was entered."""
    require(actor, Act.ISSUE_ORDER, actor.area_path)
    return order_form.show(request, db, actor, form, now)


@router.post("/orders/new")
def issue_order(
    request: Request, db: Db, actor: Who, now: Now, form: Annotated[OrderForm, Form()]
) -> Response:
    """Send the order, after a held button or a second look."""
    if not form.confirmed:
        return order_form.confirm(request, db, actor, form, now)
    try:
        draft = form.draft(order_form.incident_of(db, form))
        order = order_form.issue(db, draft, actor, now)
    except PlatformError as problem:
        return order_form.show(request, db, actor, form, now, problem)
    return RedirectResponse(f"/orders/{order.id}", 303)


@router.get("/orders/{order_id}", name="order")
def show_order(
    request: Request, db: Db, actor: Who, now: Now, order_id: UUID, look: Looked
) -> Response:
    """Show an order on its way down; the page goes on by itself."""
    seq = request.app.state.hub.seq
    facts = order_view.facts(db, actor, order_id, **dict(look)) | {"seq": seq}
    return page(request, "orders/order.html", section="incidents", now=now, **facts)


@router.get("/orders/{order_id}/board", name="order_board")
def show_board(
    request: Request, db: Db, actor: Who, now: Now, order_id: UUID, look: Looked
) -> Response:
    """Give the parts of the page that change."""
    facts = order_view.facts(db, actor, order_id, **dict(look))
    return page(request, "orders/live.html", now=now, **facts)


@router.get("/inbox", name="inbox")
def show_inbox(request: Request, db: Db, actor: Who, now: Now) -> Response:
    """Show what waits for this centre's answer."""
    seq = request.app.state.hub.seq
    lines = reading.inbox(db, actor.area_path, ended_since=now - NEWS)
    facts: dict[str, Any] = {"lines": lines, "now": now, "seq": seq, "new_id": new_id}
    facts["owes"] = changes_repository.owed(db, [line.order.id for line in lines])
    facts["offered"] = order_view.offered(db, actor)
    facts["may_answer"] = may(actor, Act.ISSUE_ORDER, actor.area_path)
    return page(request, "orders/inbox.html", section="incidents", **facts)


@router.post("/hops/{hop_id}/answer")
def answer(
    db: Db, actor: Who, now: Now, hop_id: UUID, form: Annotated[HopForm, Form()]
) -> Response:
    """Say yes, or no and why."""
    hop = telling.tell(db, hop_id=hop_id, step=form.step(), by=actor, now=now)
    return RedirectResponse(form.way_back(hop.order_id), 303)


@router.post("/hops/{hop_id}/pass-down")
def pass_down(
    db: Db, actor: Who, now: Now, hop_id: UUID, form: Annotated[HopForm, Form()]
) -> Response:
    """Hand the order on to the chosen."""
    to = form.chosen()
    hop = service.pass_down(
        db, hop_id=hop_id, step_id=form.id, to=to, note=form.note, by=actor, now=now
    )
    return RedirectResponse(form.way_back(hop.order_id), 303)
