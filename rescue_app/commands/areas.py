"""`yitong areas`: the city's own areas, and real boundaries from anybody's file."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table as Shown
from rich.text import Text

from gis import exchange
from gis.areas import importing, repository, seed, service
from gis.areas.importing import Report, Terms
from gis.areas.incoming import Columns
from gis.areas.rules import AreaLevel
from gis.areas.service import Outcome
from gis.errors import PlatformError
from rescue_app import boundaries, shipped
from rescue_app.commands.imports import console, opened, progress
from rescue_app.web.words import translate

app = typer.Typer()
SHOWN_LINES = 200

ParentColumn = Annotated[
    str | None, typer.Option(help="Column of the code or name of the area above.")
]
DayColumn = Annotated[str | None, typer.Option(help="Column of the first day.")]
Day = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day of all features.")
]
Crs = Annotated[
    str | None, typer.Option(help="Coordinate system: EPSG:4524, CGCS2000, GCJ-02, BD-09 ...")
]


@app.command("load")
def load() -> None:
    """Load the city, its districts and its towns; a second time nothing changes."""
    with opened() as session, progress(0) as step:
        counts = service.load_seed(session, shipped.AREAS, progress=step)
        known = repository.count_by_boundary(session, AreaLevel.STREET)
    shown = Shown(title="重庆市 · Areas", title_justify="left")
    for name in counts:
        shown.add_column(name, justify="right")
    shown.add_row(*(f"{count:,}" for count in counts.values()))
    console.print(shown)
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in known.items())
    console.print(f"Streets and towns today by boundary: {kinds}")


@app.command("import")
def bring_in(
    file: Annotated[Path, typer.Argument(help="GeoJSON, GeoPackage, Shapefile, KML or a zip.")],
    name_column: Annotated[str, typer.Option(help="Column of the name.")],
    code_column: Annotated[str, typer.Option(help="Column of the code (6, 9, 12, 15 digits).")],
    parent_column: ParentColumn = None,
    valid_from_column: DayColumn = None,
    valid_from: Day = None,
    crs: Crs = None,
    encoding: Annotated[str | None, typer.Option(help="Encoding of the texts.")] = None,
    layer: Annotated[str | None, typer.Option(help="Layer, or file in a zip.")] = None,
    code_system: Annotated[str | None, typer.Option(help="Code system of the codes.")] = None,
    source: Annotated[str | None, typer.Option(help="Who says so; else the file's name.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Write; without it only say.")] = False,
) -> None:
    """Bring real boundaries in; a dry run unless told to apply."""
    with console.status(f"Opening {file.name} …"):
        table = exchange.read(file, encoding=encoding, layer=layer, crs=crs)
    terms = Terms(
        columns=Columns(name_column, code_column, parent_column, valid_from_column),
        source=source or table.source,
        valid_from=valid_from.date() if valid_from else None,
        code_system=code_system,
    )
    with opened() as session, progress(2 * len(table)) as step:
        report = importing.import_boundaries(
            session, table, terms, speller=seed.speller(shipped.AREAS), apply=apply, progress=step
        )
        moved = boundaries.place_anew(session, now=datetime.now(UTC)) if apply else {}
    tell(report, title=table.source, applied=apply)
    for kind, count in moved.items():
        console.print(f"{count:,} {kind} belong to another area now")


def tell(report: Report, *, title: str, applied: bool) -> None:
    """Say of every feature what became of it, and of the file what it comes to."""
    for note in report.notes:
        console.print(said(note), style="yellow", markup=False)
    lines = Shown(title=title, title_justify="left")
    for name in ("feature", "code", "name", "outcome", "why"):
        lines.add_column(name, overflow="fold")
    told = [line for line in report.lines if line.outcome is not Outcome.SAME]
    for line in told[:SHOWN_LINES]:
        why = "\n".join(said(reason) for reason in line.reasons)
        cells = (str(line.line), line.code or "", line.name or "", line.outcome, why)
        lines.add_row(*map(Text, cells))  # a reason may hold square brackets
    if told:
        console.print(lines)
    if len(told) > SHOWN_LINES:
        console.print(f"… {len(told) - SHOWN_LINES:,} more")
    counts = ", ".join(f"{count:,} {outcome}" for outcome, count in report.counts.items())
    console.print(f"{'Imported' if applied else 'Dry run, nothing was written'}: {counts or 0}")
    if not applied and set(report.counts) & {Outcome.ADDED, Outcome.CHANGED}:
        console.print("Add --apply to write this.")


def said(reason: PlatformError) -> str:
    """Say a reason in both languages."""
    return "\n".join(dict.fromkeys((translate("zh", reason.text, **reason.values), str(reason))))
