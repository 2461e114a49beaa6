"""What a call's log adds up to: who was asked, who answered, and who is to be asked next.

Nothing here knows a database or a clock. The same events in any order, told once or five
times, give the same standing; only an answer stops a ladder, never a gateway's receipt.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID


class Rule(StrEnum):
    """Whose yes is enough: the first one on the ladder, or that of each person asked first."""

    ANY_OF_LADDER = "any_of_ladder"
    EACH = "each"


class RungKind(StrEnum):
    """As whom a person is called; on the last rung somebody goes and knocks, or beats the gong."""

    FIRST = "first"
    DEPUTY = "deputy"
    SUPERIOR = "superior"
    BY_HAND = "by_hand"


class Urgency(StrEnum):
    """How loud a call is; the words of Chinese official papers: 特急, 加急, 平件."""

    FLASH = "flash"
    URGENT = "urgent"
    ROUTINE = "routine"


class Cry(StrEnum):
    """Whose life a call is about, the nearest first: 撤 calls him away, or others need help."""

    WITHDRAW = "withdraw"
    HELP = "help"
    NONE = ""


class EventKind(StrEnum):
    """What can happen to a call. The first four are receipts, and none of them is an answer."""

    QUEUED = "queued"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    SEEN = "seen"
    YES = "yes"
    CANNOT = "cannot"
    OVER = "over"


class LadderState(StrEnum):
    """Where a ladder stands; `SILENT` means that its last rung is past and nobody took it."""

    WAITING = "waiting"
    CLIMBING = "climbing"
    SILENT = "silent"
    ANSWERED = "answered"
    OVER = "over"


RECEIPTS = (EventKind.QUEUED, EventKind.ACCEPTED, EventKind.DELIVERED, EventKind.SEEN)
ANSWERS = (EventKind.YES, EventKind.CANNOT)
SAID_BY_PEOPLE = frozenset({EventKind.DELIVERED, EventKind.SEEN, *ANSWERS})
CLOSED = frozenset({LadderState.ANSWERED, LadderState.OVER})


@dataclass(frozen=True, slots=True)
class Rung:
    """One person's place on a ladder. People on the same position are called together."""

    id: UUID
    position: int
    kind: RungKind
    window_s: int


@dataclass(frozen=True, slots=True)
class Ladder:
    """Rungs, lowest first; fixed when the call is opened."""

    id: UUID
    rungs: tuple[Rung, ...]


@dataclass(frozen=True, slots=True)
class Matter:
    """A call as the rules need it: its ladders (or those of them that are being settled)."""

    ladders: tuple[Ladder, ...]
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log. `rungs` are those that the line speaks to; `at` is the deed's time."""

    id: UUID
    kind: EventKind
    at: datetime
    rungs: frozenset[UUID] = frozenset()
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class RungStanding:
    """One person's times, each by itself; `answer` is the event that holds, `since` its time."""

    id: UUID
    due_at: datetime
    times: dict[EventKind, datetime] = field(default_factory=dict)
    answer: Event | None = None
    since: datetime | None = None

    @property
    def queued_at(self) -> datetime | None:
        """When the person was called, if he was."""
        return self.times.get(EventKind.QUEUED)

    def says(self, kind: EventKind) -> bool:
        """Tell whether this is the answer that holds."""
        return self.answer is not None and self.answer.kind is kind


