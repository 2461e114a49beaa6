"""What a person is shown of a file before a row is taken: columns, samples, words, places."""

import re
from collections import Counter
from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np
import shapely

from gis.exchange.importing.degrees import BOTH, as_degrees
from gis.exchange.table import Table
from gis.intake.rules import Looked, plain

SAMPLES = 4
MOST_WORDS = 40
PLACES_SHOWN = 300
LOOKED_AT = 200_000
NEARLY_ALL = 0.8
NUMERIC = re.compile(r"^[+-]?\d{1,9}(\.\d+)?$")
WKT = re.compile(r"^\s*(SRID=\d+;)?\s*(MULTI)?(POINT|LINESTRING|POLYGON)\b", re.IGNORECASE)
GEOJSON = re.compile(r'^\s*\{\s*"(type|coordinates)"')
NOTHINGS = frozenset({"不详", "未知", "不明", "无", "暂无", "待查", "/", "\\", "-", "--", "—", "——",
                      "n/a", "#n/a", "null", "none", "nan"})  # fmt: skip
"""What people write where they do not know a number or a day."""


def looked_at(table: Table) -> Looked:
    """Describe a table so that it need not be opened again to choose its columns."""
    looked = min(len(table), LOOKED_AT)
    rows = table.texts(0, looked)
    columns = [column_of(name, rows[name].to_pylist()) for name in table.columns]
    return {
        "rows": len(table) + len(table.refused),
        "unit": table.unit,
        "driver": table.driver,
        "encoding": table.encoding,
        "crs": table.crs or said_in(columns),
        "layer": table.layer,
        "layers": list(table.layers),
        "notes": [{"text": n.text, "values": plain(n.values)} for n in table.notes],
        "columns": columns,
        "shapes": places(table.shapes(0, looked)) if table.has_shapes else None,
    }


def column_of(name: str, values: list[str | None]) -> Looked:
    """Describe one column: some values, how many are filled, its words where they are few."""
    filled = [value for value in values if value]
    counted = Counter(filled)
    few = len(counted) <= MOST_WORDS
    nothing = [word for word in counted if word.strip().lower() in NOTHINGS]
    some = picked([value for value in filled if value not in set(nothing)])
    return {
        "name": name,
        "filled": len(filled),
        "samples": list(islice(dict.fromkeys(filled), SAMPLES)),
        "words": [[word[:80], count] for word, count in counted.most_common()] if few else None,
        "unique": len(counted) == len(filled) and bool(filled),
        "nothing": nothing[:MOST_WORDS],
        "numbers": nearly_all(some, number),
        "pairs": nearly_all(some, pair),
        "drawn": nearly_all(some, middle),
    }


def picked(values: list[str]) -> list[str]:
    """Pick some values from all over a column."""
    return values[:: max(1, len(values) // PLACES_SHOWN)][:PLACES_SHOWN]


def nearly_all(values: list[str], read: Callable[[str], Any]) -> list[Any] | None:
    """Read values; none where more than a few cannot be read so."""
    found = [one for value in values if (one := read(value)) is not None]
    return found if values and len(found) >= NEARLY_ALL * len(values) else None


def number(value: str) -> float | None:
    """Read a number; degrees count."""
    return float(value) if NUMERIC.match(value) else as_degrees(value)


def pair(value: str) -> list[float] | None:
    """Read two numbers of one cell."""
    found = BOTH.match(value)
    if found is None:
        return None
    halves = next(two for two in (found.groups()[:2], found.groups()[2:]) if two[0])
    read = [number(half) for half in halves]
    return None if None in read else [float(half) for half in read if half is not None]


def middle(value: str) -> list[float] | None:
    """Read a shape that a cell holds as text, and give its middle."""
    if not WKT.match(value) and not GEOJSON.match(value):
        return None
    if WKT.match(value):
        shape = shapely.from_wkt(value.rpartition(";")[2], on_invalid="ignore")
    else:
        shape = shapely.from_geojson(value, on_invalid="ignore")
    if shape is None or shape.is_empty:
        return None
    centre = shape.centroid
    return [float(centre.x), float(centre.y)]


def places(shapes: Any) -> list[list[float]]:
    """Give where some shapes lie, in the coordinates of the file."""
    some = shapes[:: max(1, len(shapes) // PLACES_SHOWN)][:PLACES_SHOWN]
    centres = shapely.get_coordinates(shapely.centroid(some))
    return [[float(x), float(y)] for x, y in centres if np.isfinite([x, y]).all()]


def said_in(columns: list[Looked]) -> str | None:
    """Give the system that our own exports write beside every place."""
    own = next((c for c in columns if c["name"] == "crs" and c["words"]), None)
    return str(own["words"][0][0]) if own and len(own["words"]) == 1 else None
