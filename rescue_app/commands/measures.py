"""`yitong measures`: cards of what to do at an asset; a city's own file replaces all of them."""

from pathlib import Path
from typing import Annotated

import typer

from qr_codes.measures import service
from rescue_app.commands.areas import said
from rescue_app.commands.bringing import Apply
from rescue_app.commands.editions import add_to
from rescue_app.commands.imports import PROGRAM, SHOWN_REFUSALS, clock, console, opened

app = typer.Typer()
CardFile = Annotated[Path, typer.Argument(help="A file of cards (YAML), see data/measures.")]


@app.command("import")
def bring_in(file: CardFile, apply: Apply = False) -> None:
    """Let the cards be what a file says; a dry run unless told to apply."""
    text = file.read_text(encoding="utf-8-sig", errors="replace")
    with opened() as session:
        found = service.compare(session, text)
        for slip in found.slips[:SHOWN_REFUSALS]:
            console.print(f"line {slip.line}: {said(slip.reason)}", style="red", markup=False)
        if len(found.slips) > SHOWN_REFUSALS:
            console.print(f"… and {len(found.slips) - SHOWN_REFUSALS:,} more", style="red")
        if found.book is None:
            console.print(f"{file.name}: nothing was written, {len(found.slips):,} mistakes")
            raise typer.Exit(1)
        for sign, codes in (("+", found.new), ("~", found.changed), ("-", found.gone)):
            for code in codes:
                console.print(f"{sign} {code}", markup=False)
        counts = f"{len(found.new)} new, {len(found.changed)} changed, {len(found.gone)} gone"
        counts += f", {found.same} the same"
        if not apply:
            console.print(f"Dry run, nothing was written: {counts}")
            if found.differs:
                console.print("Add --apply to write this.")
            return
        number = service.publish(session, found, text, by=PROGRAM, now=clock())
    console.print(f"Edition {number} is in force: {counts}")


add_to(app, service.EDITIONS)
