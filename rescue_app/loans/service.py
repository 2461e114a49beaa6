"""Verbs of loans: ask, agree with a crew, refuse, recall, give back; the clock brings it home.

A lent crew works for its borrower alone: he orders it, its own district sees what it does.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require, within
from gis.errors import Conflict, Missing
from gis.store import audit
from gis.store.engine import Sessions, unit_of_work
from gis.store.notify import announce
from gis.store.scope import PROGRAM, SYSTEM
from hazards.calls.program import as_program
from hazards.duty import repository as duty
from hazards.duty.models import Crew, Unit
from hazards.duty.rules import UnitKind
from rescue_app.dispatch import repository as orders
from rescue_app.incidents import service as incidents
from rescue_app.incidents.models import Incident
from rescue_app.loans import repository, ringing
from rescue_app.loans.models import CrewLoan
from rescue_app.loans.rules import (
    LENDERS,
    LoanAct,
    LoanDraft,
    LoanState,
    checked,
    checked_why,
    next_state,
)

BATCH = 100


def ask(session: Session, *, draft: LoanDraft, by: Actor, now: datetime) -> CrewLoan:
    """Ask another district for a crew; the same id again is the same request."""
    require(by, Act.ISSUE_ORDER, by.area_path)
    draft = checked(draft, borrower_path=by.area_path, now=now)
    lender = next((one for one in lenders(session, by) if one.area_path == draft.lender_path), None)
    if lender is None:
        raise Missing("There is no such district. Choose one from the list.")
    with as_program(session):
        own = duty.centre_of(session, by.area_path)
    incident = incidents.visible(session, draft.incident_id) if draft.incident_id else None
    row = _of_incident(incident) | {
        "id": draft.id,
        "area_path": by.area_path,
        "lender_path": lender.area_path,
        "borrower_name": own.name if own else by.name,
        "borrower_name_en": own.name_en if own else "",
        "lender_name": lender.name,
        "lender_name_en": lender.name_en,
        "words": draft.words,
        "ability": draft.ability,
        "until": draft.until,
        "asked_by": by.id,
        "asker_name": by.name,
        "asker_phone": orders.phone_of(session, by.id),
        "asked_at": now,
        "state": LoanState.ASKED,
    }
    fresh = repository.add_once(session, row)
    loan = visible(session, draft.id)
    if fresh:
        ringing.ask(session, loan, now=now)
        _spread(session, loan, "asked")
    elif (loan.words, loan.lender_path) != (draft.words, draft.lender_path):
        raise Conflict("This request went out already, with other words. Reload the page.")
    return loan


def _of_incident(incident: Incident | None) -> dict[str, object]:
    return {
        "incident_id": incident.id if incident else None,
        "incident_title": incident.title if incident else "",
        "is_drill": incident is not None and incident.is_drill,
        "synthetic": incident is not None and incident.synthetic,
    }


def lenders(session: Session, by: Actor) -> list[Unit]:
    """Give the districts' centres that can be asked, by name alone."""
    with as_program(session):
        found = duty.units_in(session, "/", (UnitKind.CENTRE,), levels=("district",))
    apart = [
        one
        for one in found
        if not within(by.area_path, one.area_path) and not within(one.area_path, by.area_path)
    ]
    return sorted(apart, key=lambda one: one.area_path)


def working_for(session: Session, crews: Sequence[Crew]) -> list[CrewLoan]:
    """Give for whom these crews work now; to a crew that is lent its loan is told."""
    away = [crew.id for crew in crews if crew.lent_path]
    with as_program(session):
        return list(repository.lent(session, away).values())


def visible(session: Session, loan_id: UUID) -> CrewLoan:
    """Give a loan, or say that there is none."""
    loan = repository.loan(session, loan_id)
    if loan is None:
        raise Missing("There is no such request in your area.")
    return loan


def decide(
    session: Session,
    *,
    loan_id: UUID,
    act: LoanAct,
    by: Actor,
    now: datetime,
    crew_id: UUID | None = None,
    why: str = "",
) -> CrewLoan:
    """Do what one side may do; pressed twice by whomever, it is done once."""
    loan = repository.locked(session, loan_id)
    if loan is None:
        raise Missing("There is no such request in your area.")
    require(by, Act.ISSUE_ORDER, loan.lender_path if act in LENDERS else loan.area_path)
    if act is LoanAct.AGREE and crew_id and loan.crew_id == crew_id:
        return loan
    if act is not LoanAct.AGREE and act in (loan.ended_how, _answered(loan)):
        return loan
    why = checked_why(act, why)
    state = next_state(LoanState(loan.state), act)
    if act is LoanAct.AGREE:
        _lend(session, loan, crew_id, by=by)
    _became(session, loan, state, act, why, by=by, now=now)
    return loan


