"""What is done with one partition of many records, on the worker where it lies."""

import math
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from hazards.evidence import islands, looking
from hazards.evidence.clusters import Places
from hazards.evidence.grid import Grid
from hazards.evidence.hot_spots import Counts
from hazards.evidence.rules import Asked, Known, Span

Part = Any
"""A geopandas.GeoDataFrame of records."""


def with_island(
    part: Part, cells: islands.Cells, labels: NDArray[np.int64], within_m: float
) -> Part:
    """Write beside each record which island it is of."""
    numbers = {tuple(cell): label for cell, label in zip(cells.tolist(), labels, strict=True)}
    found = [numbers[tuple(cell)] for cell in cells_in(part, within_m).tolist()]
    return part.assign(island=np.array(found, np.int64))


def known(part: Part) -> list[Known]:
    """Give the records of a partition as statistics see them."""
    return [
        Known(
            UUID(row.id), row.source, row.number, row.hazard_type, row.happened_at.to_pydatetime(),
            row.precision, row.geometry.x, row.geometry.y,
            None if math.isnan(row.accuracy_m) else row.accuracy_m,
        )
        for row in part.itertuples(index=False)
    ]  # fmt: skip


def places_in(part: Part) -> Places:
    """Give where the records of a partition lie."""
    return np.column_stack((part.geometry.x, part.geometry.y))


def cells_in(part: Part, within_m: float) -> islands.Cells:
    """Give the cubes of a partition's records."""
    return islands.cells_of(places_in(part), within_m=within_m)


def span_in(part: Part) -> Span | None:
    """Give the days that a partition's records span, where it has any."""
    return looking.span_of(known(part)) if len(part) else None


def found_in(part: Part, asked: Asked, window: Span) -> looking.Found:
    """Find what whole islands speak for."""
    return looking.findings(looking.in_order(known(part)), asked, window)


def summary_in(part: Part) -> looking.Summary:
    """Sum a partition up."""
    return looking.summary(known(part))


def counts_in(part: Part, cells: Grid) -> Counts:
    """Count a partition's records in the cells of an area."""
    return cells.fine(known(part))
