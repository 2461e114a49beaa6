"""The report up: filled with what is known, changed by whoever sends it; and its times."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, BeforeValidator, Field
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, city_of, may, require
from gis.errors import Conflict, Missing, Rejected
from gis.store.base import new_id
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.incidents import limits, reporting, repository, service
from rescue_app.incidents.clock import COUNTS, TEXTS, Limits, ReportDraft, ReportKind
from rescue_app.incidents.models import Incident, SituationReport
from rescue_app.web import flash
from rescue_app.web.incident_filling import filled
from rescue_app.web.incident_page import about, readers
from rescue_app.web.incidents import SECTION
from rescue_app.web.render import page, say

router = APIRouter(include_in_schema=False)
Blank = BeforeValidator(lambda value: value or None)
Count = Annotated[str, Field(max_length=12)]
CALLED = "Sent up. Whoever is to read it is called until somebody answers."
ALONE = "Kept. Nobody above is called from here: pass it on by telephone."


class ReportForm(BaseModel):
    """The form's fields; its number is made with it, so a second press is the same report."""

    id: UUID = Field(default_factory=new_id)
    final: bool = False
    grade: Annotated[str | None, Blank] = None
    source: str = ""
    place: str = ""
    nature: str = ""
    extent: str = ""
    deaths: Count = ""
    missing: Count = ""
    injured: Count = ""
    trapped: Count = ""
    moved: Count = ""
    homes: Count = ""
    loss_10k_yuan: Count = ""
    trend: str = ""
    leaders: str = ""
    measures: str = ""
    requests: str = ""

    def draft(self) -> ReportDraft:
        """Give it as the service takes it; an empty number is one that nobody knows."""
        return ReportDraft(
            self.id,
            is_final=self.final,
            grade=self.grade,
            texts={name: getattr(self, name) for name in TEXTS},
            counts={name: whole(getattr(self, name)) for name in COUNTS},
        )


class LimitForm(BaseModel):
    """The times of one grade as the form sends them."""

    first_min: int
    follow_up_min: int
    final_min: int
    up_to: str = Field(pattern="^(city|district)$")


def whole(said: str) -> int | None:
    """Read a number of people or houses."""
    try:
        return int(said) if said.strip() else None
    except ValueError:
        raise Rejected("Write a whole number, digits only.") from None


@router.get("/incidents/limits", name="report_limits")
def show_limits(request: Request, db: Db, actor: Who) -> Response:
    """Show by when reports are owed."""
    return limits_page(request, db, actor)


@router.post("/incidents/limits/{grade}")
def set_limits(
    request: Request, db: Db, actor: Who, grade: str, form: Annotated[LimitForm, Form()]
) -> Response:
    """Set the times of a grade."""
    try:
        limits.put(db, grade, Limits(**form.model_dump()), by=actor)
    except Rejected as problem:
        return limits_page(request, db, actor, say(request, problem.text, **problem.values))
    said = say(request, "Set. It holds for what is owed from now on.")
    return flash.say(RedirectResponse("/incidents/limits", 303), said)


@router.get("/incidents/{incident_id}/report", name="incident_report")
def new_report(request: Request, db: Db, actor: Who, now: Now, incident_id: UUID) -> Response:
    """Show the report that is owed next, filled with what is known."""
    incident = service.visible(db, incident_id)
    require(actor, Act.OPEN_INCIDENT, incident.area_path)
    form = ReportForm(final=incident.closed_at is not None, grade=incident.grade)
    known = filled(request, db, incident, now)
    return show(request, db, incident, form.model_copy(update=known))


@router.post("/incidents/{incident_id}/report")
def send_report(
    request: Request,
    db: Db,
    actor: Who,
    now: Now,
    incident_id: UUID,
    form: Annotated[ReportForm, Form()],
) -> Response:
    """Send the report up."""
    try:
        sent = reporting.send(db, incident_id=incident_id, draft=form.draft(), by=actor, now=now)
    except (Conflict, Rejected) as problem:
        return show(request, db, service.visible(db, incident_id), form, problem)
    said = say(request, CALLED if any(line for _, line in readers(db, [sent])[sent.id]) else ALONE)
    return flash.say(RedirectResponse(f"/incidents/{incident_id}", 303), said)


@router.get("/incidents/{incident_id}/reports/{report_id}", name="sent_report")
def show_sent(
    request: Request, db: Db, _: Who, now: Now, incident_id: UUID, report_id: UUID
) -> Response:
    """Show a report as it was sent, and who has read it."""
    row, report = sent_of(db, incident_id, report_id)
    facts = about(db, [row], now) | {"readers": readers(db, [report]), "section": SECTION}
    return page(request, "incidents/sent.html", row=row, report=report, **facts)


def sent_of(db: Session, incident_id: UUID, report_id: UUID) -> tuple[Incident, SituationReport]:
    """Find a report about an incident."""
    report = repository.report(db, report_id)
    if report is None or report.incident_id != incident_id:
        raise Missing("There is no such report in your area.")
    return service.visible(db, incident_id), report


def show(
    request: Request,
    db: Session,
    incident: Incident,
    form: ReportForm,
    problem: Conflict | Rejected | None = None,
) -> Response:
    """Show the form with what was entered and what is not right with it."""
    last: SituationReport | None = repository.last_report(db, incident.id)
    facts: dict[str, Any] = {
        "row": incident,
        "form": form,
        "last": last,
        "ended": last is not None and last.kind == ReportKind.FINAL,
        "problem": say(request, problem.text, **problem.values) if problem else None,
        "section": SECTION,
    }
    return page(request, "incidents/report.html", status=422 if problem else 200, **facts)


def limits_page(request: Request, db: Session, actor: Actor, problem: str = "") -> Response:
    """Show the times of all grades."""
    facts: dict[str, Any] = {
        "rows": limits.all_limits(db),
        "may_set": may(actor, Act.SET_REPORT_TIMES, city_of(actor.area_path)),
        "problem": problem,
        "section": SECTION,
    }
    return page(request, "incidents/limits.html", status=422 if problem else 200, **facts)
