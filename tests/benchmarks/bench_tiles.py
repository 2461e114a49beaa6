"""Tiles of 250,000 points through a real server, against the bare SQL of the same tile and tipg.

At each zoom the tile with the most points is asked for. tipg draws every attribute of up to
10,000 points and leaves out the rest; ours counts from afar and draws four attributes from near.
"""

import psycopg

from gis.tiles import Tile
from hazards.points import layer
from hazards.points.filters import PointFilter
from tests.benchmarks.asking import contest
from tests.benchmarks.harness import Contest, benchmark
from tests.benchmarks.lab import Lab, plain

DENSEST = """
    SELECT map_across(place) >> %(bits)s AS x, map_down(place) >> %(bits)s AS y, count(*)
    FROM hazard_point GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 1
"""


def densest(lab: Lab, z: int) -> tuple[Tile, int]:
    """Find the tile of a zoom with the most points, and how many those are."""
    with psycopg.connect(plain(lab.ledger.owner)) as owner:
        found = owner.execute(DENSEST, {"bits": 32 - z}).fetchone()
    assert found is not None
    x, y, points = found
    return Tile(z, x, y), points


def tile(lab: Lab, z: int, *, unchanged: bool = False) -> Contest:
    where, _ = densest(lab, z)
    bare = next(layer.drawings(where, PointFilter(), sight="/"))
    address = f"{where.z}/{where.x}/{where.y}"
    return contest(
        lab,
        f"/api/v1/tiles/points/{address}.mvt",
        bare.text,
        values=bare.values,
        peer=None if unchanged else f"tiles/WebMercatorQuad/{address}?",
        unchanged=unchanged,
    )


def enlist(z: int) -> None:
    """Put the tile of a zoom on the list."""

    def contest_at(lab: Lab) -> Contest:
        return tile(lab, z)

    contest_at.__doc__ = f"The fullest tile of zoom {z} over HTTP, beside its bare SQL and tipg."
    benchmark(f"tile/z{z}", unit="ms")(contest_at)


for zoom in (6, 8, 10, 12, 14):
    enlist(zoom)


@benchmark("tile/unchanged", unit="ms")
def unchanged(lab: Lab) -> Contest:
    """A tile the browser has already (304), beside the SQL that would draw it again."""
    return tile(lab, 8, unchanged=True)


@benchmark("tile/empty", unit="ms")
def empty(lab: Lab) -> Contest:
    """A tile with nothing in it: what asking costs by itself, beside SELECT 1 and tipg's own."""
    nowhere = "14/0/0"
    return contest(
        lab,
        f"/api/v1/tiles/points/{nowhere}.mvt",
        "SELECT 1",
        peer=f"tiles/WebMercatorQuad/{nowhere}?",
    )
