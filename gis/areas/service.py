"""Brings areas into the tree: the seed as a whole, and drafts one by one."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from gis.areas import seed
from gis.areas.draft import Draft
from gis.areas.models import Area
from gis.areas.seed import Sources
from gis.store import audit, notify
from gis.store.base import new_id

CITY_PATH = f"/{seed.CITY_CODE}/"
SAME_DEG = 1e-9
# An import may replace these; the seed never takes a row back that an import has touched.
FACTS = (
    "level", "name", "name_en", "path", "boundary", "boundary_kind", "centre", "population",
    "source",
)  # fmt: skip

Key = tuple[str, str, date | None, date | None]
Counts = Counter["Outcome"]
Progress = Callable[[int], None]


class Outcome(StrEnum):
    """What became of one area."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"
    KEPT = "kept"
    REFUSED = "refused"


def load_seed(session: Session, sources: Sources, *, progress: Progress | None = None) -> Counts:
    """Load the city's areas; a second time, or beside imported boundaries, nothing is spoilt."""
    edition = sources.edition()
    loaded = func.count().filter(Area.source.startswith(edition, autoescape=True))
    cities, total = session.execute(select(loaded, func.count(Area.id))).one()
    if cities == len(seed.VINTAGES):
        return Counter({Outcome.SAME: total})
    done = put(session, seed.drafts(sources), progress=progress)
    if done[Outcome.ADDED] or done[Outcome.CHANGED]:
        facts = {str(outcome): count for outcome, count in done.items()}
        audit.record(session, act="areas.loaded", subject=None, area_path=CITY_PATH, **facts)
        announce(session)
    return done


def put(session: Session, drafts: Iterable[Draft], *, progress: Progress | None = None) -> Counts:
    """Add the areas that are new and change our own that differ, each after its parent."""
    existing = {_key(area): area for area in session.scalars(select(Area))}
    parents: dict[tuple[str, date | None], UUID] = {}
    waiting: list[dict[str, Any]] = []
    counts: Counts = Counter()
    for draft in drafts:
        since = draft.validity.lower
        parent_id = parents[draft.parent_path, since] if draft.parent_path else None
        area = existing.get(_key(draft))
        if area is None:
            waiting.append(as_row(draft, parent_id=parent_id))
            counts[Outcome.ADDED] += 1
        else:
            counts[refresh(area, draft, parent_id=parent_id)] += 1
        parents[draft.path, since] = area.id if area else waiting[-1]["id"]
        if progress is not None:
            progress(1)
    if waiting:
        session.execute(insert(Area), waiting)
    return counts


def as_row(draft: Draft, *, parent_id: UUID | None) -> dict[str, Any]:
    """Give the columns of a new row."""
    facts = {name: getattr(draft, name) for name in FACTS}
    identity = {"code": draft.code, "code_system": draft.code_system, "validity": draft.validity}
    return {"id": new_id(), "parent_id": parent_id, **identity, **facts}


def refresh(area: Area, draft: Draft, *, parent_id: UUID | None) -> Outcome:
    """Bring a row of the seed up to the draft; a row that an import has touched is left alone."""
    if not area.source.startswith(seed.MARK):
        return Outcome.KEPT
    wanted: Mapping[str, Any] = {name: getattr(draft, name) for name in FACTS}
    differing = [name for name, value in wanted.items() if not same(getattr(area, name), value)]
    for name in differing:
        setattr(area, name, wanted[name])
    if area.parent_id != parent_id:
        area.parent_id = parent_id
        differing.append("parent_id")
    return Outcome.CHANGED if differing else Outcome.SAME


def same(one: object, other: object) -> bool:
    """Tell whether two values say the same; shapes to a tenth of a millimetre."""
    if isinstance(one, BaseGeometry) and isinstance(other, BaseGeometry):
        return bool(shapely.equals_exact(one.normalize(), other.normalize(), tolerance=SAME_DEG))
    return one == other


def announce(session: Session, paths: Sequence[str] = (CITY_PATH,)) -> None:
    """Tell the pages that boundaries changed; what hangs on them is placed anew."""
    notify.announce(
        session, topic="area", kind="changed", ref=None, area_path=paths[0], also=tuple(paths[1:])
    )


def _key(area: Area | Draft) -> Key:
    validity: Range[date] = area.validity
    return area.code_system, area.code, validity.lower, validity.upper
