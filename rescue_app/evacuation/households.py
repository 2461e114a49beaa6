"""Verbs of households: bring in what a source says of them, all of it or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shapely import Point
from sqlalchemy.orm import Session

from gis.areas.placing import day_of, path_at
from gis.authority import Act, Actor, require
from gis.errors import Rejected
from gis.store import audit
from gis.store.base import new_id
from rescue_app.evacuation import repository

MOST_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class HouseholdDraft:
    """A household as its source tells of it; `source_id` is the source's own number."""

    source_id: str
    place: Point
    head: str
    phone: str
    address: str
    people: int
    frail: int = 0
    needs: str = ""


def bring_in(
    session: Session,
    *,
    source: str,
    drafts: Sequence[HouseholdDraft],
    by: Actor,
    now: datetime,
    synthetic: bool = False,
) -> int:
    """Keep households; the same source's same number again is the same household."""
    for line, draft in enumerate(drafts, start=1):
        if draft.frail > draft.people:
            raise Rejected("Household {line}: more frail persons than people. Mend the count.",
                           line=line)  # fmt: skip
        path = path_at(session, draft.place, day=day_of(now))
        if path is None:
            raise Rejected("Household {line}: its place lies in no area of the city. Check "
                           "longitude and latitude.", line=line)  # fmt: skip
        require(by, Act.EDIT_POINT, path)
        told = {name: getattr(draft, name) for name in HouseholdDraft.__slots__}
        repository.keep_household(session, told | {
            "id": new_id(), "source": source, "area_path": path, "synthetic": synthetic,
            "changed_at": now, "changed_by_name": by.name,
        })  # fmt: skip
    audit.record_for(session, by.id, act="household.brought_in", subject=None,
                     area_path=by.area_path, count=len(drafts))  # fmt: skip
    return len(drafts)
