"""KML for globes and phones, written as it comes; always longitude and latitude of WGS84."""

from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pyarrow as pa
import pyarrow.compute as pc
import shapely

from gis.exchange.writing import markup
from gis.exchange.writing.slices import Slices

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>points</name>\n'
)
DATA = "</name><ExtendedData><SchemaData schemaUrl='#points'>"
POINT_END = "</coordinates></Point>"


def document(slices: Slices, path: Path) -> None:
    """Write placemarks with every column as extended data."""
    names = [slices.heading(name) for name in slices.schema.names]
    fields = "".join(f"<SimpleField name={quoteattr(n)} type='string'/>" for n in names)
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{HEAD}<Schema name='points' id='points'>{fields}</Schema>\n")
        for batch in slices.batches:
            file.writelines(placemarks(batch, slices).to_pylist())
        file.write("</Document></kml>\n")


def placemarks(batch: pa.RecordBatch, slices: Slices) -> pa.Array:
    """Write some things, a column at a time; an empty cell is nothing."""
    texts = {name: markup.plain(batch[name].cast(pa.string())) for name in batch.schema.names}
    data = (
        joined(f"<SimpleData name={quoteattr(slices.heading(name))}>", column, "</SimpleData>")
        for name, column in texts.items()
    )
    places = joined("<Point><coordinates>", texts["longitude"], ",", texts["latitude"], POINT_END)
    if slices.lines:
        drawn = pa.array(map(line, batch["extent"].to_pylist()), pa.string())
        places = pc.coalesce(drawn, places)
    head = joined("<Placemark><name>", pc.fill_null(texts["name"], ""), DATA)
    shown = (head, *data, "</SchemaData></ExtendedData>", places, "</Placemark>\n")
    return pc.binary_join_element_wise(*shown, "", null_handling="replace")


def joined(*parts: Any) -> pa.Array:
    """Put columns and fixed words together; where one is empty, all is."""
    return pc.binary_join_element_wise(*parts, "")


def line(extent: str | None) -> str | None:
    """Draw a row's line, if it has one."""
    if "LINESTRING" not in (extent or ""):
        return None
    shape = shapely.from_wkt(extent)
    parts = (shapely.get_coordinates(part) for part in getattr(shape, "geoms", [shape]))
    texts = (" ".join(f"{x!r},{y!r}" for x, y in part.tolist()) for part in parts)
    drawn_parts = "".join(f"<LineString><coordinates>{t}</coordinates></LineString>" for t in texts)
    return f"<MultiGeometry>{drawn_parts}</MultiGeometry>"
