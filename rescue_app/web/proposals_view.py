"""What the page of a proposal shows: each action as proposed, or as the commander changed it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, may
from gis.errors import PlatformError
from hazards.duty import abilities
from rescue_app.dispatch import checklist, reading
from rescue_app.incidents import service as incidents
from rescue_app.levels import repository as levels
from rescue_app.proposals import proposing, repository
from rescue_app.proposals.models import OrderBatch
from rescue_app.proposals.proposing import Proposal, Row
from rescue_app.proposals.rules import ADDED, Terms
from rescue_app.web.points_view import area_names, areas_read
from rescue_app.web.proposals_form import IssueForm
from rescue_app.web.render import language, say

Facts = dict[str, Any]
LOUD = {"I": "flash", "II": "flash", "III": "urgent", "IV": "urgent"}
ADDED_MIN = "30"


@dataclass(frozen=True, slots=True)
class Shown:
    """One action on the page; without a row of the plan it was added by hand."""

    code: str
    step: str
    what: str
    within: str
    items: str
    take: bool
    targets: Sequence[str]
    proposed: str
    row: Row | None


def terms(request: Request) -> Terms:
    """Give what this installation reckons with."""
    told = request.app.state.settings
    return Terms(told.terrain_factor, told.crew_kmh, told.crew_busy_min)


def facts(
    request: Request,
    db: Session,
    actor: Actor,
    now: datetime,
    incident_id: UUID,
    *,
    form: IssueForm,
    sent: bool = False,
    problem: PlatformError | None = None,
) -> Facts:
    """Gather the page: what is proposed now, overlaid by what was typed."""
    reckons = terms(request)
    found = proposing.propose(
        db,
        incidents.visible(db, incident_id),
        district_path=form.district or None,
        level=form.level or None,
        actor=actor,
        now=now,
        terms=reckons,
    )
    where = area_names(db, {found.incident.area_path}, now)[found.incident.area_path]
    chinese = language(request) == "zh"
    return {
        "found": found,
        "form": form,
        "rows": shown(found, form if sent else None, language(request)),
        "where": form.where or f"{where} {found.incident.title}",
        "urgency": form.urgency or LOUD[found.level],
        "terms": reckons,
        "names": areas_read(request, db, found.districts, now),
        "kinds": {kind.code: kind for kind in levels.types(db)},
        "abilities": abilities.names(db, chinese=chinese),
        "may_issue": found.incident.is_open and may(actor, Act.ISSUE_ORDER, actor.area_path),
        "may_level": may(actor, Act.SET_LEVEL, found.district_path),
        "problem": say(request, problem.text, **problem.values) if problem else None,
        "issued": issued(db, found.batches),
    }


def shown(found: Proposal, form: IssueForm | None, locale: str) -> list[Shown]:
    """Give every action: as proposed, as typed where the form came back, and those added."""
    typed = {row["code"]: (n, row) for n, row in enumerate(form.rows())} if form else {}
    targets = form.chosen() if form else {}
    rows = [fresh(row, locale) for row in found.rows]
    if form is None:
        return rows
    lines = [
        overlaid(one, *typed[one.code], form, targets) if one.code in typed else one for one in rows
    ]
    for code, (n, row) in typed.items():
        if code.startswith(ADDED):
            blank = Shown(code, row["step"], "", ADDED_MIN, "", True, (), "", None)
            lines.append(overlaid(blank, n, row, form, targets))
    if step := form.added():
        number = sum(code.startswith(ADDED) for code in typed) + 1
        lines.append(Shown(f"{ADDED}{number}", step, "", ADDED_MIN, "", True, (), "", None))
    return lines


def fresh(row: Row, locale: str) -> Shown:
    """Give an action as it is proposed: ticked where somebody here can get it."""
    action, crew = row.line.action, row.line.chosen
    targets = [unit.value for unit in row.acting.units if unit.mine]
    targets += [f"crew:{crew.crew.id}"] if crew else []
    said = f"{action.within_min}|{','.join(targets)}"
    return Shown(
        action.code, action.step, action.zh, str(action.within_min),
        checklist.lines_in(action.checklist, locale), bool(targets), targets, said, row,
    )  # fmt: skip


def overlaid(
    one: Shown, n: int, typed: dict[str, str], form: IssueForm, targets: dict[int, list[str]]
) -> Shown:
    """Give an action as it was typed."""
    return Shown(
        one.code, one.step, typed["what"], typed["within"], typed["items"], n in form.take,
        targets.get(n, []), typed["proposed"], one.row,
    )  # fmt: skip


def issued(db: Session, batches: Sequence[OrderBatch]) -> list[tuple[OrderBatch, Any]]:
    """Give what went out together, each with its orders as they stand."""
    lines = repository.lines(db, [one.id for one in batches])
    wanted = [line.order_id for each in lines.values() for line in each]
    standing = {line.order.id: line for line in reading.lines_of(db, wanted)}
    return [
        (one, [standing[line.order_id] for line in lines[one.id] if line.order_id in standing])
        for one in batches
    ]
