"""A base map of one's own below everything: a PMTiles file, or the tiles of an address.

Without one the map stands on our areas alone, as it must on a day without internet.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pmtiles.reader import MmapSource, Reader
from pmtiles.tile import Compression, MagicNumberNotFound, SpecVersionUnsupported, TileType

from gis.errors import Rejected
from rescue_app.settings import Settings

TRUE = ("WGS84", "CGCS2000")
OURS = "/api/v1/basemap/{z}/{x}/{y}"
PIXELS = 256
MEDIA = {
    TileType.MVT: "application/vnd.mapbox-vector-tile",
    TileType.PNG: "image/png",
    TileType.JPEG: "image/jpeg",
    TileType.WEBP: "image/webp",
    TileType.AVIF: "image/avif",
}
AREAL = ["in", ["geometry-type"], ["literal", ["Polygon", "MultiPolygon"]]]
LINEAR = ["in", ["geometry-type"], ["literal", ["LineString", "MultiLineString"]]]


class Archive:
    """A PMTiles file: read where it lies, served from our own origin."""

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                read: Callable[[int, int], bytes] = MmapSource(file)  # type: ignore[no-untyped-call]  # pmtiles' own
            self._reader = Reader(read)  # type: ignore[no-untyped-call]  # as above
            self.header: dict[str, Any] = self._reader.header()  # type: ignore[no-untyped-call]  # as above
        except (OSError, ValueError, MagicNumberNotFound, SpecVersionUnsupported) as error:
            raise Rejected(
                "The base map {file} cannot be read as PMTiles. Set YITONG_BASEMAP to another.",
                file=str(path),
            ) from error

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """Give a tile as it lies there; nothing where there is none."""
        found: bytes | None = self._reader.get(z, x, y)  # type: ignore[no-untyped-call]  # as above
        return found

    @property
    def media_type(self) -> str:
        """Say what a tile is."""
        return MEDIA.get(self.header["tile_type"], "application/octet-stream")

    @property
    def headers(self) -> dict[str, str]:
        """Say how a tile is packed, and that it may be kept for a day."""
        packed = self.header["tile_compression"] is Compression.GZIP
        kept = {"cache-control": "private, max-age=86400"}
        return kept | {"content-encoding": "gzip"} if packed else kept

    @cached_property
    def parts(self) -> list[str]:
        """Name the layers of vector tiles."""
        said = self._reader.metadata()  # type: ignore[no-untyped-call]  # as above
        return [part["id"] for part in said.get("vector_layers", [])]


@dataclass(frozen=True)
class Basemap:
    """What lies below: its source, its layers, whom to name, and whom browsers may ask for it."""

    source: dict[str, Any]
    layers: list[dict[str, Any]]
    attribution: str
    origin: str = ""
    archive: Archive | None = None


def opened(settings: Settings) -> Basemap | None:
    """Open what the settings name, if they name anything."""
    if not settings.basemap:
        return None
    if settings.basemap_crs not in TRUE:
        raise Rejected(
            "A base map in {crs} lies 300 to 600 m beside everything else. Set YITONG_BASEMAP"
            " to one in WGS84 or CGCS2000, such as Tianditu.",
            crs=settings.basemap_crs,
        )
    said = settings.basemap_attribution
    if not settings.basemap.startswith(("http://", "https://")):
        archive = Archive(Path(settings.basemap))
        return Basemap(source_of(archive), layers_of(archive), said, archive=archive)
    place = urlsplit(settings.basemap)
    source = {"type": "raster", "tiles": [settings.basemap], "tileSize": PIXELS, "maxzoom": 18}
    return Basemap(source, [picture()], said, origin=f"{place.scheme}://{place.netloc}")


def source_of(archive: Archive) -> dict[str, Any]:
    """Describe an archive's tiles as a source."""
    head = archive.header
    zooms = {"minzoom": head["min_zoom"], "maxzoom": head["max_zoom"]}
    corners = ("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7")
    known = {"tiles": [OURS], **zooms, "bounds": [head[corner] / 1e7 for corner in corners]}
    if head["tile_type"] is TileType.MVT:
        return {"type": "vector", **known}
    return {"type": "raster", "tileSize": PIXELS, **known}


def layers_of(archive: Archive) -> list[dict[str, Any]]:
    """Draw pictures as they are, and whatever vector layers there are as quiet ground."""
    if archive.header["tile_type"] is not TileType.MVT:
        return [picture()]
    return [layer for name in archive.parts for layer in quiet(name)]


def picture() -> dict[str, Any]:
    """Draw pictures."""
    return {"id": "basemap", "type": "raster", "source": "basemap"}


def quiet(name: str) -> list[dict[str, Any]]:
    """Draw a vector layer of any schema: water as water, the rest as faint grey."""
    wet = "water" in name or "river" in name
    colour = "var(--map-water)" if wet else "var(--map-line)"
    part = {"source": "basemap", "source-layer": name}
    fill = {"fill-color": colour, "fill-opacity": 0.8 if wet else 0.12}
    line = {"line-color": colour, "line-width": 0.8}
    return [
        {"id": f"basemap-{name}-fill", "type": "fill", **part, "filter": AREAL, "paint": fill},
        {"id": f"basemap-{name}-line", "type": "line", **part, "filter": LINEAR, "paint": line},
    ]
