"""Rows on their way out: read in slices by COPY, put into the system that was asked for.

Every slice has `longitude`, `latitude` and `extent` (text, WKT), and says in `crs` which system
they are in: a file in GCJ-02 that does not say so is how points come to lie 500 m off.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from pyarrow import csv

from gis import crs as systems

BLOCK_BYTES = 2 * 1024**2
GEOMETRY = "geometry"
PLACES = ("longitude", "latitude", "extent")
UNNAMED = (systems.GCJ02, systems.BD09)

NONE: Mapping[str, str] = {}

Batches = Iterator[pa.RecordBatch]
Step = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Slices:
    """A table that is never whole in memory."""

    schema: pa.Schema
    batches: Batches
    crs: str
    lines: bool = False
    """Whether an extent that is a line is the shape of its row."""
    headings: Mapping[str, str] = field(default_factory=dict)
    """What columns are called in the file, where that is not their own name."""

    def heading(self, name: str) -> str:
        """Give what a column is called in the file."""
        return self.headings.get(name, name)

    def named(self) -> "Slices":
        """Give it with its columns called as in the file."""
        names = [self.heading(name) for name in self.schema.names]
        schema = renamed(self.schema, names)
        batches = (batch.rename_columns(names) for batch in self.batches)
        return replace(self, schema=schema, batches=batches, headings={})

    def reader(self) -> pa.RecordBatchReader:
        """Give it with shapes as WKB, as GDAL and Parquet take it."""
        schema = self.schema.append(pa.field(GEOMETRY, pa.binary()))
        shaped = with_lines if self.lines else with_points
        names = [self.heading(name) for name in schema.names]
        batches = (shaped(batch).rename_columns(names) for batch in self.batches)
        return pa.RecordBatchReader.from_batches(renamed(schema, names), batches)


class Pieces(io.RawIOBase):
    """Bytes that come in pieces, as a file to read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, into: Any) -> int:
        """Fill a buffer with what came."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        count = min(len(into), len(self._rest))
        into[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


def of_csv(
    pieces: Iterator[bytes],
    kinds: dict[str, str],
    *,
    crs: str,
    step: Step,
    lines: bool = False,
    headings: Mapping[str, str] = NONE,
) -> Slices:
    """Read the CSV that COPY writes; `kinds` says which columns are `int64` or `float64`."""
    types = {name: pa.type_for_alias(kind) for name, kind in kinds.items()}
    read = csv.open_csv(
        io.BufferedReader(Pieces(pieces), BLOCK_BYTES),
        csv.ReadOptions(block_size=BLOCK_BYTES),
        csv.ParseOptions(newlines_in_values=True),
        csv.ConvertOptions(
            column_types=types, strings_can_be_null=True, quoted_strings_can_be_null=False
        ),
    )

    def batches() -> Batches:
        for batch in read:
            step(batch.num_rows)
            yield moved(batch, crs)

    return Slices(read.schema, batches(), crs, lines, headings)


def renamed(schema: pa.Schema, names: list[str]) -> pa.Schema:
    """Give the same columns under other names."""
    return pa.schema([one.with_name(name) for one, name in zip(schema, names, strict=True)])


def moved(batch: pa.RecordBatch, crs: str) -> pa.RecordBatch:
    """Put places into another system."""
    if crs == systems.WGS84:
        return batch
    lon, lat = (batch[name].to_numpy(zero_copy_only=False) for name in PLACES[:2])
    x, y = systems.from_wgs84(lon, lat, crs=crs)
    shapes = shapely.from_wkt(np.asarray(batch["extent"].to_pylist(), dtype=object))

    def there(points: Any) -> Any:
        return np.column_stack(systems.from_wgs84(points[:, 0], points[:, 1], crs=crs))

    texts = shapely.to_wkt(shapely.transform(shapes, there), rounding_precision=-1)
    columns = {"longitude": pa.array(x), "latitude": pa.array(y)}
    columns |= {"extent": pa.array(texts, pa.string()), "crs": pa.repeat(crs, batch.num_rows)}
    for name, column in columns.items():
        place = batch.schema.get_field_index(name)
        batch = batch.set_column(place, batch.schema.field(place), column)
    return batch


def with_points(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Add the place as a shape."""
    shapes = pa.array(shapely.to_wkb(points_of(batch)), pa.binary())
    return batch.append_column(GEOMETRY, shapes)


def with_lines(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Add the line of each row that has one, else its place."""
    drawn = shapely.from_wkt(np.asarray(batch["extent"].to_pylist(), dtype=object))
    is_line = np.isin(shapely.get_type_id(drawn), (1, 5))  # LineString, MultiLineString
    shapes = np.where(is_line, drawn, points_of(batch))
    return batch.append_column(GEOMETRY, pa.array(shapely.to_wkb(shapes), pa.binary()))


def points_of(batch: pa.RecordBatch) -> Any:
    """Give the places of some rows."""
    lon, lat = (batch[name].to_numpy(zero_copy_only=False) for name in PLACES[:2])
    return shapely.points(lon, lat)


def definition(crs: str) -> str:
    """Give what a file writes down as its system; the shifted ones say their name."""
    if crs not in UNNAMED:
        return crs
    return (
        f'LOCAL_CS["{crs}",LOCAL_DATUM["{crs}",0],UNIT["degree",0.0174532925199433],'
        'AXIS["Longitude",EAST],AXIS["Latitude",NORTH]]'
    )
