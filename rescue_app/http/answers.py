"""Answers to orders as they arrive over HTTP: those that come together share one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Self, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.errors import PlatformError
from gis.store.engine import Sessions, keep_plans, unit_of_work
from gis.store.scope import SYSTEM
from rescue_app.auth import service as auth
from rescue_app.dispatch import telling
from rescue_app.dispatch.drafts import StepDraft
from rescue_app.dispatch.members import telling as members
from rescue_app.dispatch.members.models import MemberPart
from rescue_app.dispatch.models import Assignment
from rescue_app.dispatch.telling import Telling
from rescue_app.http.errors import SignInNeeded
from rescue_app.http.gathering import Gathering
from rescue_app.http.senders import SomebodyElses, check_sender

MOST = 250
"""Answers in one transaction: a few hundred hops are held for a fraction of a second."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What somebody says about a hop or a member's part, who he is not being known yet."""

    token: str | None
    about: UUID
    step: StepDraft
    at: datetime
    by: UUID | None = None
    """The account that the sending phone says it was, if it does."""


Row = TypeVar("Row")
"""What an answer is about: a hop, or a member's part."""


@dataclass(frozen=True, slots=True)
class Heard(Generic[Row]):
    """Who said it, and what it is about as it stands now."""

    by: Actor
    row: Row


@dataclass(frozen=True, slots=True)
class Desk(Generic[Row]):
    """Takes answers in and gives each its own outcome, once it is durable."""

    sessions: Sessions
    life: timedelta
    tell_all: Callable[[Session, Sequence[Telling]], list[Row | PlatformError]]

    def take(self, arrivals: Sequence[Arrival]) -> list[Heard[Row] | Exception]:
        """Write what came together in one transaction; what spoils it is found one by one."""
        try:
            return self._together(arrivals)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is one answer's own matter
            if len(arrivals) == 1:
                return [error]
            return [outcome for one in arrivals for outcome in self.take([one])]

    def _together(self, arrivals: Sequence[Arrival]) -> list[Heard[Row] | Exception]:
        with unit_of_work(self.sessions, SYSTEM) as session:
            keep_plans(session)
            tokens = {one.token for one in arrivals if one.token}
            now = max(one.at for one in arrivals)
            people = auth.identify_all(session, tokens, now=now, life=self.life)
            whose = [sender(one, people.get(one.token or "")) for one in arrivals]
            said = [
                Telling(one.about, one.step, actor, one.at)
                for one, actor in zip(arrivals, whose, strict=True)
                if isinstance(actor, Actor)
            ]
            told = iter(self.tell_all(session, said))
            return [heard(who, next(told)) if isinstance(who, Actor) else who for who in whose]


@dataclass(frozen=True, slots=True)
class Answers:
    """Where answers come together: those to hops, and those to members' parts."""

    of_hops: "Gathering[Arrival, Heard[Assignment]]"
    of_parts: "Gathering[Arrival, Heard[MemberPart]]"

    @classmethod
    def gathered(cls, sessions: Sessions, life: timedelta) -> Self:
        """Gather them, each kind by itself: who holds hops and their ladders waits for no part."""
        hops = Desk(sessions, life, telling.tell_all)
        parts = Desk(sessions, life, members.tell_all)
        return cls(Gathering(hops.take, most=MOST), Gathering(parts.take, most=MOST))


def sender(one: Arrival, actor: Actor | None) -> Actor | Exception:
    """Give who says it, or why it is not taken from him."""
    if actor is None:
        return SignInNeeded()
    try:
        check_sender(one.by, actor)
    except SomebodyElses as refusal:
        return refusal
    return actor


def heard(by: Actor, outcome: Row | PlatformError) -> Heard[Row] | Exception:
    """Put the name to an outcome that is no refusal."""
    return outcome if isinstance(outcome, PlatformError) else Heard(by, outcome)
