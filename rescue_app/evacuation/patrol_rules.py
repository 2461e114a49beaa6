"""When the danger area has to be walked again: pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

NOTE_LENGTH = 500
MOST_REFS = 200


@dataclass(frozen=True, slots=True)
class Rounds:
    """When the first household left, and when the area was walked last."""

    first_left: datetime | None
    last_walked: datetime | None
    cleared: bool = False


def due(rounds: Rounds, *, every: timedelta) -> datetime | None:
    """Say by when it has to be walked again; never before anybody left, or after the all-clear."""
    if rounds.cleared or rounds.first_left is None:
        return None
    return max(rounds.first_left, rounds.last_walked or rounds.first_left) + every


def ref(roster_id: UUID, due_at: datetime, *, every: timedelta, now: datetime) -> UUID:
    """Give the call's number: one for each round that was missed, however often it is looked."""
    return _ref(roster_id, due_at, max(0, (now - due_at) // every))


def refs_until(roster_id: UUID, rounds: Rounds, *, every: timedelta, now: datetime) -> list[UUID]:
    """Give the numbers of all calls about rounds that were missed until now."""
    due_at = due(rounds, every=every)
    if due_at is None or due_at > now:
        return []
    missed = (now - due_at) // every
    return [_ref(roster_id, due_at, n) for n in range(max(0, missed - MOST_REFS), missed + 1)]


def _ref(roster_id: UUID, due_at: datetime, missed: int) -> UUID:
    return uuid5(roster_id, f"{due_at.isoformat()} {missed}")


def checked(note: str) -> str:
    """Give the words of a round; without any it was empty."""
    return note.strip()[:NOTE_LENGTH]
