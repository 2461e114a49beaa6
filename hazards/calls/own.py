"""What one person was called about: what he owes an answer, and what is done but still news."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from gis.store.base import among
from hazards.calls.grouping import LOUDEST_FIRST
from hazards.calls.models import Call, CallEvent, CallLadder, CallRung
from hazards.calls.reading import answers
from hazards.calls.rules import CLOSED, Cry, Urgency

NEAREST_FIRST = tuple(Cry)
Called = tuple[Call, CallRung, str]
"""A matter, a rung of it, and how the ladder of that rung stands."""


@dataclass(frozen=True, slots=True)
class MyCall:
    """One matter on one person's page, however many ladders ask him about it."""

    call: Call
    rungs: Sequence[CallRung]
    states: Sequence[str]
    said: CallEvent | None
    silent: Sequence[CallRung] = ()
    """Who was climbed over below him without having said a word."""

    @property
    def owed(self) -> bool:
        """His own answer is still missing, and somebody waits for it."""
        return any(
            rung.answered_at is None and state not in CLOSED
            for rung, state in zip(self.rungs, self.states, strict=True)
        )

    @property
    def due_at(self) -> datetime:
        """Until when his answer is waited for before somebody else is called."""
        open_ones = [rung.due_at for rung in self.rungs if rung.answered_at is None]
        return min(open_ones or [rung.due_at for rung in self.rungs])

    @property
    def latest(self) -> CallRung:
        """As whom he was called last."""
        return max(self.rungs, key=lambda rung: (rung.queued_at or rung.due_at, rung.position))


def mine(session: Session, account_id: UUID, *, since: datetime, now: datetime) -> list[MyCall]:
    """What a person was called about, the most pressing first; what is done as long as it is news.

    Nothing is left out: a page shows so many at a time and leads to the others.
    """
    news = CallLadder.state.not_in(CLOSED) | (Call.opened_at >= since)
    found: dict[UUID, list[Called]] = defaultdict(list)
    for row in _called(session, account_id, news):
        found[row[0].id].append(row)
    rungs = [row[1] for rows in found.values() for row in rows]
    said, silent = answers(session, rungs), _silent_below(session, rungs)
    calls = [_my_call(rows, said, silent) for rows in found.values()]
    return sorted(calls, key=lambda each: _pressing(each, now))


def asked(
    session: Session, account_id: UUID, rung_ids: Collection[UUID]
) -> dict[UUID, list[CallRung]]:
    """Give of these rungs, by matter, the person's own that still wait for his answer."""
    waits = CallRung.answered_at.is_(None) & CallLadder.state.not_in(CLOSED)
    found: dict[UUID, list[CallRung]] = defaultdict(list)
    for call, rung, _ in _called(session, account_id, waits & among(CallRung.id, rung_ids)):
        found[call.id].append(rung)
    return found


def _called(session: Session, account_id: UUID, which: ColumnElement[bool]) -> Sequence[Called]:
    query = (
        select(Call, CallRung, CallLadder.state)
        .join(CallRung, CallRung.call_id == Call.id)
        .join(CallLadder, CallLadder.id == CallRung.ladder_id)
        .where(CallRung.account_id == account_id, CallRung.queued_at.is_not(None), which)
        .order_by(CallRung.queued_at.desc(), CallRung.id)
    )
    return [(call, rung, state) for call, rung, state in session.execute(query)]


def _pressing(each: MyCall, now: datetime) -> tuple[bool, int, bool, int, bool, datetime]:
    """Who is to run or to help comes first, then whose time is past, then the louder, the sooner.

    A routine matter that nobody did for hours does not stand above an order of this minute, nor
    a drill above what is real and as loud.
    """
    loud = LOUDEST_FIRST.index(Urgency(each.call.urgency))
    late = each.due_at <= now and each.call.urgency != Urgency.ROUTINE
    cry = NEAREST_FIRST.index(Cry(each.call.cry))
    return not each.owed, cry if each.owed else 0, not late, loud, each.call.is_drill, each.due_at


def _silent_below(session: Session, mine: Sequence[CallRung]) -> dict[UUID, list[CallRung]]:
    """Give by matter who stands below a person's own rungs and has not said a word."""
    reached = {rung.ladder_id: rung.position for rung in sorted(mine, key=lambda r: r.position)}
    query = select(CallRung).where(among(CallRung.ladder_id, reached), CallRung.answer.is_(None))
    found: dict[UUID, list[CallRung]] = defaultdict(list)
    for rung in session.scalars(query.order_by(CallRung.position, CallRung.id)):
        if rung.position < reached[rung.ladder_id]:
            found[rung.call_id].append(rung)
    return found


def _my_call(
    rows: Sequence[Called],
    said: Mapping[UUID, CallEvent],
    silent: Mapping[UUID, Sequence[CallRung]],
) -> MyCall:
    rungs = [row[1] for row in rows]
    told = [said[rung.id] for rung in rungs if rung.id in said]
    last = max(told, key=lambda line: (line.done_at, line.id), default=None)
    call, states = rows[0][0], [row[2] for row in rows]
    return MyCall(call, rungs, states, last, silent.get(call.id, ()))
