"""The same rows as CSV, GeoPackage and GeoJSON: a ledger of any size inside the real city."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

HAZARDS = np.array(["landslide", "collapse", "unstable_rock", "debris_flow", "flash_flood"])
CATEGORIES = np.array(["occurrence", "hidden_danger", "prevention", "critical"])
EVIDENCES = np.array(["historical", "high_frequency", "possible"])
SEED = 2026

MAPPING = """\
source: bench
{place}
fields:
  number: number
  name: name
  category: category
  evidence: evidence
  hazard_type: hazard_type
  address: address
  threatened_persons: persons
  threatened_households: households
  threatened_frail: frail
  threatened_property_10k_yuan: property
  owner_name: owner
  owner_phone: phone
"""
IN_COLUMNS = "crs: EPSG:4326\nlongitude: longitude\nlatitude: latitude"


def places_within(outline: BaseGeometry, count: int, rng: np.random.Generator) -> np.ndarray:
    """Scatter places over an outline."""
    west, south, east, north = outline.bounds
    shapely.prepare(outline)
    kept = np.empty((0, 2))
    while len(kept) < count:
        tried = rng.uniform((west, south), (east, north), (count, 2))
        inside = shapely.contains_xy(outline, tried[:, 0], tried[:, 1])
        kept = np.vstack([kept, tried[inside]])
    return kept[:count].round(6)


def ledger(outline: BaseGeometry, count: int) -> gpd.GeoDataFrame:
    """Make the rows."""
    rng = np.random.default_rng(SEED)
    places = places_within(outline, count, rng)
    persons = (rng.pareto(1.2, count) * 20).astype(int).clip(0, 20_000)
    number = np.arange(count)
    return gpd.GeoDataFrame(
        {
            "number": [f"CQ-{n:07d}" for n in number],
            "name": [f"第{n}号滑坡" for n in number],
            "category": rng.choice(CATEGORIES, count),
            "evidence": rng.choice(EVIDENCES, count),
            "hazard_type": rng.choice(HAZARDS, count),
            "address": [f"某镇某村{n % 37}组" for n in number],
            "persons": persons,
            "households": persons // 3,
            "frail": persons // 7,
            "property": (persons * 4.2).round(1),
            "owner": [f"责任人{n % 5000}" for n in number],
            "phone": [f"138{n % 100_000_000:08d}" for n in number],
            "longitude": places[:, 0],
            "latitude": places[:, 1],
        },
        geometry=shapely.points(places),
        crs="EPSG:4326",
    )


def write_all(folder: Path, outline: BaseGeometry, count: int) -> None:
    """Write the three files and their mappings."""
    rows = ledger(outline, count)
    rows.drop(columns="geometry").to_csv(folder / "rows.csv", index=False)
    shapes = rows.drop(columns=["longitude", "latitude"])
    shapes.to_file(folder / "rows.gpkg", layer="rows", driver="GPKG")
    shapes.to_file(folder / "rows.geojson", driver="GeoJSON")
    (folder / "columns.yaml").write_text(MAPPING.format(place=IN_COLUMNS))
    (folder / "shapes.yaml").write_text(MAPPING.format(place=""))
