"""What a file gave us, and how sure we are of it.

Every value is text as it was written (a code keeps its leading zero, an empty cell is
missing), whatever the format: so a mapping reads a CSV, a workbook and a Shapefile the same
way, and the typed reading happens in one place, where a refusal can name line and column.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import repeat
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from gis.errors import PlatformError, Rejected
from gis.exchange.rows import GEOMETRY, Rows

if TYPE_CHECKING:
    import pandas as pd

Unit = Literal["line", "row", "feature"]
MOST_REFUSED = 200_000


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that could not be read, or not be taken: where it stands and why."""

    line: int
    reason: PlatformError
    column: str | None = None
    value: str | None = None


def bounded(refused: Sequence[Refused]) -> None:
    """Stop where nearly everything is refused: the columns are wrong then, not the cells."""
    if len(refused) > MOST_REFUSED:
        first = refused[0]
        raise Rejected(
            "More than {most} cells cannot be taken; the first on line {line}, column {column}:"
            " {value}. Check the separator and the columns, then try again.",
            most=MOST_REFUSED,
            line=first.line,
            column=first.column or "?",
            value=(first.value or "")[:80],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The rows of one layer of one file."""

    rows: Rows
    """Text columns and shapes, on the disk."""
    lines: NDArray[np.int64]
    """For each row where it stands in the file, counted as people count: from 1."""
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
    """Rows that are not in `rows` because they could not be read."""
    notes: tuple[PlatformError, ...] = field(default=())
    """What was guessed or mended on the way, to be shown and not raised."""

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the text columns, in the order of the file."""
        return tuple(name for name in self.rows.names if name != GEOMETRY)

    @property
    def has_shapes(self) -> bool:
        """Tell whether rows have shapes, in the coordinates of the file."""
        return GEOMETRY in self.rows.names

    @property
    def geometry(self) -> NDArray[np.object_] | None:
        """All shapes (shapely); None where the file has none. Made anew each time."""
        return self.shapes(0, len(self)) if self.has_shapes else None

    def shapes(self, start: int, end: int) -> NDArray[np.object_]:
        """Give the shapes of some rows."""
        column = self.rows.part(start, end, [GEOMETRY])[GEOMETRY]
        found: NDArray[np.object_] = shapely.from_wkb(column.to_numpy(zero_copy_only=False))
        return found

    def texts(self, start: int = 0, end: int | None = None) -> pa.Table:
        """Give the text columns of some rows."""
        return self.rows.part(start, len(self) if end is None else end, self.columns)

    def records(self) -> Iterator[dict[str, Any]]:
        """Each row as a dictionary, its shape under `geometry`."""
        for start, end in self.rows.slices():
            shapes = self.shapes(start, end) if self.has_shapes else repeat(None)
            texts = self.texts(start, end).to_pylist() if self.columns else [{}] * (end - start)
            for row, shape in zip(texts, shapes, strict=False):
                yield row | {"geometry": shape}

    @property
    def frame(self) -> "pd.DataFrame":
        """All of it for pandas; a GeoDataFrame where there are shapes. Made anew each time."""
        texts: pd.DataFrame = self.texts().to_pandas()
        if not self.has_shapes:
            return texts
        import geopandas as gpd  # noqa: PLC0415 - a third of a second, and most imports go without

        return gpd.GeoDataFrame(texts, geometry=self.geometry)

    def declared(self, crs: str | None) -> "Table":
        """The same table with the coordinate system the caller vouches for."""
        return self if crs is None else replace(self, crs=crs)
