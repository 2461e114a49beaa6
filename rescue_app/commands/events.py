"""`yitong events`: bring a catalogue of disaster records in."""

import typer

from hazards.events.importing import catalogue
from rescue_app.commands.imports import (
    importing,
)

app = typer.Typer()


@app.callback()
def events() -> None:
    """Disaster records."""


app.command("import")(importing(catalogue.bring_in, "Bring a catalogue in"))
