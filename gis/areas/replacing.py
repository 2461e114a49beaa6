"""What lies elsewhere since the boundaries changed: found by geometry, moved by its own floor."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Select
from sqlalchemy.orm import Session

from gis.areas.placing import Placer


@dataclass(frozen=True, slots=True)
class Moves:
    """Rows by id with the path they belong to now, and the one they had."""

    ids: Sequence[UUID]
    paths: Sequence[str]
    were: Sequence[str]

    @property
    def touched(self) -> tuple[str, ...]:
        """Give the areas that lose or get something."""
        return tuple(sorted({*self.paths, *self.were}))


def misplaced(session: Session, rows: Select[Any], placer: Placer) -> Moves:
    """Compare rows (id, longitude, latitude, path) with the areas of the placer's day.

    What lies in no area any more stays where it was: nothing falls off the map.
    """
    found = session.execute(rows).all()
    if not found:
        return Moves((), (), ())
    ids, longitudes, latitudes, were = zip(*found, strict=True)
    now = placer.paths(np.array(longitudes, dtype=float), np.array(latitudes, dtype=float))
    changed = [n for n, path in enumerate(now) if path is not None and path != were[n]]
    return Moves(
        ids=[ids[n] for n in changed],
        paths=[str(now[n]) for n in changed],
        were=[were[n] for n in changed],
    )
