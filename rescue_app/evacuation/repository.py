"""SQL for households, rosters and the log of each move."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import Geography
from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Uuid,
    bindparam,
    cast,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.store.base import Shape, among
from hazards.calls.program import as_program
from hazards.duty.models import Crew, CrewSeat, Member
from qr_codes.assets.models import Asset
from rescue_app.evacuation.beside import Named, around
from rescue_app.evacuation.models import Evacuation, Household, Move, MoveStep, ReturnPatrol
from rescue_app.evacuation.patrol_rules import Rounds
from rescue_app.evacuation.rules import SAFE, StepKind
from rescue_app.incidents.models import Incident

SHELTER = "shelter"
LATEST = 50
NEAREST = 100
# Whoever adds a step shares it; whoever makes a roster or gives the all-clear is alone.
HOLD = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
SHARE = text("SELECT pg_advisory_xact_lock_shared(hashtextextended(:key, 0))")
CHANGED = ("area_path", "place", "head", "phone", "address", "people", "frail", "needs",
           "synthetic", "changed_at", "changed_by_name")  # fmt: skip


def hold(session: Session, key: UUID, *, shared: bool = False) -> None:
    """Let what is done about a roster come in turn until the commit."""
    session.execute(SHARE if shared else HOLD, {"key": f"evacuation:{key}"})


def keep_household(session: Session, row: dict[str, Any]) -> None:
    """Add a household, or say anew what its source says of it."""
    query = insert(Household).values(row)
    changed = {name: query.excluded[name] for name in CHANGED}
    key = ["source", "source_id"]
    session.execute(query.on_conflict_do_update(index_elements=key, set_=changed))


def households_of(session: Session, source: str, numbers: Collection[str]) -> dict[str, Household]:
    """Give a source's households by its own numbers."""
    query = select(Household).where(Household.source == source, Household.source_id.in_(numbers))
    return {one.source_id: one for one in session.scalars(query)}


def households_in(
    session: Session, incident: Incident, *, radius_m: int, limit: int
) -> Sequence[Household]:
    """Give the households that an incident reaches, as far as the asker may see."""
    query = select(Household).where(_reached(Household.place, incident, radius_m))
    return session.scalars(query.order_by(Household.id).limit(limit)).all()


def shelters_near(
    session: Session, incident: Incident, *, radius_m: int, area_path: str
) -> Sequence[tuple[Asset, int]]:
    """Give shelters outside the danger area with the places left, the nearest first.

    Those of neighbouring areas too: who runs does not stop at a border. What every roster sends
    to them is counted, whoever may read it.
    """
    away = func.ST_Distance(cast(Asset.place, Geography), _point(incident))
    query = (
        select(Asset)
        .where(
            Asset.type_code == SHELTER,
            Asset.retired_at.is_(None),
            Asset.facts.has_key("places"),
            ~_reached(Asset.place, incident, radius_m),
        )
        .order_by(away, Asset.id)
        .limit(NEAREST)
    )
    with around(session, area_path):
        found = session.scalars(query).all()
    with as_program(session):
        taken = expected(session, [one.id for one in found])
    return [(one, int(one.facts["places"]) - taken.get(one.id, 0)) for one in found]


def expected(session: Session, shelter_ids: Collection[UUID]) -> dict[UUID, int]:
    """Give how many people rosters that are not cleared send to each shelter."""
    query = (
        select(Move.shelter_id, cast(func.sum(Move.people), Integer))
        .join(Evacuation, Evacuation.id == Move.evacuation_id)
        .where(
            Move.shelter_id.is_not(None),
            among(Move.shelter_id, shelter_ids),
            Evacuation.cleared_at.is_(None),
            Evacuation.is_drill.is_(False),
        )
        .group_by(Move.shelter_id)
    )
    return {row[0]: row[1] for row in session.execute(query) if row[0]} if shelter_ids else {}


def crews_on_duty(session: Session) -> Sequence[Crew]:
    """Give the crews on duty that the asker can see."""
    query = select(Crew).where(Crew.on_duty_since.is_not(None))
    return session.scalars(query.order_by(Crew.name, Crew.id)).all()


def crew(session: Session, crew_id: UUID) -> Crew | None:
    """Find a crew."""
    return session.get(Crew, crew_id)


def shelter(session: Session, asset_id: UUID, *, area_path: str) -> Asset | None:
    """Find a shelter in use, in an area or one beside it."""
    query = select(Asset).where(
        Asset.id == asset_id, Asset.type_code == SHELTER, Asset.retired_at.is_(None)
    )
    with around(session, area_path):
        return session.scalar(query)


def names(session: Session, moves: Sequence[Move]) -> dict[UUID, Named]:
    """Give the names of the crews and shelters on a roster, also of those in other areas."""
    crews = select(Crew.id, Crew.name, Crew.name_en).where(
        among(Crew.id, {m.crew_id for m in moves if m.crew_id})
    )
    places = select(Asset.id, Asset.name, literal("")).where(
        among(Asset.id, {m.shelter_id for m in moves if m.shelter_id})
    )
    with as_program(session):  # who fetches has to know where to, over the border too
        return {
            id_: Named(name, english)
            for each in (crews, places)
            for id_, name, english in session.execute(each)
        }


