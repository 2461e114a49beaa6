"""Pages of borrowed crews: ask another district, answer one that asks, bring crews home."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, BeforeValidator, Field
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, may, require
from gis.errors import Conflict, Missing, Rejected
from gis.store.base import new_id
from hazards.duty import abilities
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.incidents import repository as incidents
from rescue_app.loans import repository, service
from rescue_app.loans.rules import LoanAct, LoanDraft, LoanState
from rescue_app.web.order_form import read_due
from rescue_app.web.render import page, say

router = APIRouter(include_in_schema=False)


class LoanForm(BaseModel):
    """A request as a form sends it; its number is made with the form."""

    id: UUID = Field(default_factory=new_id)
    lender: str = ""
    words: str = ""
    ability: str = ""
    until: str = ""
    incident: Annotated[UUID | None, BeforeValidator(lambda value: value or None)] = None

    def draft(self) -> LoanDraft:
        """Give it as the service takes it."""
        until = read_due(self.until)
        able = self.ability or None
        return LoanDraft(self.id, self.lender, self.words, until, able, self.incident)


class DecisionForm(BaseModel):
    """What one side does about a loan."""

    act: LoanAct = LoanAct.AGREE
    crew: UUID | None = None
    why: str = ""


@router.get("/loans", name="loans")
def show_loans(
    request: Request, db: Db, actor: Who, now: Now, form: Annotated[LoanForm, Query()]
) -> Response:
    """Show what is asked, lent and past, as far as the reader's area is concerned."""
    return show(request, db, actor, now, form)


@router.post("/loans")
def ask(
    request: Request, db: Db, actor: Who, now: Now, form: Annotated[LoanForm, Form()]
) -> Response:
    """Ask another district for a crew."""
    try:
        loan = service.ask(db, draft=form.draft(), by=actor, now=now)
    except (Conflict, Missing, Rejected) as problem:
        return show(request, db, actor, now, form, problem)
    return RedirectResponse(f"/loans#loan-{loan.id}", 303)


@router.post("/loans/{loan_id}")
def decide(
    db: Db, actor: Who, now: Now, loan_id: UUID, form: Annotated[DecisionForm, Form()]
) -> Response:
    """Agree, refuse, recall, drop or give back."""
    service.decide(
        db, loan_id=loan_id, act=form.act, crew_id=form.crew, why=form.why, by=actor, now=now
    )
    return RedirectResponse(f"/loans#loan-{loan_id}", 303)


def show(
    request: Request,
    db: Session,
    actor: Actor,
    now: datetime,
    form: LoanForm,
    problem: Conflict | Missing | Rejected | None = None,
) -> Response:
    """Show the page with everything already entered."""
    require(actor, Act.READ, actor.area_path)
    rows = repository.listed(db)
    lends = {one.id for one in rows if may(actor, Act.ISSUE_ORDER, one.lender_path)}
    asked = [one for one in rows if one.id in lends and one.state == LoanState.ASKED]
    choices = {one.id: repository.lendable(db, one.lender_path) for one in asked}
    facts = {
        "rows": rows,
        "lends": lends,
        "borrows": {one.id for one in rows if may(actor, Act.ISSUE_ORDER, one.area_path)},
        "choices": choices,
        "abilities": abilities.listed(db),
        "incidents": incidents.latest(db, open_only=True),
        "districts": service.lenders(db, actor),
        "may_ask": may(actor, Act.ISSUE_ORDER, actor.area_path),
        "form": form,
        "problem": say(request, problem.text, **problem.values) if problem else None,
        "now": now,
        "seq": request.app.state.hub.seq,
    }
    status = 422 if problem else 200
    return page(request, "loans/list.html", section="incidents", status=status, **facts)
