"""Layers for map programs: GeoJSON, GeoPackage and Shapefile by GDAL, GeoParquet by Arrow."""

import csv
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyogrio
import pyproj
from pyarrow import parquet

from gis.exchange.rows import Rows
from gis.exchange.shapefile import FIELDS_NOTE, LONG_NOTE, MOST_TEXT_BYTES
from gis.exchange.writing.slices import GEOMETRY, UNNAMED, Slices, definition

LAYER = "points"
ALL_DIGITS = {"COORDINATE_PRECISION": "17", "SIGNIFICANT_FIGURES": "17"}
LONGEST_FIELD = 10


def geojson(slices: Slices, path: Path) -> None:
    """Write GeoJSON with every digit a coordinate has."""
    kind = shape_of(slices)
    _write(slices.reader(), path, slices.crs, driver="GeoJSON", options=ALL_DIGITS, kind=kind)


def geopackage(slices: Slices, path: Path) -> None:
    """Write a GeoPackage."""
    _write(slices.reader(), path, slices.crs, driver="GPKG", options={}, kind=shape_of(slices))


def shape_of(slices: Slices) -> str:
    """Give GDAL's word for the shapes of a layer."""
    return "Unknown" if slices.lines else "Point"


def _write(
    rows: Any, path: Path, crs: str, *, driver: str, options: dict[str, str], kind: str = "Point"
) -> None:
    pyogrio.write_arrow(
        rows,
        path,
        layer=LAYER,
        driver=driver,
        geometry_name=GEOMETRY,
        geometry_type=kind,
        crs=definition(crs),
        layer_options=options,
    )


def geoparquet(slices: Slices, path: Path) -> None:
    """Write GeoParquet 1.1."""
    rows = slices.reader()
    kinds = [] if slices.lines else ["Point"]  # an empty list says that nothing is promised
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": kinds}
    # Null is the standard's word for a system that no definition names.
    unnamed = slices.crs in UNNAMED
    column["crs"] = None if unnamed else pyproj.CRS.from_user_input(slices.crs).to_json_dict()
    told = {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
    schema = rows.schema.with_metadata({"geo": json.dumps(told)})
    with parquet.ParquetWriter(path, schema, compression="zstd") as file:
        for batch in rows:
            file.write_batch(batch.replace_schema_metadata(schema.metadata))


def shapefile(slices: Slices, path: Path) -> None:
    """Write a zipped Shapefile. What its old table cannot hold lies in two notes beside it.

    Names have ten letters there and texts 254 bytes: `points.fields.txt` tells the full names,
    `points.long.txt` holds each text that was cut. Our own reader puts both back.
    """
    folder = path.parent / f"{path.stem}-parts"
    folder.mkdir()
    # One file there holds one kind of shape, and names of ten letters at most.
    rows = replace(slices, lines=False, headings={}).reader()
    names = short_names([name for name in rows.schema.names if name != GEOMETRY])
    _note(folder / f"{LAYER}{FIELDS_NOTE}", [("field", "name"), *names.items()])
    kept, widths = measured(rows, path.name)
    short = pa.schema([narrow(field, names, widths) for field in rows.schema])
    with (folder / f"{LAYER}{LONG_NOTE}").open("w", encoding="utf-8", newline="") as file:
        note = csv.writer(file)
        note.writerow(["feature", "name", "text"])
        cut = pa.RecordBatchReader.from_batches(short, _cut(kept, short, note))
        target = folder / f"{LAYER}.shp"
        _write(cut, target, slices.crs, driver="ESRI Shapefile", options={"ENCODING": "UTF-8"})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for part in sorted(folder.iterdir()):
            packed.write(part, part.name)
            part.unlink()
    folder.rmdir()


def measured(rows: pa.RecordBatchReader, source: str) -> tuple[Rows, dict[str, int]]:
    """Lay the rows on the disk, and say how wide each column of texts must be.

    Without a word a text is 80 bytes wide in each row: nine tenths of a city's file were blanks.
    """
    texts = [field.name for field in rows.schema if pa.types.is_string(field.type)]
    widths = dict.fromkeys(texts, 1)

    def looked_at() -> Iterator[pa.Table]:
        for batch in rows:
            for name in texts:
                longest = pc.max(pc.binary_length(batch[name])).as_py() or 0
                widths[name] = min(max(widths[name], longest), MOST_TEXT_BYTES)
            yield pa.Table.from_batches([batch])

    return Rows(rows.schema, looked_at(), source=source), widths


def narrow(field: pa.Field, names: dict[str, str], widths: dict[str, int]) -> pa.Field:
    """Give a column its short name, and a text the width it needs, as GDAL takes it."""
    width = {"GDAL:OGR:width": str(widths[field.name])} if field.name in widths else None
    return field.with_name(named(field.name, names)).with_metadata(width)


def short_names(names: list[str]) -> dict[str, str]:
    """Give every column a name of ten letters: words first, then a number where two are alike."""
    short: dict[str, str] = {}
    for name in names:
        plain = name.removeprefix("threatened_")[:LONGEST_FIELD].rstrip("_")
        again, count = plain, 1
        while again in short:
            count += 1
            again = f"{plain[: LONGEST_FIELD - 2]}_{count}"
        short[again] = name
    return short


def named(name: str, names: dict[str, str]) -> str:
    """Give the short name of a column."""
    return next((short for short, full in names.items() if full == name), name)


def _note(path: Path, rows: list[tuple[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def _cut(rows: Rows, short: pa.Schema, note: Any) -> Iterator[pa.RecordBatch]:
    for start, end in rows.slices():
        part = rows.part(start, end, rows.names).combine_chunks()
        columns = []
        for name, column in zip(rows.names, part.columns, strict=True):
            cut = pa.types.is_string(column.type)
            whole = column.chunk(0)
            columns.append(_cut_texts(whole, start + 1, name, note) if cut else whole)
        yield pa.RecordBatch.from_arrays(columns, schema=short)


def _cut_texts(column: pa.Array, first: int, name: str, note: Any) -> pa.Array:
    if not pc.any(pc.greater(pc.binary_length(column), MOST_TEXT_BYTES)).as_py():
        return column
    texts = column.to_pylist()
    for place, text in enumerate(texts):
        if text is not None and len(coded := text.encode()) > MOST_TEXT_BYTES:
            note.writerow([first + place, name, text])
            texts[place] = coded[:MOST_TEXT_BYTES].decode(errors="ignore")
    return pa.array(texts, pa.string())
