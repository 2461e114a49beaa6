"""Turns drafts into rows: the whole ladder with every due time is written when a call opens."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from gis.store.base import new_id
from hazards.calls.drafts import CallDraft, Callee, Step, checked_call, ladders
from hazards.calls.settling import queued_event_id

KEPT = (
    "id", "topic", "ref", "area_path", "opener_path", "opener_name", "text_zh", "text_en", "page",
    "urgency", "rule", "is_drill", "synthetic",
)  # fmt: skip


@dataclass(slots=True)
class Rows:
    """Everything that is inserted, table by table."""

    calls: list[dict[str, Any]] = field(default_factory=list)
    ladders: list[dict[str, Any]] = field(default_factory=list)
    rungs: list[dict[str, Any]] = field(default_factory=list)


def rows_of(drafts: Sequence[CallDraft], now: datetime) -> Rows:
    """Lay out calls with their ladders and rungs, or refuse all of them."""
    made = Rows()
    for draft in drafts:
        checked_call(draft)
        made.calls.append({name: getattr(draft, name) for name in KEPT})
        for number, steps in enumerate(ladders(draft)):
            _ladder(made, draft.id, number, steps, now)
    return made


def _ladder(made: Rows, call_id: UUID, number: int, steps: Sequence[Step], now: datetime) -> None:
    ladder_id, due_at, first_due = new_id(), now, now
    for position, step in enumerate(steps):
        due_at += timedelta(seconds=step.window_s or 0)
        first_due = due_at if position == 0 else first_due
        made.rungs += [_rung(who, step, ladder_id, position, due_at) for who in step.people]
    made.ladders.append(
        {
            "id": ladder_id,
            "call_id": call_id,
            "number": number,
            "area_path": steps[0].people[0].area_path,
            "due_at": first_due,
        }
    )


def _rung(
    who: Callee, step: Step, ladder_id: UUID, position: int, due_at: datetime
) -> dict[str, Any]:
    rung_id = new_id()
    return {
        "id": rung_id,
        "event_id": queued_event_id(rung_id) if position == 0 else None,
        "ladder_id": ladder_id,
        "position": position,
        "kind": step.kind,
        "person_id": who.person_id,
        "account_id": who.account_id,
        "member_id": who.member_id,
        "name": who.name,
        "post": who.post,
        "phone": who.phone,
        "area_path": who.area_path,
        "window_s": step.window_s,
        "due_at": due_at,
    }
