"""Reads GeoParquet, as data platforms hand tables out."""

import json
from pathlib import Path

import pyarrow as pa
import pyproj
from pyarrow import parquet

from gis.errors import Rejected
from gis.exchange.layers import crs_name, table_of
from gis.exchange.table import Table

MAGIC = b"PAR1"
BATCH_ROWS = 10_000


def read(path: Path, *, encoding: str | None, layer: str | None) -> Table:
    """The rows of a Parquet file, with shapes where it says which column holds them."""
    del encoding, layer
    with path.open("rb") as file:
        if file.read(4) != MAGIC:
            raise Rejected("{source} is not Parquet.", source=path.name)
    try:
        with parquet.ParquetFile(path) as opened:
            schema = opened.schema_arrow
            shapes, crs = _geometry(schema)
            rows = opened.iter_batches(BATCH_ROWS)
            return table_of(path, schema, rows, shapes, driver="Parquet", crs=crs)
    except (pa.ArrowException, OSError) as error:
        raise Rejected(
            "{source} is damaged or not what its name says ({detail}). Export it again.",
            source=path.name,
            detail=str(error)[:200],
        ) from error


def _geometry(schema: pa.Schema) -> tuple[str, str | None]:
    """Give the column of shapes and its system; without a word on it the standard says CRS84."""
    try:
        told = json.loads((schema.metadata or {}).get(b"geo", b"{}"))
        name = str(told.get("primary_column", ""))
        column = told.get("columns", {}).get(name, {})
    except (ValueError, AttributeError):
        return "", None
    if name not in schema.names or column.get("encoding") != "WKB":
        return "", None
    said = column.get("crs", "OGC:CRS84")
    if said is None:
        return name, None
    return name, crs_name(said if isinstance(said, str) else pyproj.CRS(said).to_wkt())
