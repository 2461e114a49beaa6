"""The wall as its page reads it: whole, what changed since, or as it was at a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from gis.errors import Rejected
from hazards.calls import reading as calls
from rescue_app.dispatch.calling import TOPIC
from rescue_app.dispatch.members import calling as members
from rescue_app.dispatch.models import Order
from rescue_app.evacuation import reading as rosters
from rescue_app.evacuation import repository as evacuations
from rescue_app.evacuation.models import Move, MoveStep
from rescue_app.evacuation.rules import Standing, state_of
from rescue_app.incidents.models import Incident
from rescue_app.review.repository import whole
from rescue_app.site.calling import SUPPORT
from rescue_app.site.rules import ReportKind
from rescue_app.wall import repository, rules
from rescue_app.wall.rules import Hop

CLOCKS_APART = timedelta(seconds=2)
EVER = datetime.max.replace(tzinfo=UTC, microsecond=0)
"""What is there counts, whatever our clock says: another process's may go before it."""
NAMED_SILENT = 12
PARTS = 96
OrderLine = tuple[UUID, str, str, str, datetime, str]
"""Its id, what it asks for, how urgent, how it stands, when it was issued, what in English."""
Asking = list[tuple[UUID, str]]
"""Calls from sites that nobody has answered: the hop and the kind, who called all away last."""


@dataclass(frozen=True, slots=True)
class Ringing:
    """Of a silent hop: who is being asked, and who is next; `over` when all were, in vain."""

    asked: str
    next_up: str | None
    due_at: datetime
    over: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """People of the roster, and how many of them two persons vouch for."""

    roster: int
    verified: int


@dataclass(frozen=True, slots=True)
class Wall:
    """What a page is told. `seen` is what it asks with next; a past moment has none."""

    at: datetime
    seen: str | None
    orders: Sequence[OrderLine]
    hops: Sequence[Hop]
    numbers: Mapping[str, int]
    ringing: Mapping[UUID, Ringing]
    asking: Mapping[UUID, str]
    moved: Moved | None
    ticks: Sequence[int]


def now_of(session: Session, incident: Incident, *, now: datetime) -> Wall:
    """Give all of it as it stands."""
    seen = _cursor(session, now)
    shown = repository.orders(session, whole(session, incident), until=EVER)
    ids = [order.id for order in shown]
    asking = _asking(session, ids, EVER)
    return Wall(
        at=now,
        seen=seen,
        orders=_lines(shown),
        hops=repository.hops(session, ids, until=EVER),
        numbers=_numbers(session, ids, asking),
        ringing=_ringing(session, ids),
        asking=dict(asking),
        moved=_moved(session, incident, until=EVER),
        ticks=_ticks(session, incident, ids, now),
    )


def since(session: Session, incident: Incident, *, seen: str, roster: bool, now: datetime) -> Wall:
    """Give what a page that has `seen` does not know: few rows, and the sums anew."""
    snapshot, known = _parsed(seen)
    cursor = _cursor(session, now)
    shown = repository.orders(session, whole(session, incident), until=EVER)
    ids = [order.id for order in shown]
    fresh = repository.changed(session, ids, seen=snapshot, since=known - CLOCKS_APART)
    asking = _asking(session, ids, EVER)
    return Wall(
        at=now,
        seen=cursor,
        orders=_lines(shown),
        hops=repository.hops(session, ids, until=EVER, only=fresh) if fresh else [],
        numbers=_numbers(session, ids, asking),
        ringing=_ringing(session, ids),
        asking=dict(asking),
        moved=_moved(session, incident, until=EVER) if roster else None,
        ticks=(),
    )


def as_of(session: Session, incident: Incident, *, at: datetime, now: datetime) -> Wall:
    """Give what the wall showed at a moment: by what had been heard then, not what came later."""
    at = min(at, now)
    shown = repository.orders(session, whole(session, incident), until=at)
    ids = [order.id for order in shown]
    heard = repository.heard(session, ids, until=at)
    hops = rules.as_it_was(repository.hops(session, ids, until=at), heard)
    asking = _asking(session, ids, at)
    return Wall(
        at=at,
        seen=None,
        orders=_lines_then(session, shown, at),
        hops=hops,
        numbers=asdict(rules.numbers(hops)) | _said(session, ids, asking, at),
        ringing={},
        asking=dict(asking),
        moved=_moved(session, incident, until=at),
        ticks=(),
    )


