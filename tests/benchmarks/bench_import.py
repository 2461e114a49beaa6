"""250,000 rows with all checks, areas and history, against ogr2ogr copying the same rows bare.

The floor is the writing alone: one bare INSERT … SELECT of the same rows, finished and typed, into
a twin of the ledger with its indexes and checks, by its owner, without rights, history or sums.

`import/…-kept` gives ogr2ogr the same table to fill as we have: the finished rows, areas and grades
among them, out of a file of the same kind into such a twin.
"""

import sys
import time
from contextlib import ExitStack
from dataclasses import replace

import psycopg
from psycopg import sql

from tests.benchmarks.harness import Contest, Spent, benchmark
from tests.benchmarks.lab import Lab, for_ogr, plain
from tests.benchmarks.programs import run_program

YITONG = (sys.executable, "-m", "rescue_app.cli")
ROUNDS = 3
FINISHED = "CREATE TABLE IF NOT EXISTS finished AS SELECT * FROM hazard_point"
TWIN = "CREATE TABLE twin (LIKE hazard_point INCLUDING ALL)"
WRITTEN = "INSERT INTO twin SELECT * FROM finished"
CLEARED = "DROP TABLE IF EXISTS twin"
# Nothing stands in these columns, and ogr2ogr's files hold neither lists nor a second shape, a CSV
# not even the difference between no text and an empty one.
SPARED = """
    ALTER TABLE twin DROP monitors, DROP warning_means, DROP file_ids, DROP extent,
    DROP grade_reason, DROP monitoring_method, DROP scale, DROP works_stage, DROP delisted_ground
"""
XY = ("-oo", "X_POSSIBLE_NAMES=longitude", "-oo", "Y_POSSIBLE_NAMES=latitude")
FILED = {
    "CSV": "SELECT *, ST_X(place) AS longitude, ST_Y(place) AS latitude FROM twin",
    "GPKG": "SELECT * FROM twin",
}


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


def kept(
    lab: Lab, file: str, mapping: str, *, driver: str, options: tuple[str, ...] = ()
) -> Contest:
    """Let ogr2ogr fill what we fill: a twin of the ledger with its checks and indexes."""
    bare = contest(lab, file, mapping)
    path, server = lab.files / f"kept.{driver.lower()}", for_ogr(lab.city.owner)
    stack = ExitStack()
    stack.enter_context(bare.around)
    base = stack.enter_context(psycopg.connect(plain(lab.city.owner), autocommit=True))

    def write_file() -> None:
        """Hand the finished rows to ogr2ogr in a file; that is no part of its time."""
        told = base.execute("SELECT * FROM twin").description or ()
        names = sql.SQL(", ").join(sql.Identifier(column.name) for column in told)
        base.execute(sql.SQL("INSERT INTO twin SELECT {} FROM hazard_point").format(names))
        run_program(["ogr2ogr", "-f", driver, path, server, "-sql", FILED[driver], "-nln", "kept"])
        base.execute("TRUNCATE twin")

    def peer() -> Spent:
        for statement in (CLEARED, TWIN, SPARED):
            base.execute(statement)
        if not path.exists():
            write_file()
        order = ["ogr2ogr", "-append", "-f", "PostgreSQL", server, path, "-nln", "twin", *options]
        return run_program(order, env={"PG_USE_COPY": "YES"})

    return replace(bare, floor=None, peer=peer, around=stack)


@benchmark("import/csv", unit="rows/s")
def from_csv(lab: Lab) -> Contest:
    """The ledger brought in from CSV with all checks, areas and history, start included."""
    return contest(lab, "rows.csv", "columns.yaml", options=(*XY, "-oo", "AUTODETECT_TYPE=YES"))


@benchmark("import/gpkg", unit="rows/s")
def from_geopackage(lab: Lab) -> Contest:
    """The same from a GeoPackage."""
    return contest(lab, "rows.gpkg", "shapes.yaml")


@benchmark("import/geojson", unit="rows/s")
def from_geojson(lab: Lab) -> Contest:
    """The same from GeoJSON."""
    return contest(lab, "rows.geojson", "shapes.yaml")


@benchmark("import/csv-kept", unit="rows/s")
def from_csv_kept(lab: Lab) -> Contest:
    """The same from CSV; ogr2ogr fills a table with the ledger's columns, checks and indexes."""
    return kept(lab, "rows.csv", "columns.yaml", driver="CSV", options=XY)


@benchmark("import/gpkg-kept", unit="rows/s")
def from_geopackage_kept(lab: Lab) -> Contest:
    """The same from a GeoPackage; ogr2ogr fills a table with the ledger's checks and indexes."""
    return kept(lab, "rows.gpkg", "shapes.yaml", driver="GPKG")
