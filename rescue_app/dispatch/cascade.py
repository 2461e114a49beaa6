"""What the hops of one order add up to: is it down, who is silent, how far are the crews."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rescue_app.dispatch.rules import GONE, RANK, TAKEN_ON, UNANSWERED, HopKind, StepKind


@dataclass(frozen=True, slots=True)
class Hop:
    """A hop as the tree needs it."""

    id: UUID
    parent_id: UUID | None
    holder: HopKind
    state: StepKind
    answer_due_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """An order (or the part of it that somebody sees) in numbers."""

    hops: int
    silent: int
    returned: int
    crews: int
    crews_answered: int
    crews_moving: int
    crews_arrived: int
    crews_done: int
    down: bool

    @property
    def finished(self) -> bool:
        """Every crew that was asked is done."""
        return self.down and self.crews_done == self.crews


def live_hops(hops: Iterable[Hop]) -> list[Hop]:
    """Hops in force: neither taken back or replaced themselves nor below one that was."""
    by_id = {hop.id: hop for hop in hops}

    def in_force(hop: Hop | None) -> bool:
        while hop is not None:
            if hop.state in GONE:
                return False
            hop = by_id.get(hop.parent_id) if hop.parent_id else None
        return True

    return [hop for hop in by_id.values() if in_force(hop)]


def standing(hops: Iterable[Hop]) -> Standing:
    """Count; an order is down only when every end of it is a crew and answered by name."""
    live = live_hops(hops)
    parents = {hop.parent_id for hop in live}
    ends = [hop for hop in live if hop.id not in parents]
    crews = [hop for hop in ends if hop.holder is HopKind.CREW]
    return Standing(
        hops=len(live),
        silent=sum(hop.state in UNANSWERED for hop in live),
        returned=sum(hop.state is StepKind.CANNOT for hop in live),
        crews=len(crews),
        crews_answered=_at_least(crews, StepKind.ACCEPTED),
        crews_moving=_at_least(crews, StepKind.MOVING),
        crews_arrived=_at_least(crews, StepKind.ARRIVED),
        crews_done=_at_least(crews, StepKind.DONE),
        down=bool(crews) and all(_answered_on_site(end) for end in ends),
    )


def _answered_on_site(end: Hop) -> bool:
    return end.holder is HopKind.CREW and end.state in TAKEN_ON


def _at_least(hops: Sequence[Hop], kind: StepKind) -> int:
    return sum(hop.state in TAKEN_ON and RANK[hop.state] >= RANK[kind] for hop in hops)


def top_down(hops: Sequence[Hop]) -> list[tuple[int, Hop]]:
    """The tree as lines (depth, hop), the silent ones first under each parent."""
    known = {hop.id for hop in hops}
    children: dict[UUID | None, list[Hop]] = defaultdict(list)
    for hop in hops:
        # Who sees a part of the tree does not see the hop above: his own is a root to him.
        children[hop.parent_id if hop.parent_id in known else None].append(hop)
    lines: list[tuple[int, Hop]] = []
    waiting = [(0, hop) for hop in sorted(children[None], key=_urgent_last)]
    while waiting:
        depth, hop = waiting.pop()
        lines.append((depth, hop))
        waiting += [(depth + 1, child) for child in sorted(children[hop.id], key=_urgent_last)]
    return lines


def under_givers(ranked: Sequence[Hop], above: Iterable[Hop]) -> list[tuple[int, Hop]]:
    """The tree of a page as lines (depth, hop): `ranked` ones, each under those who gave it.

    Whoever passed the order down stands where the first of those below him would.
    """
    by_id = {hop.id: hop for hop in (*ranked, *above)}
    places: dict[UUID, int] = {}
    for place, hop in enumerate(ranked):
        one: Hop | None = hop
        while one is not None and one.id not in places:
            places[one.id] = place
            one = by_id.get(one.parent_id) if one.parent_id else None
    children: dict[UUID | None, list[Hop]] = defaultdict(list)
    for hop in sorted(by_id.values(), key=lambda hop: places[hop.id]):
        children[hop.parent_id if hop.parent_id in by_id else None].append(hop)
    lines: list[tuple[int, Hop]] = []
    waiting = [(0, hop) for hop in reversed(children[None])]
    while waiting:
        depth, hop = waiting.pop()
        lines.append((depth, hop))
        waiting += [(depth + 1, child) for child in reversed(children[hop.id])]
    return lines


def _urgent_last(hop: Hop) -> tuple[int, float]:
    """Sort key for a stack: what needs eyes soonest is popped first."""
    if hop.state in UNANSWERED:
        attention = 3
    elif hop.state is StepKind.CANNOT:
        attention = 2
    else:
        attention = 0 if hop.state in GONE else 1
    return attention, -hop.answer_due_at.timestamp()
