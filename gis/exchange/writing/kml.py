"""KML for globes and phones, written as it comes; always longitude and latitude of WGS84."""

import re
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import shapely

from gis.exchange.writing.slices import Slices

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>points</name>\n'
)
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def document(slices: Slices, path: Path) -> None:
    """Write placemarks with every column as extended data."""
    names = slices.schema.names
    fields = "".join(f"<SimpleField name={quoteattr(n)} type='string'/>" for n in names)
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{HEAD}<Schema name='points' id='points'>{fields}</Schema>\n")
        for values in slices.rows():
            told = dict(zip(names, values, strict=True))
            file.write(placemark(told, drawn(told, lines=slices.lines)))
        file.write("</Document></kml>\n")


def drawn(told: dict[str, object], *, lines: bool) -> str:
    """Draw a row: its line where it has one, else its place."""
    extent = str(told.get("extent") or "") if lines else ""
    if "LINESTRING" not in extent:
        return (
            f"<Point><coordinates>{told['longitude']!r},{told['latitude']!r}</coordinates></Point>"
        )
    shape = shapely.from_wkt(extent)
    parts = (shapely.get_coordinates(part) for part in getattr(shape, "geoms", [shape]))
    texts = (" ".join(f"{x!r},{y!r}" for x, y in part.tolist()) for part in parts)
    drawn_parts = "".join(f"<LineString><coordinates>{t}</coordinates></LineString>" for t in texts)
    return f"<MultiGeometry>{drawn_parts}</MultiGeometry>"


def placemark(told: dict[str, object], shape: str) -> str:
    """Write one thing."""
    data = "".join(
        f"<SimpleData name={quoteattr(name)}>{plain(value)}</SimpleData>"
        for name, value in told.items()
        if value is not None
    )
    return (
        f"<Placemark><name>{plain(told.get('name'))}</name><ExtendedData>"
        f"<SchemaData schemaUrl='#points'>{data}</SchemaData></ExtendedData>"
        f"{shape}</Placemark>\n"
    )


def plain(value: object) -> str:
    """Give a value as XML text."""
    return "" if value is None else escape(UNPRINTABLE.sub(" ", str(value)))
