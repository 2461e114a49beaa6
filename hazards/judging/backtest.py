"""How a rule would have done: its past episodes against what happened. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hazards.judging.rules import Episode

LEAD = timedelta(hours=48)
"""How long before a record an episode may have begun to count as its warning."""
AFTER = timedelta(hours=24)
"""A record's time is often only its day: an episode that begins so much later still counts."""


@dataclass(frozen=True, slots=True)
class Score:
    """Records that were warned of and those that were not, warnings without a record, and lead.

    `lead` is the middle time from an episode's beginning to its record.
    """

    hits: int
    misses: int
    false_alarms: int
    lead: timedelta | None


def scored(episodes: Sequence[Episode], records: Sequence[datetime]) -> Score:
    """Compare episodes with records."""
    leads: list[timedelta] = []
    used: set[int] = set()
    for at in records:
        near = [n for n, one in enumerate(episodes) if warned(one, at)]
        used.update(near)
        if near:
            leads.append(at - episodes[near[0]].start)
    middle = sorted(leads)[len(leads) // 2] if leads else None
    misses = len(records) - len(leads)
    return Score(len(leads), misses, len(episodes) - len(used), middle)


def warned(episode: Episode, at: datetime) -> bool:
    """Tell whether an episode stands for a record."""
    until = episode.end or episode.start
    return episode.start - AFTER <= at <= max(until, episode.start) + LEAD
