"""What a wall adds up to, now or at a moment: pure, by the rule that reads the logs."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from rescue_app.dispatch.changes import BECOMES, ChangeKind, OrderStanding
from rescue_app.dispatch.rules import (
    GONE,
    RANK,
    TAKEN_ON,
    UNANSWERED,
    HopKind,
    Step,
    StepKind,
    derive,
)

MEMBER = "member"
"""What a row of one person of a crew is called; it stands under the crew's hop like a hop."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One hop or member as a wall shows it; a page is sent the fields in this order, unnamed.

    `placed` says how its place is known: shared by the phone, said with a deed, or its base.
    A crew's action may have `items` to tick, of which so many are `ticked`.
    """

    id: UUID
    order_id: UUID
    parent_id: UUID | None
    holder: str
    level: str
    name: str
    name_en: str
    phone: str
    state: str
    since: datetime
    due_at: datetime
    answer_name: str | None
    lon: float | None
    lat: float | None
    placed_at: datetime | None
    placed: str | None
    ticked: int
    items: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """The hops and members of an incident in numbers; what was taken back does not count.

    Who is silent and who cannot are members too; `crews` to `done` are crews alone.
    """

    silent: int
    returned: int
    crews: int
    answered: int
    moving: int
    arrived: int
    done: int
    members: int
    members_answered: int
    members_arrived: int


def at_least(kind: StepKind) -> tuple[StepKind, ...]:
    """Give the states of a hop that has come as far as this, or further."""
    return tuple(one for one in TAKEN_ON if RANK[one] >= RANK[kind])


REACHED = {
    "answered": at_least(StepKind.ACCEPTED),
    "moving": at_least(StepKind.MOVING),
    "arrived": at_least(StepKind.ARRIVED),
    "done": at_least(StepKind.DONE),
}


def numbers(hops: Iterable[Hop]) -> Numbers:
    """Count hops. For what stands now the database counts the same (`repository.numbers`)."""
    live = [hop for hop in hops if hop.state not in GONE]
    crews = [hop.state for hop in live if hop.holder == HopKind.CREW]
    members = [hop.state for hop in live if hop.holder == MEMBER]
    return Numbers(
        silent=sum(hop.state in UNANSWERED for hop in live),
        returned=sum(hop.state == StepKind.CANNOT for hop in live),
        crews=len(crews),
        **{name: sum(state in kinds for state in crews) for name, kinds in REACHED.items()},
        members=len(members),
        members_answered=sum(state in REACHED["answered"] for state in members),
        members_arrived=sum(state in REACHED["arrived"] for state in members),
    )


def on_map(hop: Hop, *, is_news: bool) -> bool:
    """Tell whether a map is told of somebody: news are, also that he has no place there more."""
    if hop.holder not in {HopKind.CREW, MEMBER}:
        return False
    return is_news or (hop.lon is not None and hop.state not in GONE)


def as_it_was(hops: Iterable[Hop], heard: Mapping[UUID, Collection[Step]]) -> list[Hop]:
    """Bring hops back to what had been heard of them by then, by the rule that reads their logs."""
    return [_then(hop, heard.get(hop.id, ())) for hop in hops]


def _then(hop: Hop, log: Collection[Step]) -> Hop:
    """A hop begins with the line that gave it, so an empty log is one that had just begun."""
    state = derive(log)
    began = min((step.done_at for step in log), default=hop.since)
    name = state.answer.by_name if state.answer else None
    return replace(hop, state=state.kind, since=state.since or began, answer_name=name)


@dataclass(frozen=True, slots=True)
class Turn:
    """A change of a whole order: when, of which kind, and what it asked for before."""

    made_at: datetime
    kind: ChangeKind
    what_before: str


def order_then(what: str, turns: Iterable[Turn], *, until: datetime) -> tuple[str, OrderStanding]:
    """Give what an order asked for at a moment, and whether it was in force."""
    standing = OrderStanding.IN_FORCE
    for turn in sorted(turns, key=lambda one: one.made_at):
        if turn.made_at > until:
            return turn.what_before, standing
        standing = BECOMES.get(turn.kind, standing)
    return what, standing
