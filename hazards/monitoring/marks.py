"""Marks of a stream: levels that mean something at this one place, such as a river's warning level.

Which marks there are a property says; that each is what the office has set, people say.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Missing, Rejected
from gis.store import audit
from gis.store.notify import announce
from hazards.monitoring.models import Datastream, ObservedProperty

TOPIC = "station"
Known = Sequence[Mapping[str, Any]]


def check(known: Known, marks: Mapping[str, float]) -> None:
    """Refuse marks that the property has not, and those that stand upside down.

    A record is no rank: the highest level seen may lie below what dykes are built for.
    """
    names = {str(one["code"]): one for one in known}
    for code in marks:
        if code not in names:
            raise Rejected("There is no mark {code} for what is measured here.", code=code)
    ranked = [one for one in known if one.get("ranked", True) and one["code"] in marks]
    for lower, higher in pairwise(ranked):
        if marks[str(lower["code"])] > marks[str(higher["code"])]:
            raise Rejected(
                "{lower} ({low}) lies above {higher} ({high}): they look exchanged. Correct them.",
                lower=lower["zh"],
                low=f"{marks[str(lower['code'])]:g}",
                higher=higher["zh"],
                high=f"{marks[str(higher['code'])]:g}",
            )


def put(
    session: Session, point_id: UUID, number: int, marks: Mapping[str, float], *, by: Actor
) -> Datastream:
    """Set the marks of a stream; what is not among them it has no more."""
    query = select(Datastream, ObservedProperty).join(ObservedProperty)
    asked = Datastream.point_id == point_id, Datastream.number == number
    found = session.execute(query.where(*asked).with_for_update(of=Datastream)).first()
    if found is None:
        raise Missing("There is no such station, or it lies outside your area.")
    stream: Datastream = found[0]
    require(by, Act.EDIT_POINT, stream.area_path)
    check(found[1].marks, marks)
    before, stream.marks = stream.marks, dict(marks)
    facts = {"stream": number, "before": before, "marks": stream.marks}
    audit.record(
        session, act="stream.marked", subject=point_id, area_path=stream.area_path, **facts
    )
    announce(session, topic=TOPIC, kind="marked", ref=point_id, area_path=stream.area_path)
    return stream
