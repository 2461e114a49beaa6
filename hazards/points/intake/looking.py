"""What a person is shown of a file before a row is taken: columns, samples, words, places."""

import re
from collections import Counter
from itertools import islice
from typing import Any

import numpy as np
import shapely

from gis import crs as systems
from gis.exchange.importing.degrees import as_degrees
from gis.exchange.table import Table
from hazards.points.intake.rules import Looked, plain

SAMPLES = 4
MOST_WORDS = 40
PLACES_SHOWN = 300
LOOKED_AT = 200_000
NUMERIC = re.compile(r"^[+-]?\d{1,9}(\.\d+)?$")


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
    return {
        "name": name,
        "filled": len(filled),
        "samples": list(islice(dict.fromkeys(filled), SAMPLES)),
        "words": [[word[:80], count] for word, count in counted.most_common()] if few else None,
        "unique": len(counted) == len(filled) and bool(filled),
        "numbers": numbers(filled),
    }


def numbers(filled: list[str]) -> list[float] | None:
    """Give some values as numbers, if nearly all of the first ones are; degrees count."""
    first = filled[:: max(1, len(filled) // PLACES_SHOWN)][:PLACES_SHOWN]
    read = [value if NUMERIC.match(value) else as_degrees(value) for value in first]
    found = [float(value) for value in read if value is not None]
    return found if first and len(found) >= 0.8 * len(first) else None


def places(shapes: Any) -> list[list[float]]:
    """Give where some shapes lie, in the coordinates of the file."""
    some = shapes[:: max(1, len(shapes) // PLACES_SHOWN)][:PLACES_SHOWN]
    centres = shapely.get_coordinates(shapely.centroid(some))
    return [[float(x), float(y)] for x, y in centres if np.isfinite([x, y]).all()]


def said_in(columns: list[Looked]) -> str | None:
    """Give the system that our own exports write beside every place."""
    own = next((c for c in columns if c["name"] == "crs" and c["words"]), None)
    return str(own["words"][0][0]) if own and len(own["words"]) == 1 else None


def on_the_map(looked: Looked, *, x: str | None, y: str | None, crs: str) -> list[list[float]]:
    """Give where the first points would lie, in longitude and latitude."""
    by_name = {column["name"]: column["numbers"] for column in looked["columns"]}
    if x and y:
        pairs = list(zip(by_name.get(x) or (), by_name.get(y) or (), strict=False))
    else:
        pairs = [tuple(pair) for pair in looked["shapes"] or ()]
    if not pairs:
        return []
    lon, lat = systems.to_wgs84([p[0] for p in pairs], [p[1] for p in pairs], crs=crs)
    good = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    return [
        [round(float(a), 6), round(float(b), 6)] for a, b in zip(lon[good], lat[good], strict=True)
    ]
