"""What one hop's log of steps adds up to: the same answer for any order of arrival."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from gis.errors import Rejected

CHANGE_TOPIC = "order_change"
"""A call about a change of an order; its answer is a `change_taken` in the hop's log."""


class StepKind(StrEnum):
    """What can happen to a hop; the last telling one is also its state."""

    QUEUED = "queued"
    DELIVERED = "delivered"
    SEEN = "seen"
    ACCEPTED = "accepted"
    CANNOT = "cannot"
    PASSED_DOWN = "passed_down"
    MOVING = "moving"
    ARRIVED = "arrived"
    WORKING = "working"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    CHANGE_TAKEN = "change_taken"
    CLIMBED_OVER = "climbed_over"
    REPLACED = "replaced"
    DECLINED = "declined"


class HopKind(StrEnum):
    """Who holds a hop: a centre and a department pass on, only a crew stands on site."""

    CENTRE = "centre"
    DEPARTMENT = "department"
    CREW = "crew"


class Urgency(StrEnum):
    """How loud an order is; the words of Chinese official papers: 特急, 加急, 平件."""

    FLASH = "flash"
    URGENT = "urgent"
    ROUTINE = "routine"


class How(StrEnum):
    """How something is known; without any of these its own person said it by hand.

    A crew's arrival by its place or a label; an answer that a commander entered for somebody.
    """

    GEOFENCE = "geofence"
    SCAN = "scan"
    PHONE = "phone"
    RADIO = "radio"
    DOOR = "door"
    GONG = "gong"


UNANSWERED = (StepKind.QUEUED, StepKind.DELIVERED, StepKind.SEEN)
# Every one of these is said by a named person and means that the hop was taken on.
TAKEN_ON = (
    StepKind.ACCEPTED,
    StepKind.PASSED_DOWN,
    StepKind.MOVING,
    StepKind.ARRIVED,
    StepKind.WORKING,
    StepKind.DONE,
)
# Taken from its holder for good: by its giver, or because his counter-proposal was taken.
GONE = (StepKind.WITHDRAWN, StepKind.REPLACED)
# That a change was heard is said about the change, that somebody was climbed over by nobody,
# that a proposal was declined about the proposal.
MOVES_NOTHING = frozenset({StepKind.CHANGE_TAKEN, StepKind.CLIMBED_OVER, StepKind.DECLINED})
RANK = {kind: rank for rank, kind in enumerate((*UNANSWERED, *TAKEN_ON))}
SAID_BY_COMMAND = frozenset({
    StepKind.DELIVERED, StepKind.SEEN, StepKind.ACCEPTED, StepKind.CANNOT, StepKind.CHANGE_TAKEN,
})  # fmt: skip
SAID_BY_CREW = SAID_BY_COMMAND | {
    StepKind.MOVING,
    StepKind.ARRIVED,
    StepKind.WORKING,
    StepKind.DONE,
}
# What the one big button of a crew's or a member's page says, one after the other.
ON_SITE_LINE = (
    StepKind.ACCEPTED,
    StepKind.MOVING,
    StepKind.ARRIVED,
    StepKind.WORKING,
    StepKind.DONE,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a hop's log; `offers` a proposal, or (of its giver) is `about` one."""

    id: UUID
    kind: StepKind
    done_at: datetime
    by_name: str = ""
    by_phone: str = ""
    note: str = ""
    offers: bool = False
    about: UUID | None = None


@dataclass(frozen=True, slots=True)
class HopState:
    """What a log adds up to; `answer` is the named person's yes or no that holds now.

    `offer` is the 'cannot' whose proposal the giver still owes a word.
    """

    kind: StepKind
    since: datetime | None
    answer: Step | None
    offer: Step | None = None


def derive(steps: Iterable[Step]) -> HopState:
    """Read a hop's state off its log, whatever the order and number of arrivals."""
    told = set(steps)
    moving = (step for step in told if step.kind not in MOVES_NOTHING)
    log = sorted(moving, key=lambda step: (step.done_at, step.id))
    taken_back = _first(log, *GONE)
    if taken_back is None:
        declined = {step.about for step in told if step.kind is StepKind.DECLINED}
        return _offering(_standing(log), declined)
    # What was finished before it was taken back stays finished; a later deed of somebody
    # who had not yet heard keeps its line in the log and changes nothing.
    before = _standing(log[: log.index(taken_back)])
    if before.kind is StepKind.DONE:
        return before
    return HopState(taken_back.kind, taken_back.done_at, before.answer)


def _offering(state: HopState, declined: Collection[UUID | None]) -> HopState:
    """A proposal is open while the 'cannot' it came with holds and nobody declined it."""
    no = state.answer if state.kind is StepKind.CANNOT else None
    open_now = no is not None and no.offers and no.id not in declined
    return replace(state, offer=no) if open_now else state


def _standing(log: Sequence[Step]) -> HopState:
    """State without withdrawals: the furthest deed since the last 'cannot'."""
    refusal = _last(log, StepKind.CANNOT)
    since_refusal = log[log.index(refusal) + 1 :] if refusal else log
    taken_on = [step for step in since_refusal if step.kind in TAKEN_ON]
    if taken_on:
        furthest = max(taken_on, key=lambda step: RANK[step.kind])
        return HopState(furthest.kind, furthest.done_at, taken_on[0])
    if refusal:
        return HopState(StepKind.CANNOT, refusal.done_at, refusal)
    if not log:
        return HopState(StepKind.QUEUED, None, None)
    heard = max(log, key=lambda step: RANK[step.kind])
    return HopState(heard.kind, heard.done_at, None)


def _first(log: Sequence[Step], *kinds: StepKind) -> Step | None:
    return next((step for step in log if step.kind in kinds), None)


def _last(log: Sequence[Step], kind: StepKind) -> Step | None:
    return _first(log[::-1], kind)


def checked_step(
    kind: StepKind, *, holder: HopKind, note: str, about_change: bool = False, offers: bool = False
) -> str:
    """Refuse what this holder cannot say, and a 'cannot' without its because."""
    said = SAID_BY_CREW if holder is HopKind.CREW else SAID_BY_COMMAND
    if kind not in said:
        raise Rejected("A command centre passes the order down; only a crew reports from the site.")
    if kind is StepKind.CHANGE_TAKEN and not about_change:
        raise Rejected("Say which change you have heard. Reload the page and press again.")
    if offers and kind is not StepKind.CANNOT:
        raise Rejected("A proposal comes with 'cannot'. Say why you cannot, then propose.")
    note = note.strip()
    if kind is StepKind.CANNOT and not note:
        raise Rejected("Say why you cannot: the level above decides by your reason.")
    return note


def plausible(done_at: datetime | None, *, hop_began: datetime, arrived_at: datetime) -> datetime:
    """Bring a drifting phone's time between the hop's beginning and the step's arrival."""
    if done_at is None:
        return arrived_at
    return min(max(done_at, hop_began), arrived_at)


def next_on_site(now: StepKind) -> StepKind | None:
    """The one big button of a page on site: what comes after the present state."""
    if now in UNANSWERED or now is StepKind.CANNOT:
        return StepKind.ACCEPTED
    if now in GONE:
        return None
    rank = RANK[now]
    return next((kind for kind in ON_SITE_LINE if RANK[kind] > rank), None)
