"""A switch of the mode with all it does to the lists, in one transaction.

Whoever switches a mode calls this and not `modes.service`: lists of the new mode start, and
what nobody has begun of the others is cancelled. What somebody has begun he may finish.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.store import audit, notify
from hazards.checklists.rules import Mode
from hazards.modes import service as modes
from hazards.modes.service import Switched
from hazards.tasks import lists, making, statements
from hazards.tasks.making import TOPIC, Region, rows


@dataclass(frozen=True, slots=True)
class Turned:
    """A switch, and how many tasks it started and cancelled."""

    switched: Switched
    started: int = 0
    cancelled: int = 0


def switch(
    session: Session,
    *,
    area_path: str,
    mode: Mode,
    reason: str,
    by: Actor,
    now: datetime,
    id: UUID | None = None,  # noqa: A002 - the row's id, made by whoever asks
    synthetic: bool = False,
    level_id: UUID | None = None,
) -> Turned:
    """Put an area into a mode and change its lists."""
    done = modes.switch(
        session, area_path=area_path, mode=mode, reason=reason, by=by, now=now, id=id,
        synthetic=synthetic, level_id=level_id,
    )  # fmt: skip
    if not done.new:
        return Turned(done)
    began = done.row.since or now
    region, book = Region.of(area_path), lists.read(session)
    due = making.due_in(session, region, book, began)
    asked = region.bounds(began) | {"due": lists.as_json(due)}
    # What comes back is looked for first: of a whole city half a million are cancelled after it.
    started = rows(session, statements.REVIVE, asked)
    cancelled = rows(session, statements.CANCEL, region.bounds(began))
    started += making.make(session, region, due, now=began)
    started += making.make(session, region, book.after_rain(done.was, mode, began), now=began)
    tell(session, done, started, cancelled)
    return Turned(done, started, cancelled)


def tell(session: Session, done: Switched, started: int, cancelled: int) -> None:
    """Log what the switch did to the lists, and why."""
    row = done.row
    audit.record(
        session,
        act="tasks.switched",
        subject=row.id,
        area_path=row.area_path,
        mode=row.mode,
        why=row.reason,
        started=started,
        cancelled=cancelled,
    )
    also = tuple(modes.told_paths(session, row.area_path))
    notify.announce(
        session, topic=TOPIC, kind="switched", ref=row.id, area_path=row.area_path, also=also
    )
