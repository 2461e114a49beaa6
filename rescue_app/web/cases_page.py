"""The page of one case, as it is opened and as it answers somebody who came too late."""

from datetime import date, datetime
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.authority import Actor
from gis.errors import Rejected
from gis.store.base import new_id
from hazards.points.cases import repository
from hazards.points.cases.rules import MovedOn, Step
from hazards.points.cases.service import Said
from rescue_app.web.cases_view import case_facts
from rescue_app.web.render import page, say


class StepForm(BaseModel):
    """The form of a step as a browser sends it."""

    id: UUID
    act: Step
    opinion: str = ""
    visited_on: str = ""
    file_ids: list[UUID] = []
    of_point: bool = False

    def said(self) -> Said:
        """Give it as the service takes it; a day that is none counts as not given."""
        try:
            day = date.fromisoformat(self.visited_on)
        except ValueError:
            day = None
        return Said(self.id, self.opinion, tuple(self.file_ids), self.of_point, day)


def case_page(
    request: Request,
    session: Session,
    actor: Actor,
    now: datetime,
    case_id: UUID,
    page_number: int = 1,
    *,
    kept: BaseModel | None = None,
    why: MovedOn | Rejected | None = None,
) -> Response:
    """Show a case; where a step was not taken, why, with what this person had written."""
    told = {"seq": request.app.state.hub.seq, "step_id": new_id(), "kept": kept}
    told["today"], told["moved"] = day_of(now), isinstance(why, MovedOn)
    told["problem"] = say(request, why.text, **why.values) if isinstance(why, Rejected) else None
    case = repository.visible(session, case_id)
    facts = case_facts(request, session, actor, now, case, page_number)
    status = 422 if told["problem"] else 409 if kept else 200
    return page(request, "cases/case.html", status=status, section="cases", **told, **facts)
