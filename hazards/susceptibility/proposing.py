"""Settlements beside the highest class that the ledger knows nothing of: possible points."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely import Point

from gis import crs
from hazards.evidence.grid import Grid
from hazards.evidence.looking import Finding
from hazards.evidence.rules import Known
from hazards.points.rules import Evidence
from hazards.susceptibility.mapping import Map, drivers
from hazards.susceptibility.rules import HIGHEST, MOST_PROPOSED, NEAR_M, Numbers

RECORDS_WITHIN_M = 2_000


@dataclass(frozen=True, slots=True)
class Settlement:
    """Where people live."""

    key: str
    name: str
    name_en: str
    longitude: float
    latitude: float
    people: float | None


@dataclass(frozen=True, slots=True)
class Likely(Finding):
    """A place where it may happen; it is known by the settlement, the ground, and the records."""

    named: frozenset[str]

    @property
    def keys(self) -> frozenset[str]:
        """Name what stands behind it: with another raster or record it is another one."""
        return self.named


def likely(
    grid: Grid, drawn: Map, settlements: Sequence[Settlement], records: Sequence[Known],
    sources: dict[str, dict[str, Any]],
) -> list[Likely]:  # fmt: skip
    """Give the settlements beside the highest class, those beside the highest scores first."""
    top = np.flatnonzero(drawn.classes == HIGHEST)
    if not settlements or not len(top):
        return []
    middles = grid.middles[drawn.rows[top]]
    homes = np.column_stack(
        grid.there.transform(
            [one.longitude for one in settlements], [one.latitude for one in settlements]
        )
    )
    tree = shapely.STRtree([Point(*middle) for middle in middles])
    near_m = max(NEAR_M, grid.side_m)
    of, cells = tree.query(shapely.points(homes), predicate="dwithin", distance=near_m)
    best: dict[int, int] = {}
    for home, cell in zip(of.tolist(), cells.tolist(), strict=True):
        row = int(top[cell])
        if home not in best or (drawn.scores[row], -row) > (drawn.scores[best[home]], -best[home]):
            best[home] = row
    order = sorted(best, key=lambda home: (-drawn.scores[best[home]], settlements[home].key))
    ground = frozenset(f"factor:{kind}:{of['digest']}" for kind, of in sources.items())
    kind = Counter(sorted(one.hazard_type for one in records)).most_common(1)[0][0]
    return [
        finding(grid, drawn, settlements[home], homes[home], best[home], records, ground, kind)
        for home in order[:MOST_PROPOSED]
    ]


def finding(
    grid: Grid, drawn: Map, settlement: Settlement, home: Numbers, row: int,
    records: Sequence[Known], ground: frozenset[str], kind: str,
) -> Likely:  # fmt: skip
    """Say of one settlement why it may happen beside it."""
    middle = grid.middles[drawn.rows[row]]
    lon, lat = grid.back.transform(*middle)
    near = near_records(settlement, records)
    facts = {
        "records": len(near), "occurrences": len(near), "within_m": RECORDS_WITHIN_M,
        "accuracy_m": grid.side_m, "settlement": settlement.name,
        "settlement_en": settlement.name_en, "people": settlement.people,
        "away_m": round(float(np.hypot(*(middle - home)))),
        "rank": round(float((drawn.scores > drawn.scores[row]).mean()), 4),
        **drivers(drawn, row),
    }  # fmt: skip
    named = {f"settlement:{settlement.key}", *ground, *(f"near:{one.key}" for one in near)}
    return Likely(
        Evidence.POSSIBLE, kind, round(float(lon), 6), round(float(lat), 6), near, facts,
        frozenset(named),
    )  # fmt: skip


def near_records(settlement: Settlement, records: Sequence[Known]) -> tuple[Known, ...]:
    """Give the records near a settlement."""
    if not records:
        return ()
    lon, lat = np.array([(one.longitude, one.latitude) for one in records]).T
    at = np.full(len(records), settlement.longitude), np.full(len(records), settlement.latitude)
    away = crs.distance_m(lon, lat, *at)
    return tuple(records[n] for n in np.flatnonzero(away <= RECORDS_WITHIN_M).tolist())
