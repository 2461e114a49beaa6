"""Gather the factors of an area's cells: from rasters and lines brought in, water, and roads."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from hazards.evidence.grid import Grid
from hazards.susceptibility import ground, repository
from hazards.susceptibility.distances import nearest
from hazards.susceptibility.models import GroundLayer
from hazards.susceptibility.rules import FURTHEST_M, LINES, RASTERS, Kind, Numbers
from hazards.susceptibility.terrain import Frame, averages, terrain

NARROWEST_M = 90_000.0
"""A degree is longer than this up to 36 degrees north: boxes are wide enough."""
Told = Callable[[], None]


@dataclass
class Gathered:
    """Values of each factor over the cells, and what they were made of."""

    values: dict[str, Numbers] = field(default_factory=dict)
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def is_made_up(self) -> bool:
        """Tell whether any of it is synthetic."""
        return any(one.get("synthetic", False) for one in self.sources.values())

    def take(self, kind: Kind, source: dict[str, Any], values: dict[str, Numbers]) -> None:
        """Keep what has a value anywhere."""
        known = {name: one for name, one in values.items() if np.isfinite(one).any()}
        self.values |= known
        if known:
            self.sources[kind] = source


def gather(
    session: Session, grid: Grid, outline: BaseGeometry, *, step: Told, told: Told
) -> Gathered:
    """Give every factor there is anything of; `told` may leave between two strips."""
    found = Gathered()
    with TemporaryDirectory(prefix="yitong-ground-") as folder:
        for kind in RASTERS:
            step()
            layer = repository.newest(session, kind, shapely.box(*outline.bounds))
            if layer is not None:
                path = ground.on_disk(session, layer, Path(folder))
                found.take(kind, named(layer), raster(kind, path, grid, told))
    around = reach(outline)
    for kind in LINES:
        step()
        source, shapes = lines(session, kind, around)
        if shapes:
            found.take(kind, source, {kind.value: nearest(grid, shapes)})
    return found


def raster(kind: Kind, path: Path, grid: Grid, told: Told) -> dict[str, Numbers]:
    """Read what a raster says of the cells."""
    frame = Frame.around(grid)
    if kind is Kind.RAIN:
        return {"rain": averages(path, frame, told=told)}
    return terrain(path, frame, told=told)


def lines(session: Session, kind: Kind, box: Polygon) -> tuple[dict[str, Any], list[BaseGeometry]]:
    """Give the lines of a kind in reach: those brought in for it, else what the maps have."""
    layer = repository.newest(session, kind, box)
    if layer is not None:
        return named(layer), repository.within(layer, box)
    shapes: list[BaseGeometry] = []
    name = ""
    if kind is Kind.RIVER:
        shapes, name = repository.waters(session, box), "water"
    elif kind is Kind.ROAD:
        shapes, name = repository.roads(session, box), repository.road_source(session)
    return {"name": name, "digest": digest(shapes)}, shapes


def named(layer: GroundLayer) -> dict[str, Any]:
    """Say which layer it was."""
    made_up = {"synthetic": True} if layer.synthetic else {}
    at = layer.at.isoformat()
    return {
        "name": layer.name,
        "digest": layer.digest[:16],
        "at": at,
        "by": layer.by_name,
    } | made_up


def digest(shapes: Sequence[BaseGeometry]) -> str:
    """Name shapes by what they are."""
    return hashlib.sha256(b"".join(shapely.to_wkb(np.array(shapes, object)))).hexdigest()[:16]


def reach(outline: BaseGeometry) -> Polygon:
    """Give the box in which a line may be near."""
    west, south, east, north = outline.bounds
    margin = FURTHEST_M / NARROWEST_M
    return shapely.box(west - margin, south - margin, east + margin, north + margin)
