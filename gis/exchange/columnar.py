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
MOST_BYTES = 2 * 1024**3


def read(path: Path, *, encoding: str | None, layer: str | None) -> Table:
    """The rows of a Parquet file, with shapes where it says which column holds them."""
    del encoding, layer
    with path.open("rb") as file:
        if file.read(4) != MAGIC:
            raise Rejected("{source} is not Parquet.", source=path.name)
    try:
        with parquet.ParquetFile(path) as opened:
            _check_size(opened, path.name)
            rows = opened.read()
    except (pa.ArrowException, OSError) as error:
        raise Rejected(
            "{source} is damaged or not what its name says ({detail}). Export it again.",
            source=path.name,
            detail=str(error)[:200],
        ) from error
    shapes, crs = _geometry(rows)
    return table_of(path, rows, shapes, driver="Parquet", crs=crs)


def _check_size(opened: parquet.ParquetFile, source: str) -> None:
    groups = range(opened.metadata.num_row_groups)
    size = sum(opened.metadata.row_group(group).total_byte_size for group in groups)
    if size > MOST_BYTES:
        raise Rejected(
            "{source} unpacks to more than we open. Split it.",
            source=source,
        )


def _geometry(rows: pa.Table) -> tuple[str, str | None]:
    """Give the column of shapes and its system; without a word on it the standard says CRS84."""
    try:
        told = json.loads((rows.schema.metadata or {}).get(b"geo", b"{}"))
        name = str(told.get("primary_column", ""))
        column = told.get("columns", {}).get(name, {})
    except (ValueError, AttributeError):
        return "", None
    if name not in rows.column_names or column.get("encoding") != "WKB":
        return "", None
    said = column.get("crs", "OGC:CRS84")
    if said is None:
        return name, None
    return name, crs_name(said if isinstance(said, str) else pyproj.CRS(said).to_wkt())
