"""The whole ledger into each kind of file, against ogr2ogr writing the same rows from the database.

Both are whole programs, start included. The floor is PostgreSQL handing the rows out by COPY.
"""

import sys
from collections.abc import Callable
from contextlib import ExitStack

import psycopg

from gis.exchange.writing.forms import Form
from hazards.points.exporting import fields
from tests.benchmarks.harness import Contest, Spent, benchmark
from tests.benchmarks.lab import Lab, for_ogr, plain
from tests.benchmarks.programs import run_program

YITONG = (sys.executable, "-m", "rescue_app.cli")
DRIVERS = {
    Form.CSV: ("CSV", "-lco", "GEOMETRY=AS_XY"),
    Form.EXCEL: ("XLSX",),
    Form.GEOJSON: ("GeoJSON",),
    Form.GEOPACKAGE: ("GPKG",),
    Form.SHAPEFILE: ("ESRI Shapefile", "-lco", "ENCODING=UTF-8"),
    Form.GEOPARQUET: None,  # Debian's GDAL is built without Arrow
    Form.KML: ("KML",),
}
LISTS = {"warning_means": "array_to_string(warning_means, ' ') AS warning_means"}
"""Few of ogr2ogr's drivers write lists: it gets them as text, as our own files have them."""

COLUMNS = ", ".join(LISTS.get(name, name) for name in fields())
ROWS = f"SELECT {COLUMNS}, place FROM hazard_point ORDER BY source, number"


def contest(lab: Lab, form: Form) -> Contest:
    """Let both programs write one kind of file from the same ledger."""
    urls, home, driver = lab.ledger, lab.home / "out", DRIVERS[form]
    home.mkdir(exist_ok=True)
    env = {"DATABASE_URL": urls.owner, "YITONG_APP_DATABASE_URL": urls.app}
    stack = ExitStack()
    base = stack.enter_context(psycopg.connect(plain(urls.owner), autocommit=True))

    def ours() -> Spent:
        to = home / f"ours.{form.suffix}"
        to.unlink(missing_ok=True)
        return run_program([*YITONG, "points", "export", to], env=env)

    def floor() -> None:
        with base.cursor().copy(f"COPY ({ROWS}) TO STDOUT (FORMAT csv)") as rows:
            for _ in rows:
                pass

    def peer() -> Spent:
        assert driver is not None
        name, *options = driver
        to = home / f"theirs.{form}"
        for old in home.glob("theirs.*"):
            old.unlink()
        order = ["ogr2ogr", "-f", name, to, for_ogr(urls.owner), "-sql", ROWS, *options]
        return run_program(order)

    slow = form is Form.EXCEL  # minutes, whoever writes it
    return Contest(
        ours,
        floor,
        peer if driver else None,
        rounds=2 - slow,
        warm_up=1 - slow,
        around=stack,
        rows=lab.points,
    )


def enlist(form: Form) -> None:
    """Put one kind of file on the list."""

    def export(lab: Lab) -> Contest:
        return contest(lab, form)

    export.__doc__ = f"The whole ledger written as .{form.suffix}, the program's start included."
    put: Callable[..., object] = benchmark(f"export/{form}", unit="rows/s")
    put(export)


for each in Form:
    enlist(each)
