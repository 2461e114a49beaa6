"""A person's round: what he owes, point by point, in the order of the way."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shapely import Point
from sqlalchemy.orm import Session

from gis.authority import Actor
from hazards.points.models import HazardPoint
from hazards.tasks import repository, route
from hazards.tasks.models import Task


@dataclass(slots=True)
class Stop:
    """One point on the way, with what is to be done there."""

    point: HazardPoint
    tasks: list[Task] = field(default_factory=list)
    metres: float = 0.0


def stops(session: Session, actor: Actor, now: datetime, here: Point | None) -> list[Stop]:
    """Give the stops from where he stands, else from the one that is due first."""
    by_point: dict[UUID, Stop] = {}
    for task, point in repository.mine(session, actor, now):
        by_point.setdefault(point.id, Stop(point)).tasks.append(task)
    found = list(by_point.values())
    way = [found[n] for n in route.order([one.point.place for one in found], start=here)]
    legs = route.legs_m([one.point.place for one in way], start=here)
    for stop, metres in zip(way, legs, strict=True):
        stop.metres = metres
    return way
