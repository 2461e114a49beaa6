"""What the worker does for tasks every minute; a second run in the same minute finds nothing."""

from datetime import datetime

from gis.store.engine import Sessions
from hazards.tasks import handing, making, overdue


def tick(sessions: Sessions, *, now: datetime) -> int:
    """Make what falls due and call about what is overdue; give how many tasks are new."""
    made = making.generate(sessions, now=now)
    handing.hand_on(sessions, now=now)
    overdue.end_cancelled(sessions, now=now)
    overdue.call_overdue(sessions, now=now)
    return made
