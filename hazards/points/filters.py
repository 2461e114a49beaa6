"""Which points are meant: the same filter for list, map, numbers and export."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, UnaryExpression, func, or_

from gis.store.base import WGS84
from hazards.points.models import HazardPoint
from hazards.points.rules import Category, Evidence, Grade, State

ESCAPE = "\\"
ON_THE_LEDGER = (State.DRAFT, State.APPROVED)


class Sort(StrEnum):
    """Orders a list may have; a minus turns it round."""

    GRADE = "grade"
    NAME = "name"
    NUMBER = "number"
    PERSONS = "persons"
    CHANGED = "changed"
    GRADE_DOWN = "-grade"
    NAME_DOWN = "-name"
    NUMBER_DOWN = "-number"
    PERSONS_DOWN = "-persons"
    CHANGED_DOWN = "-changed"


COLUMNS = {
    "grade": HazardPoint.grade,
    "name": HazardPoint.name,
    "number": HazardPoint.number,
    "persons": func.coalesce(HazardPoint.threatened_persons, 0),
    "changed": HazardPoint.changed_at,
}


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in degrees."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class PointFilter:
    """What a person asks for; nothing given means the whole ledger without the de-listed."""

    q: str = ""
    category: tuple[Category, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    hazard_type: tuple[str, ...] = ()
    grade: tuple[Grade, ...] = ()
    state: tuple[State, ...] = field(default=())
    area_path: str | None = None
    box: Box | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Give the filter as conditions on `hazard_point`."""
        chosen = self.coarse_conditions(HazardPoint)
        if self.evidence:
            chosen.append(HazardPoint.evidence.in_(self.evidence))
        if self.hazard_type:
            chosen.append(HazardPoint.hazard_type.in_(self.hazard_type))
        if self.box is not None:
            chosen.append(HazardPoint.place.bool_op("&&")(envelope(self.box)))
        if self.q.strip():
            chosen.append(says(self.q.strip()))
        return chosen

    def coarse_conditions(self, of: Any) -> list[ColumnElement[bool]]:
        """Give the conditions that points and their sums in the count pyramid can both answer."""
        chosen: list[ColumnElement[bool]] = [of.state.in_(self.state or ON_THE_LEDGER)]
        if self.category:
            chosen.append(of.category.in_(self.category))
        if self.grade:
            chosen.append(of.grade.in_(self.grade))
        if self.area_path is not None:
            # A plain range on the C-collated path: the index serves it, also under the policy.
            chosen.append(of.area_path >= self.area_path)
            chosen.append(of.area_path < self.area_path[:-1] + "0")
        return chosen

    def is_coarse(self) -> bool:
        """Tell whether nothing is asked beyond what the count pyramid knows."""
        beyond = replace(self, category=(), grade=(), state=(), area_path=None)
        return beyond == PointFilter()


def envelope(box: Box) -> ColumnElement[object]:
    """Give a rectangle as a geometry."""
    return func.ST_MakeEnvelope(box.west, box.south, box.east, box.north, WGS84)


def says(text: str) -> ColumnElement[bool]:
    """Match a text anywhere in name, number or address; % and _ mean themselves."""
    plain = text.replace(ESCAPE, ESCAPE * 2).replace("%", ESCAPE + "%").replace("_", ESCAPE + "_")
    pattern = f"%{plain}%"
    return or_(
        *(
            column.ilike(pattern, escape=ESCAPE)
            for column in (HazardPoint.name, HazardPoint.number, HazardPoint.address)
        )
    )


def order(sort: Sort) -> list[UnaryExpression[Any]]:
    """Give the order; the id decides between equals, so that no page shows a row twice."""
    column = COLUMNS[sort.removeprefix("-")]
    down = sort.startswith("-")
    last = HazardPoint.id.desc() if down else HazardPoint.id.asc()
    return [column.desc() if down else column.asc(), last]
