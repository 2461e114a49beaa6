"""Which way water runs: as its lines are drawn, or by heights at their ends (pure)."""

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from itertools import pairwise

import shapely
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

HeightAt = Callable[[float, float], float | None]
LEAST_FALL_M = 1.0
"""With less between its ends nobody can say which way a course runs."""
TOUCH_DEG = 0.0005
"""About 50 m: courses that come so near run on into each other."""
BESIDE_DEG = 0.0002
"""About 20 m along the course: neither above nor below."""


class Flow(StrEnum):
    """On what it rests that a course runs the way it is kept."""

    UNKNOWN = ""
    DRAWN = "drawn"
    HEIGHTS = "heights"


class Side(StrEnum):
    """Where something lies on a river, seen from a place on it."""

    UNKNOWN = ""
    UP = "up"
    DOWN = "down"


def downhill(shape: BaseGeometry, height_at: HeightAt) -> BaseGeometry | None:
    """Turn courses so that they run downhill; None for a surface, or where heights do not say."""
    turned = [_turned(one, height_at) for one in shapely.get_parts(shape)]
    lines = [one for one in turned if one is not None]
    if not lines or len(lines) < len(turned):
        return None
    return lines[0] if len(lines) == 1 else shapely.MultiLineString(lines)


def _turned(line: BaseGeometry, height_at: HeightAt) -> LineString | None:
    if not isinstance(line, LineString):
        return None
    first, last = (height_at(*line.coords[end][:2]) for end in (0, -1))
    if first is None or last is None or abs(first - last) < LEAST_FALL_M:
        return None
    return line if first > last else line.reverse()


def side(courses: Sequence[BaseGeometry], *, place: Point, spot: Point) -> Side:
    """Tell whether a spot lies below or above a place, along courses that run downstream."""
    steps = [pair for one in courses for pair in _steps(one)]
    parts = shapely.line_merge(shapely.MultiLineString(steps), directed=True)
    lines = [one for one in shapely.get_parts(parts) if isinstance(one, LineString)]
    if not lines:
        return Side.UNKNOWN
    here, there = _nearest(lines, place), _nearest(lines, spot)
    begin, goal = lines[here].project(place), lines[there].project(spot)
    if here == there:
        apart = goal - begin
        return Side.UNKNOWN if abs(apart) < BESIDE_DEG else Side.DOWN if apart > 0 else Side.UP
    if _runs_to(lines, here, there, goal):
        return Side.DOWN
    return Side.UP if _runs_to(lines, there, here, begin) else Side.UNKNOWN


def _nearest(lines: Sequence[LineString], spot: Point) -> int:
    return min(range(len(lines)), key=lambda number: lines[number].distance(spot))


def _steps(course: BaseGeometry) -> Iterator[LineString]:
    """Part a course at each corner, so that one which joins it midway runs on from there."""
    for part in shapely.get_parts(course):
        if isinstance(part, LineString):
            yield from (LineString(pair) for pair in pairwise(part.coords))


def _runs_to(lines: Sequence[LineString], start: int, goal: int, goal_at: float) -> bool:
    """Follow the water from one course into the next, until it comes by the goal or ends."""
    waiting, seen = [start], {start}
    while waiting:
        end = Point(lines[waiting.pop()].coords[-1])
        for number, line in enumerate(lines):
            enters = line.project(end)
            if line.distance(end) > TOUCH_DEG or line.length - enters < BESIDE_DEG:
                continue
            if number == goal and goal_at >= enters:
                return True
            if number not in seen:
                seen.add(number)
                waiting.append(number)
    return False
