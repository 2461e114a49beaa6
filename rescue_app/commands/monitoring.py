"""`yitong monitoring`: bring in stations, and files of what they measured."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table as Shown

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.monitoring.importing import files
from rescue_app import database
from rescue_app.commands.bringing import Apply, MappingName, importing
from rescue_app.commands.imports import SHOWN_REFUSALS, clock, console, progress
from rescue_app.settings import Settings

app = typer.Typer()
ReadingsName = Annotated[Path, typer.Argument(help="CSV, Excel, or text parted by blanks.")]


app.command("stations")(
    importing("hazards.monitoring.importing.stations", "Bring stations in, a row for each stream")
)


@app.command("readings")
def bring_readings(file: ReadingsName, mapping: MappingName, apply: Apply = False) -> None:
    """Bring readings of known stations in; a dry run unless told to apply."""
    how = files.load(mapping)
    with database.opened(Settings()) as sessions, unit_of_work(sessions, SYSTEM) as session:
        with progress(0) as step:
            report = files.bring_in(session, file, how, now=clock(), step=step)
        if not apply:
            session.rollback()
    tell(report, file, applied=apply)


def tell(report: files.Report, file: Path, *, applied: bool) -> None:
    """Say what was or would be kept, what is odd about it, and what was refused."""
    head = "Imported" if applied else "Dry run: nothing was written"
    counts = Shown(title=f"{file.name} · {head}", title_justify="left")
    flags = [(str(flag.name).lower(), count) for flag, count in report.flagged.items()]
    numbers = [("kept", report.kept), ("same", report.same), ("refused", report.refused), *flags]
    for name, _ in numbers:
        counts.add_column(name, justify="right")
    counts.add_row(*(f"{number:,}" for _, number in numbers))
    console.print(counts)
    for line, problem in report.reasons[:SHOWN_REFUSALS]:
        console.print(f"line {line}: {problem}", style="red", markup=False)
    more = report.refused - SHOWN_REFUSALS
    if more > 0:
        console.print(f"… and {more:,} more", style="red")
    if not applied and report.kept:
        console.print("Add --apply to write this.")
