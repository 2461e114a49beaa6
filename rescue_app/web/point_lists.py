"""What is asked at one point or asset, for its page and its panel on the map."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from hazards.checklists import repository as checklists
from hazards.tasks import repository
from hazards.tasks.models import Task
from hazards.tasks.rules import OWED, State
from qr_codes.inspections.models import Inspection
from rescue_app.web.visit_photos import by_visit

FEW = 5
"""So many of what was done and found bad are shown; what is owed is shown whole."""


def asked_here(session: Session, subject_id: UUID) -> dict[str, Any]:
    """Give the lists of a point or asset: those owed, the soonest first, done lately, found bad."""
    found = repository.of_subject(session, subject_id)
    owed = sorted((one for one in found if one.state in OWED), key=lambda one: one.due_at)
    done = [one for one in found if one.state == State.DONE][:FEW]
    bad = repository.bad_of_point(session, subject_id)[:FEW]
    names, pictures = list_names(session, [*owed, *done]), by_visit(session, bad)
    return {"owed": owed, "done": done, "bad": bad, "names": names, "pictures": pictures}


def lists_of(session: Session, visit: Inspection, *, now: datetime) -> dict[str, Any]:
    """Give the lists that a visit to an asset has done, those still owed there, their names."""
    filled = repository.filled_by(session, visit.id)
    left = repository.owed_at(session, visit.asset_id, now)
    return {"filled": filled, "left": left, "names": list_names(session, [*filled, *left])}


def list_names(session: Session, tasks: Sequence[Task]) -> dict[tuple[str, int], Any]:
    """Give the lists of tasks by code and version, for their names."""
    keys = {(task.template_code, task.template_version) for task in tasks}
    area_path = tasks[0].area_path if tasks else "/"
    return {**checklists.of_versions(session, keys, area_path=area_path)} if keys else {}
