"""How a finding goes round, read from its steps: the same answer in whatever order they came."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from gis.errors import Conflict, Rejected


class State(StrEnum):
    """Where a finding is in its loop."""

    DISCOVERED = "discovered"
    ACCEPTED = "accepted"
    IN_HAND = "in_hand"
    FINISHED = "finished"
    VERIFIED = "verified"
    FED_BACK = "fed_back"
    SET_ASIDE = "set_aside"
    """Nobody's sight of it counts any more: a review of versions said so."""


class Step(StrEnum):
    """What can be done with a finding."""

    DISCOVER = "discover"
    SEE_AGAIN = "see_again"
    ROUTE = "route"
    ACCEPT = "accept"
    ASSIST = "assist"
    BEGIN = "begin"
    FINISH = "finish"
    VERIFY = "verify"
    LOOK = "look"
    REOPEN = "reopen"
    FEED_BACK = "feed_back"
    HAND_BACK = "hand_back"
    RULE = "rule"
    NOTE = "note"
    EVALUATE = "evaluate"
    SEND_BACK = "send_back"
    TO_POINT = "to_point"
    DELIST = "delist"
    SET_ASIDE = "set_aside"
    COUNT_AGAIN = "count_again"


BY_CASE = (Step.TO_POINT, Step.DELIST)
"""What comes of a case of the ledger."""
SIGHTS = (Step.DISCOVER, Step.SEE_AGAIN)
BY_REVIEW = (Step.SET_ASIDE, Step.COUNT_AGAIN)
"""What a review of two versions says of a sight: that it does not count, or does after all."""
BY_HAND = tuple(step for step in Step if step not in (*SIGHTS, *BY_CASE, *BY_REVIEW, Step.LOOK))
CLOSED = (State.VERIFIED, State.FED_BACK)
ENDED = (*CLOSED, State.SET_ASIDE)
WITH_UNIT = (State.DISCOVERED, State.ACCEPTED, State.IN_HAND)
MOST_HAND_BACKS = 2
"""The second goes to the superior; there is no third."""
NEEDS_UNIT = frozenset({Step.ROUTE, Step.ASSIST, Step.HAND_BACK, Step.RULE})
NEEDS_WORDS = {
    Step.REOPEN: "Say what is still wrong, so that it can be mended.",
    Step.HAND_BACK: "Say why it is not yours: the next office reads it.",
    Step.RULE: "Say why this office has to take it.",
    Step.SEND_BACK: "Say what is not mended, so that the street can mend it.",
}

