"""An order as its readers see it: the tree with clocks, the numbers, the timeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, may, within
from hazards.calls import reading as calls
from hazards.calls.reading import Line as CallLine
from rescue_app.dispatch import reading, service, telling
from rescue_app.dispatch.calling import TOPIC
from rescue_app.dispatch.cascade import Hop, Standing, standing, top_down
from rescue_app.dispatch.models import Assignment, AssignmentStep, Order
from rescue_app.dispatch.rules import UNANSWERED, HopKind, StepKind


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the tree, and what the reader may do with it."""

    depth: int
    hop: Assignment
    is_mine: bool
    may_take_back: bool
    call: CallLine | None
    rings_nobody: bool


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the order page shows."""

    order: Order
    lines: Sequence[Line]
    numbers: Standing
    timeline: Sequence[tuple[AssignmentStep, Assignment]]


def as_hop(row: Assignment) -> Hop:
    """Give a hop as the pure rules know it."""
    return Hop(row.id, row.parent_id, HopKind(row.holder), StepKind(row.state), row.answer_due_at)


def board(session: Session, actor: Actor, order_id: UUID) -> Board:
    """Read an order with all of it that the actor may see."""
    order = service.visible(session, order_id)
    rows = {row.id: row for row in reading.hops_of(session, order_id)}
    hops = [as_hop(row) for row in rows.values()]
    rings = calls.lines_of(session, list(rows), topic=TOPIC)
    lines = [
        _line(session, actor, depth, rows[hop.id], rings.get(hop.id, ()))
        for depth, hop in top_down(hops)
    ]
    return Board(order, lines, standing(hops), reading.timeline(session, order_id))


def _line(
    session: Session, actor: Actor, depth: int, hop: Assignment, rings: Sequence[CallLine]
) -> Line:
    gone = hop.state in reading.ENDED
    gave = may(actor, Act.ISSUE_ORDER, hop.area_path) and within(hop.giver_path, actor.area_path)
    mine = not gone and telling.holds(session, actor, hop)
    # Who does not command here does not see the calls: to him nobody's silence is told.
    nobody = not rings and hop.state in UNANSWERED and may(actor, Act.ISSUE_ORDER, hop.area_path)
    return Line(
        depth,
        hop,
        is_mine=mine,
        may_take_back=gave and not gone,
        call=next(iter(rings), None),
        rings_nobody=nobody,
    )
