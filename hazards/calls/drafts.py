"""What others hand in: who is to be called about what, and what somebody answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from gis.errors import Rejected
from gis.store.base import new_id
from hazards.calls.rules import Cry, EventKind, Rule, RungKind, Urgency

# Seconds that a person has for his answer, unless the caller of the ladder says otherwise.
WINDOW_S = {Urgency.FLASH: 180, Urgency.URGENT: 300, Urgency.ROUTINE: 1800}
TEXT_LENGTH = 300
NOTE_LENGTH = 500


class TakenBy(StrEnum):
    """How an answer reached us when the person did not give it on his own page."""

    PHONE = "phone"
    RADIO = "radio"
    DOOR = "door"
    GONG = "gong"


@dataclass(frozen=True, slots=True)
class Callee:
    """A named person as the roster knows him today; the call keeps him as he is now."""

    name: str
    area_path: str
    post: str = ""
    phone: str = ""
    member_id: UUID | None = None
    account_id: UUID | None = None

    @property
    def person_id(self) -> UUID:
        """The account where there is one, so that a person on two rosters is one person."""
        found = self.account_id or self.member_id
        if found is None:
            raise Rejected("{name} is not in the roster. Enter the person first.", name=self.name)
        return found


@dataclass(frozen=True, slots=True)
class Step:
    """People of one rung, called together."""

    kind: RungKind
    people: tuple[Callee, ...]
    window_s: int | None = None


class Asked(NamedTuple):
    """A person on a ladder: after whom he is called, and how long he has for his answer."""

    who: Callee
    person_id: UUID
    kind: RungKind
    position: int
    window_s: int


@dataclass(frozen=True, slots=True)
class CallDraft:
    """A matter and whom to call about it; the same topic and ref are the same call."""

    topic: str
    ref: UUID
    area_path: str
    opener_path: str
    ladder: tuple[Step, ...]
    text_zh: str
    text_en: str
    page: str = ""
    urgency: Urgency = Urgency.URGENT
    rule: Rule = Rule.ANY_OF_LADDER
    windows: Sequence[int] = ()
    opener_name: str = ""
    is_drill: bool = False
    synthetic: bool = False
    cry: Cry = Cry.NONE
    bundle: UUID | None = None
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """What a person says; `taken_by` is set when somebody else enters it for him.

    `channel` is the way by which it came when that was not his own page.
    """

    says: EventKind
    why: str = ""
    next_step: str = ""
    next_by: datetime | None = None
    done_at: datetime | None = None
    taken_by: TakenBy | None = None
    rungs: Sequence[UUID] = ()
    channel: str | None = None
    id: UUID = field(default_factory=new_id)


def ladders(draft: CallDraft) -> list[list[Asked]]:
    """Ladders of a call, each person once on each, with every window filled in."""
    if not draft.ladder or not draft.ladder[0].people:
        raise Rejected("Nobody is known to call in this matter. Enter people in the roster first.")
    if draft.rule is Rule.ANY_OF_LADDER:
        return [_each_once(draft, draft.ladder)]
    first, *above = draft.ladder
    each = {who.person_id: who for who in reversed(first.people)}
    alone = [replace(first, people=(who,)) for who in reversed(each.values())]
    return [_each_once(draft, [one, *above]) for one in alone]


def _window(draft: CallDraft, number: int) -> int:
    return draft.windows[number] if number < len(draft.windows) else WINDOW_S[draft.urgency]


def _each_once(draft: CallDraft, steps: Sequence[Step]) -> list[Asked]:
    """Leave out whom the ladder asked already; a rung without people is no rung."""
    known: set[UUID] = set()
    made: list[Asked] = []
    position = 0
    for number, step in enumerate(steps):
        window_s, before = step.window_s or _window(draft, number), len(made)
        for who in step.people:
            person_id = who.person_id
            if person_id not in known:
                known.add(person_id)
                made.append(Asked(who, person_id, step.kind, position, window_s))
        position += len(made) > before
    return made


def checked_call(draft: CallDraft) -> CallDraft:
    """Refuse a call that could not be understood at three in the morning."""
    if not draft.text_zh.strip() or not draft.text_en.strip():
        raise Rejected("Say in one sentence what the call is about, in both languages.")
    if max(len(draft.text_zh), len(draft.text_en)) > TEXT_LENGTH:
        raise Rejected("The call is too long. Say it in one sentence; the rest is on its page.")
    own = [step.window_s for step in draft.ladder if step.window_s is not None]
    if min((*own, *draft.windows), default=1) <= 0:
        raise Rejected("The time to answer has to be longer than nothing.")
    return draft


def checked_answer(draft: AnswerDraft) -> AnswerDraft:
    """Refuse a 'cannot' without its because."""
    if draft.says not in (EventKind.YES, EventKind.CANNOT):
        raise Rejected("Answer yes, or say that you cannot.")
    why, step = draft.why.strip()[:NOTE_LENGTH], draft.next_step.strip()[:NOTE_LENGTH]
    if draft.says is EventKind.CANNOT and not why:
        raise Rejected("Say why you cannot: the next person is called with your reason.")
    return replace(draft, why=why, next_step=step)


def plausible(done_at: datetime | None, *, opened_at: datetime, received_at: datetime) -> datetime:
    """Bring a drifting phone's time between the call's opening and the word's arrival."""
    if done_at is None:
        return received_at
    return min(max(done_at, opened_at), received_at)
