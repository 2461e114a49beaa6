"""Pages of calls: a person's own (one thumb), the desk's board, one matter with its ladders."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from gis.authority import COMMANDERS
from gis.errors import Rejected
from gis.store.base import new_id
from hazards.calls import reading, service
from hazards.calls.drafts import AnswerDraft, TakenBy
from hazards.calls.rules import EventKind, LadderState
from rescue_app import heard
from rescue_app.channels import repository as channels
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import calls_view
from rescue_app.web.render import page

router = APIRouter()
Asked = Annotated[int, Query(alias="page", ge=1, le=10_000)]


class AnswerForm(BaseModel):
    """What the two big buttons, the next step and the desk's entry send."""

    id: UUID = Field(default_factory=new_id)
    says: EventKind = EventKind.YES
    why: str = ""
    next_step: str = ""
    next_in: int | None = Field(default=None, ge=1, le=24 * 60)
    rungs: list[UUID] = Field(default_factory=list)
    person: UUID | None = None
    taken_by: TakenBy | None = None
    back: str = ""
    of: UUID | None = None

    def draft(self, now: datetime) -> AnswerDraft:
        """Give it as the service takes it."""
        next_by = now + timedelta(minutes=self.next_in) if self.next_in else None
        return AnswerDraft(
            self.says,
            self.why,
            self.next_step,
            next_by,
            taken_by=self.taken_by,
            rungs=self.rungs,
            id=self.id,
        )

    def way_back(self, call_id: UUID) -> str:
        """Give the page the form was on."""
        mine = f"/calls?of={self.of}" if self.of else "/calls"
        return {"board": "/calls/board", "matter": f"/calls/{call_id}"}.get(self.back, mine)


class TogetherForm(BaseModel):
    """One tap for a card of many: which rungs stood on it, as `call:rung,rung call:rung`."""

    id: UUID
    called: str
    says: Literal["yes", "cannot"] = "cannot"
    why: str = ""
    because: str = ""

    def draft(self) -> AnswerDraft:
        """Give it as the service takes it; a reason that was not sent is none."""
        why = "" if self.says == "yes" else self.why or self.because
        return AnswerDraft(EventKind(self.says), why, id=self.id)

    def rungs(self) -> list[UUID]:
        """Read the rungs, or say what to do."""
        told = (each.partition(":")[2].split(",") for each in self.called.split())
        try:
            return [UUID(rung) for rungs in told for rung in rungs]
        except ValueError as error:
            raise Rejected("This page is not as it was sent. Load it anew and answer.") from error


@router.get("/calls", name="my_calls")
def show_mine(
    request: Request, db: Db, actor: Who, now: Now, of: UUID | None = None, page_: Asked = 1
) -> Response:
    """Show what this person was called about; what presses most comes first."""
    facts = calls_view.mine(db, actor, now, of=of, number=page_)
    facts |= {"new_id": new_id, "seq": request.app.state.hub.seq}
    return page(request, "calls/mine.html", **facts)


@router.get("/calls/board", name="calls_board")
def show_board(
    request: Request, db: Db, actor: Who, now: Now, *,
    state: LadderState | None = None, drills: bool = False, page_: Asked = 1,
) -> Response:  # fmt: skip
    """Show where every ladder stands, the silent ones first; the page goes on by itself."""
    facts = calls_view.board(db, now, state=state, drills=drills, number=page_)
    facts |= {"new_id": new_id, "now": now}
    facts |= {"seq": request.app.state.hub.seq, "commands": actor.role in COMMANDERS}
    facts["failing"] = channels.failing(db)
    return page(request, "calls/board.html", section="calls", **facts)


@router.get("/calls/{call_id}", name="call")
def show_matter(request: Request, db: Db, actor: Who, now: Now, call_id: UUID) -> Response:
    """Show one matter: its ladders, each person's times apart, and the log."""
    call = service.visible(db, call_id)
    lines = reading.lines_of_call(db, call)
    facts: dict[str, Any] = {"call": call, "lines": lines, "now": now, "new_id": new_id}
    facts["names"] = {rung.person_id: rung.name for line in lines for rung in line.rungs}
    facts["log"] = reading.timeline(db, call_id)
    facts |= {"seq": request.app.state.hub.seq, "commands": actor.role in COMMANDERS}
    return page(request, "calls/matter.html", section="calls", **facts)


@router.post("/calls/answers")
def answer_together(
    db: Db, actor: Who, now: Now, form: Annotated[TogetherForm, Form()]
) -> Response:
    """Keep one word for every matter of a card, for each by itself."""
    heard.answer_together(db, rungs=form.rungs(), draft=form.draft(), by=actor, now=now)
    return RedirectResponse("/calls", 303)


@router.post("/calls/{call_id}/answer")
def answer(
    db: Db, actor: Who, now: Now, call_id: UUID, form: Annotated[AnswerForm, Form()]
) -> Response:
    """Keep what was said: one's own word, or another's and how it came."""
    heard.answer(
        db, call_id=call_id, draft=form.draft(now), by=actor, now=now, person_id=form.person
    )
    return RedirectResponse(form.way_back(call_id), 303)
