"""Turns drafts into rows: the whole ladder with every due time is written when a call opens."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from gis.store.base import new_ids
from hazards.calls.drafts import Asked, CallDraft, checked_call, ladders
from hazards.calls.settling import queued_event_id

KEPT = (
    "id", "topic", "ref", "area_path", "opener_path", "opener_name", "text_zh", "text_en", "page",
    "urgency", "rule", "is_drill", "synthetic", "cry", "bundle",
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
        for number, asked in enumerate(ladders(draft)):
            _ladder(made, draft, number, asked, now)
    return made


def _ladder(
    made: Rows, draft: CallDraft, number: int, asked: Sequence[Asked], now: datetime
) -> None:
    ladder_id, *ids = new_ids(len(asked) + 1)
    due_at, position = now, -1
    for one, rung_id in zip(asked, ids, strict=True):
        if one.position > position:
            due_at += timedelta(seconds=one.window_s)
            position = one.position
        made.rungs.append(_rung(one, rung_id, ladder_id, due_at))
    made.ladders.append(
        {
            "id": ladder_id,
            "call_id": draft.id,
            "number": number,
            "area_path": asked[0].who.area_path,
            "due_at": now + timedelta(seconds=asked[0].window_s),
        }
    )


def _rung(asked: Asked, rung_id: UUID, ladder_id: UUID, due_at: datetime) -> dict[str, Any]:
    who, person_id, kind, position, window_s = asked
    return {
        "id": rung_id,
        "event_id": queued_event_id(rung_id) if position == 0 else None,
        "ladder_id": ladder_id,
        "position": position,
        "kind": kind,
        "person_id": person_id,
        "account_id": who.account_id,
        "member_id": who.member_id,
        "name": who.name,
        "post": who.post,
        "phone": who.phone,
        "area_path": who.area_path,
        "window_s": window_s,
        "due_at": due_at,
    }
