"""Read a proposal: the plan's actions at the level, who acts, which crews, by when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from gis.areas.placing import day_of, path_at
from gis.authority import Actor, within
from gis.errors import Missing
from gis.roads.models import RoadGraph
from rescue_app.incidents.models import Incident
from rescue_app.levels import repository as levels
from rescue_app.levels.models import ResponseLevel
from rescue_app.plans import repository as plans
from rescue_app.plans import service as plan_service
from rescue_app.plans.models import PlanVersion
from rescue_app.plans.rules import Action, at_level
from rescue_app.proposals import crews as crews_of
from rescue_app.proposals import repository, rules
from rescue_app.proposals.acting import Acting, Recipient, Roster
from rescue_app.proposals.models import OrderBatch, OrderBatchLine
from rescue_app.proposals.rules import Crew, Line, Terms

OTHER = "other"


@dataclass(frozen=True, slots=True)
class Row:
    """One proposed action with whoever acts."""

    line: Line
    acting: Acting


@dataclass(frozen=True, slots=True)
class Proposal:
    """Everything that stands on the page before a commander changes anything."""

    incident: Incident
    districts: Sequence[str]
    district_path: str
    plan_type: str
    level: str
    held: ResponseLevel | None
    plan: PlanVersion | None
    actions: Sequence[Action]
    rows: Sequence[Row]
    issued: Mapping[str, OrderBatchLine]
    batches: Sequence[OrderBatch]
    units: Sequence[Recipient]
    crews: Sequence[Crew]
    graph: RoadGraph | None


def propose(
    session: Session,
    incident: Incident,
    *,
    district_path: str | None,
    level: str | None,
    actor: Actor,
    now: datetime,
    terms: Terms,
) -> Proposal:
    """Propose what the plan in force asks for at a level, as far as it is not issued yet."""
    districts = _leading(session, _his(incident.district_paths, actor), incident, now)
    district = district_path or next(iter(districts), None)
    if district is None or district not in districts:
        raise Missing("This incident lies in no district. Check its place.")
    plan_type = levels.type_of(session, incident.hazard_type) or OTHER
    held = levels.standing(session, district, plan_type)
    stands = rules.standing_level([held.level] if held else [], grade=incident.grade, asked=level)
    plan = plans.in_force(session, plan_type)
    actions = at_level(plan_service.entry_of(plan).as_actions(), stands) if plan else []
    issued = repository.issued(session, incident.id, district)
    crews = crews_of.around(session, incident, district, actions, terms=terms)
    found = rules.lines(actions, crews, issued=issued, terms=terms)
    roster = Roster(session, actor, incident, district, day_of(now))
    return Proposal(
        incident=incident,
        districts=districts,
        district_path=district,
        plan_type=plan_type,
        level=stands,
        held=held,
        plan=plan,
        actions=actions,
        rows=[Row(line, roster.who(line.action.who)) for line in found],
        issued=issued,
        batches=repository.batches(session, [incident.id], district_path=district),
        units=roster.choices(),
        crews=crews,
        graph=crews_of.graph(session),
    )


def _leading(
    session: Session, districts: Sequence[str], incident: Incident, now: datetime
) -> Sequence[str]:
    """Put the district first in which the place itself lies; its number says nothing."""
    if len(districts) < 2:
        return districts
    place = path_at(session, incident.place, day=day_of(now)) or ""
    return sorted(districts, key=lambda path: not within(place, path))


def _his(districts: Sequence[str], actor: Actor) -> Sequence[str]:
    """Give those that the actor commands or sits in; who sits in none reads about all."""
    return [
        path for path in districts if within(path, actor.area_path) or within(actor.area_path, path)
    ] or districts
