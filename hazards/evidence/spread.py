"""The same search over partitions, on a Dask scheduler given by its address.

For millions of records. They are parted into islands that no reach crosses, and whole islands go
to the workers, where the same functions look at them as on one machine: the numbers are equal.

Records travel once, part by part, and stay where they lie while all steps go over them: written
into the graph of each step they would travel anew with every one.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, fields
from typing import Any

import dask_geopandas  # noqa: F401 - teaches Dask what a frame with places is
import geopandas as gpd
import numpy as np
import pandas as pd
from dask.base import compute
from dask.dataframe import from_delayed
from dask.delayed import delayed
from distributed import Client
from shapely.geometry.base import BaseGeometry

from gis.crs import WGS84
from hazards.evidence import grid, islands, looking, parts
from hazards.evidence.interaction import MOST_PAIRED, interaction
from hazards.evidence.looking import Look
from hazards.evidence.rules import Asked, Known, Span
from hazards.evidence.searching import Way

NAMES = [field.name for field in fields(Known)]
PARTS_A_WORKER = 2
Frame = Any
"""A dask_geopandas.GeoDataFrame of records; the library has no types."""


@contextmanager
def over(address: str) -> Iterator[Way]:
    """Search on the workers of a scheduler."""
    with Client(address) as client:  # type: ignore[no-untyped-call]  # the library has no types
        count = PARTS_A_WORKER * max(1, len(client.scheduler_info()["workers"]))

        def look_all(records: Sequence[Known], asked: Asked) -> Look:
            if not records:
                return looking.look([], asked)
            return look(sent(client, framed(records), into=count), asked)

        def hot_cells(outline: BaseGeometry, records: Sequence[Known]) -> dict[str, Any]:
            if not records:
                return grid.hot_cells(outline, [])
            return hot(outline, sent(client, framed(records), into=count))

        yield Way(look_all, hot_cells)


def framed(records: Sequence[Known]) -> gpd.GeoDataFrame:
    """Lay records out as a frame."""
    rows = pd.DataFrame([astuple(one) for one in records], columns=NAMES)
    rows["id"] = rows["id"].astype(str)
    places = gpd.points_from_xy(rows.pop("longitude"), rows.pop("latitude"), crs=WGS84)
    return gpd.GeoDataFrame(rows, geometry=places)


def sent(client: Client, whole: gpd.GeoDataFrame, *, into: int) -> Frame:
    """Send a frame to the workers in so many parts; give the frame of what lies there."""
    rows = np.array_split(np.arange(len(whole)), max(1, min(into, len(whole))))
    there = client.scatter([whole.iloc[of] for of in rows])  # type: ignore[no-untyped-call]  # as above
    return from_delayed(there, meta=whole.iloc[:0], verify_meta=False)


def look(frame: Frame, asked: Asked) -> Look:
    """Find the places that records speak for, as `looking.look` does."""
    exact = frame[frame["accuracy_m"] <= asked.within_m]
    spans = [one for one in each(exact, parts.span_in) if one]
    window = Span(min(one.first for one in spans), max(one.last for one in spans)) if spans else (
        looking.span_of([])
    )  # fmt: skip
    cells = np.unique(np.concatenate(each(exact, parts.cells_in, asked.within_m)), axis=0)
    whole = islanded(exact, cells, asked.within_m)
    found = each(whole, parts.found_in, asked, window)
    used = sum(each(exact, len))
    near = parts.known(exact.compute()) if used <= MOST_PAIRED else []
    vintage = looking.summed(each(frame, parts.summary_in), used=used)
    return Look(looking.in_turn(found), vintage, interaction(looking.in_order(near), asked))


def hot(outline: BaseGeometry, frame: Frame) -> dict[str, Any]:
    """Score an area's cells, as `grid.hot_cells` does."""
    cells = grid.over(outline)
    counts = each(frame, parts.counts_in, cells)
    return grid.scored(cells, np.sum(counts, axis=0))


def each(frame: Frame, work: Any, *more: Any) -> list[Any]:
    """Do work on each partition, where it lies; give what comes of it."""
    later = [delayed(work)(part, *more) for part in frame.to_delayed()]
    return list(compute(*later))  # type: ignore[no-untyped-call]  # as above


def islanded(exact: Frame, cells: islands.Cells, within_m: float) -> Frame:
    """Part records anew so that each island lies whole in one partition."""
    if not len(cells):
        return exact
    labels = islands.joined(cells)
    like = exact._meta.assign(island=np.int64(0))  # noqa: SLF001 - how Dask is told of columns
    numbered = exact.map_partitions(parts.with_island, cells, labels, within_m, meta=like)
    return numbered.shuffle("island", shuffle_method="tasks")
