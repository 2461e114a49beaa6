"""Who is off duty sees his crew's orders in silence until a rung calls him."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from hazards.calls import reading as calls
from hazards.duty import people
from rescue_app.dispatch.members.reading import MyPart
from rescue_app.dispatch.reading import InboxLine
from rescue_app.web.crew_waits import log_of


def hush(
    db: Session,
    actor: Actor,
    at: InboxLine | MyPart | None,
    owes: Sequence[Any],
    waits: InboxLine | MyPart | None,
) -> dict[str, Any]:
    """Tell whether he is off duty, and of what is shown what he sees and does not hear."""
    if not people.is_off_duty(db, actor.id):
        return {"off_duty": False, "hushed": ()}
    about: set[UUID] = set()
    if isinstance(at, MyPart):
        about = {at.part.id, *(one.notice.id for one in owes)}
    elif at is not None:
        about = {at.hop.id, *(notice.id for notice, _ in owes)}
    about |= {log_of(waits)[0]} if waits else set()
    return {"off_duty": True, "hushed": about - calls.called(db, actor.id, about)}
