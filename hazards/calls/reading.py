"""SQL for calls: what pages ask. Row-level security leaves out what the asker may not see."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from gis.store.base import among
from hazards.calls.models import Call, CallEvent, CallLadder, CallRung
from hazards.calls.rules import CLOSED, LadderState

LIST_LIMIT = 200
TIMELINE_LIMIT = 200
ATTENTION = {
    LadderState.SILENT: 0,
    LadderState.CLIMBING: 1,
    LadderState.WAITING: 2,
    LadderState.ANSWERED: 3,
    LadderState.OVER: 4,
}


@dataclass(frozen=True, slots=True)
class Line:
    """A ladder with its people, lowest rung first, and the answers that hold."""

    call: Call
    ladder: CallLadder
    rungs: Sequence[CallRung]
    answers: Mapping[UUID, CallEvent]

    @property
    def asked(self) -> list[CallRung]:
        """Whom the ladder waits for now."""
        return [rung for rung in self.rungs if rung.position == self.ladder.position]

    @property
    def next_up(self) -> CallRung | None:
        """Who is called next if nobody answers."""
        return next((rung for rung in self.rungs if rung.position > self.ladder.position), None)

    @property
    def taken_by(self) -> CallRung | None:
        """Who took the matter."""
        found = self.ladder.outcome_rung_id
        return next((rung for rung in self.rungs if rung.id == found), None)

    @property
    def silent(self) -> list[CallRung]:
        """Who was climbed over without having said a word."""
        below = [rung for rung in self.rungs if rung.position < self.ladder.position]
        return [rung for rung in below if rung.answer is None]

    @property
    def refused(self) -> list[CallRung]:
        """Who said that he cannot."""
        return [rung for rung in self.rungs if rung.answer == "cannot"]

    @property
    def untaken(self) -> bool:
        """Everybody was asked, and nobody took it."""
        return self.ladder.state == LadderState.SILENT

    @property
    def closed(self) -> bool:
        """Nobody is waited for any more."""
        return self.ladder.state in CLOSED


def called(session: Session, account_id: UUID, refs: Collection[UUID]) -> set[UUID]:
    """Give of these matters the ones whose ladder has come to this person."""
    query = (
        select(Call.ref)
        .join(CallRung, CallRung.call_id == Call.id)
        .where(
            Call.ref.in_(refs), CallRung.account_id == account_id, CallRung.queued_at.is_not(None)
        )
    )
    return set(session.scalars(query))


def owed(session: Session, account_id: UUID) -> int:
    """How many matters wait for this person's own answer."""
    query = (
        select(func.count(CallRung.call_id.distinct()))
        .join(CallLadder, CallLadder.id == CallRung.ladder_id)
        .where(
            CallRung.account_id == account_id,
            CallRung.queued_at.is_not(None),
            CallRung.answered_at.is_(None),
            CallLadder.state.not_in(CLOSED),
        )
    )
    return session.scalar(query) or 0


def board(
    session: Session,
    *,
    since: datetime,
    state: LadderState | None = None,
    drills: bool = False,
    page: int = 1,
) -> list[Line]:
    """A page of ladders that the desk can see, the unanswered first; drills stand apart."""
    query = select(CallLadder, Call).join(Call, Call.id == CallLadder.call_id)
    query = query.where(_news(since), Call.is_drill == drills)
    if state is not None:
        query = query.where(CallLadder.state == state)
    order = case(ATTENTION, value=CallLadder.state)
    query = query.order_by(order, CallLadder.due_at, CallLadder.id)
    query = query.offset((page - 1) * LIST_LIMIT).limit(LIST_LIMIT)
    rows = session.execute(query).all()
    return _lines(session, [(row[1], row[0]) for row in rows])


def counts(session: Session, *, since: datetime, drills: bool = False) -> dict[str, int]:
    """How many ladders stand where, of drills or of what is real."""
    query = (
        select(CallLadder.state, func.count())
        .join(Call, Call.id == CallLadder.call_id)
        .where(_news(since), Call.is_drill == drills)
        .group_by(CallLadder.state)
    )
    return {state.value: 0 for state in LadderState} | {
        row[0]: row[1] for row in session.execute(query)
    }


def drills_waiting(session: Session) -> int:
    """How many ladders of drills still wait for an answer."""
    query = (
        select(func.count())
        .select_from(CallLadder)
        .join(Call, Call.id == CallLadder.call_id)
        .where(CallLadder.state.not_in(CLOSED), Call.is_drill)
    )
    return session.scalar(query) or 0


def _news(since: datetime) -> ColumnElement[bool]:
    return CallLadder.state.not_in(CLOSED) | (Call.opened_at >= since)


def lines_of(session: Session, refs: Collection[UUID], *, topic: str) -> dict[UUID, list[Line]]:
    """Ladders by the thing they are about, for the page of that thing."""
    query = (
        select(CallLadder, Call)
        .join(Call, Call.id == CallLadder.call_id)
        .where(Call.topic == topic, Call.ref.in_(refs))
        .order_by(CallLadder.number, CallLadder.id)
    )
    found: dict[UUID, list[Line]] = defaultdict(list)
    for line in _lines(session, [(row[1], row[0]) for row in session.execute(query)]):
        found[line.call.ref].append(line)
    return found


def lines_of_call(session: Session, call: Call) -> list[Line]:
    """Every ladder of one matter, as far as the asker may see."""
    query = select(CallLadder).where(CallLadder.call_id == call.id).order_by(CallLadder.number)
    return _lines(session, [(call, ladder) for ladder in session.scalars(query)])


def timeline(session: Session, call_id: UUID) -> list[CallEvent]:
    """The newest lines of a matter's log, newest first."""
    query = (
        select(CallEvent)
        .where(CallEvent.call_id == call_id)
        .order_by(CallEvent.done_at.desc(), CallEvent.id.desc())
        .limit(TIMELINE_LIMIT)
    )
    return list(session.scalars(query))


def _lines(session: Session, rows: Sequence[tuple[Call, CallLadder]]) -> list[Line]:
    query = select(CallRung).where(CallRung.ladder_id.in_([ladder.id for _, ladder in rows]))
    steps: dict[UUID, list[CallRung]] = defaultdict(list)
    for rung in session.scalars(query.order_by(CallRung.position, CallRung.id)):
        steps[rung.ladder_id].append(rung)
    said = answers(session, [rung for each in steps.values() for rung in each])
    return [Line(call, ladder, steps[ladder.id], said) for call, ladder in rows]


def answers(session: Session, rungs: Sequence[CallRung]) -> dict[UUID, CallEvent]:
    """Give the answers that hold, by rung."""
    by_event: dict[UUID, list[UUID]] = defaultdict(list)
    for rung in rungs:
        if rung.answer_event_id is not None:
            by_event[rung.answer_event_id].append(rung.id)
    query = select(CallEvent).where(among(CallEvent.id, by_event))
    return {rung_id: line for line in session.scalars(query) for rung_id in by_event[line.id]}
