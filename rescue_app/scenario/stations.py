"""Make gauges in every district, and a day and a half of made-up rain on them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from shapely import Point
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hazards.monitoring import service
from hazards.monitoring.models import Datastream, MonitoringPoint
from hazards.monitoring.service import Sent
from rescue_app.scenario.ground import District, Street
from rescue_app.scenario.people import stable_id
from rescue_app.scenario.words import Words, phones

SOURCE = "scenario"
FIRST_PHONE = 6_000_000
ASIDE_DEG = 0.006
STREETS = 3
EVERY = timedelta(minutes=10)
PATIENCE = timedelta(days=14)
"""Nobody measures on after the load: without it the whole city would ring half an hour later."""
MARKS = {"fortify": 3.0, "warning": 3.4, "guaranteed": 4.6, "historical": 5.8}
SLOTS = 216
BATCH = 10_000
STORM_EAST_OF = 109.0
Values = NDArray[np.float64]


def add_stations(session: Session, districts: list[District], *, seed: int, now: datetime) -> int:
    """Add gauges that are not there yet, with their readings; give how many."""
    made = list(make_stations(districts, seed=seed))
    there = set(
        session.scalars(select(MonitoringPoint.code).where(MonitoringPoint.source == SOURCE))
    )
    fresh = [(point, streams) for point, streams in made if point.code not in there]
    session.add_all(point for point, _ in fresh)
    session.flush()  # streams need their stations
    session.add_all(stream for _, streams in fresh for stream in streams)
    session.flush()
    if fresh and not session.scalar(select(func.count(Datastream.last_at))):
        readings = sent(fresh, seed=seed, now=now)
        while batch := list(islice(readings, BATCH)):
            service.take(session, batch, source=SOURCE, area_path="/", now=now)
    return len(fresh)


def make_stations(
    districts: list[District], *, seed: int
) -> Iterator[tuple[MonitoringPoint, list[Datastream]]]:
    """Make a rain gauge in some streets of each district; the first measures a river as well."""
    words = Words.load()
    numbers = iter(phones(FIRST_PHONE, len(districts) * STREETS))
    for order, district in enumerate(districts):
        rng = np.random.default_rng([seed, 5_000, order])
        near = district.streets[:STREETS]
        keepers = words.people(max(1, len(near)), rng)
        for rank, (street, keeper) in enumerate(zip(near, keepers, strict=False)):
            code = f"{district.code}-{rank + 1}"
            point = station(street, code, str(keeper), str(next(numbers)))
            kinds = ("rain", "water_level") if rank == 0 else ("rain",)
            yield point, [stream(point, kind) for kind in kinds]


def station(street: Street, code: str, keeper: str, phone: str) -> MonitoringPoint:
    """Make one station beside the street's town point."""
    return MonitoringPoint(
        id=stable_id("station", code),
        source=SOURCE,
        code=code,
        name=f"{street.name}监测站",
        address=f"{street.name}(虚构)",
        place=Point(round(street.lon - ASIDE_DEG, 6), round(street.lat + ASIDE_DEG, 6)),
        area_path=street.path,
        keeper=keeper,
        keeper_phone=phone,
        facts={},
        synthetic=True,
    )


def stream(point: MonitoringPoint, kind: str) -> Datastream:
    """Make one stream of a station."""
    return Datastream(
        id=stable_id("stream", f"{point.code}/{kind}"),
        point_id=point.id,
        area_path=point.area_path,
        property=kind,
        channel="",
        interval_s=int(EVERY.total_seconds()),
        silent_after_s=int(PATIENCE.total_seconds()),
        marks=dict(MARKS) if kind == "water_level" else {},
    )


def sent(
    made: list[tuple[MonitoringPoint, list[Datastream]]], *, seed: int, now: datetime
) -> Iterator[Sent]:
    """Give what the stations sent, a band of showers that moved over the city."""
    first = now.replace(second=0, microsecond=0) - SLOTS * EVERY
    for n, (point, streams) in enumerate(made):
        rng = np.random.default_rng([seed, 6_000, n])
        rain = shower(rng, east=point.place.x)
        known = {"rain": rain, "water_level": river(rain)}
        for one in streams:
            for slot in range(SLOTS):
                value: object = round(float(known[one.property][slot]), 2)
                if n % 40 == 7 and slot == SLOTS // 2:
                    value = "NA"
                yield Sent(f"{point.code}/{one.property}", first + (slot + 1) * EVERY, value)


def shower(rng: np.random.Generator, *, east: float) -> Values:
    """Give millimetres in each slot: two fronts from the west, the second a storm in the east."""
    slots = np.arange(SLOTS)
    fell = np.zeros(SLOTS)
    for front, strength in ((70.0, 0.5), (180.0, 4.5 if east > STORM_EAST_OF else 0.9)):
        peak = front + (east - 107.5) * 8 + rng.normal(0, 4)
        fell += strength * rng.gamma(2, 0.5) * np.exp(-(((slots - peak) / 9) ** 2))
    fell *= rng.random(SLOTS) < 0.85
    made: Values = np.where(fell < 0.1, 0.0, np.round(fell * 2) / 2)
    return made


def river(rain: Values) -> Values:
    """Give metres above the gauge's zero: what fell runs off over some hours."""
    level, stands = np.empty(SLOTS), 0.0
    for slot, fell in enumerate(rain):
        stands = stands * 0.985 + fell * 0.035
        level[slot] = 2.4 + stands
    return level
