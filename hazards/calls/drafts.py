"""What others hand in: who is to be called about what, and what somebody answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from gis.errors import Rejected
from gis.store.base import new_id
from hazards.calls.rules import EventKind, Rule, RungKind, Urgency

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


def ladders(draft: CallDraft) -> list[tuple[Step, ...]]:
    """Ladders of a call, each person once on each, with every window filled in."""
    timed = [
        replace(step, window_s=step.window_s or _window(draft, position))
        for position, step in enumerate(draft.ladder)
    ]
    if not timed or not timed[0].people:
        raise Rejected("Nobody is known to call in this matter. Enter people in the roster first.")
    if draft.rule is Rule.ANY_OF_LADDER:
        return [_each_once(timed)]
    first, *above = timed
    return [_each_once([replace(first, people=(who,)), *above]) for who in _unique(first.people)]


def _window(draft: CallDraft, position: int) -> int:
    return draft.windows[position] if position < len(draft.windows) else WINDOW_S[draft.urgency]


def _unique(people: Sequence[Callee]) -> list[Callee]:
    return list({who.person_id: who for who in reversed(people)}.values())[::-1]


def _each_once(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Leave out whom the ladder asked already; a rung without people is no rung."""
    asked: set[UUID] = set()
    made: list[Step] = []
    for step in steps:
        people = tuple(who for who in _unique(step.people) if who.person_id not in asked)
        asked |= {who.person_id for who in people}
        if people:
            made.append(replace(step, people=people))
    return tuple(made)


def checked_call(draft: CallDraft) -> CallDraft:
    """Refuse a call that could not be understood at three in the morning."""
    if not draft.text_zh.strip() or not draft.text_en.strip():
        raise Rejected("Say in one sentence what the call is about, in both languages.")
    if max(len(draft.text_zh), len(draft.text_en)) > TEXT_LENGTH:
        raise Rejected("The call is too long. Say it in one sentence; the rest is on its page.")
    if any((step.window_s or 1) <= 0 for step in draft.ladder) or any(
        w <= 0 for w in draft.windows
    ):
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
