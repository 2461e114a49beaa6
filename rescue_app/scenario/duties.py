"""Lay down the example responsibility list of the made-up city."""

from datetime import date, datetime

import yaml
from sqlalchemy.orm import Session

from gis.authority import Actor, Role
from gis.errors import Rejected
from gis.store.scope import NO_ONE
from hazards.duty import listing
from hazards.duty.lists import Words
from rescue_app.settings import PROJECT

LIST = PROJECT / "data/duty/responsibility.yaml"
SINCE = date(2026, 1, 1)


def lay_down(session: Session, *, city: str, now: datetime) -> int:
    """Write the example into the city's list; a second time changes nothing."""
    by = Actor(NO_ONE, "演示数据 · scenario", Role.SYSTEM, city)
    rows = yaml.load(LIST.read_text(encoding="utf-8"), yaml.CSafeLoader)
    said = [
        (number, {"valid_from": str(SINCE)} | row | {"helpers": "、".join(row["helpers"])})
        for number, row in enumerate(rows, start=1)
    ]
    categories = {one: one for one in ("occurrence", "hidden_danger", "prevention", "critical")}
    found = listing.compare(session, said, words=Words({}, categories), by=by)
    if found.refused:
        slip = found.refused[0]
        raise Rejected("{file}, {place}: {reason}", file=LIST.name, place=slip.line,
                       reason=str(slip.reason))  # fmt: skip
    listing.take_over(session, found, by=by, now=now, synthetic=True)
    return len(rows)
