"""What may become of an order that is out: amended, suspended, resumed, cancelled, recalled."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from gis.errors import Conflict, Rejected
from rescue_app.dispatch.drafts import Words, changed_due, checked_words

WHY_LENGTH = 200


class ChangeKind(StrEnum):
    """改, 暂停, 恢复, 取消 and 撤: the last calls everybody on site away at once.

    The alarm is the same 撤 from the site itself: the order stands, its giver decides.
    """

    AMENDED = "amended"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    CANCELLED = "cancelled"
    RECALLED = "recalled"
    ALARMED = "alarmed"


class OrderStanding(StrEnum):
    """What its last change made of an order as a whole."""

    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    ENDED = "ended"


ENDING = frozenset({ChangeKind.CANCELLED, ChangeKind.RECALLED})
# Each one of a crew is called for himself, as loud as can be.
LOUD = frozenset({ChangeKind.RECALLED, ChangeKind.ALARMED})
BECOMES = {
    ChangeKind.SUSPENDED: OrderStanding.SUSPENDED,
    ChangeKind.RESUMED: OrderStanding.IN_FORCE,
    ChangeKind.CANCELLED: OrderStanding.ENDED,
    ChangeKind.RECALLED: OrderStanding.ENDED,
}
# As a call says them, in both languages.
SAID = {
    ChangeKind.AMENDED: ("指令已改", "The order is changed"),
    ChangeKind.SUSPENDED: ("指令暂停，原地待命", "The order is suspended: stop and wait"),
    ChangeKind.RESUMED: ("指令恢复，继续执行", "The order is on again: go on"),
    ChangeKind.CANCELLED: ("指令取消", "The order is cancelled"),
    ChangeKind.RECALLED: ("撤！立即离开现场", "Withdraw! Leave the site at once"),
    ChangeKind.ALARMED: ("撤！现场危险，立即离开", "Danger on site! Leave it at once"),
}


@dataclass(frozen=True, slots=True)
class ChangeDraft:
    """A change as its giver's page sends it; `words` are the new ones of an amended order."""

    id: UUID
    kind: ChangeKind
    why: str = ""
    words: Words | None = None


def checked_change(
    draft: ChangeDraft, *, standing: OrderStanding, words: Words, now: datetime
) -> ChangeDraft:
    """Refuse a change that changes nothing, and any change of an order that is over."""
    if standing is OrderStanding.ENDED:
        raise Conflict("This order has ended. Write a new one.")
    if BECOMES.get(draft.kind) is standing:
        raise Conflict("This has been done already. Reload the page.")
    why = draft.why.strip()[:WHY_LENGTH]
    if draft.kind is not ChangeKind.AMENDED:
        return replace(draft, why=why, words=None)
    new = checked_words(draft.words or words)
    new = replace(new, due_at=changed_due(words.due_at, new.due_at, now=now))
    if new == words:
        raise Rejected("Nothing is changed yet. Change what, where or by when.")
    return replace(draft, why=why, words=new)
