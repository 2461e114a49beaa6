"""A city made of a road graph with neighbourhoods: its areas, its people, its bridges."""

import csv
from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path

from shapely import Point
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from gis.areas.models import Area
from gis.store.base import new_id
from hazards.duty import service as duty
from hazards.duty.rules import MemberEntry, Roster, UnitEntry, UnitKind
from qr_codes.assets.models import Asset
from rescue_app.scenario import duties

CITY, DISTRICT = "/900000/", "/900000/900001/"
Place = tuple[float, float]
Ways = dict[str, list[tuple[Place, Place]]]


def read(folder: Path) -> tuple[dict[str, list[Place]], Ways]:
    """Give the places of each neighbourhood, and the edges that leave it."""
    nodes = list(csv.DictReader((folder / "simplified_pgh_nodes.csv").open()))
    at = {one["id"]: (float(one["lon"]), float(one["lat"])) for one in nodes}
    hood = {one["id"]: one["neighborhood"] for one in nodes}
    places, ways = defaultdict(list), defaultdict(set)
    for key, name in hood.items():
        places[name].append(at[key])
    for edge in csv.DictReader((folder / "simplified_pgh_edges.csv").open()):
        ends = sorted((edge["from"], edge["to"]))
        for end in ends:
            if len({hood[one] for one in ends}) > 1:
                ways[hood[end]].add(tuple(at[one] for one in ends))
    return {name: spots for name, spots in places.items() if name}, dict(ways)


def area(path: str, name: str, level: str, spots: list[Place]) -> Area:
    """Make an area around its places; its middle is the place nearest to their mean."""
    mean = Point(*(sum(axis) / len(spots) for axis in zip(*spots, strict=True)))
    return Area(
        code=path.strip("/").split("/")[-1], code_system="pgh", level=level, name=name,
        name_en=name, path=path, validity=Range(date(2020, 1, 1), None), boundary_kind="",
        centre=min(map(Point, spots), key=mean.distance), source="pgh",
    )  # fmt: skip


def settle(session: Session, places: dict[str, list[Place]]) -> None:
    """Lay down the areas, who leads them, and the example of a responsibility list."""
    every = [spot for spots in places.values() for spot in spots]
    session.add_all(
        (area(CITY, "匹兹堡", "city", every), area(DISTRICT, "匹兹堡", "district", every))
    )
    roads_office = UnitEntry(
        "匹兹堡交通运输委员会", "Roads", UnitKind.DEPARTMENT, "district", DISTRICT
    )
    units = [roads_office]
    for number, (name, spots) in enumerate(sorted(places.items()), start=900001001):
        path = f"{DISTRICT}{number}/"
        session.add(area(path, name, "street", spots))
        units.append(UnitEntry(f"{name}指挥中心", name, UnitKind.CENTRE, "street", path))
    members = [
        MemberEntry(f"值班 {number}", "值班长", f"1990{number:07d}", unit.id)
        for number, unit in enumerate(units)
    ]
    session.flush()
    duty.register(session, Roster(units, members, synthetic=True), area_path=CITY)
    duties.lay_down(session, city=CITY, now=datetime.now(UTC))


def bridge(name: str, number: int, ends: tuple[Place, Place]) -> Asset:
    """Make a bridge in the middle of an edge."""
    (west, south), (east, north) = ends
    return Asset(
        id=new_id(), type_code="bridge", name=f"{name} {number}", area_path=DISTRICT, street="",
        place=Point((west + east) / 2, (south + north) / 2), source="pgh",
        source_id=f"{name} {number}", owner_unit="", owner_phone="", rank="", synthetic=True,
    )  # fmt: skip


def bounds(places: dict[str, list[Place]]) -> tuple[float, float, float, float]:
    """Give the box around all places."""
    lons, lats = zip(*(spot for spots in places.values() for spot in spots), strict=True)
    return min(lons), min(lats), max(lons), max(lats)
