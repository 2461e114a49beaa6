"""The safety timer: who on site is not heard of in time raises his chain, crew and member."""

from datetime import datetime, timedelta

from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM
from rescue_app.site import calling, member_watch, repository

BATCH = 200
EVERY = timedelta(minutes=30)
"""How long a crew may be silent on its site; a setting (`YITONG_CHECK_IN_MINUTES`)."""

TRACKS_KEPT = timedelta(days=30)
"""So long the wall's past can show where crews were; then it is forgotten."""


def watch(sessions: Sessions, *, now: datetime, every: timedelta = EVERY) -> int:
    """Listen who was heard, and ask about who was not; give about how many was asked."""
    with unit_of_work(sessions, SYSTEM) as session:
        repository.forget_places(session, tracks_before=now - TRACKS_KEPT)
        repository.listen(session, topic=calling.CHECK_IN, every=every)
        for row in repository.settled(session, now=now, limit=BATCH):
            if row.call_ref is not None:
                calling.heard(session, row.call_ref, now=now)
                row.call_ref = None
        silent = repository.silent(session, now=now, limit=BATCH)
        for row, hop, order in silent:
            row.call_ref = calling.alarm(session, row, hop, order, now=now)
        alone = member_watch.look(session, now=now, every=every)
    return len(silent) + alone
