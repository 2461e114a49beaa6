"""Heights of the ground from somebody's raster (GeoTIFF and its like)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from numpy.ma import masked
from pyproj import Transformer

from gis.errors import Rejected
from gis.flow import HeightAt


@contextmanager
def opened(path: Path) -> Iterator[HeightAt]:
    """Give the height at a place; None outside the raster and where it has none."""
    import rasterio  # noqa: PLC0415 - slow to load, and only imports of files need it

    try:
        raster = rasterio.open(path)
    except rasterio.errors.RasterioIOError:
        raise Rejected("{file} is no raster. Take a GeoTIFF of heights.", file=path.name) from None
    with raster:
        if raster.crs is None:
            raise Rejected("{file} does not say its coordinate system.", file=path.name)
        to_raster = Transformer.from_crs(4326, raster.crs.to_wkt(), always_xy=True)

        def height_at(lon: float, lat: float) -> float | None:
            value = next(raster.sample([to_raster.transform(lon, lat)], masked=True))[0]
            return None if value is masked else float(value)

        yield height_at
