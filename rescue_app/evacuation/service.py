"""Verbs of an evacuation: make the roster, change it, say a step, give the all-clear."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis import crs
from gis.authority import Act, Actor, require, within
from gis.errors import Conflict, Forbidden, Missing, Rejected
from gis.store import audit
from gis.store.base import new_id
from gis.store.notify import announce
from hazards.calls.program import as_program
from qr_codes.assets.models import Asset
from rescue_app.dispatch.rules import plausible
from rescue_app.evacuation import reading, repository
from rescue_app.evacuation.beside import Named, area_names
from rescue_app.evacuation.models import Evacuation, Household, Move, MoveStep
from rescue_app.evacuation.rules import (
    SAFE,
    Home,
    Shelter,
    Standing,
    StepKind,
    Team,
    checked_note,
    common_path,
    propose,
    require_clear,
)
from rescue_app.incidents import service as incidents
from rescue_app.incidents.models import Incident

TOPIC = "evacuation"
MOST_HOUSEHOLDS = 5_000
MOST_RADIUS_M = 20_000


@dataclass(frozen=True, slots=True)
class StepDraft:
    """A step as a phone or a page sends it; the id is made there, before there is a line."""

    id: UUID
    kind: StepKind
    note: str = ""
    done_at: datetime | None = None
    confirms: UUID | None = None


def make(
    session: Session, *, incident_id: UUID, radius_m: int, by: Actor, now: datetime
) -> Evacuation:
    """Make the roster of an incident; asked for twice, or by two at once, it is one."""
    incident = incidents.visible(session, incident_id)
    require(by, Act.ISSUE_ORDER, incident.area_path)
    repository.hold(session, incident_id)
    known = repository.of_incident(session, incident_id)
    if known is not None:
        return known
    with as_program(session):
        elsewhere = repository.of_incident(session, incident_id)
    if elsewhere is not None:
        raise Conflict(
            "A centre above made the roster of this incident, without a household of your area."
            " Ask it to take yours in."
        )
    if not 0 < radius_m <= MOST_RADIUS_M:
        raise Rejected("Give a radius between 1 and {most} m.", most=MOST_RADIUS_M)
    homes = repository.households_in(
        session, incident, radius_m=radius_m, limit=MOST_HOUSEHOLDS + 1
    )
    if not homes:
        raise Rejected("No household is registered in this area. Bring the households in first.")
    if len(homes) > MOST_HOUSEHOLDS:
        raise Rejected("More than {most} households are in this area. Make it smaller.",
                       most=MOST_HOUSEHOLDS)  # fmt: skip
    return _made(session, incident, homes, radius_m, by, now)


def _made(
    session: Session,
    incident: Incident,
    homes: Sequence[Household],
    radius_m: int,
    by: Actor,
    now: datetime,
) -> Evacuation:
    made = Evacuation(
        id=new_id(),
        incident_id=incident.id,
        title=incident.title,
        area_path=common_path([incident.area_path, *(home.area_path for home in homes)]),
        radius_m=None if incident.extent is not None else radius_m,
        made_at=now,
        made_by_name=by.name,
        is_drill=incident.is_drill,
        synthetic=incident.synthetic or any(home.synthetic for home in homes),
    )
    session.add(made)
    session.flush()  # the moves point at the roster's row
    near = repository.shelters_near(session, incident, radius_m=radius_m, area_path=made.area_path)
    shelters = [_reach(asset, room, homes) for asset, room in near]
    teams = [Team(crew.id, crew.area_path) for crew in repository.crews_on_duty(session)]
    by_id = {home.id: home for home in homes}
    asked = [Home(home.id, home.area_path, home.people, home.frail) for home in homes]
    for position, line in enumerate(propose(asked, shelters, teams)):
        move = _move(by_id[line.home.id], made, position)
        move.crew_id, move.shelter_id, move.shelter_m = line.team, line.shelter, line.metres
        session.add(move)
    spread(session, made, "made", by)
    return made


def _reach(asset: Asset, room: int, homes: Sequence[Household]) -> Shelter:
    at = asset.place.centroid
    away = crs.distance_m(
        [home.place.x for home in homes],
        [home.place.y for home in homes],
        [at.x] * len(homes),
        [at.y] * len(homes),
    )
    return Shelter(
        asset.id, room, {home.id: float(metres) for home, metres in zip(homes, away, strict=True)}
    )


def _move(home: Household, made: Evacuation, position: int) -> Move:
    return Move(
        id=new_id(),
        evacuation_id=made.id,
        household_id=home.id,
        area_path=home.area_path,
        position=position,
        place=home.place,
        head=home.head,
        phone=home.phone,
        address=home.address,
        people=home.people,
        frail=home.frail,
        needs=home.needs,
    )


def assign(
    session: Session, *, move_id: UUID, crew_id: UUID | None, shelter_id: UUID | None, by: Actor
) -> Move:
    """Say who fetches a household and where it goes; the commander has the last word."""
    move = _move_of(session, move_id)
    require(by, Act.ISSUE_ORDER, move.area_path)
    if crew_id is not None and repository.crew(session, crew_id) is None:
        raise Missing("There is no such crew in your area.")
    if shelter_id != move.shelter_id:
        move.shelter_m = _way(session, move, shelter_id)
    move.crew_id, move.shelter_id = crew_id, shelter_id
    spread(session, visible(session, move.evacuation_id), "assigned", by)
    return move


def _way(session: Session, move: Move, shelter_id: UUID | None) -> float | None:
    if shelter_id is None:
        return None
    roster = visible(session, move.evacuation_id)
    shelter = repository.shelter(session, shelter_id, area_path=roster.area_path)
    if shelter is None:
        raise Missing("There is no such shelter in your area.")
    at = shelter.place.centroid
    return float(crs.distance_m([move.place.x], [move.place.y], [at.x], [at.y])[0])


@dataclass(frozen=True, slots=True)
class Offered:
    """A shelter to send people to, and how many it still takes; `street` where it is another's."""

    id: UUID
    name: str
    street: Named | None
    room: int


