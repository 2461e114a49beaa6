"""A kept chain as a map on paper: where it begins, the ways it takes, its steps by number."""

from datetime import date
from typing import Any

from shapely import LineString, Point, box
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from rescue_app.chains.starting import GROUND
from rescue_app.papers import ground
from rescue_app.papers.drawing import Frame, Sign, frame, picture

HIGH = 620.0
ROOM_DEG = 0.01
"""About a kilometre around, so that a chain of one place has surroundings."""
MOST_NAMES = 24
START, CUT_OFF, OTHER = "I", "II", "IV"


def drawn(session: Session, chain: dict[str, Any], *, locale: str, on: date, font: str) -> str:
    """Draw a chain over the streets and the water around it; empty where nothing follows."""
    if not chain["steps"]:
        return ""
    seen = _frame(chain)
    edge = (seen.west, seen.south, seen.east, seen.north)
    streets = ground.streets_in(session, edge, day=on)
    named = [(one.name if locale == "zh" else one.name_en or one.name, one.shape & box(*edge))
             for one in streets if len(streets) <= MOST_NAMES]  # fmt: skip
    return picture(
        seen,
        around=[one.shape for one in streets],
        here=[],
        water=ground.water(session, edge),
        names=[(name, part) for name, part in named if not part.is_empty],
        ways=_ways(chain),
        signs=signs(chain),
        font=font,
    )


def signs(chain: dict[str, Any]) -> list[Sign]:
    """Give the signs: where it begins first, then each step with its number."""
    found = [
        Sign(one["lon"], one["lat"], START, "!") for one in chain["starts"] if one["key"] != GROUND
    ]
    for one in chain["steps"]:
        cut_off = one["by_road"] and one["by_road"]["cut_off"]
        grade = CUT_OFF if cut_off else OTHER
        found.append(Sign(one["lon"], one["lat"], grade, str(one["number"])))
    return found


def _frame(chain: dict[str, Any]) -> Frame:
    spots = [Point(one["lon"], one["lat"]) for one in (*chain["starts"], *chain["steps"])]
    shapes: list[BaseGeometry] = [spot.buffer(ROOM_DEG) for spot in spots]
    if chain["ground"]:
        shapes.append(shape(chain["ground"]))
    return frame(shapes, high=HIGH)


def _ways(chain: dict[str, Any]) -> list[BaseGeometry]:
    ways: list[BaseGeometry] = [
        LineString([(one["from"]["lon"], one["from"]["lat"]), (one["lon"], one["lat"])])
        for one in chain["steps"]
        if one["from"].get("key") != GROUND
    ]
    return [*ways, shape(chain["ground"]).boundary] if chain["ground"] else ways
