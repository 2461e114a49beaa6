"""Commands that each file in editions has: write one as it came in, list them all."""

from pathlib import Path
from typing import Annotated, Any

import typer

from hazards.editions import Editions
from rescue_app.commands.imports import console, opened

Target = Annotated[Path, typer.Argument(help="Where to (YAML).")]
Number = Annotated[int | None, typer.Option(help="Its number; else what is in force.")]


def add_to(app: typer.Typer, editions: Editions[Any]) -> None:
    """Add them to the commands of a file."""

    @app.command("export")
    def take_out(file: Target, edition: Number = None) -> None:
        """Write an edition as it came in."""
        with opened() as session:
            kept = editions.one(session, edition)
            file.write_text(kept.said, encoding="utf-8")
            console.print(f"Edition {kept.edition} in {file}", markup=False)

    @app.command()
    def history() -> None:
        """List the editions: who brought them in, and when."""
        with opened() as session:
            for one in editions.all(session):
                mark = "*" if one.in_force else " "
                at = f"{one.made_at.astimezone():%Y-%m-%d %H:%M}"
                line = f"{one.edition}{mark} {at} {one.made_by_name}: {one.name_zh} ({one.day})"
                console.print(line, markup=False)