def _answered(loan: CrewLoan) -> LoanAct | None:
    return LoanAct.REFUSE if loan.state == LoanState.REFUSED else None


def _lend(session: Session, loan: CrewLoan, crew_id: UUID | None, *, by: Actor) -> None:
    crew = repository.held_crew(session, crew_id) if crew_id else None
    if crew is None or not within(crew.area_path, loan.lender_path):
        raise Missing("Choose which of your crews goes.")
    if crew.lent_path is not None:
        raise Conflict("{name} is lent already. Choose another crew.", name=crew.name)
    crew.lent_path = loan.area_path
    loan.crew_id, loan.crew_name, loan.crew_name_en = crew.id, crew.name, crew.name_en
    audit.record(session, act="loan.lent", subject=crew.id, area_path=crew.area_path, by=by.name)


def _became(
    session: Session,
    loan: CrewLoan,
    state: LoanState,
    act: LoanAct,
    why: str,
    *,
    by: Actor,
    now: datetime,
) -> None:
    was, loan.state = loan.state, state
    if was == LoanState.ASKED and act in LENDERS:
        loan.answered_at, loan.answer_name, loan.answer_why = now, by.name, why
        loan.answer_phone = orders.phone_of(session, by.id)
    else:
        loan.ended_at, loan.ended_how = now, act
        loan.ended_name, loan.ended_why = by.name, why
    session.flush()  # through the eyes of who decided
    with as_program(session):
        crew = repository.held_crew(session, loan.crew_id) if loan.crew_id else None
        if crew is not None and state is LoanState.HOME:
            crew.lent_path = None
    if was == LoanState.ASKED and act in LENDERS:
        ringing.decided(session, loan, by=by, now=now)
    elif was == LoanState.ASKED:
        ringing.silence(session, loan, by=by, now=now)
    _tell(session, loan, act, crew, now=now)
    _spread(session, loan, act)


def _tell(
    session: Session, loan: CrewLoan, act: LoanAct, crew: Crew | None, *, now: datetime
) -> None:
    """Ring those whom it concerns and who did not do it themselves."""
    zh, en = loan.crew_name, loan.crew_name_en or loan.crew_name
    because_zh, because_en = _because(loan)
    until = loan.until.astimezone(now.tzinfo).isoformat(timespec="minutes")
    to_borrower = {
        LoanAct.AGREE: (f"{loan.lender_name}同意借出：{zh}", f"Lent to you: {en}"),
        LoanAct.REFUSE: (f"{loan.lender_name}不借{because_zh}", f"Not lent{because_en}"),
        LoanAct.RECALL: (f"{zh}被召回{because_zh}", f"Called home: {en}{because_en}"),
        LoanAct.RUN_OUT: (f"借用到期：{zh or loan.words}", f"The loan is over: {en or loan.words}"),
    }
    if act in to_borrower:
        ringing.tell_borrower(session, loan, to_borrower[act], now=now)
    if crew is None:
        return
    borrower = loan.borrower_name_en or loan.borrower_name
    said = (f"你队归建，不再听{loan.borrower_name}调遣", f"Your crew works for home again: {en}")
    if act is LoanAct.AGREE:
        said = (f"你队借给{loan.borrower_name}，听其调遣", f"You work for {borrower} until {until}")
    ringing.tell_crew(session, loan, crew, said, now=now)


def _because(loan: CrewLoan) -> tuple[str, str]:
    why = loan.ended_why or loan.answer_why
    return (f"：{why}", f": {why}") if why else ("", "")


def end_due(sessions: Sessions, *, now: datetime) -> int:
    """Bring home every crew whose loan is over, and drop what nobody answered in time."""
    with unit_of_work(sessions, SYSTEM) as session:
        over = repository.claim_over(session, now=now, limit=BATCH)
        for loan in over:
            state = next_state(LoanState(loan.state), LoanAct.RUN_OUT)
            _became(session, loan, state, LoanAct.RUN_OUT, "", by=PROGRAM, now=now)
    return len(over)


def _spread(session: Session, loan: CrewLoan, kind: str) -> None:
    audit.record(session, act=f"loan.{kind}", subject=loan.id, area_path=loan.area_path)
    announce(
        session, topic=ringing.TOPIC, kind=kind, ref=loan.id, area_path=loan.area_path,
        also=(loan.lender_path,),
    )  # fmt: skip
