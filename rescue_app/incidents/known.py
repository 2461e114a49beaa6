"""What is known around an incident before anybody on site has said a word."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from gis import crs
from hazards.points import summary
from hazards.points.filters import PointFilter
from rescue_app.incidents.models import Incident

AROUND_M = 500
"""How far around an incident the ledger is asked, where nobody drew the area it reaches."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Points of the ledger in the area, and whom they threaten; `km2` where it was drawn."""

    points: int
    persons: int
    frail: int
    households: int
    km2: float | None


def around(session: Session, incident: Incident) -> Surroundings:
    """Sum up the ledger in the drawn area, or around the place."""
    shape = incident.extent or crs.buffer(incident.place, radius_m=AROUND_M)
    found = summary.summed(session, PointFilter(within=shape))
    km2 = crs.area_m2(incident.extent) / 1e6 if incident.extent else None
    persons, frail, households = (int(str(found[key]).split(".")[0]) for key in
                                  ("persons", "frail", "households"))  # fmt: skip
    return Surroundings(int(str(found["total"])), persons, frail, households, km2)
