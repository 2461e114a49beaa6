"""The figures of the start page: what a desk asks first."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from gis.authority import Actor
from hazards.conflicts import repository as conflicts
from hazards.points import repository as points
from hazards.points.cases import repository as cases
from hazards.points.cases.repository import Wanted
from hazards.points.filters import PointFilter
from hazards.points.rules import Grade
from hazards.tasks import boards
from qr_codes.findings import repository as findings
from qr_codes.findings.rules import ENDED
from rescue_app.dispatch import reading
from rescue_app.incidents import repository as incidents


def figures_for(session: Session, actor: Actor, now: datetime) -> dict[str, Any]:
    """Count what a desk asks first, as far as its reader sees."""
    found = findings.counts(session)
    made_up = incidents.ongoing(session, drills=False, made_up=True)
    waiting, waiting_drills = reading.unanswered(session, actor.area_path)
    return {
        "grades": {g: points.count(session, PointFilter(grade=(g,))) for g in Grade},
        "cases": sum(cases.counts(session, Wanted(waiting_for=actor)).values()),
        "overdue": boards.count(session, boards.Wanted(actor.area_path, now)),
        "incidents": incidents.ongoing(session, drills=False),
        "drills": incidents.ongoing(session, drills=True),
        "waiting": waiting,
        "waiting_drills": waiting_drills,
        "made_up": made_up > 0 or points.any_made_up(session),
        "conflicts": conflicts.count_open(session),
        "findings": sum(n for state, n in found.items() if state not in ENDED),
    }
