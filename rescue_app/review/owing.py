"""What of a time is owed and did not come: silence is measured too. Pure."""

from datetime import datetime, timedelta

from rescue_app.dispatch.rules import GONE, HopKind, StepKind
from rescue_app.review.rules import ENDS, Fate, Hop, Leg, Mark, fate, marks

NEVER = timedelta(days=36_500)
"""How long something takes that did not come: longer than anything that did."""
ANSWERS = frozenset({Leg.DELIVERED, Leg.SEEN, Leg.ANSWERED})


def took(hop: Hop, leg: Leg) -> timedelta | None:
    """Give the time where both ends are known; a clock that ran backwards gives none."""
    known, (start, end) = marks(hop), ENDS[leg]
    if start not in known or end not in known or known[end] < known[start]:
        return None
    return known[end] - known[start]


def waited(hop: Hop, leg: Leg, *, now: datetime) -> timedelta | None:
    """Give how long an end has been owed that did not come; what nobody owes is none.

    Silence is owed for ever. A crew owes its way and its work until it said that it cannot or
    was taken back; whoever passes on owes neither, nor passing on itself.
    """
    known, (start, end) = marks(hop), ENDS[leg]
    if end in known or start not in known:
        return None
    if leg in ANSWERS:
        return NEVER if fate(hop, now=now) is Fate.SILENT else None
    over = hop.first(StepKind.CANNOT, *GONE) is not None or Mark.DONE in known
    if leg is Leg.PASSED or hop.holder is not HopKind.CREW or over:
        return None
    return now - known[start]
