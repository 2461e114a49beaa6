"""The kinds of file that go out, and the one way from a query to any of them.

A query has plain columns and `longitude`, `latitude`, `extent` (text, WKT) and `crs`.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Select
from sqlalchemy.orm import Session

from gis import crs as systems
from gis.errors import Missing, Rejected
from gis.exchange.copying import csv_of

if TYPE_CHECKING:
    from gis.exchange.writing.slices import Slices

BOM = "\ufeff".encode()
Step = Callable[[int], None]
AS_THEY_ARE: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Wording:
    """Headings by column, and words by column and code."""

    headings: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]]


CODES = Wording({}, {})
"""Names and codes as programs read them."""


class Form(StrEnum):
    """Kinds of file an export makes."""

    CSV = "csv"
    EXCEL = "xlsx"
    GEOJSON = "geojson"
    GEOPACKAGE = "gpkg"
    SHAPEFILE = "shp"
    GEOPARQUET = "parquet"
    KML = "kml"

    @property
    def suffix(self) -> str:
        """End of the file's name."""
        return "shp.zip" if self is Form.SHAPEFILE else str(self.value)

    @property
    def media_type(self) -> str:
        """Name of the kind on the web."""
        return MEDIA_TYPES[self]


MEDIA_TYPES = {
    Form.CSV: "text/csv; charset=utf-8",
    Form.EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.GEOJSON: "application/geo+json",
    Form.GEOPACKAGE: "application/geopackage+sqlite3",
    Form.SHAPEFILE: "application/zip",
    Form.GEOPARQUET: "application/vnd.apache.parquet",
    Form.KML: "application/vnd.google-earth.kml+xml",
}


def of_name(name: str) -> Form:
    """Tell the kind of file by its name."""
    for form in Form:
        if name.lower().endswith((f".{form.suffix}", f".{form}.zip")):
            return form
    raise Missing("Name the file {kinds}.", kinds=" ".join(f".{form.suffix}" for form in Form))


def write(
    session: Session,
    query: Select[*tuple[object, ...]],
    kinds: dict[str, str],
    form: Form,
    path: Path,
    *,
    crs: str = systems.WGS84,
    lines: bool = False,
    headings: Mapping[str, str] = AS_THEY_ARE,
    step: Step = lambda _: None,
) -> None:
    """Write all rows of a query into a file; `kinds` are the columns and what Arrow calls them.

    With `lines` an extent that is a line is drawn as the row's shape; `headings` are other names
    for columns, which a Shapefile with its ten letters does without.
    """
    system = systems.named(crs)
    if form is Form.KML and system != systems.WGS84:
        raise Rejected("KML is always in WGS84. Choose WGS84, or another kind of file.")
    pieces = csv_of(session, query)
    if form is Form.CSV and system == systems.WGS84:
        with path.open("wb") as file:
            file.write(BOM)  # lets Excel see that it is UTF-8
            file.writelines(headed(pieces, headings))
        return
    from gis.exchange.writing import kml, layers, sheets, slices  # noqa: PLC0415 - pandas behind them costs a second of the server's start

    writers: dict[Form, Callable[[Slices, Path], None]] = {
        Form.CSV: sheets.table,
        Form.EXCEL: sheets.workbook,
        Form.GEOJSON: layers.geojson,
        Form.GEOPACKAGE: layers.geopackage,
        Form.SHAPEFILE: layers.shapefile,
        Form.GEOPARQUET: layers.geoparquet,
        Form.KML: kml.document,
    }
    made = slices.of_csv(pieces, kinds, crs=system, lines=lines, step=step, headings=headings)
    writers[form](made, path)


def headed(pieces: Iterator[bytes], headings: Mapping[str, str]) -> Iterator[bytes]:
    """Give a CSV with other headings; nothing else of it is touched."""
    if headings:
        line, _, rest = next(pieces).partition(b"\n")
        text = io.StringIO()
        names = (headings.get(name, name) for name in line.decode().split(","))
        csv.writer(text, lineterminator="\n").writerow(names)
        yield text.getvalue().encode() + rest
    yield from pieces
