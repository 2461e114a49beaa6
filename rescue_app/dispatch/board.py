"""An order as its readers see it: the tree with clocks, the numbers, the timeline."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, may, within
from hazards.calls import reading as calls
from hazards.calls.program import as_program
from hazards.calls.reading import Line as CallLine
from rescue_app.dispatch import changes_repository, laying_repository, reading, service, telling
from rescue_app.dispatch.calling import TOPIC
from rescue_app.dispatch.cascade import Hop, Standing, standing, top_down
from rescue_app.dispatch.changes import OrderStanding
from rescue_app.dispatch.changes_repository import ChangeLine
from rescue_app.dispatch.members import reading as people
from rescue_app.dispatch.members.models import MemberPart, MemberStep
from rescue_app.dispatch.members.reading import Members
from rescue_app.dispatch.models import (
    Assignment,
    AssignmentStep,
    ChangeNotice,
    Order,
    OrderChange,
)
from rescue_app.dispatch.offering import Proposed, open_offers
from rescue_app.dispatch.rules import CHANGE_TOPIC, UNANSWERED, HopKind, StepKind


@dataclass(frozen=True, slots=True)
class Owed:
    """A change that a hop has not answered yet, and who is being called about it."""

    notice: ChangeNotice
    change: OrderChange
    call: CallLine | None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the tree, and what the reader may do with it."""

    depth: int
    hop: Assignment
    is_mine: bool
    may_take_back: bool
    may_give: bool
    """Give the members of this crew their parts."""
    call: CallLine | None
    rings_nobody: bool
    owes: Sequence[Owed]
    offer: Proposed | None
    may_rule: bool


@dataclass(frozen=True, slots=True)
class Outline:
    """An order as another program reads it: no calls and no buttons, which cost half the time."""

    order: Order
    tree: Sequence[tuple[int, Assignment]]
    """Hops from the top down, each with its depth."""
    numbers: Standing
    timeline: Sequence[tuple[AssignmentStep, Assignment]]
    changes: Sequence[ChangeLine]


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the order's timeline: of a hop, or of a member of its crew."""

    step: AssignmentStep | MemberStep
    hop: Assignment
    part: MemberPart | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the order page shows."""

    order: Order
    lines: Sequence[Line]
    numbers: Standing
    timeline: Sequence[Told]
    changes: Sequence[ChangeLine]
    may_change: bool
    climbed_over: Mapping[UUID, AssignmentStep]
    declined: Mapping[UUID, AssignmentStep]
    entered: Mapping[UUID, AssignmentStep]
    members: Members


def as_hop(row: Assignment) -> Hop:
    """Give a hop as the pure rules know it."""
    return Hop(row.id, row.parent_id, HopKind(row.holder), StepKind(row.state), row.answer_due_at)


def outline(session: Session, order_id: UUID) -> Outline:
    """Read an order, its hops, numbers and newest lines, as far as the asker may see."""
    order = service.visible(session, order_id)
    rows = {row.id: row for row in reading.hops_of(session, order_id)}
    hops = [as_hop(row) for row in rows.values()]
    tree = [(depth, rows[hop.id]) for depth, hop in top_down(hops)]
    timeline = reading.timeline(session, order_id, rows.values())
    changes = changes_repository.lines_of(session, order_id)
    return Outline(order, tree, standing(hops), timeline, changes)


def board(session: Session, actor: Actor, order_id: UUID) -> Board:
    """Read an order with all of it that the actor may see."""
    seen = outline(session, order_id)
    order, hops = seen.order, [hop for _, hop in seen.tree]
    rings = calls.lines_of(session, [hop.id for hop in hops], topic=TOPIC)
    owed, mine = _owed(session, order_id), telling.held(session, actor, hops)
    due = _due(session, order_id, hops, rings)
    offers = open_offers(session, hops)
    lines = [
        _line(
            actor,
            depth,
            hop,
            rings.get(hop.id, ()),
            owed.get(hop.id, ()),
            mine,
            offers.get(hop.id),
            may_ring=hop.began_at in due,
        )
        for depth, hop in seen.tree
    ]
    gives = may(actor, Act.ISSUE_ORDER, order.area_path)
    may_change = gives and order.standing != OrderStanding.ENDED
    over = reading.last_said(session, order_id, StepKind.CLIMBED_OVER)
    no = reading.last_said(session, order_id, StepKind.DECLINED)
    entered = reading.entered(session, order_id)
    told = seen.numbers, _timeline(session, seen), seen.changes, may_change
    members = people.of_order(session, order_id)
    return Board(order, lines, *told, over, no, entered, members)


def _due(
    session: Session, order_id: UUID, hops: Sequence[Assignment], rings: Collection[UUID]
) -> Collection[datetime]:
    """Give when those hops were given about which somebody may be called yet, in a second."""
    if all(hop.id in rings for hop in hops):
        return ()
    with as_program(session):
        return laying_repository.due_times(session, order_id)


def _timeline(session: Session, seen: Outline) -> list[Told]:
    """Give the newest lines of hops and members in one row, newest first."""
    lines = [Told(step, hop) for step, hop in seen.timeline]
    of_members = people.timeline(session, seen.order.id, limit=reading.TIMELINE_LIMIT)
    lines += [Told(step, hop, part) for step, part, hop in of_members]
    lines.sort(key=lambda line: (line.step.received_at, line.step.id), reverse=True)
    return lines[: reading.TIMELINE_LIMIT]


def _owed(session: Session, order_id: UUID) -> dict[UUID, list[Owed]]:
    found = changes_repository.owed(session, [order_id])
    notices = [notice.id for pairs in found.values() for notice, _ in pairs]
    rings = calls.lines_of(session, notices, topic=CHANGE_TOPIC)
    return {
        hop_id: [
            Owed(notice, change, next(iter(rings.get(notice.id, ())), None))
            for notice, change in pairs
        ]
        for hop_id, pairs in found.items()
    }


def _line(
    actor: Actor,
    depth: int,
    hop: Assignment,
    rings: Sequence[CallLine],
    owes: Sequence[Owed],
    mine: Collection[UUID],
    offer: Proposed | None,
    *,
    may_ring: bool,
) -> Line:
    gone = hop.state in reading.ENDED
    gave = may(actor, Act.ISSUE_ORDER, hop.command_path) and within(hop.giver_path, actor.area_path)
    # Who does not command here does not see the calls: to him nobody's silence is told.
    silent = not rings and not may_ring and hop.state in UNANSWERED
    nobody = silent and may(actor, Act.ISSUE_ORDER, hop.command_path)
    return Line(
        depth,
        hop,
        is_mine=(bool(owes) or not gone) and hop.id in mine,
        may_take_back=gave and not gone,
        may_give=gave and not gone and hop.crew_id is not None,
        call=next(iter(rings), None),
        rings_nobody=nobody,
        owes=owes,
        offer=offer,
        may_rule=gave and offer is not None,
    )
