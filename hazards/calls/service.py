"""Verbs of calls: open one or thousands, answer, tell what was received, end a matter."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import COMMANDERS, Actor, within
from gis.errors import Conflict, Forbidden, Missing
from gis.store import audit
from gis.store.base import new_id
from gis.store.notify import announce
from hazards.calls import parting, repository
from hazards.calls.drafts import AnswerDraft, CallDraft, checked_answer, plausible
from hazards.calls.lines import line, spoken_to
from hazards.calls.models import Call, CallRung
from hazards.calls.opening import Rows, rows_of
from hazards.calls.program import as_program
from hazards.calls.rules import EventKind
from hazards.calls.settling import TOPIC, settle


@dataclass(frozen=True, slots=True)
class Receipt:
    """A page's word that a call reached it, or stood before somebody's eyes."""

    call_id: UUID
    kind: EventKind
    rungs: Sequence[UUID] = ()


def open_call(session: Session, draft: CallDraft, *, now: datetime) -> Call:
    """Call the first rung; the same topic and ref again are the same call, whatever they say."""
    open_many(session, [draft], now=now)
    with as_program(session):
        call = repository.by_ref(session, draft.topic, draft.ref)
    if call is None:
        raise Conflict("This call's number is taken. Reload the page and try again.")
    return call


def open_many(session: Session, drafts: Sequence[CallDraft], *, now: datetime) -> None:
    """Open thousands of calls in one statement; those that are open already stay as they are."""
    open_rows(session, rows_of(drafts, now), now=now)


def open_rows(session: Session, rows: Rows, *, now: datetime) -> None:
    """Open calls that were laid out before."""
    if not rows.calls:
        return
    with as_program(session):
        repository.open_all(
            session, calls=rows.calls, ladders=rows.ladders, rungs=rows.rungs, now=now
        )
    ref = rows.calls[0]["id"] if len(rows.calls) == 1 else None
    openers = {call["opener_path"] for call in rows.calls}
    first, *others = sorted(openers | {rung["area_path"] for rung in rows.rungs})
    announce(session, topic=TOPIC, kind="opened", ref=ref, area_path=first, also=tuple(others))
    audit.record(session, act="call.opened", subject=ref, area_path=first, count=len(rows.calls))


def answer(
    session: Session,
    *,
    call_id: UUID,
    draft: AnswerDraft,
    by: Actor,
    now: datetime,
    person_id: UUID | None = None,
) -> Call:
    """Keep what a person says, for him alone, and climb at once when he cannot."""
    call = visible(session, call_id)
    draft = checked_answer(draft)
    rungs = repository.rungs_of(session, call_id, person_id or by.id)
    if not rungs:
        raise Missing("Nobody of that name was called in this matter.")
    _may_answer(rungs, draft, by)
    done_at = plausible(draft.done_at, opened_at=call.opened_at, received_at=now)
    row = line(rungs, draft.says, by, now) | {
        "id": draft.id,
        "rung_ids": spoken_to(rungs, draft.rungs),
        "taken_by": draft.taken_by,
        "channel": draft.channel,
        "why": draft.why,
        "next_step": draft.next_step,
        "next_by": draft.next_by,
        "done_at": done_at,
    }
    if _add_once(session, row):
        with as_program(session):
            settle(session, {rung.ladder_id for rung in rungs}, now)
        facts = {"says": draft.says, "taken_by": draft.taken_by, "person": rungs[0].name}
        audit.record(
            session, act="call.answered", subject=call_id, area_path=rungs[0].area_path, **facts
        )
    return call


def receive(session: Session, receipts: Sequence[Receipt], *, by: Actor, now: datetime) -> None:
    """Keep what a person's own page received and showed; telling it again changes nothing."""
    told = [each for each in receipts if each.kind in (EventKind.DELIVERED, EventKind.SEEN)]
    mine = repository.rungs_of_all(session, {each.call_id for each in told}, [by.id])
    lines: list[dict[str, Any]] = []
    moved: set[UUID] = set()
    for receipt in told:
        rungs, time = mine.get((receipt.call_id, by.id), []), f"{receipt.kind}_at"
        asked = set(spoken_to(rungs, receipt.rungs))
        news = [r for r in rungs if r.id in asked and r.queued_at and not getattr(r, time)]
        if not news:
            continue
        row = line(news, receipt.kind, by, now) | {"rung_ids": [rung.id for rung in news]}
        lines.append(row | {"id": new_id(), "channel": "page"})
        moved |= {rung.ladder_id for rung in news}
    repository.add_events(session, lines)
    if moved:
        with as_program(session):
            settle(session, moved, now)


