"""The one door for files: `read` finds out what a file is by its name and its first bytes."""

import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from gis.errors import Missing, Rejected
from gis.exchange import archive
from gis.exchange.table import Table

Reader = Callable[..., Table]

# Modules and functions by name, read when a file asks: GDAL and pandas cost half a second.
READERS: dict[str, tuple[str, str]] = {
    ".csv": ("delimited", "read"),
    ".tsv": ("delimited", "read"),
    ".txt": ("delimited", "read"),
    ".xlsx": ("workbook", "read"),
    ".xls": ("workbook", "read"),
    ".geojson": ("layers", "read_geojson"),
    ".json": ("layers", "read_geojson"),
    ".gpkg": ("layers", "read_geopackage"),
    ".kml": ("layers", "read_kml"),
    ".shp": ("shapefile", "read"),
    ".parquet": ("columnar", "read"),
    ".geoparquet": ("columnar", "read"),
}
MACROS = frozenset({".xlsm", ".xltm", ".xlsb", ".xlam"})
ZIPPED = frozenset({".zip", ".kmz"})
SIDECARS = frozenset({".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx", ".qix"})
"""What a Shapefile brings along."""
INSIDE = frozenset(READERS) | SIDECARS


def read(
    path: Path | str,
    *,
    encoding: str | None = None,
    layer: str | None = None,
    crs: str | None = None,
) -> Table:
    """Read one layer of a file; `layer` names a sheet, a layer or a file inside a zip."""
    place = Path(path)
    if not place.is_file():
        raise Missing("There is no file {path}.", path=str(path))
    if place.suffix.lower() in ZIPPED:
        return _read_zipped(place, encoding=encoding, layer=layer).declared(crs)
    return _read_plain(place, encoding=encoding, layer=layer).declared(crs)


def ready(path: Path) -> None:
    """Read the modules that a file of this kind needs, and not yet the file."""
    if known := READERS.get(path.suffix.lower()):
        import_module(f"gis.exchange.{known[0]}")


def _read_plain(place: Path, *, encoding: str | None, layer: str | None) -> Table:
    if place.suffix.lower() in MACROS:
        raise Rejected(
            "{source} may hold macros (programs). Save it as .xlsx, then send it again.",
            source=place.name,
        )
    known = READERS.get(place.suffix.lower())
    if known is None:
        raise Rejected(
            "{source} is of a kind we do not read. Known: {kinds}.",
            source=place.name,
            kinds=" ".join(sorted(READERS) + sorted(ZIPPED)),
        )
    module, function = known
    reader: Reader = getattr(import_module(f"gis.exchange.{module}"), function)
    # An absolute path: GDAL would take a relative one with a colon for a driver's prefix.
    return reader(place.resolve(), encoding=encoding, layer=layer)


def _read_zipped(place: Path, *, encoding: str | None, layer: str | None) -> Table:
    with tempfile.TemporaryDirectory(prefix="yitong-zip-") as folder:
        files = archive.unpack(place, into=Path(folder), suffixes=INSIDE)
        chosen = _chosen(place, [file for file in files if file.suffix.lower() in READERS], layer)
        inner = None if layer in {chosen.stem, chosen.name} else layer
        return _read_plain(chosen, encoding=encoding, layer=inner)


def _chosen(place: Path, found: list[Path], layer: str | None) -> Path:
    # A Shapefile travels with .txt and .xml notes: where there is one, it is the data.
    data = [file for file in found if file.suffix.lower() != ".txt"] or found
    named = [file for file in data if layer in {file.stem, file.name}]
    if len(named or data) == 1:
        return (named or data)[0]
    if not data:
        raise Rejected("{source} holds no file that we read.", source=place.name)
    raise Rejected(
        "{source} holds several data sets: {names}. Name one as the layer.",
        source=place.name,
        names=", ".join(sorted(file.name for file in data)),
    )
