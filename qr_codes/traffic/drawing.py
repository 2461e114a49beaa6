"""A small map of a closure as plain shapes, so that it shows without a script (pure)."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shapely import MultiPoint, Point, box
from shapely.geometry.base import BaseGeometry

from qr_codes.traffic.models import TrafficPlan

WIDTH, HEIGHT, EDGE = 320, 200, 24
M_PER_DEGREE = 111_320.0
LEAST_M = 120.0
"""A plan smaller than this is drawn as if it were so wide: two barriers side by side."""
LONGEST_BAR = 100
STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Spot:
    """A closure point on the drawing."""

    x: float
    y: float
    name: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Paths in SVG's words; `bar` is how long `bar_m` metres are."""

    asset: str
    detour: str
    around: Sequence[str]
    spots: Sequence[Spot]
    bar: float
    bar_m: int


def frame(asset: BaseGeometry, plan: TrafficPlan) -> BaseGeometry:
    """Give the box that a plan needs, with the ground around it."""
    shown = MultiPoint([(stop["lon"], stop["lat"]) for stop in plan.stops]).union(
        asset if plan.detour is None else asset.union(plan.detour)
    )
    west, south, east, north = shown.bounds
    margin = max(LEAST_M / M_PER_DEGREE, 0.15 * max(east - west, north - south))
    return box(west - margin, south - margin, east + margin, north + margin)


def drawn(asset: BaseGeometry, plan: TrafficPlan, around: Sequence[BaseGeometry]) -> Drawing:
    """Draw the asset, where it is closed and the way around it, north up."""
    west, south, east, north = frame(asset, plan).bounds
    shrink = math.cos(math.radians((south + north) / 2))
    scale = min(
        (WIDTH - 2 * EDGE) / ((east - west) * shrink), (HEIGHT - 2 * EDGE) / (north - south)
    )
    middle_x, middle_y = (west + east) / 2, (south + north) / 2

    def put(lon: float, lat: float) -> tuple[float, float]:
        x = WIDTH / 2 + (lon - middle_x) * shrink * scale
        return x, HEIGHT / 2 - (lat - middle_y) * scale

    metres = LONGEST_BAR / scale * M_PER_DEGREE
    length_m = round_below(metres)
    seen = box(west, south, east, north).buffer((east - west) * 0.3)
    return Drawing(
        asset=path_of(asset.simplify(0.5 / scale), put),
        detour=path_of(plan.detour.simplify(0.5 / scale), put) if plan.detour is not None else "",
        around=[path_of(line.intersection(seen).simplify(0.5 / scale), put) for line in around],
        spots=[Spot(*put(stop["lon"], stop["lat"]), stop["name"]) for stop in plan.stops],
        bar=length_m / M_PER_DEGREE * scale,
        bar_m=length_m,
    )


def path_of(shape: BaseGeometry, put: Callable[[float, float], tuple[float, float]]) -> str:
    """Write a shape as an SVG path; a point is a dot."""
    if isinstance(shape, Point) and not shape.is_empty:
        x, y = put(shape.x, shape.y)
        return f"M{x:.0f} {y:.0f}h.1"
    # A road near by that does not reach into the frame leaves an empty line.
    parts = [one for one in getattr(shape, "geoms", [shape]) if not one.is_empty]
    lines = [one for one in parts if one.geom_type == "LineString"]
    return "".join(stroke([put(x, y) for x, y, *_ in line.coords]) for line in lines)


def stroke(places: Sequence[tuple[float, float]]) -> str:
    """Write one line step by step, in whole pixels; steps that nobody sees are left out."""
    (x, y), *others = [(round(x), round(y)) for x, y in places]
    said = f"M{x} {y}l"
    for to_x, to_y in others:
        if (to_x, to_y) != (x, y):
            said += f"{to_x - x} {to_y - y} "
            x, y = to_x, to_y
    return said.rstrip(" l") + ("h.1" if said.endswith("l") else "")


def round_below(metres: float) -> int:
    """Give the roundest length that is not longer."""
    whole = max(int(metres), 1)
    tens: int = 10 ** (len(str(whole)) - 1)
    return max(step * tens for step in STEPS if step * tens <= whole)
