"""The database by hand: start and stop the private one, migrate, back up, restore."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from gis.store.backup import backup as write_backup
from gis.store.backup import restore as read_backup
from rescue_app import database
from rescue_app.settings import Settings

app = typer.Typer()
console = Console(highlight=False, soft_wrap=True)
MEGABYTE = 1_000_000


@app.command()
def up() -> None:
    """Start the private database; a server given by DATABASE_URL is left alone."""
    settings = Settings()
    if settings.database_url is not None:
        console.print("DATABASE_URL names a server, which is not ours to start.")
        return
    with console.status("Starting the database …"):
        database.ensure(settings)
    cluster = database.private(settings)
    console.print(f"The database runs in {cluster.home}")
    console.print(f"psql -h {cluster.socket} -U yitong yitong")


@app.command()
def down() -> None:
    """Stop the private database; a server given by DATABASE_URL is left alone."""
    settings = Settings()
    if settings.database_url is not None:
        console.print("DATABASE_URL names a server, which is not ours to stop.")
        return
    with console.status("Stopping the database …"):
        database.private(settings).stop()
    console.print("The database is stopped.")


@app.command()
def migrate() -> None:
    """Bring the database to today's schema, and its tables of reference to what ships."""
    from rescue_app import first_run  # noqa: PLC0415 - alembic is slow and only needed here

    urls = database.ensure(Settings())
    with console.status("Migrating …"):
        first_run.bring_up_to_date(urls)
    console.print("The schema and what ships in data/ are today's.")


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="The new file to write.")]) -> None:
    """Write the whole database to one file; it works while the platform runs."""
    urls = database.ensure(Settings())
    with console.status(f"Writing {file} …"):
        size_bytes = write_backup(urls.owner, file)
    console.print(f"{file}: {size_bytes / MEGABYTE:.1f} MB. Keep it safe: it holds people's data.")


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="A file that backup wrote.")]) -> None:
    """Read a backup into an empty database, and bring it to today's schema."""
    urls = database.ensure(Settings())
    with console.status(f"Reading {file} …"):
        read_backup(urls.owner, file)
    migrate()
