"""Reads layers of shapes through GDAL: GeoJSON, GeoPackage, KML, and Shapefile's own part.

GDAL picks its driver by content, and some drivers open other files or addresses: so the first
bytes are looked at here, and a file that is not what its name says never reaches GDAL.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyogrio
import pyogrio.raw
import pyproj
import shapely
from numpy.typing import NDArray

from gis import crs as systems
from gis.errors import PlatformError, Rejected
from gis.exchange import encodings
from gis.exchange.cells import headings, numbers_as_text, tidied
from gis.exchange.rows import GEOMETRY, Rows, plain_points
from gis.exchange.table import Refused, Table, bounded

Lines = NDArray[np.int64]
Mend = Callable[[pa.Table, Lines], pa.Table]
"""What a kind of file puts right about its texts, slice by slice."""
BROKEN = Rejected("The shape is broken. Draw it again.")
START_BYTES = 4096
BATCH = 20_000
MOST_KML_BYTES = 200 * 1024**2
JSON_START = (b"{", b"\x1e{")
SQLITE = b"SQLite format 3\x00"
SPATIALITE_ONLY = "layer_styles"
KML_NOISE = (
    "id", "timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude", "visibility",
    "drawOrder", "icon",
)  # fmt: skip
"""Columns that GDAL adds to every KML, about how it is drawn."""


def read_geojson(path: Path, *, encoding: str | None, layer: str | None) -> Table:
    """The features of a GeoJSON text; one in GBK, or with a mark in front, is put right first."""
    with encodings.in_utf8(path, encoding=encoding) as (plain, found):
        with plain.open("rb") as file:
            start = file.read(START_BYTES).removeprefix(b"\xef\xbb\xbf").lstrip()
        if not start.startswith(JSON_START):
            raise Rejected("{source} is not GeoJSON.", source=path.name)
        return read_layer(plain, driver="GeoJSON", encoding=found, layer=layer)


def read_geopackage(path: Path, *, encoding: str | None, layer: str | None) -> Table:
    """One layer of a GeoPackage."""
    del encoding
    with path.open("rb") as file:
        if file.read(len(SQLITE)) != SQLITE:
            raise Rejected("{source} is not a GeoPackage.", source=path.name)
    return read_layer(path, driver="GPKG", encoding="utf-8", layer=layer)


def read_kml(path: Path, *, encoding: str | None, layer: str | None) -> Table:
    """One folder of a KML file."""
    del encoding
    with path.open("rb") as file:
        start = file.read(4096)
    if b"<kml" not in start:
        raise Rejected("{source} is not KML.", source=path.name)
    if path.stat().st_size > MOST_KML_BYTES:
        raise Rejected(
            "{source} is larger than {most} MB, and KML is only read as a whole."
            " Send it as GeoPackage or CSV.",
            source=path.name,
            most=MOST_KML_BYTES // 1024**2,
        )
    return read_layer(path, driver="KML", encoding="utf-8", layer=layer, mend=_without_noise)


def _without_noise(rows: pa.Table, _: Lines) -> pa.Table:
    noise = {*KML_NOISE, *(["Name"] if "name2" in rows.column_names else [])}
    kept = rows.select([name for name in rows.column_names if name not in noise])
    # GDAL calls a placemark's own field `name` so, beside the title that it calls `Name`.
    return kept.rename_columns(["name" if n == "name2" else n for n in kept.column_names])


def read_layer(
    path: Path,
    *,
    driver: str,
    encoding: str,
    layer: str | None,
    notes: tuple[PlatformError, ...] = (),
    mend: Mend = lambda rows, _: rows,
) -> Table:
    """Let GDAL read one layer and turn it into text columns and shapes."""
    names = _layers(path)
    chosen = _chosen(path, names, layer, only_spatial=driver != "ESRI Shapefile")
    forced = {"encoding": encoding} if driver == "ESRI Shapefile" else {}
    try:
        with pyogrio.raw.open_arrow(
            path,
            layer=chosen,
            datetime_as_string=True,
            use_pyarrow=True,
            batch_size=BATCH,
            **forced,
        ) as (meta, found):
            wkb = meta["geometry_name"] or "wkb_geometry"
            crs = crs_name(meta["crs"])
            made = table_of(path, found.schema, found, wkb, driver=driver, crs=crs, mend=mend)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise _unreadable(path, error) from error
    except (ValueError, OSError) as error:
        raise _unreadable(path, error) from error
    return replace(made, encoding=encoding, layer=chosen, layers=names, notes=notes)


def table_of(
    path: Path,
    schema: pa.Schema,
    batches: Iterable[pa.RecordBatch],
    wkb: str,
    *,
    driver: str,
    crs: str | None,
    mend: Mend = lambda rows, _: rows,
) -> Table:
    """Make text columns and shapes of Arrow's rows; `wkb` names the column of shapes."""
    refused: list[Refused] = []
    lines: list[Lines] = []

    def parts() -> Iterator[pa.Table]:
        first = 1
        for batch in batches:
            numbers = np.arange(first, first + batch.num_rows, dtype=np.int64)
            part, lost = _parted(pa.Table.from_batches([batch]), wkb, numbers, mend)
            first += batch.num_rows
            refused.extend(Refused(int(line), BROKEN) for line in numbers[lost])
            bounded(refused)
            lines.append(numbers[~lost])
            yield part

    empty, _ = _parted(schema.empty_table(), wkb, np.arange(0), mend)
    rows = Rows(empty.schema, parts(), source=path.name)
    return Table(
        rows=rows,
        lines=np.concatenate([np.empty(0, np.int64), *lines]),
        unit="feature",
        source=path.name,
        driver=driver,
        crs=crs,
        refused=tuple(refused),
    )


