"""Verbs of the sketch: draw, and take one's own away again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis import geometry
from gis.authority import COMMANDERS, Actor, Role
from gis.errors import Conflict, Forbidden, Missing, Rejected
from gis.store import audit
from gis.store.notify import announce
from hazards.calls.program import as_program
from rescue_app.dispatch.repository import phone_of
from rescue_app.incidents import service as incidents
from rescue_app.incidents.models import Incident
from rescue_app.review.repository import whole
from rescue_app.sketches import repository
from rescue_app.sketches.models import SketchLine
from rescue_app.sketches.rules import (
    MOST_CORNERS,
    MOST_MARKS,
    MarkDraft,
    MarkKind,
    checked_mark,
    standing,
)

TOPIC = "sketch"
DRAWS = COMMANDERS | {Role.PLANNER}


def drawn(session: Session, incident: Incident, *, until: datetime) -> list[SketchLine]:
    """Give what stands on the sketch at a moment."""
    return standing(repository.log(session, whole(session, incident), until=until))


def draw(
    session: Session, *, incident_id: UUID, draft: MarkDraft, by: Actor, now: datetime
) -> SketchLine:
    """Keep a drawing; the same id again is the same drawing."""
    incident = _of_drawer(session, incident_id, by)
    draft = checked_mark(draft)
    shape = geometry.checked(draft.shape, most_vertices=MOST_CORNERS)
    if len(drawn(session, incident, until=now)) >= MOST_MARKS:
        raise Rejected("The sketch is full: {most} drawings. Take some away.", most=MOST_MARKS)
    line = {"kind": draft.kind, "shape": shape, "words": draft.words, "removes_id": None}
    return _add(session, incident, draft.id, line, by, draft.done_at or now, now)


def remove(
    session: Session,
    *,
    line_id: UUID,
    removal_id: UUID,
    by: Actor,
    now: datetime,
    done_at: datetime | None = None,
) -> SketchLine:
    """Take one's own drawing away; it stays in the log, and where a past moment is shown."""
    mark = repository.line(session, line_id)
    if mark is None or mark.removes_id is not None:
        raise Missing("This drawing is not here. Reload the page.")
    if mark.by_id != by.id:
        raise Forbidden("{name} drew this. Only who drew it takes it away.", name=mark.by_name)
    incident = _of_drawer(session, mark.incident_id, by)
    line = {"kind": MarkKind.REMOVED, "shape": None, "words": "", "removes_id": line_id}
    return _add(session, incident, removal_id, line, by, done_at or now, now)


def may_draw(by: Actor) -> bool:
    """Tell whether a person of an incident draws, or only looks."""
    return by.role in DRAWS


def _of_drawer(session: Session, incident_id: UUID, by: Actor) -> Incident:
    incident = incidents.visible(session, incident_id)
    if not may_draw(by):
        raise Forbidden("Those who command or plan draw here; you see what they draw.")
    return incident


def _add(
    session: Session,
    incident: Incident,
    line_id: UUID,
    line: dict[str, Any],
    by: Actor,
    done_at: datetime,
    now: datetime,
) -> SketchLine:
    whose = {"by_id": by.id, "by_name": by.name, "by_phone": phone_of(session, by.id)}
    where = {"id": line_id, "incident_id": incident.id, "area_path": incident.area_path}
    times = {"done_at": min(done_at, now), "received_at": now}
    if repository.add_once(session, where | line | whose | times):
        _tell(session, incident, line_id, str(line["kind"]))
    known = repository.line(session, line_id)
    if known is None or (known.by_id, known.incident_id, known.kind) != (
        by.id, incident.id, line["kind"],
    ):  # fmt: skip
        raise Conflict("This drawing's number is taken. Draw it again.")
    return known


def _tell(session: Session, incident: Incident, line_id: UUID, kind: str) -> None:
    with as_program(session):  # who draws does not see all who work at the incident
        also: Sequence[str] = sorted(repository.areas_at_work(session, incident.id))
    announce(session, topic=TOPIC, kind=kind, ref=incident.id, area_path=incident.area_path,
             also=(*also,))  # fmt: skip
    audit.record(
        session, act=f"sketch.{kind}", subject=line_id, area_path=incident.area_path,
        incident=incident.id,
    )  # fmt: skip
