"""Calls people about an order that is out: it is told first, and then it rings.

That is left to do stands in the transaction that gave the hops, and goes with the last call: the
worker takes it up each second, also what somebody was killed over. Whoever answers for a hop
before that, or takes it back, has its call laid out first. Who lays out holds what is due, so
each hop is called about once; hops are not held, and nobody waits for more than a batch.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.store.engine import Sessions, keep_plans, unit_of_work
from gis.store.scope import NO_ONE, SYSTEM
from hazards.calls.program import as_program
from rescue_app.dispatch import calling, laying_repository, repository
from rescue_app.dispatch.calling import Said
from rescue_app.dispatch.models import Assignment

BATCH = 1000
log = structlog.get_logger()


def lay_out(sessions: Sessions, *, now: datetime, most: int = BATCH) -> int:  # noqa: ARG001 - the worker's clock; hops keep theirs
    """Call everybody about hops that were given and not called about; count the hops."""
    with unit_of_work(sessions, SYSTEM) as session:
        waiting = laying_repository.all_due(session)
    done = 0
    for due_id in waiting:
        try:
            done += _lay_out(sessions, due_id, most)
        except OperationalError:
            raise
        except Exception:
            log.exception("orders.calls_not_laid_out", due=str(due_id))  # the others still ring
    return done


def _lay_out(sessions: Sessions, due_id: UUID, most: int) -> int:
    done, after = 0, NO_ONE
    while True:
        with unit_of_work(sessions, SYSTEM) as session:
            due = laying_repository.held(session, due_id)
            if due is None:
                return done
            hops = laying_repository.given(session, due, after=after, limit=most)
            keep_plans(session)
            _open(session, hops)
            if len(hops) < most:
                session.delete(due)
        done += len(hops)
        if len(hops) < most:
            return done
        after = hops[-1].id


def hear(session: Session, said: Sequence[Said]) -> None:
    """Let the calls of hops hear what was said about them; called in the SYSTEM scope."""
    _ahead(session, [one.hop for one in said])
    calling.hear(session, said)


def end(
    session: Session, hops: Sequence[Assignment], *, why: str, by: Actor, now: datetime
) -> None:
    """Stop ringing about hops that were taken back; the worker does not begin after that."""
    with as_program(session):
        _ahead(session, hops)
    calling.end(session, hops, why=why, by=by, now=now)


def _ahead(session: Session, hops: Collection[Assignment]) -> None:
    """Lay out the calls of these hops now, where that is still to be done; in the SYSTEM scope."""
    due = laying_repository.held_of(session, {hop.order_id for hop in hops}) if hops else ()
    if due:
        _open(session, laying_repository.given_among(session, due, {hop.id for hop in hops}))


def _open(session: Session, hops: Sequence[Assignment]) -> None:
    """Open calls for hops, by order, centre and time of giving."""
    together: dict[tuple[UUID, str, datetime], list[Assignment]] = defaultdict(list)
    for hop in hops:
        together[hop.order_id, hop.giver_path, hop.began_at].append(hop)
    for (order_id, _, _), given in together.items():
        order = repository.visible(session, order_id)
        if order is not None:
            calling.open_for(session, order, given)
