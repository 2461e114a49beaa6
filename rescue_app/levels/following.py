"""The mode goes with the levels: of a district when they change, and when the mode above does.

A city that calls its war off calls it off for the districts whose mode only follows a level:
each then stands as its levels in force ask for. What somebody set by hand stays.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from hazards.modes import repository as modes
from hazards.modes.models import AreaMode
from hazards.modes.rules import Mode
from hazards.tasks import switching
from hazards.tasks.switching import Turned
from rescue_app.levels import repository, rules
from rescue_app.levels.rules import Change, Own


def switch_by_hand(
    session: Session,
    *,
    area_path: str,
    mode: Mode,
    reason: str,
    by: Actor,
    now: datetime,
    id: UUID | None = None,  # noqa: A002 - the row's id, made by whoever asks
) -> Turned:
    """Put an area into a mode, and the districts inside into the one their levels ask for now."""
    turned = switching.switch(
        session, id=id, area_path=area_path, mode=mode, reason=reason, by=by, now=now
    )
    if not turned.switched.new:
        return turned
    begin = turned.switched.row.since or now
    for path, held in districts(session, area_path, begin).items():
        goal = wanted(session, path, held, None, at=begin)
        if goal is not None:
            also = switching.switch(
                session, area_path=path, mode=goal, reason=reason, by=by, now=begin,
                level_id=level_of(session, path, held),
            )  # fmt: skip
            started = turned.started + also.started
            turned = replace(turned, started=started, cancelled=turned.cancelled + also.cancelled)
    return turned


def districts(session: Session, area_path: str, at: datetime) -> dict[str, AreaMode | None]:
    """Give the districts inside an area that have a level in force or follow one, and their row."""
    held = {row.area_path: row for row in modes.below(session, area_path, at)}
    follow = {path for path, row in held.items() if row.level_id is not None}
    levels = {row.area_path for row in repository.in_force(session, area_path)}
    inside = {path for path in follow | levels if path != area_path and path.startswith(area_path)}
    return {path: held.get(path) for path in sorted(inside)}


def wanted(
    session: Session, path: str, held: AreaMode | None, change: Change | None, *, at: datetime
) -> Mode | None:
    """Give the mode that a district is to be switched to, if any."""
    levels = [row.level for row in repository.of_district(session, path)]
    asked = rules.wanted(levels, repository.modes(session))
    own = Own(Mode(held.mode), held.level_id is not None) if held else None
    above = path.rstrip("/").rpartition("/")[0] + "/"
    return rules.followed(own, above=modes.mode_at(session, above, at), asked=asked, change=change)


def level_of(session: Session, path: str, held: AreaMode | None) -> UUID | None:
    """Give the gravest level in force in a district; without any, the one it followed."""
    levels = repository.of_district(session, path)
    if levels:
        return levels[0].id
    return held.level_id if held else None
