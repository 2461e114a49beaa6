"""A message on a phone does not change when its call says something newer: its answer is its own.

Whoever answers what his message said has not read what came since: that is a call of its own
then, which rings as it would have rung had he answered before.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.store.base import among
from hazards.calls import repository
from hazards.calls.drafts import CallDraft, Callee, Step
from hazards.calls.models import Call, CallRung
from hazards.calls.rules import Cry, RungKind, Urgency


def wording(call: Call, ref: UUID, at: datetime) -> dict[str, Any]:
    """Write down what a call says, about what, and since when."""
    said = {"zh": call.text_zh, "en": call.text_en}
    return said | {"ref": str(ref), "at": at.isoformat()}


def unsaid(
    session: Session, call_ids: Collection[UUID], *, said: Collection[str], at: datetime
) -> list[CallDraft]:
    """Take from calls what a message of that moment did not say yet; in SYSTEM's scope."""
    query = select(Call).where(among(Call.id, call_ids), Call.wordings != [])
    held = query.order_by(Call.id).with_for_update(key_share=True)
    return [
        draft
        for call in session.scalars(held.execution_options(populate_existing=True))
        if (draft := _newer(session, call, said, at))
    ]


def _newer(session: Session, call: Call, said: Collection[str], at: datetime) -> CallDraft | None:
    """Take from a call what a message did not say, and give it as one of its own."""
    heard = _last_said(call.wordings, said, at)
    news = call.wordings[heard + 1 :]
    if not news:
        return None
    ladders = repository.ladders_of(session, [call.id])
    rungs = sorted(repository.rungs_on(session, ladders), key=lambda rung: rung.position)
    draft = _again(call, UUID(news[0]["ref"]), rungs)
    call.wordings = call.wordings[: heard + 1]
    call.text_zh, call.text_en = call.wordings[-1]["zh"], call.wordings[-1]["en"]
    return draft


def _last_said(wordings: Sequence[Mapping[str, str]], said: Collection[str], at: datetime) -> int:
    """Tell which of its wordings a message had: a drill's says so before the words."""
    had = [
        number
        for number, one in enumerate(wordings)
        if datetime.fromisoformat(one["at"]) <= at
        and any(text.endswith(one["zh"]) for text in said)
    ]
    return max(had, default=0)


def _again(call: Call, ref: UUID, rungs: Sequence[CallRung]) -> CallDraft:
    """Call the same people in the same order about what is newer."""
    return CallDraft(
        topic=call.topic,
        ref=ref,
        area_path=call.area_path,
        opener_path=call.opener_path,
        opener_name=call.opener_name,
        ladder=tuple(
            Step(RungKind(kind), tuple(_callee(rung) for rung in there), window_s)
            for (_, kind, window_s), there in groupby(
                rungs, key=lambda rung: (rung.position, rung.kind, rung.window_s)
            )
        ),
        text_zh=call.text_zh,
        text_en=call.text_en,
        page=call.page,
        urgency=Urgency(call.urgency),
        is_drill=call.is_drill,
        synthetic=call.synthetic,
        cry=Cry(call.cry),
        bundle=call.bundle,
    )


def _callee(rung: CallRung) -> Callee:
    return Callee(
        rung.name, rung.area_path, rung.post, rung.phone,
        member_id=rung.member_id, account_id=rung.account_id,
    )  # fmt: skip
