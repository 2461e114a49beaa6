"""What is asked at one point, for its page and its panel on the map."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from hazards.tasks import repository
from hazards.tasks.rules import OWED, State
from rescue_app.web.rounds import list_names
from rescue_app.web.visit_photos import by_visit

FEW = 5
"""So many of what was done and found bad are shown; what is owed is shown whole."""


def asked_here(session: Session, point_id: UUID) -> dict[str, Any]:
    """Give the lists of a point: those owed, soonest first, those done lately, what was bad."""
    found = repository.of_point(session, point_id)
    owed = sorted((one for one in found if one.state in OWED), key=lambda one: one.due_at)
    done = [one for one in found if one.state == State.DONE][:FEW]
    bad = repository.bad_of_point(session, point_id)[:FEW]
    names, pictures = list_names(session, [*owed, *done]), by_visit(session, bad)
    return {"owed": owed, "done": done, "bad": bad, "names": names, "pictures": pictures}
