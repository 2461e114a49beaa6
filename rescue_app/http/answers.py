"""Answers to orders as they arrive over HTTP: those that come together share one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from gis.authority import Actor
from gis.store.engine import Sessions, keep_plans, unit_of_work
from gis.store.scope import SYSTEM
from rescue_app.auth import service as auth
from rescue_app.dispatch import telling
from rescue_app.dispatch.drafts import StepDraft
from rescue_app.dispatch.models import Assignment
from rescue_app.dispatch.telling import Telling
from rescue_app.http.errors import SignInNeeded
from rescue_app.http.senders import SomebodyElses, check_sender

MOST = 250
"""Answers in one transaction: a few hundred hops are held for a fraction of a second."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What somebody says about a hop, who he is not being known yet."""

    token: str | None
    hop_id: UUID
    step: StepDraft
    at: datetime
    by: UUID | None = None
    """The account that the sending phone says it was, if it does."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Who said it, and the hop as it stands now."""

    by: Actor
    hop: Assignment


@dataclass(frozen=True, slots=True)
class Desk:
    """Takes answers in and gives each its own outcome, once it is durable."""

    sessions: Sessions
    life: timedelta

    def take(self, arrivals: Sequence[Arrival]) -> list[Heard | Exception]:
        """Write what came together in one transaction; what spoils it is found one by one."""
        try:
            return self._together(arrivals)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is one answer's own matter
            if len(arrivals) == 1:
                return [error]
            return [outcome for one in arrivals for outcome in self.take([one])]

    def _together(self, arrivals: Sequence[Arrival]) -> list[Heard | Exception]:
        with unit_of_work(self.sessions, SYSTEM) as session:
            keep_plans(session)
            tokens = {one.token for one in arrivals if one.token}
            now = max(one.at for one in arrivals)
            people = auth.identify_all(session, tokens, now=now, life=self.life)
            whose = [sender(one, people.get(one.token or "")) for one in arrivals]
            said = [
                Telling(one.hop_id, one.step, actor, one.at)
                for one, actor in zip(arrivals, whose, strict=True)
                if isinstance(actor, Actor)
            ]
            told = iter(telling.tell_all(session, said))
            return [heard(who, next(told)) if isinstance(who, Actor) else who for who in whose]


def sender(one: Arrival, actor: Actor | None) -> Actor | Exception:
    """Give who says it, or why it is not taken from him."""
    if actor is None:
        return SignInNeeded()
    try:
        check_sender(one.by, actor)
    except SomebodyElses as refusal:
        return refusal
    return actor


def heard(by: Actor, outcome: Assignment | Exception) -> Heard | Exception:
    """Put the name to an outcome that is no refusal."""
    return outcome if isinstance(outcome, Exception) else Heard(by, outcome)
