"""What every import on the command line shares: opening, progress, and the report."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as Shown
from sqlalchemy.orm import Session

from gis.authority import Actor, Role
from gis.exchange.importing import leftover
from gis.exchange.importing import mapping as mappings
from gis.exchange.importing.report import Report
from gis.exchange.table import Table
from gis.store.engine import unit_of_work
from gis.store.scope import NO_ONE, SYSTEM
from rescue_app import database
from rescue_app.settings import Settings

PROGRAM = Actor(id=NO_ONE, name="yitong", role=Role.SYSTEM, area_path="/")
"""Who acts when a command is called: whoever may read the database's folder may do all."""

SHOWN_REFUSALS = 20
console = Console(highlight=False, soft_wrap=True)


@contextmanager
def opened() -> Iterator[Session]:
    """Open one unit of work as the program itself."""
    with database.opened(Settings()) as sessions, unit_of_work(sessions, SYSTEM) as session:
        yield session


def clock() -> datetime:
    """Give the time of this command."""
    return datetime.now(UTC)


@contextmanager
def progress(rows: int) -> Iterator[Callable[[int], None]]:
    """Show a bar while rows are read."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )
    with bar:
        task = bar.add_task("Reading", total=rows or None)
        yield lambda done: bar.advance(task, done)


def import_table(
    bring_in: Callable[..., Report],
    table: Table,
    how: mappings.Mapping,
    *,
    apply: bool,
    refused_to: Path | None,
    file: Path,
) -> None:
    """Let a feature's `bring_in` take an opened file, and tell what became of it."""
    with opened() as session, progress(len(table)) as step:
        report = bring_in(
            session, table=table, mapping=how, by=PROGRAM, now=clock(), apply=apply, step=step
        )
    tell(report, table, refused_to or file.with_name(f"{file.stem}-refused.csv"))


def tell(report: Report, table: Table, refused_to: Path | None) -> None:
    """Say what was or would be done, and where the refused rows are."""
    head = "Imported" if report.applied else "Dry run: nothing was written"
    counts = Shown(title=f"{table.source} · {head}", title_justify="left")
    for name in ("rows", "new", "changed", "same", "refused"):
        counts.add_column(name, justify="right")
    numbers = (report.rows, report.new, report.changed, report.same, report.refused)
    counts.add_row(*(f"{number:,}" for number in numbers))
    console.print(counts)
    for note in report.notes:
        console.print(f"note: {note}", markup=False)
    tell_refusals(report, table)
    if report.refusals and refused_to is not None:
        leftover.write(refused_to, table, report)
        console.print(f"Refused rows with their reasons: {refused_to}", markup=False)
    if not report.applied and report.new + report.changed:
        console.print("Add --apply to write this.")


def tell_refusals(report: Report, table: Table) -> None:
    """List the first refusals."""
    for refused in report.refusals[:SHOWN_REFUSALS]:
        where = f"{table.unit} {refused.line}"
        what = " ".join(part for part in (refused.column, shortened(refused.value)) if part)
        said = f"{where}: {what}: {refused.reason}" if what else f"{where}: {refused.reason}"
        console.print(said, style="red", markup=False)
    more = len(report.refusals) - SHOWN_REFUSALS
    if more > 0:
        console.print(f"… and {more:,} more", style="red")


def shortened(value: str | None) -> str:
    """Show a value in quotation marks, cut where it is long."""
    if value is None:
        return ""
    return f"“{value if len(value) <= 60 else value[:60] + '…'}”"