def capacities(session: Session, shelter_ids: Collection[UUID]) -> dict[UUID, int | None]:
    """Give how many people each shelter holds, as the registry says."""
    query = select(Asset.id, Asset.facts).where(among(Asset.id, shelter_ids))
    with as_program(session):
        return {row[0]: row[1].get("places") for row in session.execute(query)}


def evacuation(session: Session, evacuation_id: UUID) -> Evacuation | None:
    """Find a roster."""
    return session.get(Evacuation, evacuation_id, populate_existing=True)


def of_incident(session: Session, incident_id: UUID) -> Evacuation | None:
    """Give the roster of an incident."""
    return session.scalar(select(Evacuation).where(Evacuation.incident_id == incident_id))


def latest(session: Session) -> Sequence[Evacuation]:
    """Give the rosters that the asker can see, those not cleared first."""
    query = select(Evacuation).order_by(
        Evacuation.cleared_at.is_not(None), Evacuation.made_at.desc()
    )
    return session.scalars(query.limit(LATEST)).all()


def move(session: Session, move_id: UUID) -> Move | None:
    """Find a household on a roster."""
    return session.get(Move, move_id)


def moves(session: Session, evacuation_id: UUID) -> Sequence[Move]:
    """Give the households of a roster in the order of the proposal."""
    query = select(Move).where(Move.evacuation_id == evacuation_id)
    return session.scalars(query.order_by(Move.position)).all()


def seats(session: Session, account_id: UUID) -> set[UUID]:
    """Give the crews that a person has a seat in."""
    query = select(CrewSeat.crew_id).join(Member).where(Member.account_id == account_id)
    return set(session.scalars(query))


def add_step(session: Session, row: dict[str, Any]) -> None:
    """Add a step unless its id is there already."""
    session.execute(insert(MoveStep).values(row).on_conflict_do_nothing())


def step(session: Session, step_id: UUID) -> MoveStep | None:
    """Find a step."""
    return session.get(MoveStep, step_id)


def steps(session: Session, move_ids: Collection[UUID]) -> dict[UUID, list[MoveStep]]:
    """Give the logs of households, each in the order of the deeds."""
    query = select(MoveStep).where(among(MoveStep.move_id, move_ids))
    found: dict[UUID, list[MoveStep]] = defaultdict(list)
    for row in session.scalars(query.order_by(MoveStep.done_at, MoveStep.id)):
        found[row.move_id].append(row)
    return found


def add_patrol(session: Session, row: dict[str, Any]) -> None:
    """Add a round unless its id is there already."""
    session.execute(insert(ReturnPatrol).values(row).on_conflict_do_nothing())


def patrol(session: Session, patrol_id: UUID) -> ReturnPatrol | None:
    """Find a round."""
    return session.get(ReturnPatrol, patrol_id)


def patrols(session: Session, evacuation_id: UUID) -> list[ReturnPatrol]:
    """Give the rounds of a roster, the newest first."""
    query = select(ReturnPatrol).where(ReturnPatrol.evacuation_id == evacuation_id)
    return list(session.scalars(query.order_by(ReturnPatrol.done_at.desc()).limit(LATEST)))


def rounds(session: Session, roster: Evacuation) -> Rounds:
    """Give when the first household of a roster left, and when its area was walked last."""
    left, walked = session.execute(_rounds(), {"id": roster.id}).one()
    return Rounds(left, walked, roster.cleared_at is not None)


def open_rosters(session: Session) -> list[tuple[Evacuation, Rounds]]:
    """Give the rosters without an all-clear, each with its rounds."""
    query = select(Evacuation).where(Evacuation.cleared_at.is_(None))
    return [(one, rounds(session, one)) for one in session.scalars(query)]


def _rounds() -> Select[datetime | None, datetime | None]:
    roster = bindparam("id", type_=Uuid)
    left = (
        select(func.min(MoveStep.done_at))
        .join(Move, Move.id == MoveStep.move_id)
        .where(Move.evacuation_id == roster, MoveStep.kind.in_((StepKind.FETCHED, *SAFE)))
    )
    walked = select(func.max(ReturnPatrol.done_at)).where(ReturnPatrol.evacuation_id == roster)
    return select(left.scalar_subquery(), walked.scalar_subquery())


def deed(session: Session, move_id: UUID, step_id: UUID) -> MoveStep | None:
    """Find the deed of a household that is to be confirmed."""
    query = select(MoveStep).where(
        MoveStep.id == step_id, MoveStep.move_id == move_id, MoveStep.kind != StepKind.CONFIRMED
    )
    return session.scalar(query)


def _point(incident: Incident) -> ColumnElement[Any]:
    return cast(literal(incident.place, Shape("POINT")), Geography)


def _reached(place: Any, incident: Incident, radius_m: int) -> ColumnElement[bool]:
    if incident.extent is not None:
        return func.ST_Intersects(place, literal(incident.extent, Shape("MULTIPOLYGON")))
    return func.ST_DWithin(cast(place, Geography), _point(incident), radius_m)
