"""The ledger as files other programs open: CSV, GeoJSON, GeoPackage.

The columns are named as the fields of an import (`data/mappings/yitong.yaml`), so that what
goes out comes in again unchanged.
"""

import io
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

import shapely
from sqlalchemy import Select, Text, cast, func, select
from sqlalchemy.orm import Session

from gis.exchange.copying import csv_of, harmless
from hazards.points.filters import PointFilter

BOM = "\ufeff".encode()
TEXTS = ("number", "source", "name", "address", "owner_name", "owner_phone", "owner_unit")
CODES = ("category", "evidence", "hazard_type", "grade", "grade_origin", "state")
COUNTS = ("threatened_persons", "threatened_households", "threatened_frail")
REASONS = ("grade_reason", "delisted_ground")


class Form(StrEnum):
    """Kinds of file an export makes."""

    CSV = "csv"
    GEOJSON = "geojson"
    GEOPACKAGE = "gpkg"

    @property
    def suffix(self) -> str:
        """End of the file's name."""
        return str(self.value)

    @property
    def media_type(self) -> str:
        """Name of the kind on the web."""
        return MEDIA_TYPES[self]


MEDIA_TYPES = {
    Form.CSV: "text/csv; charset=utf-8",
    Form.GEOJSON: "application/geo+json",
    Form.GEOPACKAGE: "application/geopackage+sqlite3",
}


def rows(asked: PointFilter, *, for_spreadsheets: bool) -> Select[*tuple[object, ...]]:
    """Give the query of an export, in the order of source and number."""
    of = asked.entries()
    texts = (*TEXTS, *REASONS)
    shown = [
        (harmless(column) if for_spreadsheets else column).label(name)
        for name in texts
        for column in [getattr(of, name)]
    ]
    plain = [getattr(of, name) for name in (*CODES, *COUNTS)]
    return (
        select(
            *shown,
            *plain,
            of.threatened_property_10k_yuan,
            of.area_path,
            of.synthetic,
            of.version,
            of.changed_at,
            func.ST_X(of.place).label("longitude"),
            func.ST_Y(of.place).label("latitude"),
            cast(func.ST_AsText(of.extent), Text).label("extent"),
        )
        .select_from(of)
        .where(*asked.conditions(of))
        .order_by(of.source, of.number)
    )


def written(session: Session, asked: PointFilter, form: Form) -> bytes:
    """Give everything the filter means as the content of one file."""
    if form is Form.CSV:
        return b"".join(csv_pieces(session, asked))
    with TemporaryDirectory(prefix="yitong-export-") as folder:
        path = Path(folder) / f"points.{form.suffix}"
        write_layer(session, asked, form, path)
        return path.read_bytes()


def write(session: Session, asked: PointFilter, form: Form, path: Path) -> None:
    """Write everything the filter means into a file."""
    if form is not Form.CSV:
        write_layer(session, asked, form, path)
        return
    with path.open("wb") as file:
        file.writelines(csv_pieces(session, asked))


def csv_pieces(session: Session, asked: PointFilter) -> Iterator[bytes]:
    """Give the CSV piece by piece; the mark in front lets Excel see that it is UTF-8."""
    yield BOM
    yield from csv_of(session, rows(asked, for_spreadsheets=True))


def write_layer(session: Session, asked: PointFilter, form: Form, path: Path) -> None:
    """Write a layer of points; the extent goes along as text."""
    import pyarrow as pa  # noqa: PLC0415 - with pandas behind it, a second of the server's start
    import pyogrio  # noqa: PLC0415 - as above
    from pyarrow import csv  # noqa: PLC0415 - as above

    text = io.BytesIO(b"".join(csv_of(session, rows(asked, for_spreadsheets=False))))
    kinds = dict.fromkeys((*TEXTS, *REASONS, *CODES, "area_path", "extent"), pa.string())
    kinds |= dict.fromkeys(COUNTS, pa.int64()) | {"version": pa.int64()}
    kinds |= {"synthetic": pa.string(), "changed_at": pa.string()}
    kinds |= dict.fromkeys(("longitude", "latitude", "threatened_property_10k_yuan"), pa.float64())
    read = csv.ConvertOptions(column_types=kinds, strings_can_be_null=True)
    table = csv.read_csv(text, convert_options=read)
    places = shapely.points(table["longitude"].to_numpy(), table["latitude"].to_numpy())
    shapes = pa.array(shapely.to_wkb(places), pa.binary())
    pyogrio.write_arrow(
        table.append_column("geometry", shapes),
        path,
        layer="points",
        driver="GPKG" if form is Form.GEOPACKAGE else "GeoJSON",
        geometry_name="geometry",
        geometry_type="Point",
        crs="EPSG:4326",
    )
