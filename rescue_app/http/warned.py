"""What is in force for everyone, held in memory: readers do not touch the database.

It is read again once a process has heard that a warning changed, once the next one begins or ends,
and otherwise each minute, in case the line to the log is down.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from sqlalchemy import Row

from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import RESIDENT
from hazards.alerts import public
from hazards.alerts.rules import TOPIC
from hazards.cap import outgoing
from hazards.cap.outgoing import Outgoing
from rescue_app.live.hub import Hub

LONGEST = timedelta(minutes=1)
NEVER = datetime(1, 1, 1, tzinfo=UTC)
EMPTY = Outgoing((), {})
MAKING = Lock()


@dataclass(slots=True)
class Warned:
    """The warnings in force, as of a moment, and until when that is true."""

    sessions: Sessions
    hub: Hub
    alerts: Sequence[Row[Any]] = ()
    heard: int = -1
    until: datetime = NEVER
    changed_at: datetime = NEVER
    played: Sequence[Row[Any]] = ()
    """The same with drills, for those at work."""
    messages: Outgoing = EMPTY
    """The same as CAP messages, with those that ended it within a day."""
    pages: dict[str, bytes] = field(default_factory=dict)
    """What was made of it, by name and language."""
    lock: Lock = field(default_factory=Lock)

    def fresh(self, now: datetime) -> bool:
        """Tell whether nothing can have changed since it was read."""
        return self.heard == self.hub.newest_of(TOPIC) and now < self.until

    def read(self, now: datetime) -> None:
        """Read what is in force, unless somebody else just did."""
        with self.lock:
            if self.fresh(now):
                return
            heard = self.hub.newest_of(TOPIC)  # before the rows: what comes after is asked again
            with unit_of_work(self.sessions, RESIDENT) as session:
                played = public.in_force(session, now=now, drills=True)
                messages = outgoing.standing(session, now=now)
            alerts = [one for one in played if not one.is_drill]
            turns = [at for one in played for at in (one.onset_at, one.expires_at) if at > now]
            if alerts != self.alerts or self.changed_at is NEVER:
                self.changed_at = now
            self.alerts, self.played = alerts, played
            self.messages, self.pages = messages, {}
            self.until = min([*turns, now + LONGEST])
            self.heard = heard


def held(app: Any) -> Warned:
    """Give what this process holds of it: one for all its readers."""
    state = app.state
    with MAKING:
        found: Warned | None = getattr(state, "warned", None)
        if found is None:
            found = state.warned = Warned(state.sessions, state.hub)
    return found


def state_now(app: Any, path: str, now: datetime) -> str:
    """Give the sign of what is in force in an area; none where this process would have to look."""
    warned = held(app)
    return public.state_of(warned.played, path) if warned.fresh(now) else ""