def _cursor(session: Session, now: datetime) -> str:
    return f"{repository.here(session)}@{now.timestamp():.3f}"


def _parsed(seen: str) -> tuple[str, datetime]:
    snapshot, _, stamp = seen.partition("@")
    try:
        *_, _ = (int(part) for part in snapshot.replace(",", ":").split(":") if part)
        return snapshot, datetime.fromtimestamp(float(stamp)).astimezone()
    except ValueError as error:
        raise Rejected("This is not what a wall was told. Load the page again.") from error


def _lines(orders: Sequence[Order]) -> list[OrderLine]:
    return [
        (one.id, one.what, one.urgency, one.standing, one.issued_at, one.what_en) for one in orders
    ]


def _lines_then(session: Session, orders: Sequence[Order], at: datetime) -> list[OrderLine]:
    turns = repository.turns(session, [order.id for order in orders])
    said = ((one, rules.order_then(one.what, turns.get(one.id, ()), until=at)) for one in orders)
    return [
        (one.id, what, one.urgency, standing, one.issued_at, one.what_en * (what == one.what))
        for one, (what, standing) in said
    ]


def _numbers(session: Session, ids: Sequence[UUID], asking: Asking) -> dict[str, int]:
    return asdict(repository.numbers(session, ids)) | _said(session, ids, asking, EVER)


def _said(session: Session, ids: Sequence[UUID], asking: Asking, until: datetime) -> dict[str, int]:
    return {
        "said_moved": repository.people_moved(session, ids, until=until),
        "support": len(asking),
        "danger": sum(kind == ReportKind.DANGER for _, kind in asking),
    }


def _asking(session: Session, ids: Sequence[UUID], until: datetime) -> Asking:
    return repository.support_waiting(session, ids, topic=SUPPORT, until=until)


def _ringing(session: Session, ids: Sequence[UUID]) -> dict[UUID, Ringing]:
    hops = repository.silent(session, ids, limit=NAMED_SILENT)
    people = repository.silent_members(session, ids, limit=NAMED_SILENT)
    lines = calls.lines_of(session, hops, topic=TOPIC)
    lines |= calls.lines_of(session, people, topic=members.TOPIC)
    return {
        hop_id: Ringing(
            line.asked[0].name,
            line.next_up.name if line.next_up else None,
            line.ladder.due_at,
            line.untaken,
        )
        for hop_id, (line, *_) in lines.items()
        if line.asked
    }


def _moved(session: Session, incident: Incident, *, until: datetime) -> Moved | None:
    roster = evacuations.of_incident(session, incident.id)
    if roster is None or roster.made_at > until:
        return None
    moves = evacuations.moves(session, roster.id)
    logs = evacuations.steps(session, [move.id for move in moves])
    # Who may not read the households is not told a nought.
    return _counted(moves, logs, until) if moves else None


def _counted(
    moves: Sequence[Move], logs: Mapping[UUID, Sequence[MoveStep]], until: datetime
) -> Moved:
    def verified(move: Move) -> bool:
        log = (rosters.as_step(line) for line in logs[move.id] if line.received_at <= until)
        return state_of(log).standing is Standing.VERIFIED

    return Moved(
        sum(move.people for move in moves), sum(move.people for move in moves if verified(move))
    )


def _ticks(session: Session, incident: Incident, ids: Sequence[UUID], now: datetime) -> list[int]:
    began = incident.opened_at
    if now <= began:
        return []
    return repository.ticks(session, ids, since=began, until=now, parts=PARTS)


@dataclass(frozen=True, slots=True)
class Crews:
    """Where the crews of an order and their members are, as a map of thousands is told."""

    at: datetime
    seen: str
    crews: Sequence[Hop]


def crews_of(session: Session, order_id: UUID, *, seen: str | None, now: datetime) -> Crews:
    """Give all that have a place, or what a map that has `seen` does not know of them."""
    cursor = _cursor(session, now)
    fresh: Sequence[UUID] | None = None
    if seen is not None:
        snapshot, known = _parsed(seen)
        fresh = repository.changed(session, [order_id], seen=snapshot, since=known - CLOCKS_APART)
    hops = repository.hops(session, [order_id], until=EVER, only=fresh) if fresh != [] else []
    return Crews(now, cursor, [hop for hop in hops if rules.on_map(hop, is_news=bool(fresh))])
