"""The audit log from the command line: whether it is whole."""

import typer
from rich.console import Console

from gis.errors import Conflict
from gis.store import audit
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from rescue_app import database
from rescue_app.settings import Settings

app = typer.Typer()
console = Console(highlight=False, soft_wrap=True)


@app.callback()
def log() -> None:
    """The audit log."""


@app.command()
def verify() -> None:
    """Walk the hash chain of the audit log; a removed or changed line shows."""
    spinner = console.status("Walking the audit log …")
    with (
        spinner,
        database.opened(Settings()) as sessions,
        unit_of_work(sessions, SYSTEM) as session,
    ):
        verdict = audit.verify(session)
    if verdict.broken_at is not None:
        raise Conflict(
            "The audit log is broken at line {line}: it was changed, or lines before it are "
            "missing. Lines 1 to {good} are whole. Keep a backup of the database as it is now.",
            line=verdict.broken_at,
            good=verdict.lines,
        )
    console.print(f"{verdict.lines} lines, whole. Head: {verdict.head}")
