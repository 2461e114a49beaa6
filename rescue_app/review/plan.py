"""Plan against actual: each action of the plan beside what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from gis.errors import Missing
from rescue_app.dispatch.changes import OrderStanding
from rescue_app.dispatch.checklist import Item
from rescue_app.dispatch.models import Order
from rescue_app.dispatch.rules import GONE, HopKind, StepKind
from rescue_app.plans import service as plans
from rescue_app.plans.rules import Action, at_level
from rescue_app.proposals import repository as issues
from rescue_app.proposals.models import OrderBatch, OrderBatchLine
from rescue_app.review.rules import Hop, Mark, marks


class Verdict(StrEnum):
    """How an action of the plan ended."""

    IN_TIME = "in_time"
    LATE = "late"
    GOING_ON = "going_on"
    OVERDUE = "overdue"
    ENDED = "ended"
    NOT_ISSUED = "not_issued"


@dataclass(frozen=True, slots=True)
class Planned:
    """One action: what the plan (or the commander) asked for, and what was done."""

    district_path: str
    step: str
    zh: str
    en: str
    order: Order | None
    due_at: datetime | None
    answered: timedelta | None
    arrived: timedelta | None
    done: timedelta | None
    verdict: Verdict
    taken_off: Sequence[Item] = ()
    """What the plan has on site to tick and the commander did not."""
    put_on: Sequence[Item] = ()


def against(
    session: Session,
    incident_ids: Sequence[UUID],
    orders: Sequence[Order],
    hops: Mapping[UUID, Sequence[Hop]],
    *,
    now: datetime,
) -> list[Planned]:
    """Give every action of the plans that were used, then what was ordered without one."""
    batches = issues.batches(session, incident_ids)
    by_batch = issues.lines(session, [batch.id for batch in batches])
    known = {order.id: order for order in orders}
    made: list[Planned] = []
    for district in sorted({batch.district_path for batch in batches}):
        mine = [batch for batch in batches if batch.district_path == district]
        lines = [line for batch in mine for line in by_batch[batch.id]]
        made += _district(district, _actions(session, mine), lines, known, hops, now)
    issued = {line.order_id for lines in by_batch.values() for line in lines}
    bare = [order for order in orders if order.id not in issued]
    return made + [
        _done(
            order,
            hops.get(order.id, ()),
            now,
            ("", "", order.what, order.what_en or order.what),
        )
        for order in bare
    ]


def _actions(session: Session, batches: Sequence[OrderBatch]) -> list[Action]:
    """Give what the plans asked for at the highest level they were used at; newest issue first."""
    found: dict[str, Action] = {}
    for batch in batches:
        if batch.plan_version is None:
            continue
        try:
            plan = plans.version_of(session, batch.plan_type, batch.plan_version)
        except Missing:
            continue
        for action in at_level(plans.entry_of(plan).as_actions(), batch.level):
            found.setdefault(action.code, action)
    return list(found.values())


def _district(
    district: str,
    actions: Sequence[Action],
    lines: Sequence[OrderBatchLine],
    orders: Mapping[UUID, Order],
    hops: Mapping[UUID, Sequence[Hop]],
    now: datetime,
) -> list[Planned]:
    sent = {line.action: line for line in lines}
    made: list[Planned] = []
    for action in actions:
        order = orders.get(sent[action.code].order_id) if action.code in sent else None
        said = (district, action.step, action.zh, action.en)
        if order is None:
            made.append(Planned(*said, None, None, None, None, None, Verdict.NOT_ISSUED))
        else:
            made.append(_ticked(_done(order, hops.get(order.id, ()), now, said), action, order))
    planned = {action.code for action in actions}
    for line in lines:
        order = orders.get(line.order_id)
        if order is not None and line.action not in planned:
            said = (district, line.step, order.what, order.what_en or order.what)
            made.append(_done(order, hops.get(order.id, ()), now, said))
    return made


def _ticked(done: Planned, action: Action, order: Order) -> Planned:
    """Tell what of the plan's checklist the commander took off, and what he put on."""
    plan = action.checklist
    return replace(
        done,
        taken_off=[item for item in plan if item not in order.checklist],
        put_on=[item for item in order.checklist if item not in plan],
    )


def _done(
    order: Order, hops: Sequence[Hop], now: datetime, said: tuple[str, str, str, str]
) -> Planned:
    times = {mark: _since(order, hops, mark) for mark in (Mark.ANSWERED, Mark.ARRIVED)}
    ended = finished(hops)
    took = None if ended is None else ended - order.issued_at
    verdict = _verdict(order, ended, now)
    return Planned(*said, order, order.due_at, times[Mark.ANSWERED], times[Mark.ARRIVED], took,
                   verdict)  # fmt: skip


def _since(order: Order, hops: Sequence[Hop], mark: Mark) -> timedelta | None:
    first = min((at for hop in hops if (at := marks(hop).get(mark))), default=None)
    return None if first is None else first - order.issued_at


def finished(hops: Sequence[Hop]) -> datetime | None:
    """Give when the last crew that still had it was done; while one is not, it is not."""
    crews = [hop for hop in hops if hop.holder is HopKind.CREW]
    left = [hop for hop in crews if not _given_up(hop)]
    ends = [marks(hop).get(Mark.DONE) for hop in left]
    if not ends or None in ends:
        return None
    return max(end for end in ends if end is not None)


def _given_up(hop: Hop) -> bool:
    """Tell who has it no more: taken back, or refused and never taken on after that."""
    if Mark.DONE in marks(hop):
        return False
    refused = max((s.done_at for s in hop.told.lines if s.kind is StepKind.CANNOT), default=None)
    back = hop.first(*GONE)
    later = any(
        s.kind is StepKind.ACCEPTED and refused and s.done_at > refused for s in hop.told.lines
    )
    return back is not None or (refused is not None and not later)


def _verdict(order: Order, ended: datetime | None, now: datetime) -> Verdict:
    due = order.due_at
    if ended is not None:
        return Verdict.IN_TIME if due is None or ended <= due else Verdict.LATE
    if order.standing == OrderStanding.ENDED:
        return Verdict.ENDED
    return Verdict.OVERDUE if due is not None and due < now else Verdict.GOING_ON