def cancel(
    session: Session, *, topic: str, refs: Collection[UUID], why: str, by: Actor, now: datetime
) -> int:
    """End matters for everyone called in them; what was answered stays answered."""
    if not refs:
        return 0
    with as_program(session):
        calls = repository.open_by_refs(session, topic, refs)
        for call in calls:
            call.over_at, call.over_why = now, why.strip()
        session.flush()  # the ladders read the rows and the log
        repository.add_events(session, [_end_of(call, by, now) for call in calls])
        settle(session, repository.ladders_of(session, [call.id for call in calls]), now)
    for call in calls:
        audit.record(session, act="call.over", subject=call.id, area_path=call.area_path, why=why)
    return len(calls)


def reword(
    session: Session, call: Call, *, ref: UUID, text_zh: str, text_en: str, now: datetime
) -> None:
    """Let a call say what is newer, too: whoever has it sees it change, and nobody is rung again.

    `ref` names what is newer, for whoever answers a message that did not say it yet.
    """
    was = [] if call.wordings else [parting.wording(call, call.ref, call.opened_at)]
    call.text_zh, call.text_en = text_zh, text_en
    call.wordings = [*call.wordings, *was, parting.wording(call, ref, now)]
    session.flush()  # through the eyes that may write it
    areas = {rung.area_path for rung in repository.rungs_on(
        session, repository.ladders_of(session, [call.id]))}  # fmt: skip
    first, *others = sorted({call.opener_path, *areas})
    announce(session, topic=TOPIC, kind="changed", ref=call.id, area_path=first, also=tuple(others))
    audit.record(session, act="call.reworded", subject=call.id, area_path=first)


def part(
    session: Session,
    call_ids: Collection[UUID],
    *,
    said: Collection[str],
    at: datetime,
    now: datetime,
) -> int:
    """Call anew about what a message of that moment did not say yet; give how many that is."""
    drafts = parting.unsaid(session, call_ids, said=said, at=at)
    open_many(session, drafts, now=now)
    return len(drafts)


def visible(session: Session, call_id: UUID) -> Call:
    """Give a call, or say that there is none."""
    call = repository.visible(session, call_id)
    if call is None:
        raise Missing("There is no such call for you.")
    return call


def _may_answer(rungs: Sequence[CallRung], draft: AnswerDraft, by: Actor) -> None:
    mine = rungs[0].person_id == by.id
    if mine and draft.taken_by is None:
        return
    if draft.taken_by is None:
        raise Forbidden(
            "{name} answers for himself; say how his word reached you.", name=rungs[0].name
        )
    if by.role not in COMMANDERS or not within(rungs[0].area_path, by.area_path):
        raise Forbidden("Only a commander of the area enters an answer for somebody else.")


def _end_of(call: Call, by: Actor, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "call_id": call.id,
        "person_id": None,
        "rung_ids": [],
        "kind": EventKind.OVER,
        "by_id": by.id,
        "by_name": by.name,
        "why": call.over_why,
        "next_step": "",
        "done_at": now,
        "received_at": now,
        "area_path": call.area_path,
        "opener_path": call.opener_path,
    }


def _add_once(session: Session, row: dict[str, Any]) -> bool:
    if repository.add_event_once(session, row):
        return True
    known = repository.event(session, row["id"])
    same = known and (known.call_id, known.person_id, known.kind) == (
        row["call_id"], row["person_id"], row["kind"],
    )  # fmt: skip
    if not same:
        raise Conflict("This answer's number is taken. Reload the page and press again.")
    return False
