"""A person's round: what he owes, place by place, in the order of the way."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shapely import Point
from sqlalchemy.orm import Session

from gis.authority import Actor
from hazards.tasks import repository, route
from hazards.tasks.models import Task
from hazards.tasks.subjects import Subject


@dataclass(slots=True)
class Stop:
    """One point or asset on the way, with what is to be done there."""

    subject: Subject
    tasks: list[Task] = field(default_factory=list)
    metres: float = 0.0


def stops(session: Session, actor: Actor, now: datetime, here: Point | None) -> list[Stop]:
    """Give the stops from where he stands, else from the one that is due first."""
    stops_by: dict[UUID, Stop] = {}
    for task, subject in repository.mine(session, actor, now):
        stops_by.setdefault(subject.id, Stop(subject)).tasks.append(task)
    found = list(stops_by.values())
    way = [found[n] for n in route.order([one.subject.spot for one in found], start=here)]
    legs = route.legs_m([one.subject.spot for one in way], start=here)
    for stop, metres in zip(way, legs, strict=True):
        stop.metres = metres
    return way
