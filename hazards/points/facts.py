"""What a person says of a point, and how an entry comes to say it."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from shapely import MultiPolygon, Point
from sqlalchemy.orm import Session

from gis.areas.placing import day_of, path_at
from gis.authority import Act, Actor, require
from gis.errors import Rejected
from hazards.points import rules, types
from hazards.points.models import Entry
from hazards.points.rules import (
    Category,
    Evidence,
    Grade,
    GradeOrigin,
    Monitoring,
    Scale,
    WarningMeans,
    WorksStage,
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a person says of a point. `grade` only when it differs from the figures."""

    category: Category
    evidence: Evidence
    hazard_type: str
    name: str
    place: Point
    address: str = ""
    number: str = ""
    threatened_persons: int | None = None
    threatened_households: int | None = None
    threatened_frail: int | None = None
    threatened_property_10k_yuan: Decimal | None = None
    owner_name: str = ""
    owner_phone: str = ""
    owner_unit: str = ""
    owner_post: str = ""
    monitoring_name: str = ""
    monitoring_post: str = ""
    monitoring_phone: str = ""
    monitors: tuple[dict[str, str], ...] = ()
    monitoring_method: Monitoring | None = None
    warning_means: tuple[WarningMeans, ...] = ()
    plan_exists: bool | None = None
    cards_given: bool | None = None
    drilled_on: date | None = None
    found_on: date | None = None
    direction: str = ""
    volume_m3: Decimal | None = None
    scale: Scale | None = None
    trigger: str = ""
    works: str = ""
    works_stage: WorksStage | None = None
    file_ids: tuple[UUID, ...] = ()
    extent: MultiPolygon | None = None
    grade: Grade | None = None
    grade_reason: str = ""


SAID = tuple(f.name for f in fields(Facts))
GRADED = {"grade", "grade_reason"}


def placed(session: Session, place: Point, *, by: Actor, now: datetime) -> str:
    """Find the area of a place, and hold that the person may enter points there."""
    area_path = path_at(session, place, day=day_of(now))
    if area_path is None:
        raise Rejected(
            "No known area covers this place. Check longitude and latitude;"
            " they may be swapped or in another coordinate system."
        )
    require(by, Act.EDIT_POINT, area_path)
    return area_path


def say(session: Session, entry: Entry, facts: Facts) -> None:
    """Write what a person says into the entry, with the grade that follows from it."""
    if not facts.name.strip():
        raise Rejected("The point needs a name. Write how people there call it.")
    if not facts.number.strip():
        raise Rejected("The point needs its number.")
    types.require_active(session, facts.hazard_type)
    rules.checked_frail(persons=facts.threatened_persons, frail=facts.threatened_frail)
    graded = rules.graded(
        persons=facts.threatened_persons,
        property_10k_yuan=facts.threatened_property_10k_yuan,
        by_hand=facts.grade,
        reason=facts.grade_reason,
    )
    for name in SAID:
        if name not in GRADED:
            value = getattr(facts, name)
            setattr(entry, name, value.strip() if isinstance(value, str) else value)
    entry.monitors = rules.checked_monitors(facts.monitors)
    entry.warning_means = [str(means) for means in facts.warning_means]
    entry.file_ids = rules.checked_files(facts.file_ids)
    entry.grade, entry.grade_origin, entry.grade_reason = graded


def facts_of(entry: Entry) -> Facts:
    """Give what the entry says now, as a person would say it."""
    said = {name: getattr(entry, name) for name in SAID if name not in GRADED}
    said |= {name: tuple(said[name]) for name in ("monitors", "warning_means", "file_ids")}
    by_hand = entry.grade_origin == GradeOrigin.BY_HAND
    return Facts(
        **said,
        grade=Grade(entry.grade) if by_hand else None,
        grade_reason=entry.grade_reason or "",
    )


def with_number(facts: Facts, number: str) -> Facts:
    """Give the same facts under a number."""
    return replace(facts, number=number)


def changed(entry: Entry, changes: dict[str, object]) -> Facts | None:
    """Give what the entry would say after some changes, or nothing if it says that already."""
    before = facts_of(entry)
    changes = {name: told for name, told in changes.items() if getattr(before, name) != told}
    return replace(before, **changes) if changes else None  # type: ignore[arg-type]  # checked by the caller's shape
