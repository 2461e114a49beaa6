"""Whom a storm wakes: judged, proposed, approved, called, answered, climbed; and what was told."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from time import perf_counter
from uuid import uuid4

from sqlalchemy import func, select

from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM
from hazards.alerts import ringing, spreading
from hazards.alerts.models import Alert
from hazards.alerts.rules import TOPIC as WARNING
from hazards.calls import worker
from hazards.calls.models import Call, CallRung
from hazards.judging import proposing
from hazards.judging.live import Judge
from hazards.judging.models import JudgingStanding
from hazards.monitoring import watching
from hazards.monitoring.models import Reading
from tests.gauges import MINUTE, OFFICER, Storm

RULES = 2
"""A rainstorm, and the landslides that such rain starts: each proposes a warning of its own."""
HOUR = timedelta(hours=1)
Post = Callable[[str, object], object]
Names = Counter[str]


@dataclass(slots=True)
class Woken:
    """Who was called by name and how often, what stands, and how long each step took."""

    kept: int = 0
    standing: int = 0
    keepers: Names = field(default_factory=Counter)
    approvers: Names = field(default_factory=Counter)
    owners: Names = field(default_factory=Counter)
    climbed: Names = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Take the time of a step."""
        begun = perf_counter()
        yield
        self.seconds[name] = perf_counter() - begun


def wake(sessions: Sessions, post: Post, storm: Storm, woken: Woken) -> None:
    """Judge what came, and go with it from the first proposal to the last person called."""
    judge, later = Judge(), storm.until + 5 * MINUTE
    with woken.step("silent stations called about"):
        watching.watch(sessions, now=later)
    with woken.step("judged, with the day read anew"):
        judge.look(sessions, now=later)
    with woken.step("judged again a minute later"):
        judge.look(sessions, now=later + MINUTE)
    with woken.step("proposed, and the approver called"):
        proposing.look(sessions, now=later)
    woken.keepers = called(sessions, watching.TOPIC)
    woken.approvers = called(sessions, ringing.TOPIC)
    with woken.step("approved, and every owner called"):
        for alert in drafts(sessions):
            post(f"/api/v1/alerts/{alert}/issue", None)
        spreading.keep_up(sessions, now=later)
    woken.owners = called(sessions, WARNING)
    answered = open_calls(sessions, {f"里{n}" for n in range(2, storm.owners + 1, 2)})
    with woken.step(f"{len(answered)} answers, one by one"):
        for call, person in answered:
            word = {"id": str(uuid4()), "says": "yes", "person_id": person, "taken_by": "phone"}
            post(f"/api/v1/calls/{call}/answers", word)
    with woken.step("those who were silent climbed over"):
        worker.tick(sessions, now=later + HOUR)
    woken.climbed = called(sessions, WARNING) - woken.owners
    with unit_of_work(sessions, SYSTEM) as session:
        woken.kept = session.scalar(select(func.count()).select_from(Reading)) or 0
        woken.standing = session.scalar(select(func.count()).select_from(JudgingStanding)) or 0


def faults(storm: Storm, woken: Woken) -> list[str]:
    """Say what is not as a storm of this size has to end."""
    silent = range(1, storm.owners + 1, 2)
    told = {
        "readings kept": (woken.kept, storm.readings),
        "stations in a colour": (woken.standing, storm.drenched * RULES),
        "keepers of silent stations": (woken.keepers, Counter(f"守{n}" for n in storm.dead)),
        "approvers": (woken.approvers, Counter({OFFICER: RULES})),
        "owners": (woken.owners, Counter({f"里{n}": RULES for n in range(1, storm.owners + 1)})),
        "officers for silent owners": (woken.climbed, Counter({OFFICER: RULES * len(silent)})),
    }
    return [
        f"{what}: {str(seen)[:200]}, not {str(wanted)[:200]}"
        for what, (seen, wanted) in told.items() if seen != wanted
    ]  # fmt: skip


def drafts(sessions: Sessions) -> list[str]:
    """Give the warnings that wait for approval."""
    with unit_of_work(sessions, SYSTEM) as session:
        return [str(one) for one in session.scalars(select(Alert.id).filter_by(state="draft"))]


def called(sessions: Sessions, topic: str) -> Names:
    """Give whom a topic's calls have reached, by name, and in how many matters."""
    with unit_of_work(sessions, SYSTEM) as session:
        query = select(CallRung.name).join(Call, Call.id == CallRung.call_id).where(
            Call.topic == topic, CallRung.queued_at.is_not(None)
        )  # fmt: skip
        return Counter(session.scalars(query))


def open_calls(sessions: Sessions, names: set[str]) -> list[tuple[str, str]]:
    """Give the calls to these people about warnings, with who each is."""
    with unit_of_work(sessions, SYSTEM) as session:
        query = select(CallRung.call_id, CallRung.person_id, CallRung.name).join(
            Call, Call.id == CallRung.call_id
        )
        rows = session.execute(query.where(Call.topic == WARNING, CallRung.queued_at.is_not(None)))
        return [(str(call), str(person)) for call, person, name in rows if name in names]
