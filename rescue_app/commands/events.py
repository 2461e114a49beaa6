"""`yitong events`: bring a catalogue of disaster records in."""

import typer

from rescue_app.commands.bringing import importing

app = typer.Typer()


@app.callback()
def events() -> None:
    """Disaster records."""


app.command("import")(importing("hazards.events.importing.catalogue", "Bring a catalogue in"))
