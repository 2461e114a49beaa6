"""The review of a night: read at any moment, and the same way while it still goes on."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, city_of, require
from gis.errors import Missing
from gis.store import audit
from rescue_app.dispatch.changes import OrderStanding
from rescue_app.dispatch.models import Order
from rescue_app.incidents import service as incidents
from rescue_app.incidents.models import Incident
from rescue_app.review import indicators, ladders, plan, repository, rules
from rescue_app.review.indicators import ALL, Formula, Found
from rescue_app.review.ladders import RungLine
from rescue_app.review.models import Indicator
from rescue_app.review.plan import Planned
from rescue_app.review.rules import MEMBER, Fate, Hop, Leg, Spread, Tally
from rescue_app.review.timeline import Night


@dataclass(frozen=True, slots=True)
class Measured:
    """An indicator beside what this night gives."""

    row: Indicator
    formula: Formula
    found: Found


@dataclass(frozen=True, slots=True)
class Missed:
    """A hop where something went another way: silent, refused, climbed over, taken back."""

    hop: Hop
    order: Order
    fate: Fate
    instead: Sequence[Hop]


@dataclass(frozen=True, slots=True)
class Review:
    """All figures of one night, up to a moment."""

    incident: Incident
    night: Night
    until: datetime
    orders: Sequence[Order]
    hops: Sequence[Hop]
    levels: Mapping[str, Sequence[Hop]]
    """Hops by level; below the crews their members, who are no hops and counted apart."""
    total: Tally
    tallies: Mapping[str, Tally]
    times: Mapping[str, Mapping[Leg, Spread]]
    rungs: Mapping[str, Sequence[RungLine]]
    missed: Sequence[Missed]
    planned: Sequence[Planned]
    measured: Sequence[Measured]


def of_incident(session: Session, incident_id: UUID, *, now: datetime) -> Review:
    """Read the review of an incident, with everything that was joined with it."""
    incident = incidents.visible(session, incident_id)
    orders, night = _night(session, incident)
    hops = repository.hops(session, orders)
    everyone = [*hops, *repository.members(session, orders)]
    levels = rules.by_level(everyone)
    tallies = {level: rules.tally(those, now=now) for level, those in levels.items()}
    times = {level: rules.spreads(those) for level, those in levels.items()}
    total = rules.added(told for level, told in tallies.items() if level != MEMBER)
    return Review(
        incident,
        night,
        now,
        orders,
        hops,
        levels,
        total,
        tallies,
        times,
        _rungs(session, night.call_ids, now),
        _missed(everyone, {order.id: order for order in orders}, now),
        plan.against(session, night.incident_ids, orders, _by_order(hops), now=now),
        _measured(session, tallies | {ALL: total}, levels | {ALL: hops}, now),
    )


def night_of(session: Session, incident_id: UUID) -> tuple[Incident, Night]:
    """Find an incident and whose lines are its night: what the timeline needs, without figures."""
    incident = incidents.visible(session, incident_id)
    return incident, _night(session, incident)[1]


def _night(session: Session, incident: Incident) -> tuple[Sequence[Order], Night]:
    whole = repository.whole(session, incident)
    orders = repository.orders(session, whole)
    since = min((order.issued_at for order in orders), default=incident.opened_at)
    since = min(since, incident.opened_at)
    return orders, Night(whole, repository.call_ids(session, whole, orders, since=since))


def _rungs(session: Session, calls: Sequence[UUID], now: datetime) -> dict[str, Sequence[RungLine]]:
    found: dict[str, list[ladders.Rung]] = defaultdict(list)
    for topic, rung in repository.rungs(session, calls):
        found[topic].append(rung)
    return {topic: ladders.lines(rungs, now=now) for topic, rungs in sorted(found.items())}


def _by_order(hops: Sequence[Hop]) -> dict[UUID, list[Hop]]:
    found: dict[UUID, list[Hop]] = defaultdict(list)
    for hop in hops:
        found[hop.order_id].append(hop)
    return found


def _missed(hops: Sequence[Hop], orders: Mapping[UUID, Order], now: datetime) -> list[Missed]:
    """Give what went another way, silence first."""
    given_by: dict[UUID | None, list[Hop]] = defaultdict(list)
    for hop in sorted(hops, key=lambda hop: hop.began_at):
        given_by[hop.parent_id].append(hop)
    ended = {one.id for one in orders.values() if one.standing == OrderStanding.ENDED}
    ends = rules.endings(hops, ended)
    found = [
        Missed(hop, orders[hop.order_id], what, rules.instead(hop, given_by))
        for hop in hops
        if (what := rules.fate(hop, now=now)) is Fate.SILENT
        or rules.went_another_way(hop, ended_at=ends.get(hop.order_id))
    ]
    return sorted(found, key=lambda one: (one.fate is not Fate.SILENT, one.hop.began_at))


def _measured(
    session: Session,
    tallies: Mapping[str, Tally],
    levels: Mapping[str, Sequence[Hop]],
    now: datetime,
) -> list[Measured]:
    made: list[Measured] = []
    for row in repository.indicators(session):
        wanted = indicators.formula(row.figure, row.of, row.level)
        found = indicators.found(wanted, row.target, tallies, levels, now=now)
        made.append(Measured(row, wanted, found))
    return made


def set_target(session: Session, *, code: str, target: float, by: Actor) -> Indicator:
    """Set the target of an indicator for the whole city."""
    require(by, Act.SET_REPORT_TIMES, city_of(by.area_path))
    row = repository.indicator(session, code)
    if row is None:
        raise Missing("There is no such indicator.")
    wanted = indicators.formula(row.figure, row.of, row.level)
    row.target, row.changed_by_name = indicators.checked_target(wanted, target), by.name
    facts = {"code": code, "target": target}
    audit.record(session, act="review.target", subject=None, area_path=by.area_path, **facts)
    return row
