"""Reading the ledger as one person: a point he may see, or that there is none.

The ledger is changed by cases (`hazards.points.cases`) and by imports of the program itself.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from gis.errors import Missing
from hazards.points import repository
from hazards.points.models import HazardPoint


def visible(session: Session, point_id: UUID) -> HazardPoint:
    """Give a point, or say that there is none for this reader."""
    point = repository.find(session, point_id)
    if point is None:
        raise Missing("There is no such point. It may lie outside your area.")
    return point
