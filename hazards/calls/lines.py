"""One line of a call's log, as the page of a person sends it: by him, about rungs of his own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from gis.authority import Actor
from hazards.calls.models import CallRung
from hazards.calls.rules import EventKind


def spoken_to(rungs: Sequence[CallRung], shown: Sequence[UUID]) -> list[UUID]:
    """The rungs that a word is about: those shown, else all called; before that, every one."""
    if shown:
        return [rung.id for rung in rungs if rung.id in set(shown)]
    called = [rung.id for rung in rungs if rung.queued_at is not None]
    return called or [rung.id for rung in rungs]


def line(rungs: Sequence[CallRung], kind: EventKind, by: Actor, now: datetime) -> dict[str, Any]:
    """Give the columns of a line; what the caller has to add stands empty."""
    rung = rungs[0]
    return {
        "call_id": rung.call_id,
        "person_id": rung.person_id,
        "kind": kind,
        "by_id": by.id,
        "by_name": by.name,
        "taken_by": None,
        "channel": None,
        "why": "",
        "next_step": "",
        "next_by": None,
        "done_at": now,
        "received_at": now,
        "area_path": rung.area_path,
        "opener_path": rung.opener_path,
    }
