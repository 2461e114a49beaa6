"""What codes, levels and paths mean: pure functions, no database."""

import re
from enum import StrEnum
from itertools import takewhile

from gis.errors import Rejected


class AreaLevel(StrEnum):
    """The five levels of the tree, biggest first."""

    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"


class BoundaryKind(StrEnum):
    """How far a boundary can be trusted."""

    SURVEYED = "surveyed"
    APPROXIMATE = "approximate"
    NONE = "none"


GB2260 = "gb2260"
"""District codes of the national standard, 6 digits."""
NBS2023 = "nbs2023"
"""Town codes of the statistics bureau, 9 digits, state of 2023. The civil affairs list has the
same towns under 499 other codes."""
PROVISIONAL = "provisional"
"""A code that a source made up until the official one is published."""

CODE = re.compile(r"[0-9]{6}([0-9]{3}){0,3}")
LEVELS = {
    6: AreaLevel.DISTRICT,
    9: AreaLevel.STREET,
    12: AreaLevel.COMMUNITY,
    15: AreaLevel.GRID,
}
ROOT = "/"


def level_of(code: str) -> AreaLevel:
    """Tell the level from the length of the code; a city's ends in four zeros."""
    if not CODE.fullmatch(code):
        raise Rejected(
            "{code} is no area code. Codes have 6 digits (district), 9 (street), 12 (community) "
            "or 15 (grid).",
            code=code[:40],
        )
    if len(code) == 6 and code.endswith("0000"):
        return AreaLevel.CITY
    return LEVELS[len(code)]


def parent_code(code: str) -> str | None:
    """Give the code one level up, as the digits say it; history may have moved the area."""
    level = level_of(code)
    if level is AreaLevel.CITY:
        return None
    return f"{code[:2]}0000" if level is AreaLevel.DISTRICT else code[:-3]


def path_of(code: str, *, parent: str = ROOT) -> str:
    """Give the path of an area under its parent's path."""
    return f"{parent}{code}/"


def system_of(code: str) -> str:
    """Give the code system that codes of this length are in, unless somebody says otherwise."""
    return GB2260 if len(code) == 6 else NBS2023


def street_of(area_path: str) -> str:
    """Give the street that an area lies in; what is above streets stays as it is."""
    return "/".join(area_path.rstrip("/").split("/")[:4]) + "/"


def common_path(first: str, last: str) -> str:
    """Give the smallest area that holds all paths between the first and the last in order."""
    steps = zip(first.rstrip("/").split("/"), last.rstrip("/").split("/"), strict=False)
    return "".join(f"{code}/" for code, other in takewhile(lambda s: s[0] == s[1], steps))
