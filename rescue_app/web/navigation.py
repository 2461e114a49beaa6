"""The way to a place in the map programs people have: both draw in GCJ-02, so both get GCJ-02.

Links only. Nothing is asked of these services by us or by our pages; a person presses one.
"""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from shapely import Point

from gis import crs


@dataclass(frozen=True, slots=True)
class Way:
    """A link that starts navigation in one program."""

    program: str
    href: str


def ways(place: Point, name: str) -> tuple[Way, Way]:
    """Give the links to a place for AMap and Tencent Maps."""
    (x,), (y,) = crs.from_wgs84([place.x], [place.y], crs=crs.GCJ02)
    # A comma would cut the name off in AMap's list of longitude, latitude, name.
    plain = name.replace(",", " ").replace("，", " ")
    amap = {"to": f"{x:.6f},{y:.6f},{plain}", "mode": "car", "coordinate": "gaode"}
    tencent = {"type": "drive", "to": plain, "tocoord": f"{y:.6f},{x:.6f}", "referer": "yitong"}
    return (
        Way("amap", f"https://uri.amap.com/navigation?{urlencode(amap, quote_via=quote)}"),
        Way(
            "tencent",
            f"https://apis.map.qq.com/uri/v1/routeplan?{urlencode(tencent, quote_via=quote)}",
        ),
    )
