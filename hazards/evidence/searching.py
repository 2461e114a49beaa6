"""Search the records of an area and propose the places they speak for. Work for a job."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shapely import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.areas.placing import day_of, path_at
from gis.authority import Act, Actor, require, within
from hazards.evidence import grid, looking, repository
from hazards.evidence.backing import REACH_M
from hazards.evidence.looking import METHOD, Finding, Look
from hazards.evidence.models import EvidenceProposal, EvidenceSearch
from hazards.evidence.rules import SEARCHED, Asked, Known, State, by_key, is_new
from hazards.evidence.telling import say
from hazards.points import repository as points
from hazards.points.rules import Evidence
from hazards.points.rules import State as Standing

STAGES = 4
"""Records read, looked through, hot spots, proposals."""
Told = Callable[[int, int], None]
"""Hears how much of how much has been gone through; may leave by an exception."""


@dataclass(frozen=True, slots=True)
class Way:
    """How records are looked through: here, or spread over other machines (`spread`)."""

    look: Callable[[Sequence[Known], Asked], Look] = looking.look
    hot_cells: Callable[[BaseGeometry, Sequence[Known]], dict[str, Any]] = grid.hot_cells


HERE = Way()


def search(
    session: Session,
    *,
    id: UUID,  # noqa: A002 - the search's own id, made by whoever asks
    asked: Asked,
    by: Actor,
    now: datetime,
    told: Told = lambda _done, _total: None, way: Way = HERE,
) -> EvidenceSearch:  # fmt: skip
    """Look through the records of an area and propose what they speak for; once for an id."""
    require(by, Act.EDIT_POINT, by.area_path)
    there = repository.search(session, id)
    if there is not None:
        return there
    asked.checked()
    repository.one_at_a_time(session)
    records = repository.records(session, family=asked.family, area_path=by.area_path)
    told(1, STAGES)
    found = way.look(records, asked)
    told(2, STAGES)
    outline = outline_of(session, by.area_path, now=now)
    heat = way.hot_cells(outline, records) if outline else {}
    told(3, STAGES)
    made = EvidenceSearch(
        id=id, area_path=by.area_path,
        family=asked.family,
        method=METHOD,
        parameters=asked.told(),
        vintage=found.vintage,
        seed=found.interaction.get("seed"),
        result={}, at=now, by_id=by.id, by_name=by.name,
    )  # fmt: skip
    session.add(made)
    session.flush()  # its proposals need its row
    proposed = propose(session, made, found.findings, told=last_stage(told))
    vague = looking.over_the_area(records, asked)
    made.result = {"heat": heat, "interaction": found.interaction, "vague": vague} | proposed
    counts = {name: proposed[name] for name in ("found", "new", "outdated")}
    say(session, made, "searched", by.area_path, family=asked.family, **counts)
    return made


def propose(
    session: Session, made: EvidenceSearch, findings: Sequence[Finding], *,
    told: Told = lambda _done, _total: None, of: Sequence[Evidence] = SEARCHED,
) -> dict[str, int]:  # fmt: skip
    """Keep what is new among the findings; what is not found any more of its kind is outdated."""
    where = {"family": made.family, "area_path": made.area_path}
    undecided = repository.undecided(session, of_kind=of, **where)
    mine = {frozenset(one.keys): one for one in undecided}
    decided = repository.decided(session, family=made.family)
    settled = by_key(decided + repository.held_wider(session, **where))
    new, still = 0, set()
    is_made_up = bool(made.vintage.get("synthetic"))
    made_up = repository.made_up(session, {r.id for one in findings for r in one.records})
    for n, one in enumerate(findings):
        told(n, len(findings))
        if not is_new(one.keys, settled) or on_ledger(session, one, made):
            continue
        row = mine.get(one.keys)
        if row is None:
            row, new = fresh(session, made, one), new + 1
        again(row, made, one)
        row.synthetic = is_made_up or not made_up.isdisjoint(row.event_ids)
        still.add(one.keys)
    gone = [row for keys, row in mine.items() if keys not in still and row.state == State.OPEN]
    for row in gone:
        row.state = State.OUTDATED
    told(len(findings), len(findings))
    return {"found": len(findings), "new": new, "open": len(still), "outdated": len(gone)}


def last_stage(told: Told) -> Told:
    """Tell of the proposals, if there are any, as of the last of the stages."""

    def tell(done: int, total: int) -> None:
        told((STAGES - 1) * max(total, 1) + (done or not total), STAGES * max(total, 1))

    return tell


def fresh(session: Session, made: EvidenceSearch, one: Finding) -> EvidenceProposal:
    """Open a proposal, in the smallest area that holds its place within what was searched."""
    place = Point(one.longitude, one.latitude)
    path = path_at(session, place, day=day_of(made.at))
    row = EvidenceProposal(
        area_path=path if path and within(path, made.area_path) else made.area_path,
        family=made.family,
        keys=sorted(one.keys),
        found_at=made.at,
    )
    session.add(row)
    return row


def again(row: EvidenceProposal, made: EvidenceSearch, one: Finding) -> None:
    """Write down what this search says of a place."""
    row.search_id, row.searched_path = made.id, made.area_path
    row.evidence, row.hazard_type = one.evidence, one.hazard_type
    row.place = Point(one.longitude, one.latitude)
    row.event_ids = [record.id for record in one.records]
    row.facts = one.facts
    row.state = State.OPEN


def on_ledger(session: Session, one: Finding, made: EvidenceSearch) -> bool:
    """Tell whether the ledger says already what was found.

    A frequent place needs a point that is called frequent. A single record, or what is possible,
    is told of by any point of the family within its reach: the point's page shows the records.
    """
    is_single = one.evidence is not Evidence.HIGH_FREQUENCY
    reach_m = REACH_M + one.facts["accuracy_m"] if is_single else one.facts["within_m"]
    near = points.near(session, Point(one.longitude, one.latitude), within_m=reach_m)
    return any(
        point.state == Standing.APPROVED
        and repository.family_of(session, point.hazard_type) == made.family
        and (is_single or point.evidence == Evidence.HIGH_FREQUENCY)
        for point, _ in near
    )


def outline_of(session: Session, path: str, *, now: datetime) -> BaseGeometry | None:
    """Give the outline of an area, where it has one."""
    area = areas.by_path(session, path, day_of(now))
    return None if area is None else area.boundary
