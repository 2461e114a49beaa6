"""How a finding moves from discovered to verified: one table, nothing skipped, nothing lost."""

from enum import StrEnum

from gis.errors import Conflict, Rejected


class State(StrEnum):
    """Where a finding is in its loop."""

    DISCOVERED = "discovered"
    ACCEPTED = "accepted"
    IN_HAND = "in_hand"
    FINISHED = "finished"
    VERIFIED = "verified"


class Step(StrEnum):
    """What can be done with a finding."""

    DISCOVER = "discover"
    SEE_AGAIN = "see_again"
    ACCEPT = "accept"
    BEGIN = "begin"
    FINISH = "finish"
    VERIFY = "verify"
    REOPEN = "reopen"


MOVES: dict[tuple[State, Step], State] = {
    (State.DISCOVERED, Step.ACCEPT): State.ACCEPTED,
    (State.ACCEPTED, Step.BEGIN): State.IN_HAND,
    (State.IN_HAND, Step.FINISH): State.FINISHED,
    (State.FINISHED, Step.VERIFY): State.VERIFIED,
    (State.FINISHED, Step.REOPEN): State.IN_HAND,
    (State.DISCOVERED, Step.SEE_AGAIN): State.DISCOVERED,
    (State.ACCEPTED, Step.SEE_AGAIN): State.ACCEPTED,
    (State.IN_HAND, Step.SEE_AGAIN): State.IN_HAND,
    # Seen bad after it was called finished: the work did not hold.
    (State.FINISHED, Step.SEE_AGAIN): State.IN_HAND,
}

BY_HAND = (Step.ACCEPT, Step.BEGIN, Step.FINISH, Step.VERIFY, Step.REOPEN)
NEEDS_WORDS = frozenset({Step.REOPEN})


def after(now: State, step: Step) -> State:
    """Give the state after a step, or refuse a step that does not follow."""
    if (now, step) not in MOVES:
        raise Conflict("Somebody has moved this finding meanwhile. Load the page again.")
    return MOVES[now, step]


def next_steps(now: State) -> list[Step]:
    """Give what a commander can do with a finding now, the usual one first."""
    return [step for step in BY_HAND if (now, step) in MOVES]


def checked_note(step: Step, note: str) -> str:
    """Refuse to send work back without saying what is wrong."""
    if step in NEEDS_WORDS and not note:
        raise Rejected("Say what is still wrong, so that it can be mended.")
    return note
