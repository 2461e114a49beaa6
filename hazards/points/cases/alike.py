"""Points that a new one may turn out to be: on the ledger, off it again, or in somebody's case."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from shapely import Point
from sqlalchemy.orm import Session

from hazards.points import repository as points
from hazards.points.cases.models import HazardPointDraft, LedgerCase
from hazards.points.cases.rules import UNDER_WAY, Kind
from hazards.points.likeness import is_like
from hazards.points.models import Entry

MOST = 5
"""So many can be judged by eye; the nearest are shown."""
MOST_LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class Sketch:
    """As much of a point as is known while it is entered; `point_id` is never like itself."""

    place: Point
    hazard_type: str = ""
    name: str = ""
    point_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Alike:
    """An entry that may be the same point. One that is not on the ledger yet has its case."""

    point_id: UUID
    entry: Entry
    distance_m: float
    case: LedgerCase | None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The nearest like entries, how many there are in all, and how far was looked."""

    shown: tuple[Alike, ...]
    total: int
    radius_m: float


def neighbours(session: Session, sketch: Sketch, *, radius_m: float) -> Neighbours:
    """Give the like entries around a place that the reader may see, nearest first."""
    around = [*on_ledger(session, sketch, radius_m), *in_cases(session, sketch, radius_m)]
    like = [
        one
        for one in sorted(around, key=lambda one: one.distance_m)
        if one.point_id != sketch.point_id
        and is_like(
            hazard_type=sketch.hazard_type,
            name=sketch.name,
            other_type=one.entry.hazard_type,
            other_name=one.entry.name,
        )
    ]
    return Neighbours(tuple(like[:MOST]), len(like), radius_m)


def on_ledger(session: Session, sketch: Sketch, radius_m: float) -> Iterator[Alike]:
    """Give the entries around a place, those that left the ledger too."""
    found = points.near(session, sketch.place, within_m=radius_m, limit=MOST_LOOKED_AT)
    return (Alike(point.id, point, away, None) for point, away in found)


def in_cases(session: Session, sketch: Sketch, radius_m: float) -> Iterator[Alike]:
    """Give new points around a place that wait in cases of the reader's unit and those below it.

    Those of a file too. Drafts have no index by place, which would slow every import: only the
    few cases under way are looked through.
    """
    near = points.near_query(HazardPointDraft, sketch.place, within_m=radius_m)
    waiting = near.add_columns(LedgerCase).where(
        LedgerCase.id == HazardPointDraft.case_id,
        LedgerCase.kind.in_((Kind.ADD, Kind.IMPORT)),
        HazardPointDraft.base_version == 0,
        ~HazardPointDraft.left_out,
        LedgerCase.state.in_(UNDER_WAY),
    )
    rows = session.execute(waiting.limit(MOST_LOOKED_AT))
    return (Alike(draft.point_id, draft, away, case) for draft, away, case in rows)
