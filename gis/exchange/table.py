"""What a file gave us, and how sure we are of it.

Every value is text as it was written (a code keeps its leading zero, an empty cell is
missing), whatever the format: so a mapping reads a CSV, a workbook and a Shapefile the same
way, and the typed reading happens in one place, where a refusal can name line and column.
"""

from dataclasses import dataclass, field, replace
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.errors import PlatformError

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

    frame: pd.DataFrame
    """Text columns; a GeoDataFrame (column `geometry`, in the coordinates of the file) if any."""
    lines: NDArray[np.int64]
    """For each row of `frame` where it stands in the file, counted as people count: from 1."""
    unit: Unit
    """What `lines` counts: lines of a text file, rows of a sheet, features of a layer."""
    source: str
    driver: str
    encoding: str | None = None
    crs: str | None = None
    """`EPSG:4524`, `GCJ-02` ...; None when the file does not say and nobody declared it."""
    layer: str | None = None
    layers: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    """Rows that are not in `frame` because they could not be read."""
    notes: tuple[PlatformError, ...] = field(default=())
    """What was guessed or mended on the way, to be shown and not raised."""

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the text columns, in the order of the file."""
        return tuple(str(name) for name in self.frame.columns if name != "geometry")

    @property
    def geometry(self) -> gpd.GeoSeries | None:
        """The shapes, in the coordinates of the file."""
        return self.frame.geometry if isinstance(self.frame, gpd.GeoDataFrame) else None

    def declared(self, crs: str | None) -> "Table":
        """The same table with the coordinate system the caller vouches for."""
        return self if crs is None else replace(self, crs=crs)
