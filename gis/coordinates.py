"""One place as people type it: decimal or degrees-minutes-seconds, in any of the four systems.

Nobody is made to know which number comes first: letters of the compass decide, else a number
that cannot be a latitude does, and what was turned round is said.
"""

import re
from dataclasses import dataclass

from gis import crs
from gis.errors import Rejected
from gis.geometry import check_place

SYSTEMS = {
    "wgs84": crs.WGS84, "wgs": crs.WGS84, "gps": crs.WGS84, "天地图": crs.WGS84,
    "cgcs2000": crs.CGCS2000, "国家2000": crs.CGCS2000, "2000": crs.CGCS2000,
    "gcj02": crs.GCJ02, "gcj": crs.GCJ02, "高德": crs.GCJ02, "amap": crs.GCJ02,
    "腾讯": crs.GCJ02, "tencent": crs.GCJ02, "火星": crs.GCJ02,
    "bd09": crs.BD09, "bd": crs.BD09, "百度": crs.BD09, "baidu": crs.BD09,
}  # fmt: skip
NAMED = re.compile(
    r"(?<![a-z])(wgs[-_ ]?84|wgs|gps|天地图|cgcs[-_ ]?2000|国家2000|gcj[-_ ]?02|gcj|高德|amap|腾讯"
    r"|tencent|火星|bd[-_ ]?09|bd|百度|baidu)(?:坐标系?)?\s*[:：]?"
)
AXIS = {"n": 1, "s": -1, "北": 1, "南": -1, "e": 1, "w": -1, "东": 1, "西": -1}
NORTHWARD = frozenset("ns北南")
NUMBER = r"\d{1,3}(?:\.\d+)?"
ANGLE = re.compile(
    rf"(?P<before>[nsew北南东西]?)[经纬]?\s*(?P<sign>[-+]?)(?P<degrees>{NUMBER})"
    rf"(?:\s*[°º度d](?:\s*(?P<minutes>{NUMBER})\s*(?:[′'’分m])(?!'))?"
    rf"(?:\s*(?P<seconds>{NUMBER})\s*(?:[″\"”秒]|''|′′))?)?(?:\s*(?P<after>[nsew北南东西])[经纬]?)?"
)
BETWEEN = " \t,，;；、/|()（）"
MOST_LATITUDE = 90
SIXTY = 60


@dataclass(frozen=True, slots=True)
class Spot:
    """What was typed, as longitude and latitude in the stored system."""

    lon: float
    lat: float
    crs: str
    swapped: bool


@dataclass(frozen=True, slots=True)
class _Angle:
    value: float
    axis: str


def read(text: str) -> Spot | None:
    """Give the place that a text names by numbers; nothing when it is no pair of coordinates."""
    typed = text.strip().lower()
    system = NAMED.search(typed)
    rest = (NAMED.sub(" ", typed, count=1) if system else typed).strip(BETWEEN)
    first = ANGLE.match(rest)
    second = ANGLE.fullmatch(rest[first.end() :].strip(BETWEEN)) if first else None
    if first is None or second is None:
        return None
    apart = rest[first.end() :][:1]
    if not (apart in BETWEEN or _axis(first) or _axis(second)):
        return None
    key = re.sub(r"[-_ ]", "", system[1]) if system else "wgs84"
    return _placed(_angle(first), _angle(second), system=SYSTEMS[key])


def _axis(found: re.Match[str]) -> str:
    return found["before"] or found["after"] or ""


def _angle(found: re.Match[str]) -> _Angle:
    parts = [float(found[name] or 0) for name in ("degrees", "minutes", "seconds")]
    if max(parts[1:]) >= SIXTY:
        raise Rejected("Minutes and seconds go to 59. Look at the coordinates again.")
    value = parts[0] + parts[1] / SIXTY + parts[2] / SIXTY**2
    axis = _axis(found)
    turned = -1 if found["sign"] == "-" else 1
    return _Angle(value * turned * AXIS.get(axis, 1), axis)


def _placed(first: _Angle, second: _Angle, *, system: str) -> Spot:
    north_first = first.axis in NORTHWARD if first.axis else _says_east(second)
    # Without letters longitude comes first, unless only the second number can be one.
    swapped = not (first.axis or second.axis) and abs(second.value) > MOST_LATITUDE
    lon, lat = (second, first) if north_first or swapped else (first, second)
    check_place(lon.value, lat.value)
    x, y = crs.to_wgs84([lon.value], [lat.value], crs=system)
    return Spot(round(float(x[0]), 7), round(float(y[0]), 7), system, swapped)


def _says_east(angle: _Angle) -> bool:
    return bool(angle.axis) and angle.axis not in NORTHWARD
