"""Turn a file's coordinates or shapes into places in EPSG:4326, or say what is wrong with them."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from shapely import MultiLineString, MultiPoint, Point
from shapely.geometry.base import BaseGeometry

from gis import crs as systems
from gis import geometry
from gis.errors import Rejected
from gis.exchange.importing.degrees import in_decimals, in_two
from gis.exchange.importing.fields import Field, Kind
from gis.exchange.importing.mapping import FieldMapping, MappedField, Mapping
from gis.exchange.importing.values import Batch, as_number, refuse, trimmed
from gis.exchange.table import Refused, Table

NAME_THE_SYSTEM = (
    "Nobody says in which coordinate system these numbers are. Add `crs:` to the mapping:"
    " EPSG:4326 or CGCS2000 for GPS, GCJ-02 for AMap and Tencent, BD-09 for Baidu,"
    " or the EPSG code of your zone."
)
LINES = frozenset({"LineString", "MultiLineString"})
NO_PLACE = Rejected("There are no coordinates here. Fill both in.")


@dataclass(frozen=True, slots=True)
class Places:
    """Where each row lies; `extents` as WKB in hex. A row that was refused is NaN."""

    longitudes: NDArray[np.float64]
    latitudes: NDArray[np.float64]
    extents: list[str | None]
    refusals: list[Refused]

    def without_blanks(self, instead: pa.ChunkedArray, lines: pa.Array) -> "Places":
        """Let rows without coordinates pass where something else stands for their place."""
        said = lines.filter(trimmed(instead).is_valid().combine_chunks())
        named = set(said.to_pylist())
        left = [one for one in self.refusals if one.reason is not NO_PLACE or one.line not in named]
        return Places(self.longitudes, self.latitudes, self.extents, left)


def nowhere(batch: Batch) -> Places:
    """Say of every row that it has no coordinates."""
    blank = np.full(len(batch.lines), np.nan)
    refusals = [Refused(line, NO_PLACE, "", None) for line in batch.lines.to_pylist()]
    return Places(blank, blank.copy(), [None] * len(blank), refusals)


def system_of(table: Table, mapping: Mapping) -> str:
    """Give the coordinate system: the mapping's word before the file's; never a guess."""
    said = mapping.crs or (None if mapping.has_numbers else table.crs)
    if said is None:
        raise Rejected(NAME_THE_SYSTEM)
    return systems.named(said)


def check_origin(table: Table, mapping: Mapping) -> None:
    """Hold that the rows have places at all."""
    if (mapping.longitude is None) != (mapping.latitude is None):
        raise Rejected("The mapping names only one of longitude and latitude. Name both.")
    if mapping.place is not None and mapping.longitude is not None:
        raise Rejected("The mapping names places twice: name `place`, or longitude and latitude.")
    if not mapping.has_numbers and not table.has_shapes and mapping.extent is None:
        raise Rejected(
            "This file has no shapes. Say in the mapping which columns are longitude and latitude."
        )


def from_columns(batch: Batch, mapping: Mapping, crs: str) -> Places:
    """Read places from two columns of numbers, or from one whose cells hold both."""
    refusals: list[Refused] = []
    read = []
    for heading, said in numbers_of(batch, mapping):
        pair = MappedField(Field(heading, Kind.DECIMAL), FieldMapping(column=heading))
        text = in_decimals(said)
        numbers, refused = as_number(text, pair, batch.lines)
        empty = refuse(text.is_null(), text, heading, batch.lines, lambda _: NO_PLACE)
        refusals += refused + empty
        read.append(numbers.to_numpy(zero_copy_only=False))
    if mapping.place is not None:
        heading = mapping.place.column
        refusals = [*{(one.line, one.value): one for one in refusals}.values()]
    else:
        heading = f"{mapping.longitude}, {mapping.latitude}"
    lon, lat = systems.to_wgs84(read[0], read[1], crs=crs)
    refusals += misplaced(lon, lat, batch, heading)
    return Places(lon, lat, [None] * len(lon), refusals)


def numbers_of(batch: Batch, mapping: Mapping) -> list[tuple[str, pa.ChunkedArray]]:
    """Give the longitudes, then the latitudes, each with the heading that they stand under."""
    if mapping.place is None:
        headings = (mapping.longitude or "", mapping.latitude or "")
        return [(heading, trimmed(batch.table[heading])) for heading in headings]
    column = mapping.place.column
    parts = in_two(trimmed(batch.table[column]))
    return [(column, part) for part in (parts if mapping.place.order == "lon_lat" else parts[::-1])]


def with_outlines(
    found: Places, batch: Batch, heading: str, crs: str, *, lines: bool = False
) -> Places:
    """Add outlines that a column holds as text (WKT or GeoJSON); an empty cell adds none."""
    texts = trimmed(batch.table[heading])
    extents, refusals = list(found.extents), list(found.refusals)
    for row in np.flatnonzero(texts.is_valid().to_numpy()):
        said = texts[row].as_py()
        try:
            shape = geometry.parse(said, crs=crs)
            found_line = lines and shape.geom_type in LINES
            extents[row] = (shape if found_line else geometry.boundary(shape).shape).wkb_hex
        except Rejected as reason:
            refusals.append(Refused(int(batch.lines[row].as_py()), reason, heading, said[:80]))
    return Places(found.longitudes, found.latitudes, extents, refusals)


def from_texts(batch: Batch, heading: str, crs: str, *, drawn_lines: bool) -> Places:
    """Read places from cells that hold whole shapes as text (WKT or GeoJSON)."""
    texts = trimmed(batch.table[heading]).to_pylist()
    lon, lat = np.full(len(texts), np.nan), np.full(len(texts), np.nan)
    extents: list[str | None] = [None] * len(texts)
    refusals: list[Refused] = []
    for row, said in enumerate(texts):
        try:
            shape = geometry.parse(said, crs=crs) if said else None
            place, outline = place_and_extent(shape, systems.WGS84, lines=drawn_lines)
        except Rejected as reason:
            shown = said and said[:80]
            refusals.append(Refused(int(batch.lines[row].as_py()), reason, heading, shown))
            continue
        lon[row], lat[row] = place.x, place.y
        extents[row] = None if outline is None else outline.wkb_hex
    return Places(lon, lat, extents, refusals)


def misplaced(
    lon: NDArray[np.float64], lat: NDArray[np.float64], batch: Batch, heading: str
) -> list[Refused]:
    """Refuse what is no longitude and latitude: swapped, in metres, or off the earth."""
    with np.errstate(invalid="ignore"):
        off = (np.abs(lon) > 180) | (np.abs(lat) > 90)
    lines = batch.lines.to_numpy()
    found = []
    for row in np.flatnonzero(off):
        try:
            geometry.check_place(float(lon[row]), float(lat[row]))
        except Rejected as reason:
            shown = f"{lon[row]:.10g}, {lat[row]:.10g}"
            found.append(Refused(int(lines[row]), reason, heading, shown))
    return found


def from_points(points: NDArray[np.float64], batch: Batch, crs: str) -> Places:
    """Read places from shapes that are all plain points."""
    lon, lat = systems.to_wgs84(points[:, 0], points[:, 1], crs=crs)
    return Places(lon, lat, [None] * len(lon), misplaced(lon, lat, batch, "geometry"))


def from_shapes(
    shapes: NDArray[np.object_], lines: pa.Array, crs: str, *, drawn_lines: bool = False
) -> Places:
    """Read places from shapes: points as they are, polygons by a point inside and their extent.

    With `drawn_lines` a line has its middle for a place and itself for an extent.
    """
    lon, lat = np.full(len(shapes), np.nan), np.full(len(shapes), np.nan)
    extents: list[str | None] = [None] * len(shapes)
    refusals: list[Refused] = []
    is_point = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    is_point &= ~shapely.is_empty(shapes)
    moved = systems.to_wgs84(
        shapely.get_x(shapes[is_point]), shapely.get_y(shapes[is_point]), crs=crs
    )
    lon[is_point], lat[is_point] = moved
    for row in np.flatnonzero(~is_point | (np.abs(lon) > 180) | (np.abs(lat) > 90)):
        try:
            place, outline = place_and_extent(shapes[row], crs, lines=drawn_lines)
        except Rejected as reason:
            refusals.append(Refused(int(lines[row].as_py()), reason, "geometry", None))
            continue
        lon[row], lat[row] = place.x, place.y
        extents[row] = None if outline is None else outline.wkb_hex
    return Places(lon, lat, extents, refusals)


def place_and_extent(
    shape: BaseGeometry | None, crs: str, *, lines: bool
) -> tuple[Point, BaseGeometry | None]:
    """Give the place of one shape, and its outline or itself where it is more than a place."""
    if shape is None or shape.is_empty:
        raise NO_PLACE
    if isinstance(shape, MultiPoint | MultiLineString) and len(shape.geoms) == 1:
        shape = shape.geoms[0]
    if isinstance(shape, Point):
        found = geometry.checked(shape, crs=crs)
        return Point(shapely.get_coordinates(found)[0]), None
    if lines and shape.geom_type in LINES:
        line = geometry.checked(shape, crs=crs)
        return line.interpolate(0.5, normalized=True), line
    if shape.geom_type in {"LineString", "MultiLineString", "MultiPoint"}:
        raise Rejected("A {kind} is no point and no extent.", kind=shape.geom_type)
    outline = geometry.boundary(shape, crs=crs).shape
    return outline.point_on_surface(), outline