MOVES: dict[tuple[State, Step], State] = {
    (State.DISCOVERED, Step.ACCEPT): State.ACCEPTED,
    (State.ACCEPTED, Step.BEGIN): State.IN_HAND,
    (State.IN_HAND, Step.FINISH): State.FINISHED,
    (State.FINISHED, Step.VERIFY): State.VERIFIED,
    (State.FINISHED, Step.REOPEN): State.IN_HAND,
    # Seen bad after it was called finished: the work did not hold.
    (State.FINISHED, Step.SEE_AGAIN): State.IN_HAND,
    (State.VERIFIED, Step.FEED_BACK): State.FED_BACK,
    **{(state, Step.SEND_BACK): State.IN_HAND for state in CLOSED},
    **{(state, Step.DELIST): State.VERIFIED for state in State if state not in ENDED},
    **{(state, Step.HAND_BACK): State.DISCOVERED for state in WITH_UNIT},
}
STAYS: dict[Step, tuple[State, ...]] = {
    Step.DISCOVER: tuple(State),
    Step.SEE_AGAIN: tuple(State),
    Step.NOTE: tuple(State),
    Step.LOOK: tuple(State),
    Step.TO_POINT: tuple(State),
    Step.SET_ASIDE: tuple(State),
    Step.COUNT_AGAIN: tuple(State),
    Step.ROUTE: (State.DISCOVERED,),
    Step.RULE: (State.DISCOVERED,),
    Step.ASSIST: (State.ACCEPTED, State.IN_HAND),
    Step.EVALUATE: CLOSED,
}
"""What can be said without moving it on."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A step as the rules read it: `at` is the time of the deed, `heard_at` when it came here."""

    id: UUID
    act: Step
    actor_id: UUID
    at: datetime
    heard_at: datetime
    unit_id: UUID | None = None
    inspection_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the steps add up to.

    `unit_id` is with whom it is; `owned` tells whether that unit has it, or is only asked.
    `clock_from` is when the deadline of its present stage began.
    """

    state: State = State.DISCOVERED
    unit_id: UUID | None = None
    owned: bool = False
    hand_backs: int = 0
    ruled: bool = False
    helpers: tuple[UUID, ...] = ()
    finishers: frozenset[UUID] = frozenset()
    seen_since_finish: bool = False
    clock_from: datetime | None = None
    verified_at: datetime | None = None
    times_seen: int = 0
    unowned_since: datetime | None = None
    unowned: timedelta = timedelta()
    counted: frozenset[UUID] = field(default=frozenset())

    @property
    def awaits_ruling(self) -> bool:
        """Two offices have handed it back: only their superior can say whose it is."""
        return self.hand_backs >= MOST_HAND_BACKS and not self.ruled


def standing(steps: Iterable[Taken]) -> Standing:
    """Read the steps in the order of the deeds; one that did not follow then moved nothing."""
    taken = sorted(steps, key=lambda one: (one.at, one.act is not Step.DISCOVER, one.id))
    aside = set_aside(taken)
    now = Standing()
    for step in taken:
        if step.act in SIGHTS and step.inspection_id in aside:
            now = replace(now, counted=now.counted | {step.id})
        elif refusal(now, step.act) is None:
            now = after(now, step)
    if aside and not now.times_seen:
        return replace(now, state=State.SET_ASIDE, clock_from=None, verified_at=max(aside.values()))
    return now


def set_aside(steps: Iterable[Taken]) -> dict[UUID, datetime]:
    """Give the visits whose sights do not count, and since when a review has said so."""
    said: dict[UUID, Taken] = {}
    for step in steps:
        if step.act in BY_REVIEW and step.inspection_id is not None:
            before = said.get(step.inspection_id)
            if before is None or (before.heard_at, before.id) < (step.heard_at, step.id):
                said[step.inspection_id] = step
    return {visit: one.heard_at for visit, one in said.items() if one.act is Step.SET_ASIDE}


def follow(steps: Iterable[Taken], step: Taken) -> Standing:
    """Give the standing with one more step, or refuse a step that does not follow."""
    before = list(steps)
    made = standing([*before, step])
    if step.id not in made.counted:
        raise refusal(standing(before), step.act) or moved_meanwhile()
    return made


def kept_as(steps: Iterable[Taken], step: Taken) -> Step:
    """Tell as what a step is kept, or refuse it: a look on site that was overtaken stays a look.

    Whoever verified stood there with a photo; that somebody was quicker does not undo it.
    """
    try:
        follow(steps, step)
    except Conflict:
        if step.act is not Step.VERIFY:
            raise
        return Step.LOOK
    return step.act


def moved_meanwhile() -> Conflict:
    """Say that somebody else was quicker."""
    return Conflict("Somebody has moved this finding meanwhile. Load the page again.")


def refusal(now: Standing, act: Step) -> Conflict | None:
    """Tell why an act does not follow, or give nothing."""
    if act is Step.HAND_BACK and (now.ruled or now.hand_backs >= MOST_HAND_BACKS):
        return Conflict(
            "It was handed back twice already. The superior rules, and what he ruled stands."
        )
    if act is Step.RULE and not now.awaits_ruling:
        return Conflict("There is nothing to rule here: no two offices have handed it back.")
    if now.awaits_ruling and act in (Step.ACCEPT, Step.ROUTE):
        return Conflict("Two offices have handed it back. Their superior rules whose it is.")
    if act is Step.ROUTE and now.owned:
        return Conflict("An office has it already. It hands it back if it is not its own.")
    late_look = act is Step.VERIFY and now.state is State.IN_HAND and now.seen_since_finish
    if late_look or (now.state, act) in MOVES or now.state in STAYS.get(act, ()):
        return None
    return moved_meanwhile()


def after(now: Standing, step: Taken) -> Standing:
    """Give what a step that follows makes of it."""
    made = replace(now, counted=now.counted | {step.id})
    change = CHANGES.get(step.act)
    if change is not None:
        made = change(made, step)
    moved = MOVES.get((now.state, step.act), now.state)
    if step.act is Step.VERIFY:
        moved = State.VERIFIED  # who looks later is believed over who saw it bad before
    restarts = moved is not now.state and step.act is not Step.BEGIN
    clock = step.at if restarts or step.act is Step.RULE else made.clock_from
    return replace(made, state=moved, clock_from=clock)


def _found(now: Standing, step: Taken) -> Standing:
    now = replace(now, times_seen=now.times_seen + 1)
    return replace(now, clock_from=step.heard_at, unowned_since=step.heard_at)


def _seen(now: Standing, step: Taken) -> Standing:
    if not now.times_seen:  # the first sight was set aside: this one stands for it
        return _found(now, step)
    again = now.state is State.FINISHED or now.seen_since_finish
    return replace(now, times_seen=now.times_seen + 1, seen_since_finish=again)


def _owned(now: Standing, step: Taken) -> Standing:
    since, unowned = now.unowned_since, now.unowned
    if since is not None:
        unowned += max(step.at - since, timedelta())
    unit = step.unit_id or now.unit_id
    return replace(now, unit_id=unit, owned=True, unowned_since=None, unowned=unowned)


def _ruled(now: Standing, step: Taken) -> Standing:
    return replace(_owned(now, step), ruled=True)


def _helped(now: Standing, step: Taken) -> Standing:
    if step.unit_id is None or step.unit_id in now.helpers:
        return now
    return replace(now, helpers=(*now.helpers, step.unit_id))


def _handed_back(now: Standing, step: Taken) -> Standing:
    since = now.unowned_since or step.at
    return replace(
        now,
        unit_id=step.unit_id,
        owned=False,
        hand_backs=now.hand_backs + 1,
        unowned_since=since,
    )


def _finished(now: Standing, step: Taken) -> Standing:
    return replace(now, finishers=now.finishers | {step.actor_id}, seen_since_finish=False)


def _verified(now: Standing, step: Taken) -> Standing:
    return replace(now, verified_at=step.at)


def _opened_again(now: Standing, _: Taken) -> Standing:
    return replace(now, verified_at=None, seen_since_finish=False)


CHANGES: dict[Step, Callable[[Standing, Taken], Standing]] = {
    Step.DISCOVER: _found,
    Step.SEE_AGAIN: _seen,
    Step.ROUTE: _owned,
    Step.ACCEPT: _owned,
    Step.RULE: _ruled,
    Step.ASSIST: _helped,
    Step.HAND_BACK: _handed_back,
    Step.FINISH: _finished,
    Step.VERIFY: _verified,
    Step.DELIST: _verified,
    Step.SEND_BACK: _opened_again,
    Step.REOPEN: _opened_again,
}


def checked_note(act: Step, note: str) -> str:
    """Refuse what others could not act on without a reason."""
    if act in NEEDS_WORDS and not note:
        raise Rejected(NEEDS_WORDS[act])
    return note
