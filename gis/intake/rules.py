"""Where an import stands, and what may follow."""

from enum import StrEnum
from typing import Any

from gis.errors import Conflict

Looked = dict[str, Any]
"""What a file holds, as JSON keeps it: see `looking.looked_at`."""


class State(StrEnum):
    """Where an import is: a job is at it, or the person is."""

    READING = "reading"
    CHOOSING = "choosing"
    READY = "ready"
    CHECKING = "checking"
    CHECKED = "checked"
    SENDING = "sending"
    SENT = "sent"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"


AT_WORK = frozenset({State.READING, State.CHECKING, State.SENDING, State.UNDOING})
"""A job is at it; the page waits."""

MAY_BECOME: dict[State, frozenset[State]] = {
    State.READING: frozenset({State.CHOOSING, State.READY, State.FAILED}),
    State.CHOOSING: frozenset({State.READING}),
    State.READY: frozenset({State.CHECKING, State.READING}),
    State.CHECKING: frozenset({State.CHECKED, State.READY}),
    State.CHECKED: frozenset({State.CHECKING, State.SENDING, State.READING, State.READY}),
    State.SENDING: frozenset({State.SENT, State.CHECKED}),
    State.FAILED: frozenset({State.READING}),
    State.SENT: frozenset({State.UNDOING}),
    State.UNDOING: frozenset({State.UNDONE, State.SENT}),
    State.UNDONE: frozenset({State.READING, State.READY}),
}


def follows(now: State, then: State) -> State:
    """Give the next state; the same again is no step, another way round is a conflict."""
    if then is not now and then not in MAY_BECOME[now]:
        raise Conflict("This import has moved on meanwhile. Load the page again.")
    return then


def plain(values: dict[str, object]) -> dict[str, str]:
    """Give a message's values as JSON keeps them."""
    return {key: str(value) for key, value in values.items()}
