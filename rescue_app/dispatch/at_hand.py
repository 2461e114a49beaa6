"""Who is at hand: the centre and the crews near an order's place, and who could act instead."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shapely import Point
from sqlalchemy.orm import Session

from gis import crs
from gis.areas.placing import path_at
from gis.authority import within
from hazards.calls.program import as_program
from hazards.duty import repository as duty
from hazards.duty.models import Crew
from hazards.duty.rules import UnitKind
from rescue_app.dispatch import targets
from rescue_app.dispatch.models import Assignment, Order
from rescue_app.dispatch.targets import BELOW, FOUND_LIMIT, Choice

NEAREST = 6


@dataclass(frozen=True, slots=True)
class Near:
    """Somebody near the place, and how far away; a centre of the place itself is none."""

    choice: Choice
    km: float | None


def near(
    session: Session,
    place: Point,
    *,
    inside: str,
    day: date,
    needs: Collection[str] = (),
    own: UUID | None = None,
) -> list[Near]:
    """Give the centres of the place and the nearest crews on duty that can do it, of an area.

    `own` is a unit that is not offered to itself.
    """
    centres = [
        duty.centre_of(session, path) for path in _below(path_at(session, place, day=day), inside)
    ]
    crews = [crew for crew in able(duty.crews_in(session, inside), needs) if crew.place]
    return [
        Near(targets.listed_unit(unit), None) for unit in centres if unit and unit.id != own
    ] + [
        Near(targets.listed_crew(crew), _away_m(crew, place) / 1000)
        for crew in nearest(crews, place)[:NEAREST]
    ]


def able(crews: Sequence[Crew], needs: Collection[str]) -> list[Crew]:
    """Give the crews on duty that lack nothing of what is needed."""
    return [crew for crew in crews if crew.on_duty and not lacks(crew, needs)]


def lacks(crew: Crew, needs: Collection[str]) -> set[str]:
    """Give what a crew can not do and does not carry of what is needed."""
    return {*needs} - {*crew.skills, *crew.equipment}


def _below(path: str | None, inside: str) -> list[str]:
    """Give the areas between a giver's and the smallest of a place, the upper first."""
    if path is None or not within(path, inside):
        return []
    codes = path[len(inside) :].strip("/").split("/")
    return [inside + "".join(f"{code}/" for code in codes[: n + 1]) for n in range(len(codes))]


def beside(session: Session, hop: Assignment) -> list[Choice]:
    """Whom a holder may propose in its place, by name alone: those at hand first.

    A centre does not see its neighbours' crews; that they are there it may know to propose them.
    Of a city's order it is the own district, and for a unit the centres of the others.
    """
    around = _around(hop)
    with as_program(session):
        centre = duty.centre_of(session, around)
        level = centre.level if centre else hop.level
        listed = targets.choices(session, inside=around, level=level)
        if around != hop.giver_path:
            listed = [*([targets.listed_unit(centre)] if centre else ()), *listed]
        if hop.crew_id:
            crews = _crews_beside(session, hop, around)
            listed = [targets.listed_crew(crew) for crew in crews] + listed
        elif around != hop.giver_path:
            only = (UnitKind.CENTRE,)
            away = duty.units_in(session, hop.giver_path, only, levels=[BELOW["city"]])
            listed += [targets.listed_unit(unit) for unit in away]
    own = str(hop.crew_id or hop.unit_id)
    return [one for one in dict.fromkeys(listed) if not one.value.endswith(own)]


def _around(hop: Assignment) -> str:
    """Give the giver's area, or of a whole city the holder's district."""
    if len(hop.giver_path.strip("/").split("/")) > 1:
        return hop.giver_path
    return "/".join(hop.area_path.split("/")[:3]) + "/"


def _crews_beside(session: Session, hop: Assignment, around: str) -> list[Crew]:
    """Give the crews around: those that lack least first, of them the nearest to the place.

    Where the order has no place, it is the crew's own.
    """
    crews = duty.crews_in(session, around)
    order = session.get(Order, hop.order_id)
    here = order.place if order else None
    here = here or next((crew.place for crew in crews if crew.id == hop.crew_id), None)
    needs = order.crew_needs if order else ()
    return sorted(nearest(crews, here), key=lambda crew: len(lacks(crew, needs)))[:FOUND_LIMIT]


def nearest(crews: Sequence[Crew], here: Point | None) -> list[Crew]:
    """Put crews on duty before others, the nearest first; whose place is not known last."""
    return sorted(crews, key=lambda crew: (not crew.on_duty, _away_m(crew, here)))


def _away_m(crew: Crew, here: Point | None) -> float:
    if here is None or crew.place is None:
        return float("inf")
    return float(crs.distance_m(crew.place.x, crew.place.y, here.x, here.y))
