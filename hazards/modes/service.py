"""Verb of modes: switch. What it does to the lists is `hazards.tasks.switching`'s matter."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.authority import Act, Actor, require, within
from gis.errors import Conflict, Missing
from gis.store import audit, notify
from gis.store.base import new_id
from hazards.modes import repository, rules
from hazards.modes.models import AreaMode
from hazards.modes.repository import mode_at
from hazards.modes.repository import paths_below as told_paths
from hazards.modes.rules import Mode

__all__ = ["Switched", "mode_at", "switch", "told_paths"]


@dataclass(frozen=True, slots=True)
class Switched:
    """The row now in force; `was` is what stood there before."""

    row: AreaMode
    was: Mode
    new: bool
    raised_below: int = 0


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
) -> Switched:
    """Put an area into a mode. Raising it raises what stands lower inside; lowering leaves it.

    The same id twice is one switch; into the mode that an area set for itself already, none.
    What followed a response level (`level_id`) is taken over by whoever sets it by hand.
    """
    _may(session, area_path, by)
    said = rules.checked_reason(reason)
    repository.hold(session)
    known = session.get(AreaMode, id) if id else None
    if known is not None:
        return again(known, area_path, mode)
    own = repository.own(session, area_path)
    newest = repository.newest_beginning(session, area_path)
    begin = rules.begin_of(now, last_began=newest)
    was = repository.mode_at(session, area_path, begin)
    if own is not None and own.mode == mode and not taken_over(own, level_id):
        return Switched(own, was, new=False)
    if own is not None:
        own.period = Range(own.since, begin)
        session.flush()  # the old one ends before the new one begins
    row = AreaMode(id=id or new_id(), area_path=area_path, mode=mode, reason=said)
    row.period = Range(begin, None)
    row.by_id, row.by_name, row.synthetic, row.level_id = by.id, by.name, synthetic, level_id
    session.add(row)
    session.flush()  # lists are made from what stands now
    raised = repository.end_below(session, area_path, rules.calmer(mode), begin)
    tell(session, row, was, raised)
    return Switched(row, was, new=True, raised_below=raised)


def taken_over(own: AreaMode, level_id: UUID | None) -> bool:
    """Tell whether somebody sets by hand what only followed a response level until now."""
    return own.level_id is not None and level_id is None


def _may(session: Session, area_path: str, by: Actor) -> None:
    near = within(area_path, by.area_path) or within(by.area_path, area_path)
    if not near or areas.by_path(session, area_path) is None:
        raise Missing("There is no such area for you.")
    require(by, Act.SWITCH_MODE, area_path)


def again(known: AreaMode, area_path: str, mode: Mode) -> Switched:
    """Answer a repeat with what was kept."""
    if (known.area_path, known.mode) != (area_path, mode):
        raise Conflict("This switch's number is taken. Reload the page and switch again.")
    return Switched(known, mode, new=False)


def tell(session: Session, row: AreaMode, was: Mode, raised_below: int) -> None:
    """Write the audit line and tell every centre inside."""
    audit.record(
        session,
        act="mode.switched",
        subject=row.id,
        area_path=row.area_path,
        was=was,
        became=row.mode,
        why=row.reason,
        raised_below=raised_below,
    )
    also = tuple(told_paths(session, row.area_path))
    notify.announce(
        session, topic="mode", kind=row.mode, ref=row.id, area_path=row.area_path, also=also
    )
