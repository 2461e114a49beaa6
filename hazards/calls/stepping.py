"""Somebody who was not called takes the matter: he gets a rung of his own beside those asked."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.store.base import new_id
from hazards.calls import repository
from hazards.calls.models import CallLadder, CallRung
from hazards.calls.rules import CLOSED, EventKind
from hazards.calls.settling import queued_event_id

HERE = "page"


def step_in(session: Session, call_id: UUID, by: Actor, now: datetime) -> None:
    """Put a person on every open ladder of a call, where it stands now; nobody's time moves."""
    ladders = repository.locked(session, repository.ladders_of(session, [call_id]))
    asked = {
        rung.ladder_id: rung
        for rung in repository.rungs_on(session, [ladder.id for ladder in ladders])
        for ladder in ladders
        if rung.ladder_id == ladder.id and rung.position == ladder.position
    }
    made = [
        _beside(asked[ladder.id], ladder, by, now)
        for ladder in ladders
        if ladder.state not in CLOSED and ladder.id in asked
    ]
    session.add_all(made)
    session.flush()  # their first lines need the rungs
    kind = EventKind.QUEUED
    rows = [{"id": queued_event_id(r.id), "rung_id": r.id, "kind": kind} for r in made]
    repository.add_program_events(session, rows, now)


def _beside(asked: CallRung, ladder: CallLadder, by: Actor, now: datetime) -> CallRung:
    return CallRung(
        id=new_id(),
        call_id=ladder.call_id,
        ladder_id=ladder.id,
        position=ladder.position,
        kind=asked.kind,
        person_id=by.id,
        account_id=by.id,
        name=by.name,
        post="",
        phone="",
        area_path=by.area_path,
        opener_path=ladder.opener_path,
        window_s=max(1, int((ladder.due_at - now).total_seconds())),
        due_at=ladder.due_at,
        queued_at=now,
        handed_at=now,
        channel=HERE,
    )
