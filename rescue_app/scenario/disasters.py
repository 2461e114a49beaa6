"""Make disasters of the past: two places a district where slopes come down again, and others."""

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
from shapely import Point
from sqlalchemy import update
from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.exchange.importing.mapping import Mapping
from gis.exchange.importing.report import Report
from hazards.events.importing import catalogue
from hazards.events.models import DisasterEvent
from rescue_app.scenario.accounts import HOME_DISTRICT
from rescue_app.scenario.ground import District
from rescue_app.scenario.hazards import as_table
from rescue_app.scenario.heights import Heights

SOURCE = "scenario"
FIRST, YEARS = 2008, 18
PLACES, SCATTERED = 2, 6
STEEP, STEEP_AT_HOME, FIRST_STEEP = 12, 90, 500
"""Enough in the district of the demo planner for a map of where it may happen."""
METRES_PER_DEGREE = 105_000.0
EXACT_M = (50, 100, 250, 500)
VAGUE_M = (1_000, 5_000, 25_000, 50_000)
KINDS = ("landslide", "landslide", "collapse", "debris_flow")


def add_disasters(
    session: Session, districts: list[District], *, by: Actor, seed: int, now: datetime
) -> Report:
    """Bring them in as any catalogue; the points of the scenario know of them already."""
    rng = np.random.default_rng([seed, 5_000])
    rows = [row for district in districts for row in made_in(district, rng)]
    heights, steep = Heights.of(seed), np.random.default_rng([seed, 5_001])
    rows += [row for district in districts for row in made_on(heights, district, steep)]
    report = catalogue.bring_in(
        session,
        table=as_table(pd.DataFrame(rows), source=SOURCE),
        mapping=mapping(),
        by=by,
        now=now,
        apply=True,
        synthetic=True,
    )
    session.execute(
        update(DisasterEvent).where(DisasterEvent.source == SOURCE).values(weighed=True)
    )
    return report


def made_in(district: District, rng: np.random.Generator) -> list[dict[str, object]]:
    """Make the disasters of one district."""
    towns = [Point(spot) for spot in district.towns]
    spots = towns or [district.shape.representative_point()]
    rows: list[dict[str, object]] = []
    for _ in range(PLACES):
        spot, kind = spots[rng.integers(len(spots))], KINDS[rng.integers(len(KINDS))]
        slope = beside(spot, 1_500, rng)
        for _ in range(int(rng.integers(4, 10))):
            place = beside(slope, 150, rng)
            rows.append(row(district, len(rows), kind, place, rng.choice(EXACT_M), rng))
    for _ in range(SCATTERED):
        place = beside(spots[rng.integers(len(spots))], 4_000, rng)
        kind = KINDS[rng.integers(len(KINDS))]
        rows.append(row(district, len(rows), kind, place, rng.choice(VAGUE_M), rng))
    return rows


def made_on(
    heights: Heights, district: District, rng: np.random.Generator
) -> list[dict[str, object]]:
    """Make the slides of a district that lie where the made-up ground is steep."""
    count = STEEP_AT_HOME if district.code == HOME_DISTRICT else STEEP
    return [
        row(district, FIRST_STEEP + n, "landslide", place, rng.choice(EXACT_M), rng)
        for n, place in enumerate(heights.slides(district, count, rng))
    ]


def beside(spot: Point, spread_m: float, rng: np.random.Generator) -> Point:
    """Give a place some metres away."""
    east, north = rng.normal(0, spread_m / METRES_PER_DEGREE, 2)
    return Point(spot.x + east, spot.y + north)


def row(
    district: District, n: int, kind: str, place: Point, accuracy_m: int, rng: np.random.Generator
) -> dict[str, object]:
    """Say one disaster as a catalogue does; most come with the rains of summer."""
    year = FIRST + int(rng.integers(YEARS))
    day = date(year, 5, 15) + timedelta(days=int(rng.integers(120)))
    return {
        "number": f"{district.code}-{n:03d}",
        "hazard_type": kind,
        "title": f"{district.name}(虚构)",
        "happened_at": day.isoformat(),
        "location_accuracy_m": int(accuracy_m),
        "lon": round(place.x, 6),
        "lat": round(place.y, 6),
    }


def mapping() -> Mapping:
    """Map each column to the field of its name."""
    named = ("number", "hazard_type", "title", "happened_at", "location_accuracy_m")
    fields = {name: name for name in named}
    where = {"crs": "EPSG:4326", "longitude": "lon", "latitude": "lat"}
    return Mapping.model_validate({"source": SOURCE, "fields": fields, **where})
