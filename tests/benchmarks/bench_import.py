"""250,000 rows with all checks, areas and history, against ogr2ogr copying the same rows bare.

The floor is COPY alone: PostgreSQL taking the same text into a table without any index.
"""

import sys
from contextlib import ExitStack
from pathlib import Path

import psycopg

from tests.benchmarks.harness import Contest, Spent, benchmark
from tests.benchmarks.lab import Lab, for_ogr, plain
from tests.benchmarks.programs import run_program

YITONG = (sys.executable, "-m", "rescue_app.cli")
ROUNDS = 3
BARE = """
    CREATE TABLE bare (number text, name text, category text, evidence text, hazard_type text,
        address text, persons int, households int, frail int, property numeric, owner text,
        phone text, longitude float8, latitude float8)
"""


def contest(lab: Lab, file: str, mapping: str, *, options: tuple[str, ...] = ()) -> Contest:
    """Let both programs import one file into the same server."""
    path, how = lab.files / file, lab.files / mapping
    env = {"DATABASE_URL": lab.city.owner, "YITONG_APP_DATABASE_URL": lab.city.app}
    stack = ExitStack()
    base = stack.enter_context(psycopg.connect(plain(lab.city.owner), autocommit=True))

    def ours() -> Spent:
        lab.empty(lab.city)
        return run_program(
            [*YITONG, "points", "import", path, "--mapping", how, "--apply"], env=env
        )

    def floor() -> None:
        base.execute("DROP TABLE IF EXISTS bare")
        base.execute(BARE)
        copy_in(base, lab.files / "rows.csv")

    def peer() -> Spent:
        order = ["ogr2ogr", "-f", "PostgreSQL", for_ogr(lab.city.owner), path]
        order += ["-nln", "picked", "-overwrite", "-a_srs", "EPSG:4326", *options]
        return run_program(order, env={"PG_USE_COPY": "YES"})

    return Contest(ours, floor, peer, rounds=ROUNDS, warm_up=1, around=stack, rows=lab.points)


def copy_in(base: psycopg.Connection, path: Path) -> None:
    """Give the file to the database as it is."""
    order = "COPY bare FROM STDIN (FORMAT csv, HEADER true)"
    with path.open("rb") as file, base.cursor().copy(order) as into:
        while piece := file.read(1 << 20):
            into.write(piece)


@benchmark("import/csv", unit="rows/s")
def from_csv(lab: Lab) -> Contest:
    """The ledger brought in from CSV with all checks, areas and history, start included."""
    options = ("-oo", "X_POSSIBLE_NAMES=longitude", "-oo", "Y_POSSIBLE_NAMES=latitude")
    return contest(
        lab, "rows.csv", "columns.yaml", options=(*options, "-oo", "AUTODETECT_TYPE=YES")
    )


@benchmark("import/gpkg", unit="rows/s")
def from_geopackage(lab: Lab) -> Contest:
    """The same from a GeoPackage."""
    return contest(lab, "rows.gpkg", "shapes.yaml")


@benchmark("import/geojson", unit="rows/s")
def from_geojson(lab: Lab) -> Contest:
    """The same from GeoJSON."""
    return contest(lab, "rows.geojson", "shapes.yaml")
