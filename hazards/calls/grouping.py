"""How many messages one person gets: a storm of calls reaches him as a few, each as a whole.

The first few matters come one by one. What is more waits a little and comes together, as one
message that says how many there are. While he owes an answer in a matter, he is not told of it
a second time: the message he has is what changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from hazards.calls.rules import Urgency

LOUDEST_FIRST = tuple(Urgency)


@dataclass(frozen=True, slots=True)
class Limits:
    """So many single messages within a span; then one for all that waits, at most so often."""

    singles: int = 3
    span: timedelta = timedelta(minutes=10)
    quiet: timedelta = timedelta(minutes=2)


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A matter that a person is to hear of; `ringing` when his message of it is still open."""

    matter: UUID
    urgency: Urgency
    queued_at: datetime
    ringing: bool = False


def parcels(
    waiting: Sequence[Waiting], sent: Sequence[datetime], *, now: datetime, limits: Limits = LIMITS
) -> list[tuple[UUID, ...]]:
    """Messages that go to one person now, each a list of matters, the loudest first."""
    told = {each.matter for each in waiting if each.ringing}
    new = sorted((each for each in waiting if each.matter not in told), key=_loudness)
    matters = list(dict.fromkeys(each.matter for each in new))
    recent = [at for at in sent if now - limits.span < at <= now]
    if not matters:
        return []
    if len(matters) + len(recent) <= limits.singles:
        return [(matter,) for matter in matters]
    rested = not recent or now - max(recent) >= limits.quiet
    return [tuple(matters)] if rested else []


def _loudness(each: Waiting) -> tuple[int, datetime]:
    return LOUDEST_FIRST.index(each.urgency), each.queued_at
