"""A map on paper as SVG: outlines, water, numbered signs, a scale bar that is true, north up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import cos, radians

import shapely
from shapely import Point, Polygon
from shapely.geometry.base import BaseGeometry

WIDE = 1_000
ROUND = 0.06
M_PER_DEG = 111_320
STEPS = (1, 2, 5)
INKS = {"I": "#d92d20", "II": "#f2690d", "III": "#b88f00", "IV": "#1f6feb"}
SIGNS = {
    "I": "M0-8 8 7H-8Z", "II": "M0-8 8 0 0 8-8 0Z", "III": "M-6.5-6.5H6.5V6.5H-6.5Z",
    "IV": "M-7 0A7 7 0 1 0 7 0A7 7 0 1 0-7 0Z",
}  # fmt: skip
APART = 17
"""So many units apart two numbers can be read; one that is nearer to another is left out."""
GLYPH, LETTER = 15.5, 8.5
"""How wide a sign of Chinese is in a name, and one of English."""
STYLE = """text{font-family:'FONT';fill:#14181d;paint-order:stroke}
.land{fill:#f1f3f5;stroke:#8e9aa8;stroke-width:1}.here{fill:#fdfdfb;stroke:#1d3f72;stroke-width:3}
.water{fill:#a9bccf;stroke:#a9bccf;stroke-width:1.5}.course{fill:none;stroke:#a9bccf;stroke-width:3}
.way{fill:none;stroke:#14181d;stroke-width:1.5;stroke-dasharray:6 4}
.name{font-size:15px;text-anchor:middle;fill:#454f5b;stroke:#fdfdfb;stroke-width:4}.no{font-size:13px;font-weight:bold}
.sign{stroke:#fff;stroke-width:1.2}.bar{stroke:#14181d;stroke-width:3;fill:none}
.small{font-size:15px;text-anchor:middle}"""


@dataclass(frozen=True, slots=True)
class Frame:
    """What lies in the picture: a box in degrees, drawn so that it fills the picture."""

    west: float
    south: float
    east: float
    north: float
    high: float

    @property
    def m_per_unit(self) -> float:
        """How many metres a unit of the picture is."""
        middle = radians((self.south + self.north) / 2)
        return (self.east - self.west) * M_PER_DEG * cos(middle) / WIDE

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Give where a place lies in the picture."""
        x = (lon - self.west) / (self.east - self.west) * WIDE
        return x, (self.north - lat) / (self.north - self.south) * self.high


@dataclass(frozen=True, slots=True)
class Sign:
    """A point on the map with its number in the list."""

    lon: float
    lat: float
    grade: str
    number: str


def frame(
    shapes: Sequence[BaseGeometry], *, high: float, least: float | None = None
) -> Frame:  # fmt: skip
    """Give the frame of some shapes with a rim; with `least` it is as low as they allow."""
    west, south, east, north = shapely.total_bounds(list(shapes))
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    flat = cos(radians(middle_y))
    wide, tall = (east - west) * (1 + ROUND) or 0.01, (north - south) * (1 + ROUND) or 0.01
    if least is not None:
        high = min(max(least, tall / flat / wide * WIDE), high)
    wide = max(wide, tall / flat * WIDE / high)
    tall = wide * flat * high / WIDE
    return Frame(middle_x - wide / 2, middle_y - tall / 2,
                 middle_x + wide / 2, middle_y + tall / 2, high)  # fmt: skip


def picture(
    seen: Frame,
    *,
    around: Iterable[BaseGeometry],
    here: Iterable[BaseGeometry],
    water: Iterable[BaseGeometry],
    names: Iterable[tuple[str, BaseGeometry]] = (),
    ways: Iterable[BaseGeometry] = (),
    signs: Sequence[Sign] = (),
    font: str,
) -> str:
    """Draw a map."""
    parts = [_shape(one, seen, "land") for one in around]
    parts += [_shape(one, seen, "here") for one in here]
    parts += [_shape(one, seen, "water") for one in water]
    parts += _names(names, seen)
    parts += [_shape(one, seen, "way") for one in ways]
    parts += [_sign(one, seen) for one in reversed(signs)]
    parts += _numbers(signs, seen)
    parts += [_scale(seen), _north()]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {seen.high:g}">'
        f"<style>{STYLE.replace('FONT', font)}</style>"
        f'<rect width="{WIDE}" height="{seen.high:g}" fill="#e4e8ed"/>{"".join(parts)}'
        f'<rect width="{WIDE}" height="{seen.high:g}" fill="none" stroke="#454f5b"/></svg>'
    )


def scale_m(seen: Frame) -> int:
    """Give the round length of the scale bar: the longest that is no more than a quarter wide."""
    most = seen.m_per_unit * WIDE / 4
    ten = 1
    while ten * 10 <= most:
        ten *= 10
    return max((step * ten for step in STEPS if step * ten <= most), default=1)


def _scale(seen: Frame) -> str:
    metres = scale_m(seen)
    wide, foot = metres / seen.m_per_unit, seen.high - 22
    said = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres} m"
    return (
        f'<rect x="14" y="{foot - 28:g}" width="{wide + 40:.1f}" height="42" fill="#fff"'
        f' fill-opacity=".85"/><path class="bar" d="M34 {foot - 7:g}v7h{wide:.1f}v-7"/>'
        f'<text class="small" x="{34 + wide / 2:.1f}" y="{foot - 9:g}">{said}</text>'
    )


def _north() -> str:
    return (
        f'<g transform="translate({WIDE - 42} 18)"><rect x="-24" y="-8" width="48" height="80"'
        ' fill="#fff" fill-opacity=".85"/><path d="M0 22 13 62 0 53-13 62Z" fill="#14181d"/>'
        '<text class="small" y="15" font-weight="bold">N</text></g>'
    )


def _shape(shape: BaseGeometry, seen: Frame, css: str) -> str:
    course = css == "water" and shape.geom_type in {"LineString", "MultiLineString"}
    parts = getattr(shape, "geoms", [shape])
    path = "".join(_lines(part, seen) for part in parts)
    return f'<path class="{"course" if course else css}" fill-rule="evenodd" d="{path}"/>'


def _lines(part: BaseGeometry, seen: Frame) -> str:
    if isinstance(part, Polygon):
        return "".join(_line(ring, seen) + "Z" for ring in (part.exterior, *part.interiors))
    return _line(part, seen)


def _line(line: BaseGeometry, seen: Frame) -> str:
    points = (seen.at(x, y) for x, y in shapely.get_coordinates(line).tolist())
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _names(names: Iterable[tuple[str, BaseGeometry]], seen: Frame) -> list[str]:
    """Write names where none covers another; for want of room the number at its end alone."""
    taken: list[tuple[float, float, float]] = []
    made = []
    for name, shape in names:
        spots = _spots(shape, seen)
        for said in dict.fromkeys([name, name.split(" ")[-1]] if name[-1:].isdigit() else [name]):
            half = sum(LETTER if one.isascii() else GLYPH for one in said) / 2
            found = next((spot for spot in spots if _free(*spot, half, taken)), None)
            if found:
                at, y = min(max(found[0], half + 4), WIDE - half - 4), found[1]
                taken.append((at, y, half))
                made.append(f'<text class="name" x="{at:.0f}" y="{y:.0f}">{escape(said)}</text>')
                break
    return made


def _free(x: float, y: float, half: float, taken: Sequence[tuple[float, float, float]]) -> bool:
    at = min(max(x, half + 4), WIDE - half - 4)
    return all(abs(at - a) > half + other or abs(y - b) > GLYPH for a, b, other in taken)


def _spots(shape: BaseGeometry, seen: Frame) -> list[tuple[float, float]]:
    """Give where a name may stand: the middle of its shape, then other places in it, near first."""
    middle = shape.representative_point()
    x, y = seen.at(middle.x, middle.y)
    if not (20 < x < WIDE - 20 and 20 < y < seen.high - 20):
        return []
    lon, lat = (seen.east - seen.west) / WIDE, (seen.north - seen.south) / seen.high
    steps = [(right * 2 * GLYPH, down * GLYPH) for right in range(-3, 4) for down in range(-4, 5)]
    steps.sort(key=lambda step: abs(step[0]) + abs(step[1]))
    shapely.prepare(shape)
    return [
        (x + right, y + down)
        for right, down in steps
        if 20 < y + down < seen.high - 20
        and shape.contains(Point(middle.x + right * lon, middle.y - down * lat))
    ]


def _sign(one: Sign, seen: Frame) -> str:
    x, y = seen.at(one.lon, one.lat)
    return (
        f'<path class="sign" transform="translate({x:.1f} {y:.1f})" d="{SIGNS[one.grade]}"'
        f' fill="{INKS[one.grade]}"/>'
    )


def _numbers(signs: Sequence[Sign], seen: Frame) -> list[str]:
    """Write numbers where they can be read; the worst grade comes first and keeps its place."""
    taken: list[tuple[float, float]] = []
    made = []
    for one in signs:
        x, y = seen.at(one.lon, one.lat)
        if all(abs(x - a) > APART * 1.6 or abs(y - b) > APART for a, b in taken):
            taken.append((x, y))
            made.append(
                f'<text class="no" x="{x + 9:.1f}" y="{y + 5:.1f}" stroke="#fff"'
                f' stroke-width="3">{escape(one.number)}</text>'
            )
    return made
