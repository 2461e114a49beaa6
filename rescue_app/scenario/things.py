"""Make bridges, roads and drains in every street, each with a label that hangs on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
import shapely
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from qr_codes import signing
from qr_codes.assets.models import Asset, RiskCode
from qr_codes.assets.rules import CodeState
from qr_codes.signing import Content, KeyRing
from rescue_app.scenario.ground import District, Street
from rescue_app.scenario.people import stable_id
from rescue_app.scenario.terrain import meander, scatter_along
from rescue_app.scenario.words import Words

SOURCE = "scenario"
HALF_BRIDGE_DEG = 0.0006
ROAD_DEG = 0.012
NEAR_TOWN_M = 700.0
LABEL_AGE = timedelta(days=40)
FIRST_YEAR, LAST_YEAR = 1985, 2024
KINDS = (
    ("bridge", "大桥", "bridge"),
    ("road_section", "路段", "road section"),
    ("drain_inlet", "雨水口", "drain inlet"),
    ("slope", "边坡", "slope"),
    ("underpass", "下穿道", "underpass"),
    ("shelter", "小学安置点", "school as a shelter"),
)
EVERY_NTH = {"underpass": 4, "shelter": 2}
"""Not each street has one: every fourth, every second."""
OWNERS = {"shelter": "应急管理局"}
ROADS = "交通运输委员会"
SMALLEST, LARGEST = 80, 600
"""How many people a shelter takes in."""


@dataclass(frozen=True)
class Found:
    """A place for an asset in a street."""

    type_code: str
    order: int
    name: str
    place: BaseGeometry


def make_assets(districts: list[District], *, seed: int) -> Iterator[Asset]:
    """Make the assets of all streets; the same seed gives the same."""
    words = Words.load()
    for number, district in enumerate(districts):
        rng = np.random.default_rng([seed, 2_000, number])
        for order, street in enumerate(district.streets):
            yield from street_assets(district, street, order, words=words, rng=rng)


def street_assets(
    district: District, street: Street, order: int, *, words: Words, rng: np.random.Generator
) -> Iterator[Asset]:
    """Make the assets of one street."""
    spots = words.spots(len(KINDS), rng)
    for (kind, ending, _), spot in zip(KINDS, spots, strict=True):
        if order % EVERY_NTH.get(kind, 1):
            continue
        yield Asset(
            id=stable_id("asset", street.path, kind),
            type_code=kind,
            name=f"{spot}{ending}",
            place=place_of(kind, district, street, rng),
            area_path=street.path,
            street=street.name,
            owner_unit=f"{district.name}{OWNERS.get(kind, ROADS)}",
            owner_phone="19700000001",
            rank="",
            built_year=int(rng.integers(FIRST_YEAR, LAST_YEAR)),
            facts=facts_of(kind, rng),
            source=SOURCE,
            source_id=f"{street.path}{kind}",
            synthetic=True,
        )


def facts_of(kind: str, rng: np.random.Generator) -> dict[str, object]:
    """Say of a shelter for how many it has room."""
    if kind != "shelter":
        return {}
    return {"places": int(rng.integers(SMALLEST, LARGEST)), "indoor": True}


def place_of(
    kind: str, district: District, street: Street, rng: np.random.Generator
) -> BaseGeometry:
    """Put a bridge across, a road along, and the rest beside the street's town point."""
    town = LineString([(street.lon, street.lat), (street.lon + 1e-6, street.lat)])
    ((lon, lat),) = scatter_along([town], district.shape, 1, spread_m=NEAR_TOWN_M, rng=rng)
    turn = rng.uniform(0, np.pi)
    half = {"bridge": HALF_BRIDGE_DEG, "underpass": HALF_BRIDGE_DEG, "road_section": ROAD_DEG / 2}
    if kind not in half:
        return Point(round(lon, 6), round(lat, 6))
    reach = half[kind] * np.array([np.cos(turn), np.sin(turn)])
    middle = np.array([lon, lat])
    ends = np.stack([middle - reach, middle + reach])
    line = meander(ends, rng) if kind == "road_section" else LineString(ends)
    return shapely.set_precision(line, 1e-6)


def add_assets(session: Session, made: list[Asset], *, ring: KeyRing, now: datetime) -> int:
    """Add the assets that are not there yet, each with its first label mounted."""
    there = set(session.scalars(select(Asset.id).where(Asset.source == SOURCE)))
    fresh = [asset for asset in made if asset.id not in there]
    session.add_all(fresh)
    session.flush()  # the database gives the numbers that the codes carry
    session.add_all(first_label(asset, ring=ring, now=now) for asset in fresh)
    return len(fresh)


def first_label(asset: Asset, *, ring: KeyRing, now: datetime) -> RiskCode:
    """Make the label that hangs on a new asset."""
    return RiskCode(
        id=label_id(asset.id),
        asset_id=asset.id,
        issue=1,
        code=signing.sign(ring, Content(asset.number, 1)),
        key_id=ring.current,
        state=CodeState.MOUNTED,
        area_path=asset.area_path,
        printed_at=now - LABEL_AGE,
        mounted_at=now - LABEL_AGE / 2,
        mounted_place=asset.place.interpolate(0.5, normalized=True)
        if isinstance(asset.place, LineString)
        else asset.place,
    )


def label_id(asset_id: UUID) -> UUID:
    """Give the first label of an asset its id."""
    return stable_id("label", str(asset_id))
