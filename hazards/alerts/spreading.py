"""From an area to what is done there: lists for all that lies inside, calls for who minds it.

All of it happens in the transaction that issues, updates or ends the alert. Upgrading adds only
the difference; a calmer colour or a smaller area takes back only what nobody has begun.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.areas.rules import common_path
from gis.authority import Actor
from gis.store.engine import Sessions, unit_of_work
from gis.store.notify import announce
from gis.store.scope import PROGRAM, SYSTEM
from hazards.alerts import calling, lists, repository, statements
from hazards.alerts.models import Alert
from hazards.alerts.rules import TOPIC
from hazards.calls.program import as_program
from hazards.tasks import carriers, making
from hazards.tasks import lists as books
from hazards.tasks import statements as tasks
from hazards.tasks.making import Region, rows

BATCH = 5_000
"""So many people are called in one transaction of the worker."""
SLACK = timedelta(minutes=10)
"""A change may be committed this long after the moment it is dated."""
DISTRICT = 2


@dataclass(frozen=True, slots=True)
class Spread:
    """What an alert has set in motion: lists made and cancelled, people called."""

    made: int = 0
    cancelled: int = 0
    called: int = 0


def spread(session: Session, alert: Alert, *, by: Actor, now: datetime) -> Spread:
    """Bring lists and calls to what an alert in force asks; again changes nothing.

    A drill calls people and makes no lists: they would stand among the real ones.
    """
    with as_program(session):
        made = cancelled = 0
        if not alert.is_drill:
            made, cancelled = make_lists(session, alert, now=now)
        inside = calling.in_charge(session, alert, regions(alert.reach), now=now)
        calling.let_go(session, alert, inside, by=by, now=now)
        called = calling.call(session, alert, inside, by=by, now=now)
        alert.looked_at = now
    if made or cancelled:
        _tell(session, alert)
    return Spread(made, cancelled, called)


def end(session: Session, alert: Alert, *, by: Actor, now: datetime, why: str) -> Spread:
    """Take back what nobody has begun, and stop ringing."""
    with as_program(session):
        cancelled = rows(session, statements.END, {"root": alert.root_id, "at": now})
        calling.end(session, alert.root_id, why=why, by=by, now=now)
        alert.calling = False
    if cancelled:
        _tell(session, alert)
    return Spread(cancelled=cancelled)


def keep_up(sessions: Sessions, *, now: datetime) -> int:
    """Let what came in since get its lists too; give how many lists that made."""
    made = 0
    with unit_of_work(sessions, SYSTEM) as session:
        ids = [one.id for one in repository.in_force(session, now=now)]
    for alert_id in ids:
        with unit_of_work(sessions, SYSTEM) as session:
            alert = repository.held(session, alert_id)
            if alert and alert.looked_at and alert.ended_at is None and _stale(session, alert):
                made += spread(session, alert, by=PROGRAM, now=now).made
    return made


def go_on(sessions: Sessions, *, now: datetime, most: int = BATCH) -> int:
    """Call all who are left about every warning that has not reached everyone; count them.

    A batch in each transaction. Who is in charge is found once for all batches of a warning: what
    changes meanwhile is for `keep_up`.
    """
    called = 0
    with unit_of_work(sessions, SYSTEM) as session:
        ids = repository.calling(session)
    for alert_id in ids:
        inside = None
        while True:
            with unit_of_work(sessions, SYSTEM) as session:
                alert = repository.held(session, alert_id)
                if alert is None or not alert.calling:
                    break
                if inside is None:
                    inside = calling.in_charge(session, alert, regions(alert.reach), now=now)
                called += calling.call(session, alert, inside, by=PROGRAM, now=now, most=most)
                announce(session, topic=TOPIC, kind="calling", ref=alert.id,
                         area_path=alert.area_path)  # fmt: skip
    return called


def make_lists(session: Session, alert: Alert, *, now: datetime) -> tuple[int, int]:
    """Make the lists of an alert and cancel what it asks no more, as the program; count both."""
    book = books.read(session)
    due = lists.due(
        (*book.lists, *book.of_assets),
        repository.colours(session),
        alert.colour,
        key=f"alert/{alert.root_id}",
        begins_at=max(now, alert.onset_at or now),
    )
    asked = repository.bounds_of(alert) | {"due": books.as_json(due), "root": alert.root_id}
    codes = {"codes": sorted({one.template_code for one in due}), "at": now}
    cancelled = rows(session, statements.CANCEL, asked | codes)
    made = rows(session, statements.REVIVE, asked)
    roles = {one.role for one in due}
    for region in regions(alert.reach):
        where = region.bounds(now)
        stand_ins = carriers.stand_ins(session, where, roles, at=now, kinds=statements.KINDS)
        more = {"stand_ins": stand_ins, "today": day_of(now)}
        session.execute(tasks.AS_SETS)
        made += rows(session, statements.MAKE, asked | where | more)
        session.execute(tasks.AS_BEFORE)
    return made, cancelled


def regions(reach: Sequence[str]) -> list[Region]:
    """Give ranges of paths that hold all that is touched, one for each district."""
    return [Region.of(path) for path in _by_district(sorted(reach))]


def _by_district(paths: Sequence[str]) -> Iterator[str]:
    for _, found in groupby(paths, key=lambda path: path.split("/")[1 : 1 + DISTRICT]):
        inside = list(found)
        yield common_path(inside[0], inside[-1])


def _stale(session: Session, alert: Alert) -> bool:
    since = (alert.looked_at or alert.proposed_at) - SLACK
    changed: Any = [
        session.scalar(statements.CHANGED, region.bounds(since, since))
        for region in regions(alert.reach)
    ]
    left = {"since": since, "root": alert.root_id}
    return any(changed) or bool(session.scalar(statements.CHANGED_SINCE_MADE, left))


def _tell(session: Session, alert: Alert) -> None:
    reach = tuple(alert.reach)
    announce(session, topic=making.TOPIC, kind="made", ref=None, area_path=alert.area_path,
             also=reach)  # fmt: skip
