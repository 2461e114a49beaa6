"""What channels tell about messages of theirs: taken, on the device, seen. None is an answer."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.store.base import among
from hazards.calls import repository
from hazards.calls.models import CallLadder, CallRung
from hazards.calls.rules import CLOSED, EventKind
from hazards.calls.settling import settle


@dataclass(frozen=True, slots=True)
class Report:
    """A channel's word about the rungs of one message; `at` is when it happened there."""

    channel: str
    kind: EventKind
    rung_ids: Sequence[UUID]
    at: datetime


def hear(session: Session, reports: Sequence[Report], *, now: datetime) -> None:
    """Write reports into the log, each rung's once for each channel; in the SYSTEM scope."""
    rows = [
        {
            "id": uuid5(rung_id, f"{each.kind}:{each.channel}"),
            "rung_id": rung_id,
            "kind": each.kind,
            "channel": each.channel,
            "done_at": min(each.at, now),
        }
        for each in reports
        for rung_id in each.rung_ids
    ]
    if not rows:
        return
    repository.add_program_events(session, rows, now)
    taken: dict[datetime, set[UUID]] = defaultdict(set)
    for each in reports:
        if each.kind is EventKind.ACCEPTED:
            taken[min(each.at, now)].update(each.rung_ids)
    for at, rungs in taken.items():  # it moves no ladder: none is held for it
        repository.note_accepted(session, rungs, at)
    moving = [each for each in reports if each.kind is not EventKind.ACCEPTED]
    told = {rung_id for each in moving for rung_id in each.rung_ids}
    ladders = session.scalars(select(CallRung.ladder_id).where(among(CallRung.id, told)))
    if told:
        settle(session, set(ladders), now)


def waited_for(session: Session, rung_ids: Collection[UUID]) -> set[UUID]:
    """Of these rungs, those whose answer somebody still waits for."""
    query = (
        select(CallRung.id)
        .join(CallLadder, CallLadder.id == CallRung.ladder_id)
        .where(
            among(CallRung.id, rung_ids),
            CallRung.answered_at.is_(None),
            CallLadder.state.not_in(CLOSED),
        )
    )
    return set(session.scalars(query))
