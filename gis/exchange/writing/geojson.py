"""GeoJSON, written as it comes: every digit a coordinate has, a column at a time."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import shapely

from gis import crs as systems
from gis.exchange.writing.markup import end_to_end, has
from gis.exchange.writing.slices import GEOMETRY, UNNAMED, Slices, with_lines

LAYER = "points"
ODD = r'["\\\x00-\x1f]'
RARE = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"
CHANGES = (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))


def document(slices: Slices, path: Path) -> None:
    """Write a collection whose features have every column as a property."""
    separator = b"\n"
    with path.open("wb") as file:
        file.write(head(slices.crs).encode())
        for batch in slices.batches:
            if batch.num_rows:
                written = end_to_end(features(batch, slices))
                file.write(separator + written[2:])  # each begins with a comma and a new line
                separator = b",\n"
        file.write(b"\n]\n}\n")


def head(crs: str) -> str:
    """Write what stands before the features; a system that no definition names has no place."""
    said = f'{{\n"type": "FeatureCollection",\n"name": "{LAYER}",\n'
    if crs not in UNNAMED:
        named = "OGC:1.3:CRS84" if crs == systems.WGS84 else crs.replace(":", "::")
        system = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:{named}"}}
        said += f'"crs": {json.dumps(system)},\n'
    return said + '"features": ['


def features(batch: pa.RecordBatch, slices: Slices) -> pa.Array:
    """Write some things, each with a comma and a new line before it."""
    parts: list[Any] = [',\n{"type": "Feature", "properties": {']
    for place, name in enumerate(batch.schema.names):
        heading = json.dumps(slices.heading(name), ensure_ascii=False)
        parts += [f"{', ' if place else ''}{heading}: ", value(batch[name])]
    return pc.binary_join_element_wise(*parts, '}, "geometry": ', shape(batch, slices), "}", "")


def shape(batch: pa.RecordBatch, slices: Slices) -> pa.Array:
    """Write where things lie."""
    if slices.lines:
        shapes = shapely.from_wkb(with_lines(batch)[GEOMETRY].to_pylist())
        return pa.array(shapely.to_geojson(shapes), pa.string())
    at = (batch[name].cast(pa.string()) for name in ("longitude", "latitude"))
    begun = '{"type": "Point", "coordinates": ['
    return pc.binary_join_element_wise(begun, pc.binary_join_element_wise(*at, ", "), "]}", "")


def value(column: pa.Array) -> pa.Array:
    """Write a column's values as JSON has them."""
    texts = column.cast(pa.string())
    if pa.types.is_string(column.type):
        texts = pc.binary_join_element_wise('"', escaped(texts), '"', "")
    return pc.fill_null(texts, "null")


def escaped(texts: pa.Array) -> pa.Array:
    """Write texts so that a reader of JSON reads them as they are."""
    if has(texts, RARE):
        coded = (None if text is None else json.dumps(text)[1:-1] for text in texts.to_pylist())
        return pa.array(coded, pa.string())
    if has(texts, ODD):
        for plain, instead in CHANGES:
            texts = pc.replace_substring(texts, plain, instead)
    return texts
