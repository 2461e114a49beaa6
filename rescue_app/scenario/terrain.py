"""Lines along which the scenario's dangers lie: rivers, streams, belts of steep slope.

Real are the towns and the districts. Rivers pass through the towns on their banks, streams join
the towns of a district, slope belts follow the strike of the folds of eastern Sichuan
(north-east to south-west). Between those fixed points every course is made up from the seed.
"""

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial.distance import cdist
from shapely import LineString
from shapely.geometry.base import BaseGeometry

Coordinates = NDArray[np.float64]

MEANDER_SHARE = 0.16
"""How far a course swings aside, as a share of the straight piece."""
HALVINGS = 4
SHORTEST_DEG = 1e-9
"""Added to each length, so that a line which only touches the area can be drawn too."""
STRIKE_DEG = 42.0
"""Strike of the fold belt, degrees from east, anticlockwise."""
BELT_SPACING_DEG = 0.11


def meander(waypoints: Coordinates, rng: np.random.Generator) -> LineString:
    """Lay a winding course through fixed points (lon, lat) by midpoint displacement."""
    course = np.asarray(waypoints, dtype=float)
    share = MEANDER_SHARE
    for _ in range(HALVINGS):
        steps = np.diff(course, axis=0)
        aside = np.column_stack([-steps[:, 1], steps[:, 0]])
        swing = rng.normal(0, share, (len(steps), 1))
        middles = (course[:-1] + course[1:]) / 2 + aside * swing
        woven = np.empty((len(course) + len(middles), 2))
        woven[0::2], woven[1::2] = course, middles
        course, share = woven, share * 0.8
    return LineString(course)


def streams(towns: Coordinates, rng: np.random.Generator) -> list[LineString]:
    """Join the towns of a district by the shortest tree of winding streams."""
    if len(towns) < 2:
        return []
    tree = minimum_spanning_tree(cdist(towns, towns)).tocoo()
    return [meander(towns[[a, b]], rng) for a, b in zip(tree.row, tree.col, strict=True)]


def slope_belts(district: BaseGeometry, rng: np.random.Generator) -> list[LineString]:
    """Cut parallel belts along the strike out of a district; at least one."""
    west, south, east, north = district.bounds
    centre = np.array([(west + east) / 2, (south + north) / 2])
    reach = np.hypot(east - west, north - south)
    along = np.array([np.cos(np.radians(STRIKE_DEG)), np.sin(np.radians(STRIKE_DEG))])
    across = np.array([-along[1], along[0]])
    offsets = np.arange(-reach / 2, reach / 2, BELT_SPACING_DEG)
    offsets = offsets + rng.normal(0, BELT_SPACING_DEG / 5, len(offsets))
    ends = [
        np.array([centre + across * o - along * reach, centre + across * o + along * reach])
        for o in offsets
    ]
    cut = [meander(pair, rng).intersection(district) for pair in ends]
    parts = [part for line in cut for part in shapely.get_parts(line)]
    return [p for p in parts if isinstance(p, LineString) and p.length > BELT_SPACING_DEG / 10]


def scatter_along(
    lines: list[LineString],
    within: BaseGeometry,
    count: int,
    *,
    spread_m: float,
    rng: np.random.Generator,
) -> Coordinates:
    """Scatter points about lines, all inside an area.

    Returns an array (count, 2) of lon, lat in EPSG:4326. Distances aside are normal with the
    given spread, so most points lie close to a line, as slides lie close to their slope.
    """
    lengths = np.array([line.length for line in lines]) + SHORTEST_DEG
    kept = np.empty((0, 2))
    shapely.prepare(within)
    spread_deg = spread_m / 111_320
    for _ in range(30):
        wanted = count - len(kept)
        if wanted <= 0:
            break
        picks = rng.choice(len(lines), size=2 * wanted + 8, p=lengths / lengths.sum())
        chosen = np.array(lines, dtype=object)[picks]
        on_line = shapely.line_interpolate_point(chosen, rng.random(len(picks)), normalized=True)
        tried = shapely.get_coordinates(on_line)
        tried = tried + rng.normal(0, spread_deg, tried.shape)
        inside = shapely.contains_xy(within, tried)
        kept = np.concatenate([kept, tried[inside][:wanted]])
    missing = count - len(kept)
    middle = np.array(shapely.get_coordinates(within.representative_point()))
    return np.concatenate([kept, np.repeat(middle, missing, axis=0)])
