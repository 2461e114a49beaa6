"""Whether a rule can mean what it says: its words exist, and its steps rise with their colours."""

from itertools import pairwise

from sqlalchemy.orm import Session

from gis.errors import Rejected
from hazards.judging.files import RuleEntry
from hazards.judging.rules import RANK, Kind, Rule
from hazards.monitoring import properties
from hazards.monitoring.models import ObservedProperty
from hazards.points import types


def check(session: Session, entry: RuleEntry) -> None:
    """Refuse a rule that cannot mean what it says."""
    if entry.curve and not entry.follows:
        raise Rejected("A curve needs its source: write what it follows.")
    if entry.hazard_type not in types.words(session).values():
        raise Rejected("There is no kind of hazard {code}. Choose one.", code=entry.hazard_type)
    known = {one.code: one for one in properties.listed(session)}
    rule = entry.rule()
    for one in (rule, rule.second):
        if one is not None:
            check_property(one, known.get(one.property))
            check_order(one)


def check_property(rule: Rule, of: ObservedProperty | None) -> None:
    """Refuse what a property cannot be asked for."""
    if of is None:
        raise Rejected("Nothing is measured that is called {code}. Choose one.", code=rule.property)
    if rule.kind is Kind.SUM and not of.adds:
        raise Rejected("{code} is a state and cannot be added up.", code=of.code)
    marks = {one["code"] for one in of.marks}
    for step in rule.steps:
        if step.mark and step.mark not in marks:
            raise Rejected("{code} has no mark {mark}.", code=of.code, mark=step.mark)


def check_order(rule: Rule) -> None:
    """Refuse a graver colour at a lower step of the same span and mark."""
    by_colour = sorted(rule.steps, key=lambda one: RANK[one.colour])
    for look in {one.look for one in rule.steps}:
        for lower, higher in pairwise(one for one in by_colour if one.look == look):
            if higher.at <= lower.at and higher.colour is not lower.colour:
                raise Rejected(
                    "In the same span a graver colour needs a higher step: {lower} comes before"
                    " {higher}. Change one of them.",
                    lower=f"{lower.at:g}",
                    higher=f"{higher.at:g}",
                )
