"""KML for globes and phones, written as it comes; always longitude and latitude of WGS84."""

import re
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from gis.exchange.writing.slices import Slices

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>points</name>\n'
)
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def document(slices: Slices, path: Path) -> None:
    """Write placemarks with every column as extended data."""
    names = slices.schema.names
    where = names.index("longitude"), names.index("latitude")
    fields = "".join(f"<SimpleField name={quoteattr(n)} type='string'/>" for n in names)
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{HEAD}<Schema name='points' id='points'>{fields}</Schema>\n")
        for values in slices.rows():
            told = dict(zip(names, values, strict=True))
            file.write(placemark(told, f"{values[where[0]]!r},{values[where[1]]!r}"))
        file.write("</Document></kml>\n")


def placemark(told: dict[str, object], place: str) -> str:
    """Write one point."""
    data = "".join(
        f"<SimpleData name={quoteattr(name)}>{plain(value)}</SimpleData>"
        for name, value in told.items()
        if value is not None
    )
    return (
        f"<Placemark><name>{plain(told.get('name'))}</name><ExtendedData>"
        f"<SchemaData schemaUrl='#points'>{data}</SchemaData></ExtendedData>"
        f"<Point><coordinates>{place}</coordinates></Point></Placemark>\n"
    )


def plain(value: object) -> str:
    """Give a value as XML text."""
    return "" if value is None else escape(UNPRINTABLE.sub(" ", str(value)))