@dataclass(frozen=True, slots=True)
class LadderStanding:
    """How high a ladder has climbed, until when it waits there, and who took the matter."""

    id: UUID
    state: LadderState
    position: int
    due_at: datetime
    given_up: bool
    outcome: Rung | None
    rungs: tuple[RungStanding, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A whole call: over, answered on every ladder, or still open."""

    ladders: tuple[LadderStanding, ...]
    over: bool

    @property
    def answered(self) -> bool:
        """Every ladder has its yes."""
        return all(ladder.state is LadderState.ANSWERED for ladder in self.ladders)


def standing(call: Matter, events: Iterable[Event], now: datetime) -> Standing:
    """Read off the log how a call stands, whatever the order and number of arrivals."""
    log = sorted(set(events), key=lambda event: (event.at, event.id))
    over = any(event.kind is EventKind.OVER for event in log)
    told: dict[UUID, list[Event]] = {}
    for event in log:
        for rung in event.rungs:
            told.setdefault(rung, []).append(event)
    ladders = tuple(_ladder(call, ladder, told, over=over, now=now) for ladder in call.ladders)
    return Standing(ladders, over)


def _ladder(
    call: Matter, ladder: Ladder, told: dict[UUID, list[Event]], *, over: bool, now: datetime
) -> LadderStanding:
    rungs = _rungs(call, ladder, told)
    called = [rung for rung in ladder.rungs if rungs[rung.id].queued_at is not None]
    position = max((rung.position for rung in called), default=-1)
    asked = [rungs[rung.id] for rung in ladder.rungs if rung.position == position]
    given_up = bool(asked) and all(rung.says(EventKind.CANNOT) for rung in asked)
    due_at = max((rung.due_at for rung in asked), default=call.opened_at)
    outcome = _taken_by(ladder, rungs)
    top = max(rung.position for rung in ladder.rungs)
    if outcome:
        state = LadderState.ANSWERED
    elif over:
        state = LadderState.OVER
    elif position == top and (given_up or due_at <= now):
        state = LadderState.SILENT
    else:
        state = LadderState.CLIMBING if position > 0 else LadderState.WAITING
    in_order = tuple(rungs[rung.id] for rung in ladder.rungs)
    return LadderStanding(ladder.id, state, position, due_at, given_up, outcome, in_order)


def _rungs(call: Matter, ladder: Ladder, told: dict[UUID, list[Event]]) -> dict[UUID, RungStanding]:
    """Each rung's times; who was not called yet is due after those below him."""
    made: dict[UUID, RungStanding] = {}
    below = call.opened_at
    for position in sorted({rung.position for rung in ladder.rungs}):
        here = [rung for rung in ladder.rungs if rung.position == position]
        for rung in here:
            log = told.get(rung.id, [])
            queued = next((e.at for e in log if e.kind is EventKind.QUEUED), None)
            due_at = (queued or below) + timedelta(seconds=rung.window_s)
            made[rung.id] = _told(rung, log, due_at)
        below = max(made[rung.id].due_at for rung in here)
    return made


def _told(rung: Rung, log: Sequence[Event], due_at: datetime) -> RungStanding:
    times: dict[EventKind, datetime] = {}
    for event in log:
        if event.kind in RECEIPTS:
            times.setdefault(event.kind, event.at)
    answers = [event for event in log if event.kind in ANSWERS]
    if not answers:
        return RungStanding(rung.id, due_at, times)
    # Who changes his mind is believed; who adds his next step answered when he first said so.
    differs = next((n for n, e in enumerate(answers[::-1]) if e.kind != answers[-1].kind), None)
    same = answers if differs is None else answers[len(answers) - differs :]
    telling = next((event for event in same[::-1] if event.next_step), same[-1])
    return RungStanding(rung.id, due_at, times, telling, same[0].at)


def _taken_by(ladder: Ladder, rungs: dict[UUID, RungStanding]) -> Rung | None:
    """The rung whose yes holds; of several the earliest, so that there is exactly one."""
    yes = [rung for rung in ladder.rungs if rungs[rung.id].says(EventKind.YES)]
    return min(yes, key=lambda rung: (rungs[rung.id].since, rung.position, rung.id), default=None)


def next_rung(ladder: Ladder, stands: LadderStanding, now: datetime) -> int | None:
    """Position that is to be called now: none while there is time, or when it was answered."""
    if stands.state in CLOSED:
        return None
    above = [rung.position for rung in ladder.rungs if rung.position > stands.position]
    if not above or (stands.position >= 0 and not stands.given_up and now < stands.due_at):
        return None
    return min(above)


def wakes_at(stands: LadderStanding) -> datetime | None:
    """When the ladder is to be looked at again without anybody having said a word."""
    if stands.state in CLOSED or stands.state is LadderState.SILENT:
        return None
    return stands.due_at
