"""Make a few stores of materials in every district: a large one of its own, and two of streets."""

from collections.abc import Iterator
from datetime import datetime

import numpy as np
from shapely import Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from qr_codes.stores.models import MaterialStore
from rescue_app.scenario.ground import District, Street
from rescue_app.scenario.people import stable_id
from rescue_app.scenario.words import Words, phones

SOURCE = "scenario"
FIRST_PHONE = 5_000_000
ASIDE_DEG = 0.004
DISTRICT_STOCK = {
    "sandbag": 5000, "pump": 12, "generator": 6, "light": 30, "cone": 200, "barrier": 80,
    "warning_lamp": 60, "sheet": 2000, "filter_stone": 200, "riprap": 300, "geotextile": 2000,
    "boat": 4, "life_jacket": 120, "rope": 40, "breathing": 12, "bed": 300, "quilt": 400,
    "water": 500, "food": 400, "flood_board": 60,
}  # fmt: skip
STREET_STOCK = {
    "sandbag": 400, "pump": 2, "cone": 40, "warning_lamp": 10, "cordon": 10, "gong": 4, "hook": 6,
    "light": 6, "first_aid": 4, "well_cover": 5, "extinguisher": 10, "sheet": 100,
}  # fmt: skip
STREETS = 2


def add_stores(session: Session, districts: list[District], *, seed: int, now: datetime) -> int:
    """Add the stores that are not there yet."""
    there = set(session.scalars(select(MaterialStore.id).where(MaterialStore.source == SOURCE)))
    made = [store for store in make_stores(districts, seed=seed, now=now) if store.id not in there]
    session.add_all(made)
    return len(made)


def make_stores(districts: list[District], *, seed: int, now: datetime) -> Iterator[MaterialStore]:
    """Make the stores of all districts; the same seed gives the same."""
    words = Words.load()
    numbers = iter(phones(FIRST_PHONE, len(districts) * (STREETS + 1)))
    for order, district in enumerate(districts):
        rng = np.random.default_rng([seed, 4_000, order])
        near = district.streets[: STREETS + 1] or (whole(district),)
        keepers = words.people(len(near), rng)
        for rank, (street, keeper) in enumerate(zip(near, keepers, strict=True)):
            name = f"{street.name}物资点" if rank else f"{district.name}应急物资库"
            stock = STREET_STOCK if rank else DISTRICT_STOCK
            yield store(street, name, stock, str(keeper), str(next(numbers)), now=now)


def whole(district: District) -> Street:
    """Stand in for the streets of a district whose points nobody knows."""
    middle = district.shape.representative_point()
    return Street(district.name, district.name_en, district.path, middle.x, middle.y)


def store(
    street: Street, name: str, stock: dict[str, int], keeper: str, phone: str, *, now: datetime
) -> MaterialStore:
    """Make one store beside the street's town point."""
    return MaterialStore(
        id=stable_id("store", street.path, name),
        source=SOURCE,
        source_id=f"{street.path}{name}",
        name=name,
        address=f"{street.name}(虚构)",
        keeper=keeper,
        keeper_phone=phone,
        place=Point(round(street.lon + ASIDE_DEG, 6), round(street.lat, 6)),
        stock=stock,
        area_path=street.path,
        synthetic=True,
        changed_at=now,
        changed_by_name="演示数据 · scenario",
    )
