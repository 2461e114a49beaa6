"""Bring a raster or lines in: checked, bounded, and told what it is before it is kept."""

import hashlib
from datetime import datetime
from pathlib import Path
from uuid import UUID

import rasterio
import shapely
from rasterio.errors import RasterioError
from rasterio.warp import transform_bounds
from shapely import LineString, MultiLineString
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from gis import crs, exchange, geometry
from gis.areas.incoming import check_columns, coordinate_system
from gis.authority import Act, Actor, require
from gis.errors import Rejected
from gis.store import audit, files
from hazards.susceptibility.models import GroundLayer
from hazards.susceptibility.repository import FILE_KIND
from hazards.susceptibility.rules import RASTERS, Kind
from hazards.susceptibility.terrain import GEOTIFF

MOST_PIXELS = 2_000_000_000
MOST_CORNERS = 1_000_000
TIFF = "image/tiff"


def bring_in(
    session: Session,
    path: Path,
    *,
    id: UUID,  # noqa: A002 - the layer's own id, made with the form
    kind: Kind,
    name: str,
    by: Actor,
    now: datetime,
    system: str | None = None,
    synthetic: bool = False,
) -> GroundLayer:
    """Keep a GeoTIFF or a file of lines; the same id again is the layer that is there."""
    require(by, Act.EDIT_POINT, by.area_path)
    there = session.get(GroundLayer, id)
    if there is not None:
        return there
    made = GroundLayer(
        id=id, area_path=by.area_path, kind=kind, name=name.strip() or path.name,
        digest=digest(path), at=now, by_name=by.name, synthetic=synthetic,
    )  # fmt: skip
    if kind in RASTERS:
        made.about, made.extent = looked_at(path)
        files.keep(
            session, path, id=id, name=made.name, media_type=TIFF, by_id=by.id,
            area_path=by.area_path, kind=FILE_KIND, ref=id,
        )  # fmt: skip
    else:
        made.lines = lines_of(path, system)
        corners = int(shapely.get_num_coordinates(made.lines))
        made.about = {"km": round(crs.length_m(made.lines) / 1000, 1), "corners": corners}
        made.extent = shapely.box(*made.lines.bounds).buffer(1e-9)
    session.add(made)
    facts = {"kind": str(kind), "name": made.name, "digest": made.digest}
    audit.record(session, act="ground.brought", subject=id, area_path=by.area_path, **facts)
    return made


def digest(path: Path) -> str:
    """Name a file by its content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def looked_at(path: Path) -> tuple[dict[str, object], shapely.Polygon]:
    """Say what a raster is; whatever a map cannot be made of is refused."""
    try:
        with rasterio.open(path, driver=GEOTIFF[0]) as source:
            # A local grid without a place on the earth is named, and of no more use than none.
            if source.crs is None or not (source.crs.is_geographic or source.crs.is_projected):
                raise Rejected(
                    "A raster says itself what its coordinates are, and this one does not. Save"
                    " it as a GeoTIFF with its coordinate system."
                )
            if source.count > 1 or source.dtypes[0].startswith("complex"):
                raise Rejected(
                    "This raster has {count} bands and looks like a picture. Save the heights, or"
                    " the rain, as a raster of one band of plain numbers.",
                    count=source.count,
                )
            if source.width * source.height > MOST_PIXELS:
                raise Rejected(
                    "This raster has {pixels} pixels, more than {most}. Cut it to your area.",
                    pixels=f"{source.width * source.height:,}",
                    most=f"{MOST_PIXELS:,}",
                )
            about = {
                "width": source.width,
                "height": source.height,
                "crs": source.crs.to_string()[:200],
                "nodata": source.nodata if source.nodata == source.nodata else "nan",
                "pixel": [float(f"{size:.6g}") for size in source.res],
            }
            west, south, east, north = transform_bounds(source.crs, "EPSG:4326", *source.bounds)
    except RasterioError as error:
        raise Rejected("This file cannot be read as a GeoTIFF. Save it as one.") from error
    geometry.check_place(west, south)
    geometry.check_place(east, north)
    return about, shapely.box(west, south, east, north)


def lines_of(path: Path, system: str | None) -> BaseGeometry:
    """Give all lines of a file as one, in longitude and latitude."""
    table = exchange.read(path, crs=system)
    check_columns(table, ())
    known, _ = coordinate_system(table)
    parts: list[LineString] = []
    for shape in table.geometry if table.geometry is not None else ():
        found = geometry.checked(shape, crs=known)
        parts += [one for one in shapely.get_parts(found) if isinstance(one, LineString)]
    if not parts:
        raise Rejected("This file holds no lines. Give one of faults, rivers or roads.")
    if sum(len(one.coords) for one in parts) > MOST_CORNERS:
        raise Rejected("These lines have more than {most} corners. Cut them to your area.",
                       most=f"{MOST_CORNERS:,}")  # fmt: skip
    return MultiLineString(parts)


def on_disk(session: Session, layer: GroundLayer, folder: Path) -> Path:
    """Bring a raster's file where it can be read window by window."""
    return files.shelf_of(session).fetch(layer.digest, folder / f"{layer.id}.tif")
