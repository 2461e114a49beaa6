"""A visit that was answered by an older list, as the list in force judges it."""

from dataclasses import replace

from sqlalchemy.orm import Session

from gis.errors import Missing, Rejected
from hazards.checklists.repository import Checklist
from hazards.checklists.rules import judge_all
from hazards.checklists.visits import Outcome
from qr_codes.inspections import lists
from qr_codes.inspections.models import Inspection
from qr_codes.inspections.visits import Came, Read


def by_list_in_force(
    session: Session, came: Came, shown: Checklist, visit: Inspection
) -> Read | None:
    """Read the same answers by the list in force, if that judges them otherwise."""
    if shown.in_force:
        return None
    try:
        today = lists.in_mode(session, came.asset, shown.mode)
    except Missing:
        return None  # nothing is asked here any more
    anew = judged_by(today, came)
    asked = {item.code for item in today.items}
    bad = {one["item"] for one in visit.answers if one["bad"] and one["item"] in asked}
    if anew is None or {one.item.code for one in anew.judged if one.bad} == bad:
        return None
    return anew


def judged_by(today: Checklist, came: Came) -> Read | None:
    """Judge answers by another list than the one that was shown, as far as it asks the same."""
    asked = {item.code for item in today.items}
    answers = {code: said for code, said in came.visit.answers.items() if code in asked}
    try:
        judged = judge_all(today.items, answers)
    except Rejected:
        return None  # the list in force does not take such an answer at all
    is_bad = any(one.bad for one in judged) or came.note
    outcome = Outcome.PROBLEM if is_bad else Outcome.ALL_NORMAL
    return Read(today, judged, replace(came.visit, answers=answers, outcome=outcome))