def _layers(path: Path) -> tuple[str, ...]:
    try:
        return tuple(str(name) for name, _ in pyogrio.list_layers(path))
    except (pyogrio.errors.DataSourceError, ValueError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> Rejected:
    first = str(error).replace(str(path), path.name).split(";")[0][:200]
    return Rejected(
        "{source} is damaged or not what its name says ({detail}). Export it again.",
        source=path.name,
        detail=first,
    )


def _chosen(path: Path, names: tuple[str, ...], layer: str | None, *, only_spatial: bool) -> str:
    if layer is not None and layer in names:
        return layer
    if layer is not None:
        raise Rejected(
            "{source} has no layer {layer}. It has: {names}.",
            source=path.name,
            layer=layer,
            names=", ".join(names),
        )
    data = [name for name in names if name != SPATIALITE_ONLY] if only_spatial else list(names)
    if len(data) == 1:
        return data[0]
    if not data:
        raise Rejected("{source} holds no layer.", source=path.name)
    raise Rejected(
        "{source} holds several data sets: {names}. Name one as the layer.",
        source=path.name,
        names=", ".join(data),
    )


def _parted(
    table: pa.Table, wkb: str, lines: Lines, mend: Mend
) -> tuple[pa.Table, NDArray[np.bool_]]:
    """Give texts and shapes, and which rows were left out because their shape is broken."""
    others = [name for name in table.column_names if name != wkb]
    texts = [_as_text_column(table[name]) for name in others]
    rows = mend(tidied(pa.Table.from_arrays(texts, names=headings(others))), lines)
    lost = np.zeros(table.num_rows, np.bool_)
    if wkb not in table.column_names:
        return rows, lost
    column = table[wkb].cast(pa.binary())
    if plain_points(column) is None:
        shapes = shapely.from_wkb(column.to_numpy(zero_copy_only=False), on_invalid="fix")
        lost = ~np.array(column.is_null()) & shapely.is_missing(shapes)
        flat = shapely.to_wkb(shapely.force_2d(shapes), byte_order=1)
        column = pa.chunked_array([pa.array(flat, pa.binary())])
    # A table without columns has no rows either: a layer of nothing but shapes.
    whole = rows.append_column(GEOMETRY, column) if others else pa.table({GEOMETRY: column})
    return (whole.filter(pa.array(~lost)) if lost.any() else whole), lost


def _as_text_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_floating(kind):
        return numbers_as_text(column)
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        values = [None if cell is None else _as_json(cell) for cell in column.to_pylist()]
        return pa.chunked_array([pa.array(values, pa.string())])
    return _clean(pc.cast(column, pa.string()))


def _clean(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Drop half characters: a field of fixed width may end in the middle of one."""
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        halves = column.cast(pa.binary()).to_pylist()
        texts = [None if half is None else half.decode(errors="ignore") for half in halves]
        return pa.chunked_array([pa.array(texts, pa.string())])
    return column


def _as_json(cell: object) -> str:
    return cell.hex() if isinstance(cell, bytes) else json.dumps(cell, ensure_ascii=False)


def crs_name(found: str | None) -> str | None:
    """`EPSG:4490` where the definition can be named, else the definition itself."""
    if not found:
        return None
    for shifted in (systems.GCJ02, systems.BD09):
        if f'"{shifted}"' in found:
            return shifted
    try:
        crs = pyproj.CRS.from_user_input(found)
    except pyproj.exceptions.CRSError:
        return None
    named = crs.to_authority(min_confidence=70)
    return ":".join(named) if named else crs.to_wkt()
