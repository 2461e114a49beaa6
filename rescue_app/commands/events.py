"""`yitong events`: bring a catalogue of disaster records in."""

from pathlib import Path
from typing import Annotated

import typer

from gis import exchange
from gis.exchange.importing import mapping as mappings
from hazards.events.importing import catalogue
from rescue_app.commands.imports import PROGRAM, clock, console, opened, progress, tell

app = typer.Typer()


@app.callback()
def events() -> None:
    """Disaster records."""


@app.command("import")
def bring_in(
    file: Annotated[Path, typer.Argument(help="CSV, Excel, GeoJSON, GeoPackage, Shapefile, zip.")],
    mapping: Annotated[Path, typer.Option(help="Which column is which field (YAML).")],
    apply: Annotated[bool, typer.Option("--apply", help="Write; without it only say.")] = False,
    refused: Annotated[Path | None, typer.Option(help="Write refused rows here (CSV).")] = None,
    layer: Annotated[str | None, typer.Option(help="Layer or sheet.")] = None,
) -> None:
    """Bring a catalogue in; a dry run unless told to apply."""
    how = mappings.load(mapping)
    with console.status(f"Opening {file.name} …"):
        table = exchange.read(file, encoding=how.encoding, layer=layer or how.layer)
    with opened() as session, progress(len(table)) as step:
        report = catalogue.bring_in(
            session, table=table, mapping=how, by=PROGRAM, now=clock(), apply=apply, step=step
        )
    tell(report, table, refused or file.with_name(f"{file.stem}-refused.csv"))
