"""`yitong tasks`: the lists that fall due at the points."""

from datetime import UTC, datetime

import typer
from rich.console import Console

from hazards.tasks import making
from rescue_app import database
from rescue_app.settings import Settings

app = typer.Typer(help="Lists that fall due at the points.", no_args_is_help=True)
console = Console(highlight=False)


@app.callback()
def group() -> None:
    """Keep `generate` a command of its own."""


@app.command()
def generate() -> None:
    """Make what falls due now; the worker does the same every minute."""
    with database.opened(Settings()) as sessions, console.status("…"):
        made = making.generate(sessions, now=datetime.now(UTC))
    console.print(f"任务 tasks +{made:,}")
