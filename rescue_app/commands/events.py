"""`yitong events`: bring a catalogue of disaster records in."""

import typer

from hazards.events.importing import catalogue
from rescue_app.commands.imports import (
    Apply,
    FileName,
    LayerName,
    MappingName,
    RefusedName,
    import_by,
)

app = typer.Typer()


@app.callback()
def events() -> None:
    """Disaster records."""


@app.command("import")
def bring_in(
    file: FileName,
    mapping: MappingName,
    apply: Apply = False,
    refused: RefusedName = None,
    layer: LayerName = None,
) -> None:
    """Bring a catalogue in; a dry run unless told to apply."""
    import_by(catalogue.bring_in, file, mapping=mapping, apply=apply, refused=refused, layer=layer)
