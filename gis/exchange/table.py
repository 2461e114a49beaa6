"""What a file gave us, and how sure we are of it.

Every value is text as it was written (a code keeps its leading zero, an empty cell is
missing), whatever the format: so a mapping reads a CSV, a workbook and a Shapefile the same
way, and the typed reading happens in one place, where a refusal can name line and column.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import repeat
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gis.errors import PlatformError

if TYPE_CHECKING:
    import pandas as pd

Unit = Literal["line", "row", "feature"]


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that could not be read, or not be taken: where it stands and why."""

    line: int
    reason: PlatformError
    column: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The rows of one layer of one file."""

    rows: pa.Table
    """Text columns as Arrow keeps them: a third of what the same texts weigh in pandas."""
    lines: NDArray[np.int64]
    """For each row where it stands in the file, counted as people count: from 1."""
    unit: Unit
    """What `lines` counts: lines of a text file, rows of a sheet, features of a layer."""
    source: str
    driver: str
    geometry: NDArray[np.object_] | None = None
    """The shapes (shapely), in the coordinates of the file."""
    encoding: str | None = None
    crs: str | None = None
    """`EPSG:4524`, `GCJ-02` ...; None when the file does not say and nobody declared it."""
    layer: str | None = None
    layers: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    """Rows that are not in `rows` because they could not be read."""
    notes: tuple[PlatformError, ...] = field(default=())
    """What was guessed or mended on the way, to be shown and not raised."""

    def __len__(self) -> int:
        return int(self.rows.num_rows)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the text columns, in the order of the file."""
        return tuple(self.rows.column_names)

    def records(self) -> Iterator[dict[str, Any]]:
        """Each row as a dictionary, its shape under `geometry`."""
        shapes = repeat(None) if self.geometry is None else self.geometry
        for row, shape in zip(self.rows.to_pylist(), shapes, strict=False):
            yield row | {"geometry": shape}

    @property
    def frame(self) -> "pd.DataFrame":
        """All of it for pandas; a GeoDataFrame where there are shapes. Made anew each time."""
        texts: pd.DataFrame = self.rows.to_pandas()
        if self.geometry is None:
            return texts
        import geopandas as gpd  # noqa: PLC0415 - a third of a second, and most imports go without

        return gpd.GeoDataFrame(texts, geometry=self.geometry)

    def declared(self, crs: str | None) -> "Table":
        """The same table with the coordinate system the caller vouches for."""
        return self if crs is None else replace(self, crs=crs)
