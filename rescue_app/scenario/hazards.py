"""Make hazard points: all categories and kinds of evidence in every district, along the terrain."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
import yaml
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from gis.exchange.rows import Rows
from gis.exchange.table import Table
from rescue_app.scenario.ground import District
from rescue_app.scenario.terrain import scatter_along, slope_belts, streams
from rescue_app.scenario.words import SCENARIO, Texts, Words, phones

PERSONS_PER_HOUSEHOLD = 3.1
FRAIL_SHARE = 0.17
MEDIAN_PERSONS = 18.0
SPREAD_OF_PERSONS = 1.5
"""Sigma of the lognormal: some hundreds at one point in a hundred, a thousand at one in 300."""
PROPERTY_PER_PERSON_10K_YUAN = 4.5


@dataclass(frozen=True)
class Mix:
    """Shares of terrains, types, categories and evidence (`data/scenario/mix.yaml`)."""

    terrain: dict[str, dict[str, Any]]
    category: dict[str, float]
    evidence: dict[str, float]

    @classmethod
    def load(cls) -> "Mix":
        """Read the shares."""
        return cls(
            **yaml.load((SCENARIO / "mix.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
        )


def draw(shares: dict[str, float], count: int, rng: np.random.Generator) -> Texts:
    """Draw words by their shares; with room for it, each word comes at least once."""
    weights = np.array(list(shares.values()), dtype=float)
    drawn = rng.choice(list(shares), size=count, p=weights / weights.sum())
    drawn[: len(shares)] = list(shares)[:count]
    return rng.permutation(drawn)


def counts_by_district(districts: list[District], total: int) -> list[int]:
    """Share points out by the square root of area, at least twelve each, exactly `total`."""
    areas = np.sqrt([d.shape.area for d in districts])
    wanted = np.maximum(12, np.floor(areas / areas.sum() * total)).astype(int)
    wanted[np.argmax(areas)] = max(12, wanted[np.argmax(areas)] + total - wanted.sum())
    return [int(n) for n in wanted]


def lines_of(
    district: District, rivers: list[LineString], rng: np.random.Generator
) -> dict[str, list[LineString]]:
    """Give the lines of each terrain in a district; one without a river has none."""
    in_district = [part for r in rivers for part in lines_in(r, district.shape)]
    towns = district.towns
    points = [LineString([t, t + 1e-6]) for t in towns]
    found = {
        "slope": slope_belts(district.shape, rng),
        "stream": streams(towns, rng),
        "river": in_district,
        "town": points,
    }
    return {terrain: lines for terrain, lines in found.items() if lines}


def lines_in(line: LineString, shape: BaseGeometry) -> list[LineString]:
    """Cut a line by an area."""
    parts = shapely.get_parts(line.intersection(shape))
    return [part for part in parts if isinstance(part, LineString)]


def places(
    district: District,
    count: int,
    lines: dict[str, list[LineString]],
    mix: Mix,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Place points by terrain: columns terrain, hazard_type, lon, lat."""
    shares = {t: s["share"] for t, s in mix.terrain.items() if t in lines}
    drawn = draw(shares, count, rng)
    frames = []
    for terrain in shares:
        number = int((drawn == terrain).sum())
        spread_m = mix.terrain[terrain]["spread_m"]
        spots = scatter_along(lines[terrain], district.shape, number, spread_m=spread_m, rng=rng)
        types = draw(mix.terrain[terrain]["types"], number, rng)
        facts = {"hazard_type": types, "lon": spots[:, 0].round(6), "lat": spots[:, 1].round(6)}
        frames.append(pd.DataFrame(facts))
    return pd.concat(frames, ignore_index=True)


def burden(count: int, rng: np.random.Generator) -> pd.DataFrame:
    """Draw what is threatened: persons, households, frail, property (10,000 yuan)."""
    persons = rng.lognormal(np.log(MEDIAN_PERSONS), SPREAD_OF_PERSONS, count).astype(int)
    return pd.DataFrame(
        {
            "threatened_persons": persons,
            "threatened_households": np.ceil(persons / PERSONS_PER_HOUSEHOLD).astype(int),
            "threatened_frail": rng.binomial(persons, FRAIL_SHARE),
            "threatened_property_10k_yuan": (
                persons * rng.gamma(2.0, PROPERTY_PER_PERSON_10K_YUAN / 2.0, count)
            ).round(1),
        }
    )


def in_district(
    district: District,
    count: int,
    rivers: list[LineString],
    mix: Mix,
    *,
    words: Words,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Make a district's points, one row each, columns as the ledger names them."""
    frame = places(district, count, lines_of(district, rivers, rng), mix, rng)
    frame = pd.concat([frame, burden(count, rng)], axis=1)
    frame["category"] = draw(mix.category, count, rng)
    frame["evidence"] = draw(mix.evidence, count, rng)
    frame["number"] = [f"{district.code}-{n:06d}" for n in range(1, count + 1)]
    spots = words.spots(count, rng)
    frame["address"] = np.char.add(np.char.add(district.name, spots), "(虚构)")
    frame["spot"] = spots
    frame["owner_name"] = words.people(count, rng)
    frame["owner_unit"] = f"{district.name}应急管理局"
    return frame


def make_points(
    districts: list[District], total: int, rivers: list[LineString], *, seed: int
) -> pd.DataFrame:
    """Make `total` hazard points over all districts; the same seed gives the same rows."""
    mix, words = Mix.load(), Words.load()
    frames = []
    for order, (district, count) in enumerate(
        zip(districts, counts_by_district(districts, total), strict=True)
    ):
        rng = np.random.default_rng([seed, order])
        frames.append(in_district(district, count, rivers, mix, words=words, rng=rng))
    made = pd.concat(frames, ignore_index=True)
    made["owner_phone"] = phones(0, len(made))
    return made


def as_table(made: pd.DataFrame, *, source: str) -> Table:
    """Give the rows as the reader of a file would."""
    texts = pa.Table.from_pandas(made.astype(str), preserve_index=False)
    lines = np.arange(1, len(made) + 1)
    rows = Rows(texts.schema, [texts], source=source)
    return Table(rows, lines, "row", source=source, driver="scenario", crs="EPSG:4326")
