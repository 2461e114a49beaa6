"""Draw the susceptibility map of an area, and propose what it says. Work for a job."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Rejected
from hazards.evidence import grid, looking, searching
from hazards.evidence import repository as evidence
from hazards.evidence.grid import Grid
from hazards.evidence.models import EvidenceSearch
from hazards.evidence.rules import Known
from hazards.evidence.telling import say
from hazards.points.rules import Evidence
from hazards.susceptibility import mapping, repository
from hazards.susceptibility.gathering import Gathered, gather
from hazards.susceptibility.proposing import Settlement, likely
from hazards.susceptibility.rules import FOLDS, LINES, METHOD, MOST_CELLS, RASTERS, Asked
from hazards.susceptibility.trials import MODELS

TOTAL = len(RASTERS) + len(LINES) + FOLDS * len(MODELS) + 2
Told = Callable[[int, int], None]
"""Hears how many steps of how many are done; may leave by an exception."""


class Steps:
    """Counts what is done."""

    def __init__(self, told: Told) -> None:
        self._told, self._done = told, 0

    def next(self) -> None:
        """Tell of one step more."""
        self._told(self._done, TOTAL)
        self._done += 1

    def still(self) -> None:
        """Tell that a step goes on."""
        self._told(self._done - 1, TOTAL)


def draw(
    session: Session,
    *,
    id: UUID,  # noqa: A002 - the map's own id, made by whoever asks
    asked: Asked,
    by: Actor,
    now: datetime,
    settlements: Sequence[Settlement] = (),
    told: Told = lambda _done, _total: None,
) -> EvidenceSearch:
    """Draw the map of whoever asks' area and propose what it says; once for an id."""
    require(by, Act.EDIT_POINT, by.area_path)
    there = evidence.search(session, id)
    if there is not None:
        return there
    asked.checked()
    evidence.one_at_a_time(session)
    steps, outline = Steps(told), outlined(session, by, now)
    cells = laid(outline, asked)
    records = sorted(
        evidence.records(session, family=asked.family, area_path=by.area_path),
        key=lambda one: (one.happened_at, one.source, one.number),
    )
    used = [one for one in records if one.reach_m <= asked.side_m]
    ground = gather(session, cells, outline, step=steps.next, told=steps.still)
    drawn = mapping.mapped(
        cells, cells.counted(used), ground.values, seed=asked.seed, told=steps.next
    )
    vintage = looking.vintage(records, used) | made_of(session, ground, used)
    made = kept(session, id, asked, by=by, now=now, vintage=vintage, result=drawn.result)
    if drawn.is_drawn:
        steps.next()
        repository.keep_zones(session, made, mapping.zones(cells, drawn))
        found = likely(cells, drawn, settlements, used, ground.sources)
        told_of = searching.propose(session, made, found, of=(Evidence.POSSIBLE,))
        made.result = made.result | told_of
    told(TOTAL, TOTAL)
    counts = {name: made.result[name] for name in ("outcome", "new")}
    say(session, made, "mapped", by.area_path, family=asked.family, **counts)
    return made


def outlined(session: Session, by: Actor, now: datetime) -> BaseGeometry:
    """Give the outline of whoever asks' area."""
    outline = searching.outline_of(session, by.area_path, now=now)
    if outline is None:
        raise Rejected("Your area has no outline yet. Bring its boundary in first.")
    return outline


def laid(outline: BaseGeometry, asked: Asked) -> Grid:
    """Lay cells over an area, as many as a map can hold."""
    cells = grid.over(outline, wide_m=asked.side_m)
    if len(cells.middles) > MOST_CELLS:
        raise Rejected(
            "That makes {cells} cells, more than {most}. Choose wider cells.",
            cells=f"{len(cells.middles):,}",
            most=f"{MOST_CELLS:,}",
        )
    return cells


def made_of(session: Session, ground: Gathered, used: Sequence[Known]) -> dict[str, Any]:
    """Name the ground, and say whether any of it or of the records is made up."""
    made_up = ground.is_made_up or bool(evidence.made_up(session, [one.id for one in used]))
    return {"factors": ground.sources, "synthetic": made_up}


def kept(
    session: Session, id: UUID, asked: Asked, *, by: Actor, now: datetime,  # noqa: A002 - as above
    vintage: dict[str, Any], result: dict[str, Any],
) -> EvidenceSearch:  # fmt: skip
    """Keep the map with all it was made of."""
    made = EvidenceSearch(
        id=id, area_path=by.area_path, family=asked.family, method=METHOD,
        parameters=asked.told(), vintage=vintage, seed=asked.seed,
        result={"heat": {}, "found": 0, "new": 0, "open": 0, "outdated": 0} | result,
        at=now, by_id=by.id, by_name=by.name,
    )  # fmt: skip
    session.add(made)
    session.flush()  # its zones and proposals need its row
    return made
