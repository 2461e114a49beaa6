"""The ledger hears of cards by a case like any other: that all have one, or no longer."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.errors import Conflict
from hazards.points.cases import proposing
from hazards.points.cases import repository as cases
from hazards.points.cases import service as offices
from hazards.points.cases.proposing import Ask
from hazards.points.cases.rules import UNDER_WAY
from hazards.points.rules import State
from rescue_app.papers import rules, service
from rescue_app.papers.service import Round


def tell(
    session: Session, before: Round, *, reach_m: int, by: Actor, now: datetime, reason: str = ""
) -> UUID | None:
    """Ask the ledger to say what is so now: that all have a card, or no longer."""
    after = service.round_of(session, before.point, reach_m=reach_m)
    point, complete = before.point, after.complete
    if before.complete and not complete:
        _withdrawn(session, before, by=by, now=now)
    elif not complete:
        return None
    if bool(point.cards_given) is complete or point.state != State.APPROVED:
        return None
    ask = Ask(_case(after, complete), by, now, reason)
    try:
        with session.begin_nested():  # what was handed out is kept, whatever the ledger says
            case, new = proposing.change(session, ask=ask, point_id=point.id,
                                         seen_version=point.version,
                                         changes={"cards_given": complete})  # fmt: skip
    except Conflict:
        return None
    return case.id if new else None


def _withdrawn(session: Session, before: Round, *, by: Actor, now: datetime) -> None:
    """Take back our own case that would tell the ledger what is no longer so."""
    case = cases.find(session, _case(before, True))
    if case is not None and case.state in UNDER_WAY and case.author_id == by.id:
        offices.withdraw(session, case_id=case.id, by=by, now=now)


def _case(here: Round, given: bool) -> UUID:
    taken_back = sum(1 for one in here.noted if one.handed_on is None)
    return rules.case_of(here.point.id, here.point.version, given, taken_back)
