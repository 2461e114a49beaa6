"""An order as its readers see it: the tree with clocks, the numbers, the timeline."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, may, within
from hazards.calls import reading as calls
from hazards.calls.program import as_program
from rescue_app.dispatch import (
    changes_repository,
    laying_repository,
    reading,
    service,
    telling,
    tree,
)
from rescue_app.dispatch.calling import TOPIC
from rescue_app.dispatch.cascade import Hop, Standing, standing, top_down, under_givers
from rescue_app.dispatch.changes import OrderStanding
from rescue_app.dispatch.changes_repository import ChangeLine
from rescue_app.dispatch.members import reading as people
from rescue_app.dispatch.members.models import MemberPart, MemberStep
from rescue_app.dispatch.members.reading import Members
from rescue_app.dispatch.members.rules import Tally
from rescue_app.dispatch.models import (
    Assignment,
    AssignmentStep,
    ChangeNotice,
    Order,
    OrderChange,
)
from rescue_app.dispatch.offering import Proposed, open_offers
from rescue_app.dispatch.rules import CHANGE_TOPIC, UNANSWERED, HopKind, StepKind

HOPS_SHOWN = 150
"""Hops on a page of an order's tree, besides those who gave them."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A change that a hop has not answered yet, and who is being called about it."""

    notice: ChangeNotice
    change: OrderChange
    call: calls.Line | None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the tree, and what the reader may do with it."""

    depth: int
    hop: Assignment
    is_mine: bool
    may_take_back: bool
    may_give: bool
    """Give the members of this crew their parts."""
    call: calls.Line | None
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
    """Everything the order page shows; of the tree a page, of all else the sums or the newest."""

    order: Order
    lines: Sequence[Line]
    """The hops of the page, each under those who gave it."""
    page: int
    pages: int
    unseen: int
    """How many hops stand on other pages."""
    mine: Line | None
    """The reader's own hop, on whatever page it stands."""
    chosen: Line | None
    """The crew whose people are looked at, on whatever page it stands."""
    numbers: Standing
    timeline: Sequence[Told]
    changes: Sequence[ChangeLine]
    may_change: bool
    climbed_over: Mapping[UUID, AssignmentStep]
    declined: Mapping[UUID, AssignmentStep]
    entered: Mapping[UUID, AssignmentStep]
    members: Members
    """Of the hops that are shown; `asked` counts all."""
    asked: Tally


def as_hop(row: Assignment) -> Hop:
    """Give a hop as the pure rules know it."""
    return Hop(row.id, row.parent_id, HopKind(row.holder), StepKind(row.state), row.answer_due_at)


def outline(session: Session, order_id: UUID) -> Outline:
    """Read an order, its hops, numbers and newest lines, as far as the asker may see."""
    order = service.visible(session, order_id)
    rows = {row.id: row for row in reading.hops_of(session, order_id)}
    hops = [as_hop(row) for row in rows.values()]
    lines = [(depth, rows[hop.id]) for depth, hop in top_down(hops)]
    timeline = reading.timeline(session, order_id)
    changes = changes_repository.lines_of(session, order_id)
    return Outline(order, lines, standing(hops), timeline, changes)


def board(
    session: Session, actor: Actor, order_id: UUID, *, page: int = 1, crew: UUID | None = None
) -> Board:
    """Read an order as far as the actor may see it, and a page of its tree.

    However many crews it went to, no row is read for one that is not shown.
    """
    order = service.visible(session, order_id)
    count = tree.count(session, order_id)
    pages = max(1, -(-count // HOPS_SHOWN))
    page = min(page, pages)
    rows = _tree(session, order_id, page)
    own = tree.own(session, order_id, actor)
    chosen = tree.hop(session, order_id, crew) if crew else None
    beside = [*own, chosen] if chosen else own
    hops = list({hop.id: hop for hop in (*(hop for _, hop in rows), *beside)}.values())
    ids = [hop.id for hop in hops]
    line = _reader(session, actor, order_id, hops)
    mine = (one for one in (line(0, hop) for hop in own) if one.is_mine)
    gives = may(actor, Act.ISSUE_ORDER, order.area_path)
    return Board(
        order=order,
        lines=[line(depth, hop) for depth, hop in rows],
        page=page,
        pages=pages,
        unseen=count - len(rows),
        mine=min(mine, key=_settled, default=None),
        chosen=line(0, chosen) if chosen else None,
        numbers=tree.standing(session, order_id),
        timeline=_timeline(session, order_id),
        changes=changes_repository.lines_of(session, order_id),
        may_change=gives and order.standing != OrderStanding.ENDED,
        climbed_over=reading.last_said(session, ids, StepKind.CLIMBED_OVER),
        declined=reading.last_said(session, ids, StepKind.DECLINED),
        entered=reading.entered(session, ids),
        members=people.of_hops(session, ids),
        asked=people.total(session, order_id),
    )


def _settled(line: Line) -> bool:
    """Tell whether a hop waits for no word of its holder: of several the other is asked first."""
    return not line.owes and line.hop.state not in UNANSWERED


def _tree(session: Session, order_id: UUID, page: int) -> list[tuple[int, Assignment]]:
    """Give the hops of a page from the top down, each with its depth."""
    shown = tree.page(session, order_id, number=page, size=HOPS_SHOWN)
    above = tree.above(session, shown)
    rows = {hop.id: hop for hop in (*shown, *above)}
    lines = under_givers([as_hop(hop) for hop in shown], [as_hop(hop) for hop in above])
    return [(depth, rows[hop.id]) for depth, hop in lines]


def _reader(
    session: Session, actor: Actor, order_id: UUID, hops: Sequence[Assignment]
) -> Callable[[int, Assignment], Line]:
    """Look up at once all that lines of these hops say; give what makes a line of one."""
    ids = [hop.id for hop in hops]
    rings = calls.lines_of(session, ids, topic=TOPIC)
    owed, mine = _owed(session, ids), telling.held(session, actor, hops)
    due = _due(session, order_id, hops, rings)
    offers = open_offers(session, hops)

    def line(depth: int, hop: Assignment) -> Line:
        said = rings.get(hop.id, ()), owed.get(hop.id, ()), mine, offers.get(hop.id)
        return _line(actor, depth, hop, *said, may_ring=hop.began_at in due)

    return line


def _due(
    session: Session, order_id: UUID, hops: Sequence[Assignment], rings: Collection[UUID]
) -> Collection[datetime]:
    """Give when those hops were given about which somebody may be called yet, in a second."""
    if all(hop.id in rings for hop in hops):
        return ()
    with as_program(session):
        return laying_repository.due_times(session, order_id)


def _timeline(session: Session, order_id: UUID) -> list[Told]:
    """Give the newest lines of hops and members in one row, newest first."""
    limit = reading.TIMELINE_LIMIT
    lines = [Told(step, hop) for step, hop in reading.timeline(session, order_id, limit=limit)]
    of_members = people.timeline(session, order_id, limit=limit)
    lines += [Told(step, hop, part) for step, part, hop in of_members]
    lines.sort(key=lambda line: (line.step.received_at, line.step.id), reverse=True)
    return lines[: reading.TIMELINE_LIMIT]


def _owed(session: Session, hop_ids: Sequence[UUID]) -> dict[UUID, list[Owed]]:
    found = changes_repository.owed_of(session, hop_ids)
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
    rings: Sequence[calls.Line],
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
