"""Made-up heights: long folds along the strike, broken by valleys, higher to the south-east.

Nothing of it is measured. It exists so that a newcomer sees a map of where it may happen, and so
that the scenario's slides lie where its ground is steep.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import rasterio
import shapely
from affine import Affine
from shapely import Point
from sqlalchemy.orm import Session

from gis.authority import Actor
from hazards.susceptibility import ground
from hazards.susceptibility.models import GroundLayer
from hazards.susceptibility.rules import Kind, Numbers
from rescue_app.scenario.ground import District
from rescue_app.scenario.people import stable_id
from rescue_app.scenario.terrain import STRIKE_DEG

NAME = "演示高程（虚构，不是测量的）"
MIDDLE = (107.5, 30.0)
METRES = (96_300.0, 110_850.0)
"""In a degree east and north, about the middle: near enough for what is made up."""
FOLD_M, CREST_M = 14_000.0, 1_800.0
LOWEST_M = 80.0
STEP_DEG = 0.003
BESIDE_M = 150.0
CANDIDATES = 40
"""So many spots are tried for each slide; the steeper one is, the likelier it slides."""


@dataclass(frozen=True)
class Heights:
    """The waves that the ground is made of: direction, length, height and shift of each."""

    waves: Numbers

    @classmethod
    def of(cls, seed: int) -> "Heights":
        """Make them from the seed."""
        rng = np.random.default_rng([seed, 7_000])
        lengths_m = np.geomspace(40_000, 1_500, 18)
        turns = rng.uniform(0, np.pi, len(lengths_m))
        shifts = rng.uniform(0, 2 * np.pi, len(lengths_m))
        return cls(np.column_stack((turns, lengths_m, lengths_m**0.72 / 15, shifts)))

    def at(self, lon: Numbers, lat: Numbers) -> Numbers:
        """Give the height in metres at some places."""
        east, north = (lon - MIDDLE[0]) * METRES[0], (lat - MIDDLE[1]) * METRES[1]
        strike = np.radians(STRIKE_DEG)
        along = east * np.cos(strike) + north * np.sin(strike)
        across = north * np.cos(strike) - east * np.sin(strike)
        bent = across + 2_500 * np.sin(along / 27_000) + 900 * np.sin(along / 8_000 + 1)
        aside = (bent + FOLD_M / 2) % FOLD_M - FOLD_M / 2
        crest = 480 * (1 + 0.4 * np.sin(along / 19_000)) * np.exp(-((aside / CREST_M) ** 2))
        rise = 350 / (1 + np.exp((across - east / 4) / 40_000))
        found: Numbers = 380 + crest + rise
        for turn, length_m, high_m, shift in self.waves:
            # Sine and cosine of rows and of columns, not of every pixel: a tenth of the time.
            a = 2 * np.pi * np.cos(turn) / length_m * east + shift
            b = 2 * np.pi * np.sin(turn) / length_m * north
            found = found + high_m * (np.sin(a) * np.cos(b) + np.cos(a) * np.sin(b))
        lowest: Numbers = np.maximum(found, LOWEST_M)
        return lowest

    def steepness(self, lon: Numbers, lat: Numbers) -> Numbers:
        """Give how steep the ground is, as metres of rise a metre."""
        east, north = BESIDE_M / METRES[0], BESIDE_M / METRES[1]
        to_east = self.at(lon + east, lat) - self.at(lon - east, lat)
        to_north = self.at(lon, lat + north) - self.at(lon, lat - north)
        found: Numbers = np.hypot(to_east, to_north) / (2 * BESIDE_M)
        return found

    def slides(self, district: District, count: int, rng: np.random.Generator) -> list[Point]:
        """Give places in a district where slopes came down: on the steep ones most."""
        west, south, east, north = district.shape.bounds
        lon = rng.uniform(west, east, CANDIDATES * count)
        lat = rng.uniform(south, north, CANDIDATES * count)
        inside = shapely.contains_xy(district.shape, lon, lat)
        lon, lat = lon[inside], lat[inside]
        likely = self.steepness(lon, lat) ** 3
        fewest = min(count, len(lon))
        chosen = rng.choice(len(lon), fewest, replace=False, p=likely / likely.sum())
        return [Point(lon[n], lat[n]) for n in np.sort(chosen)]


def lay(
    session: Session, districts: list[District], *, by: Actor, seed: int, now: datetime
) -> bool:
    """Bring them in as any office's raster; tell whether they are new."""
    made = stable_id("ground", "elevation", str(seed))
    if session.get(GroundLayer, made) is not None:
        return False
    with TemporaryDirectory(prefix="yitong-heights-") as folder:
        path = written(Heights.of(seed), districts, Path(folder) / "heights.tif")
        ground.bring_in(
            session, path, id=made, kind=Kind.ELEVATION, name=NAME, by=by, now=now, synthetic=True
        )
    return True


def written(heights: Heights, districts: list[District], path: Path) -> Path:
    """Write the heights of all districts as a GeoTIFF."""
    west, south, east, north = shapely.total_bounds([one.shape for one in districts])
    west, north = west - STEP_DEG, north + STEP_DEG
    width, height = (int(size / STEP_DEG) + 2 for size in (east - west, north - south))
    lon = west + (np.arange(width) + 0.5) * STEP_DEG
    lat = north - (np.arange(height) + 0.5) * STEP_DEG
    corner = Affine(STEP_DEG, 0.0, west, 0.0, -STEP_DEG, north)
    with rasterio.open(
        path, "w", driver="GTiff", width=width, height=height, count=1, dtype="int16",
        crs="EPSG:4326", transform=corner, nodata=-32_768, compress="deflate", predictor=2,
        tiled=True,
    ) as file:  # fmt: skip
        file.write(np.rint(heights.at(lon[np.newaxis, :], lat[:, np.newaxis])).astype(np.int16), 1)
    return path