def shelters(session: Session, roster: Evacuation) -> list[Offered]:
    """Give the shelters to send people to, those of neighbours too, the nearest first."""
    incident = incidents.visible(session, roster.incident_id)
    near = repository.shelters_near(
        session, incident, radius_m=roster.radius_m or 0, area_path=roster.area_path
    )
    paths = {asset.area_path for asset, _ in near if not within(asset.area_path, roster.area_path)}
    streets = area_names(session, paths)
    return [
        Offered(asset.id, asset.name, streets.get(asset.area_path), max(room, 0))
        for asset, room in near
    ]


def tell(session: Session, *, move_id: UUID, draft: StepDraft, by: Actor, now: datetime) -> Move:
    """Keep what somebody says about a household; the same id again is the same step."""
    move = _move_of(session, move_id)
    require(by, Act.MOVE_PEOPLE, move.area_path)
    repository.hold(session, move.evacuation_id, shared=True)
    roster = visible(session, move.evacuation_id)
    note = checked_note(draft.kind, draft.note)
    if draft.kind is StepKind.CONFIRMED:
        _require_second(session, move, draft, by)
    repository.add_step(session, {
        "id": draft.id, "move_id": move.id, "area_path": move.area_path, "kind": draft.kind,
        "confirms": draft.confirms if draft.kind is StepKind.CONFIRMED else None,
        "note": note, "by_id": by.id, "by_name": by.name, "received_at": now,
        "done_at": plausible(draft.done_at, hop_began=roster.made_at, arrived_at=now),
    })  # fmt: skip
    kept = repository.step(session, draft.id)
    if kept is None or (kept.move_id, kept.kind, kept.by_id) != (move.id, draft.kind, by.id):
        raise Conflict("This step's number is taken. Reload the page and send again.")
    spread(session, roster, draft.kind, by)
    return move


def _require_second(session: Session, move: Move, draft: StepDraft, by: Actor) -> MoveStep:
    deed = repository.deed(session, move.id, draft.confirms) if draft.confirms else None
    if deed is None or deed.kind not in SAFE:
        raise Rejected("Say first that they are at the shelter or elsewhere, then confirm it.")
    if deed.by_id == by.id:
        raise Forbidden("You said it yourself. Somebody else has to confirm it.")
    return deed


def clear(session: Session, *, evacuation_id: UUID, by: Actor, now: datetime) -> Evacuation:
    """Give the all-clear; impossible while one household is not verified. Twice is once."""
    roster = visible(session, evacuation_id)
    require(by, Act.ISSUE_ORDER, roster.area_path)
    repository.hold(session, evacuation_id)
    roster = visible(session, evacuation_id)
    if roster.cleared_at is None:
        lines = reading.board(session, roster).lines
        require_clear([
            f"{line.move.head}, {line.move.address}"
            for line in lines if line.state.standing is not Standing.VERIFIED
        ])  # fmt: skip
        roster.cleared_at, roster.cleared_by, roster.cleared_by_name = now, by.id, by.name
        spread(session, roster, "cleared", by)
    return roster


def visible(session: Session, evacuation_id: UUID) -> Evacuation:
    """Give a roster, or say that there is none."""
    roster = repository.evacuation(session, evacuation_id)
    if roster is None:
        raise Missing("There is no such roster in your area.")
    return roster


def _move_of(session: Session, move_id: UUID) -> Move:
    move = repository.move(session, move_id)
    if move is None:
        raise Missing("There is no such household on a roster of your area.")
    return move


def spread(session: Session, roster: Evacuation, kind: str, by: Actor) -> None:
    """Tell live pages and the audit log."""
    announce(session, topic=TOPIC, kind=kind, ref=roster.id, area_path=roster.area_path)
    audit.record_for(
        session, by.id, act=f"evacuation.{kind}", subject=roster.id, area_path=roster.area_path
    )
