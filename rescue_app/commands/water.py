"""`yitong water`: the rivers and lakes that ship, or a city's own from anybody's file."""

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from gis import exchange, heights, water
from gis.exchange.table import Table
from gis.water import Terms
from rescue_app import shipped
from rescue_app.commands.areas import said
from rescue_app.commands.imports import SHOWN_REFUSALS, console, opened, progress

app = typer.Typer()
SHIPPED = "WDBII"
Column = Annotated[str | None, typer.Option(help="Column of this name.")]


@app.command("load")
def load() -> None:
    """Load what ships: the larger rivers, approximate. A second time nothing changes."""
    change(exchange.read(shipped.WATER), Terms(SHIPPED, downstream=True), apply=True)


@app.command("import")
def bring_in(
    file: Annotated[Path, typer.Argument(help="GeoJSON, GeoPackage, Shapefile, KML or a zip.")],
    name_column: Column = None,
    name_en_column: Column = None,
    crs: Annotated[str | None, typer.Option(help="EPSG:4524, CGCS2000, GCJ-02, BD-09 ...")] = None,
    encoding: Annotated[str | None, typer.Option(help="Encoding of the texts.")] = None,
    layer: Annotated[str | None, typer.Option(help="Layer, or file in a zip.")] = None,
    source: Annotated[str | None, typer.Option(help="Who says so; else the file's name.")] = None,
    downstream: Annotated[bool, typer.Option("--downstream", help="It draws them so.")] = False,
    ground: Annotated[Path | None, typer.Option("--heights", help="Raster of heights.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Write; without it only say.")] = False,
) -> None:
    """Let a source's water be what its file says; a dry run unless told to apply."""
    with console.status(f"Opening {file.name} …"):
        table = exchange.read(file, encoding=encoding, layer=layer, crs=crs)
    with heights.opened(ground) if ground else nullcontext() as height_at:
        names = (source or table.source, name_column, name_en_column)
        change(table, Terms(*names, downstream=downstream, height_at=height_at), apply=apply)


def change(table: Table, terms: Terms, *, apply: bool) -> None:
    """Bring a table in and say what became of it."""
    with opened() as session, progress(len(table)) as step:
        report = water.bring_in(session, table, terms, apply=apply, step=step)
    for note in report.notes:
        console.print(said(note), style="yellow", markup=False)
    for refused in report.refused[:SHOWN_REFUSALS]:
        words = f"{table.unit} {refused.line}: {said(refused.reason)}"
        console.print(words, style="red", markup=False)
    console.print(
        f"{'Imported' if apply else 'Dry run, nothing was written'}: {report.added:,} added,"
        f" {report.removed:,} removed, {report.same:,} the same, {len(report.refused):,} refused"
    )
    if report.running:
        console.print(f"Of {report.running:,} it is known which way they run.")
    if not apply and report.added + report.removed:
        console.print("Add --apply to write this.")
