"""Which points are meant: the same filter for list, map, numbers and export."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    UnaryExpression,
    and_,
    collate,
    column,
    exists,
    func,
    or_,
    select,
    table,
)
from sqlalchemy.orm import aliased

from gis.store.base import WGS84
from hazards.points.models import HazardPoint, HazardPointVersion
from hazards.points.rules import Category, Evidence, Grade, State

ESCAPE = "\\"
ON_THE_LEDGER = (State.APPROVED,)
TASK = table("task", column("subject_id"), column("state"), column("due_at"))
"""As much of the lists as the ledger asks about; they know the ledger, it does not know them."""
KEPT_MOMENTS = 50
"""Moments whose ledgers stay ready to be selected from: making one costs more than asking it."""
STILL_OWED = ("open", "begun")


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
    owner: str = ""
    category: tuple[Category, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    hazard_type: tuple[str, ...] = ()
    grade: tuple[Grade, ...] = ()
    state: tuple[State, ...] = field(default=())
    areas: tuple[str, ...] = ()
    """Paths; a point in any of them is meant."""
    box: Box | None = None
    within: BaseGeometry | None = None
    """A polygon that points lie in."""
    overdue: datetime | None = None
    """Only points with a list that was due before this moment and is not done."""
    as_of: datetime | None = None
    """The ledger as it was at this moment; `entries` gives the rows."""

    def entries(self) -> type[HazardPoint]:
        """Give what to select from, for `conditions` and `order`: call it once per query."""
        return HazardPoint if self.as_of is None else as_it_was(self.as_of)

    def conditions(self, of: type[HazardPoint]) -> list[ColumnElement[bool]]:
        """Give the filter as conditions on entries."""
        chosen = self.coarse_conditions(of)
        if self.evidence:
            chosen.append(of.evidence.in_(self.evidence))
        if self.hazard_type:
            chosen.append(of.hazard_type.in_(self.hazard_type))
        if self.box is not None:
            chosen.append(of.place.bool_op("&&")(envelope(self.box)))
        if self.within is not None:
            outline = func.ST_GeomFromText(self.within.wkt, WGS84)
            # The box by itself: under row-level security only it may use the index.
            chosen.append(of.place.bool_op("&&")(outline))
            chosen.append(func.ST_Covers(outline, of.place, type_=Boolean))
        if self.q.strip():
            chosen.append(says(self.q, of.name, of.number, of.address))
        if self.owner.strip():
            named = (of.owner_name, of.owner_phone, of.owner_unit)
            chosen.append(says(self.owner, *named))
        if self.overdue is not None:
            chosen.append(late(of, self.overdue))
        return chosen

    def coarse_conditions(self, of: Any) -> list[ColumnElement[bool]]:
        """Give the conditions that points and their sums in the count pyramid can both answer."""
        chosen: list[ColumnElement[bool]] = [of.state.in_(self.state or ON_THE_LEDGER)]
        if self.category:
            chosen.append(of.category.in_(self.category))
        if self.grade:
            chosen.append(of.grade.in_(self.grade))
        if self.areas:
            # Plain ranges on the C-collated path: the index serves them, also under the policy.
            below = (
                (of.area_path >= path) & (of.area_path < path[:-1] + "0") for path in self.areas
            )
            chosen.append(or_(*below))
        return chosen

    def is_coarse(self) -> bool:
        """Tell whether nothing is asked beyond what the count pyramid knows."""
        beyond = replace(self, category=(), grade=(), state=(), areas=())
        return beyond == PointFilter()


def envelope(box: Box) -> ColumnElement[object]:
    """Give a rectangle as a geometry."""
    return func.ST_MakeEnvelope(box.west, box.south, box.east, box.north, WGS84)


def says(text: str, *columns: Any) -> ColumnElement[bool]:
    """Match each word of a text (at least one) anywhere in one of the columns."""
    return and_(*(_says(word, *columns) for word in text.split()))


def _says(text: str, *columns: Any) -> ColumnElement[bool]:
    """Match a word as it is typed; % and _ mean themselves.

    What knows no capitals, as Chinese and numbers, is compared as it stands: half of the work.
    Where only plain letters are asked for, no others need be made small: two thirds of it.
    """
    plain = text.replace(ESCAPE, ESCAPE * 2).replace("%", ESCAPE + "%").replace("_", ESCAPE + "_")
    pattern = f"%{plain}%"
    if text.upper() == text.lower():
        return or_(*(one.like(pattern, escape=ESCAPE) for one in columns))
    sought = (collate(one, "C") if text.isascii() else one for one in columns)
    return or_(*(one.ilike(pattern, escape=ESCAPE) for one in sought))


def late(of: type[HazardPoint], before: datetime) -> ColumnElement[bool]:
    """Hold where a list the reader may see was due before a moment and is still owed."""
    owed = TASK.c.state.in_(STILL_OWED)
    return exists().where(TASK.c.subject_id == of.id, owed, TASK.c.due_at < before)


def order(sort: Sort, of: type[HazardPoint]) -> list[UnaryExpression[Any]]:
    """Give the order; the id decides between equals, so that no page shows a row twice."""
    by = {
        "grade": of.grade,
        "name": of.name,
        "number": of.number,
        "persons": func.coalesce(of.threatened_persons, 0),
        "changed": of.changed_at,
    }[sort.removeprefix("-")]
    down = sort.startswith("-")
    last = of.id.desc() if down else of.id.asc()
    return [by.desc() if down else by.asc(), last]


def turned(sort: Sort) -> Sort:
    """Give the same order from its other end."""
    return Sort(sort[1:] if sort.startswith("-") else f"-{sort}")


@lru_cache(KEPT_MOMENTS)
def as_it_was(moment: datetime) -> type[HazardPoint]:
    """Give entries as they were at a moment: those unchanged since, and those replaced since."""
    now_table = HazardPoint.__table__
    present = select(*now_table.c).where(now_table.c.changed_at <= moment)
    return aliased(HazardPoint, present.union_all(_replaced(moment)).subquery("ledger"))


@lru_cache(KEPT_MOMENTS)
def replaced_after(moment: datetime) -> type[HazardPoint]:
    """Give entries as they were at a moment, of those alone that have been replaced since."""
    # By their names: these columns are the history's.
    return aliased(HazardPoint, _replaced(moment).subquery("replaced"), adapt_on_names=True)


def _replaced(moment: datetime) -> Select[*tuple[Any, ...]]:
    then = HazardPointVersion.__table__
    columns = (then.c["point_id" if c.name == "id" else c.name] for c in HazardPoint.__table__.c)
    return select(*columns).where(then.c.replaced_at > moment, then.c.changed_at <= moment)
