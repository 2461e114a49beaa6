"""What people said about a matter elsewhere, heard by the calls that ring about it.

Many words at once, in the program's eyes; each line is written through those of who said it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.store import audit
from gis.store.base import new_id
from gis.store.scope import SYSTEM, Scope
from gis.store.together import Deed, write_each
from hazards.calls import repository
from hazards.calls.drafts import AnswerDraft, checked_answer, plausible
from hazards.calls.lines import line, spoken_to
from hazards.calls.models import Call, CallRung
from hazards.calls.rules import EventKind
from hazards.calls.settling import settle
from hazards.calls.stepping import step_in


@dataclass(frozen=True, slots=True)
class Word:
    """An answer about a thing, or (without an answer) word that it was received or seen.

    `person_id` is whose word it is where somebody else enters it for him.
    """

    ref: UUID
    kind: EventKind
    by: Actor
    at: datetime
    answer: AnswerDraft | None = None
    person_id: UUID | None = None

    @property
    def whose(self) -> UUID:
        """Whose word it is."""
        return self.person_id or self.by.id

    @property
    def eyes(self) -> Scope:
        """Through whose eyes it is written; for another one the caller checked that he may."""
        return SYSTEM if self.person_id else Scope.of(self.by)


def hear(session: Session, *, topic: str, words: Sequence[Word]) -> None:
    """Let calls hear words about the things they ring about; called in the SYSTEM scope."""
    if not words:
        return
    calls = repository.by_refs(session, topic, {word.ref for word in words})
    ids = [call.id for call in calls.values()]
    rungs = repository.rungs_of_all(session, ids, {word.whose for word in words})
    lines = [
        (word, row)
        for word in words
        if (call := calls.get(word.ref)) and (row := _row(session, call, word, rungs))
    ]
    deeds = [Deed(word.eyes, row) for word, row in lines]
    wrote = write_each(session, repository.ADD_EVENT, deeds)
    moved: set[UUID] = set()
    for (word, row), is_new in zip(lines, wrote, strict=True):
        if is_new:
            moved |= {rung.ladder_id for rung in rungs[row["call_id"], word.whose]}
            _record(session, word, row)
    if moved:
        known = {call.id: call for call in calls.values()}
        settle(session, moved, max(word.at for word in words), known)


def _row(
    session: Session,
    call: Call,
    word: Word,
    rungs: Mapping[tuple[UUID, UUID], list[CallRung]],
) -> dict[str, Any] | None:
    """Give the line to write, or nothing where it would say nothing new."""
    mine = rungs[call.id, word.whose]
    if word.answer is None:
        return _receipt(mine, word)
    if not mine and word.kind is EventKind.YES and word.person_id is None:
        step_in(session, call.id, word.by, word.at)
        mine += repository.rungs_of(session, call.id, word.by.id)
        return _answer(call, mine, word, word.answer)
    called = [rung for rung in mine if rung.queued_at is not None]
    told = bool(called) and all(rung.answer == word.kind for rung in called)
    return _answer(call, mine, word, word.answer) if mine and not told else None


def _receipt(rungs: Sequence[CallRung], word: Word) -> dict[str, Any] | None:
    time = f"{word.kind}_at"
    asked = set(spoken_to(rungs, ()))
    news = [r for r in rungs if r.id in asked and r.queued_at and not getattr(r, time)]
    if not news:
        return None
    row = line(news, word.kind, word.by, word.at)
    return row | {"id": new_id(), "rung_ids": [rung.id for rung in news], "channel": "page"}


def _answer(
    call: Call, rungs: Sequence[CallRung], word: Word, given: AnswerDraft
) -> dict[str, Any] | None:
    if not rungs:
        return None
    draft = checked_answer(given)
    return line(rungs, draft.says, word.by, word.at) | {
        "id": draft.id,
        "rung_ids": spoken_to(rungs, draft.rungs),
        "channel": draft.channel,
        "taken_by": draft.taken_by,
        "why": draft.why,
        "next_step": draft.next_step,
        "done_at": plausible(draft.done_at, opened_at=call.opened_at, received_at=word.at),
    }


def _record(session: Session, word: Word, row: Mapping[str, Any]) -> None:
    if word.answer is None:
        return
    taken_by, person = word.answer.taken_by, word.person_id or word.by.name
    facts = {"says": word.kind, "taken_by": taken_by, "person": str(person)}
    call_id, path = row["call_id"], row["area_path"]
    audit.record_for(
        session, word.by.id, act="call.answered", subject=call_id, area_path=path, **facts
    )
