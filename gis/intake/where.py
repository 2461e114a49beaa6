"""Where the first rows of a file would lie, and what its coordinates look like."""

from collections.abc import Sequence
from contextlib import suppress

import numpy as np

from gis import crs as systems
from gis.errors import Rejected
from gis.exchange.importing.mapping import Mapping, PlaceMapping
from gis.intake.rules import Looked

Bounds = tuple[float, float, float, float]
Pairs = Sequence[Sequence[float]]
ZONES = tuple(f"EPSG:{code}" for code in range(4543, 4548))
"""CGCS2000, 3-degree zones 102°E to 114°E, whose eastings do not begin with the zone's number."""
FARTHEST_NORTH = 60.0
CRS_HEADINGS = ("crs", "坐标系")
BY_FORMAT = frozenset({"GeoJSON", "KML"})
"""Files that are WGS84 by the rules of their format, whatever their author drew on."""
UNSAID = (
    "The file does not say in which system its degrees are. Choose one: "
    "GPS gives WGS84, AMap and Tencent GCJ-02, Baidu BD-09."
)
WITH_ZONE = 10_000_000.0
"""Eastings above it begin with their zone's number; nothing lies so far north."""


def sampled(looked: Looked, said: Mapping) -> list[list[float]]:
    """Give some places in the coordinates of the file: east first."""
    by_name = {column["name"]: column for column in looked["columns"]}
    if said.place is not None:
        pairs = by_name[said.place.column].get("pairs") or ()
        return [list(p if said.place.order == "lon_lat" else reversed(p)) for p in pairs]
    if said.longitude and said.latitude:
        xs, ys = (by_name[name]["numbers"] or () for name in (said.longitude, said.latitude))
        return [[x, y] for x, y in zip(xs, ys, strict=False)]
    if looked["shapes"]:
        return [list(pair) for pair in looked["shapes"]]
    return list(by_name[said.extent].get("drawn") or ()) if said.extent else []


def on_the_map(pairs: Pairs, *, crs: str | None) -> list[list[float]]:
    """Give places as longitude and latitude, WGS84's until somebody says; none off the earth."""
    if not pairs:
        return []
    system = crs or systems.WGS84
    lon, lat = systems.to_wgs84([p[0] for p in pairs], [p[1] for p in pairs], crs=system)
    good = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    return [
        [round(float(a), 6), round(float(b), 6)] for a, b in zip(lon[good], lat[good], strict=True)
    ]


def one_cell(column: Looked) -> PlaceMapping:
    """Say of a column whose cells hold both numbers which comes first, by what they are."""
    first, second = (float(np.median([p[n] for p in column["pairs"]])) for n in (0, 1))
    if max(abs(first), abs(second)) <= 180:
        east_first = abs(second) < FARTHEST_NORTH <= abs(first)
    elif max(first, second) > WITH_ZONE:
        east_first = first > second
    else:  # metres without a zone: an easting is near 500 km, a northing near 3,000
        east_first = first < second
    return PlaceMapping(column=column["name"], order="lon_lat" if east_first else "lat_lon")


def guessed_crs(looked: Looked, said: Mapping, bounds: Bounds | None) -> str | None:
    """Give the system a file names, else what its numbers look like, else the zone that fits.

    None for degrees in China of which nobody says whether they are shifted: the person is asked.
    """
    named = in_rows(looked) or looked["crs"]
    by_format = looked["driver"] in BY_FORMAT and named == systems.WGS84
    if named and not (by_format and in_rows(looked) is None):
        return str(named)
    pairs = sampled(looked, said)
    if not pairs:
        return None
    xs, ys = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    likely = systems.guess(xs, ys) or fitting_zone(xs, ys, bounds)
    return None if likely == systems.WGS84 and may_be_shifted(looked, said, xs, ys) else likely


def may_be_shifted(looked: Looked, said: Mapping, xs: list[float], ys: list[float]) -> bool:
    """Tell whether degrees may be those of a map service: in China, and in decimals."""
    west, south, east, north = systems.CHINA
    if not (west <= float(np.median(xs)) <= east and south <= float(np.median(ys)) <= north):
        return False
    column = next((c for c in looked["columns"] if c["name"] == said.longitude), None)
    # A surveyor's receiver writes degrees and minutes, no map service does.
    return column is None or any(s.replace(".", "", 1).isdecimal() for s in column["samples"])


def held(looked: Looked, said: Mapping) -> None:
    """Hold that somebody says in which system a file's places are, if it has any."""
    if said.crs is None and sampled(looked, said):
        raise Rejected(UNSAID)


def in_rows(looked: Looked) -> str | None:
    """Give the system that all rows name, as those of our own exports do."""
    for column in looked["columns"]:
        words = column["words"] or []
        if column["name"].lower() in CRS_HEADINGS and len(words) == 1:
            with suppress(Rejected):
                return systems.named(words[0][0])
    return None


def fitting_zone(xs: list[float], ys: list[float], bounds: Bounds | None) -> str | None:
    """Find the 3-degree zone in which metres without a zone's number fall into the area."""
    if bounds is None:
        return None
    west, south, east, north = bounds
    for zone in ZONES:
        lon, lat = systems.to_wgs84(xs, ys, crs=zone)
        inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        if 2 * inside.sum() > len(xs):
            return zone
    return None
