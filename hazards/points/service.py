"""Verbs of the ledger: register, change, approve, de-list. Each leaves a state behind."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from shapely import MultiPolygon, Point
from sqlalchemy.orm import Session

from gis.areas.placing import day_of, path_at
from gis.authority import Act, Actor, require
from gis.errors import Conflict, Missing, Rejected
from gis.store import audit, notify
from hazards.points import history, repository, rules, types
from hazards.points.models import HazardPoint
from hazards.points.rules import Category, Evidence, Grade, GradeOrigin, Move, State

OWN_SOURCE = "yitong"
"""Source of the points entered here; a point from a file has its file's."""


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
    extent: MultiPolygon | None = None
    grade: Grade | None = None
    grade_reason: str = ""


SAID = tuple(f.name for f in fields(Facts))
GRADED = {"grade", "grade_reason"}


def register(
    session: Session, *, point_id: UUID, facts: Facts, by: Actor, now: datetime
) -> tuple[HazardPoint, bool]:
    """Enter a draft; the same id again is the same point once. Tells whether it is new."""
    there = repository.find(session, point_id)
    if there is not None:
        return there, False
    area_path = placed(session, facts.place, by=by, now=now)
    number = facts.number.strip() or f"YT-{point_id.hex[-10:].upper()}"
    point = HazardPoint(
        id=point_id,
        source=OWN_SOURCE,
        state=State.DRAFT,
        synthetic=False,
        version=0,
        area_path=area_path,
        delisted_ground=None,
    )
    say(session, point, replace(facts, number=number))
    sign(point, by=by, now=now)
    session.add(point)
    tell(session, point, kind="registered")
    return point, True


def change(
    session: Session,
    *,
    point_id: UUID,
    seen_version: int,
    changes: dict[str, object],
    by: Actor,
    now: datetime,
) -> HazardPoint:
    """Change what the entry says; what is not among the changes stays."""
    point = open_for(session, point_id, seen_version=seen_version, act=Act.EDIT_POINT, by=by)
    if point.state == State.DELISTED:
        raise Rejected("This point is de-listed and cannot be changed. Enter a new one.")
    was_at = area_path = point.area_path
    before = facts_of(point)
    changes = {name: said for name, said in changes.items() if getattr(before, name) != said}
    if not changes:
        return point
    facts = replace(before, **changes)  # type: ignore[arg-type]  # checked by the caller's shape
    if facts.place != point.place:
        area_path = placed(session, facts.place, by=by, now=now)
    say(session, point, facts)
    point.area_path = area_path
    sign(point, by=by, now=now)
    tell(session, point, kind="changed", also=(was_at,), changed=sorted(changes))
    return point


def approve(
    session: Session, *, point_id: UUID, seen_version: int, by: Actor, now: datetime
) -> HazardPoint:
    """Put a draft on the ledger."""
    point = open_for(session, point_id, seen_version=seen_version, act=Act.APPROVE_POINT, by=by)
    point.state = rules.next_state(State(point.state), Move.APPROVE)
    sign(point, by=by, now=now)
    tell(session, point, kind="approved")
    return point


def delist(
    session: Session, *, point_id: UUID, seen_version: int, ground: str, by: Actor, now: datetime
) -> HazardPoint:
    """Take a point off the ledger for a ground; it stays to be looked up."""
    point = open_for(session, point_id, seen_version=seen_version, act=Act.APPROVE_POINT, by=by)
    point.state = rules.next_state(State(point.state), Move.DELIST)
    point.delisted_ground = rules.checked_ground(ground)
    sign(point, by=by, now=now)
    tell(session, point, kind="delisted", ground=point.delisted_ground)
    return point


def visible(session: Session, point_id: UUID) -> HazardPoint:
    """Give a point, or say that there is none for this reader."""
    point = repository.find(session, point_id)
    if point is None:
        raise Missing("There is no such point. It may lie outside your area.")
    return point


def open_for(
    session: Session, point_id: UUID, *, seen_version: int, act: Act, by: Actor
) -> HazardPoint:
    """Lock a point for an act; whoever saw an older version hears who changed what."""
    point = repository.locked(session, point_id)
    if point is None:
        raise Missing("There is no such point. It may lie outside your area.")
    require(by, act, point.area_path)
    if point.version != seen_version:
        seen = repository.version(session, point_id, seen_version)
        columns = history.changed_columns(seen, point) if seen else ()
        raise Conflict(
            "{who} changed this point while you had it open ({what})."
            " Nothing of yours was saved. Reload, compare, and enter your change again.",
            who=point.changed_by_name,
            what=", ".join(columns),
        )
    return point


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


def say(session: Session, point: HazardPoint, facts: Facts) -> None:
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
            setattr(point, name, value.strip() if isinstance(value, str) else value)
    point.grade, point.grade_origin, point.grade_reason = graded


def facts_of(point: HazardPoint) -> Facts:
    """Give what the entry says now, as a person would say it."""
    said = {name: getattr(point, name) for name in SAID if name not in GRADED}
    by_hand = point.grade_origin == GradeOrigin.BY_HAND
    return Facts(
        **said,
        grade=Grade(point.grade) if by_hand else None,
        grade_reason=point.grade_reason or "",
    )


def sign(point: HazardPoint, *, by: Actor, now: datetime) -> None:
    """Put the person's name under a new state."""
    point.version += 1
    point.changed_at, point.changed_by, point.changed_by_name = now, by.id, by.name


def tell(
    session: Session, point: HazardPoint, *, kind: str, also: tuple[str, ...] = (), **facts: object
) -> None:
    """Log the act and tell live pages."""
    audit.record(
        session,
        act=f"point.{kind}",
        subject=point.id,
        area_path=point.area_path,
        version=point.version,
        **facts,
    )
    notify.announce(
        session, topic="point", kind=kind, ref=point.id, area_path=point.area_path, also=also
    )
