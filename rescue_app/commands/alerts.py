"""`yitong alerts`: take in a warning that came as a file, and ask the feeds now."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from gis.errors import Missing, PlatformError
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.cap import pulling, repository, service, sources
from hazards.cap.models import CapSource
from hazards.cap.parsing import MOST_BYTES
from hazards.cap.service import Way
from rescue_app import database
from rescue_app.settings import Settings

app = typer.Typer()
console = Console(highlight=False, soft_wrap=True)


@app.command("take")
def take(
    file: Annotated[Path, typer.Argument(help="A CAP 1.2 message.", exists=True, dir_okay=False)],
    source: Annotated[str, typer.Option(help="Whose it is, as the page of sources names it.")],
) -> None:
    """Take a CAP 1.2 message in; it waits for approval, whatever its source may."""
    with file.open("rb") as opened:
        body = opened.read(MOST_BYTES + 1)
    with database.opened(Settings()) as sessions, unit_of_work(sessions, SYSTEM) as session:
        way = Way("file", by_name="yitong alerts take", at_once=False)
        done = service.attempt(
            session, body, source=named([*repository.sources(session)], source), way=way,
            now=datetime.now(UTC), about=file.name,
        )  # fmt: skip
    if isinstance(done, PlatformError):
        raise done
    told = "was here already" if done.again else done.message.outcome
    console.print(f"{done.message.kind} {done.message.identifier}: {told}", markup=False)
    for alert_id in done.message.alert_ids:
        console.print(f"/alerts/{alert_id}")


@app.command("ask")
def ask() -> None:
    """Ask every feed that is due, as the worker does each minute."""
    with database.opened(Settings()) as sessions:
        console.print(f"{pulling.look(sessions, now=datetime.now(UTC))} new")


def named(found: list[CapSource], name: str) -> CapSource:
    """Give the source of this name."""
    for one in found:
        if one.name == name:
            sources.check_active(one)
            return one
    raise Missing("There is no such source. Reload the page.")
