"""250,000 rows with all checks, areas and history, against ogr2ogr copying the same rows bare.

The floor is the writing alone: one bare INSERT … SELECT of the same rows, finished and typed, into
a twin of the ledger with its indexes and checks, by its owner, without rights, history or sums.
"""

import sys
import time
from contextlib import ExitStack

import psycopg

from tests.benchmarks.harness import Contest, Spent, benchmark
from tests.benchmarks.lab import Lab, for_ogr, plain
from tests.benchmarks.programs import run_program

YITONG = (sys.executable, "-m", "rescue_app.cli")
ROUNDS = 3
FINISHED = "CREATE TABLE IF NOT EXISTS finished AS SELECT * FROM hazard_point"
TWIN = "CREATE TABLE twin (LIKE hazard_point INCLUDING ALL)"
WRITTEN = "INSERT INTO twin SELECT * FROM finished"
CLEARED = "DROP TABLE IF EXISTS twin"


def contest(lab: Lab, file: str, mapping: str, *, options: tuple[str, ...] = ()) -> Contest:
    """Let both programs import one file into the same server."""
    path, how = lab.files / file, lab.files / mapping
    env = {"DATABASE_URL": lab.city.owner, "YITONG_APP_DATABASE_URL": lab.city.app}
    stack = ExitStack()
    base = stack.enter_context(psycopg.connect(plain(lab.city.owner), autocommit=True))
    stack.callback(base.execute, "DROP TABLE IF EXISTS twin, finished, picked")

    def ours() -> Spent:
        lab.empty(lab.city)
        return run_program(
            [*YITONG, "points", "import", path, "--mapping", how, "--apply"], env=env
        )

    def floor() -> Spent:
        for statement in (FINISHED, CLEARED, TWIN):
            base.execute(statement)
        begun = time.perf_counter()
        base.execute(WRITTEN)
        return Spent(time.perf_counter() - begun)

    def peer() -> Spent:
        order = ["ogr2ogr", "-f", "PostgreSQL", for_ogr(lab.city.owner), path]
        order += ["-nln", "picked", "-overwrite", "-a_srs", "EPSG:4326", *options]
        return run_program(order, env={"PG_USE_COPY": "YES"})

    return Contest(ours, floor, peer, rounds=ROUNDS, warm_up=1, around=stack, rows=lab.points)


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
