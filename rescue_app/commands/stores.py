"""`yitong stores`: bring in where the materials lie."""

from pathlib import Path
from typing import Annotated

import typer

from gis import exchange
from gis.exchange.importing import mapping as mappings
from qr_codes.stores import fields, service
from qr_codes.stores.headings import SOURCE
from rescue_app.commands.bringing import Apply, FileName, LayerName, RefusedName
from rescue_app.commands.imports import console, import_table

app = typer.Typer()


@app.callback()
def group() -> None:
    """Keep `import` a command of its own."""


@app.command("import")
def bring_in(
    file: FileName,
    mapping: Annotated[
        Path | None, typer.Option(help="Which column is which (YAML); else by their headings.")
    ] = None,
    crs: Annotated[
        str | None, typer.Option(help="Without a mapping: CGCS2000, GCJ-02, BD-09 …")
    ] = None,
    source: Annotated[
        str, typer.Option(help="Without a mapping: whose numbers these are.")
    ] = SOURCE,
    apply: Apply = False,
    refused: RefusedName = None,
    layer: LayerName = None,
) -> None:
    """Bring a list of stores in, a row for each material; a dry run unless told to apply."""
    how = mappings.load(mapping) if mapping else None
    with console.status(f"Opening {file.name} …"):
        encoding, sheet = (how.encoding, how.layer) if how else (None, None)
        table = exchange.read(file, encoding=encoding, layer=layer or sheet)
    how = how or fields.guessed(table.columns, source=source, crs=crs)
    import_table(service.bring_in, table, how, apply=apply, refused_to=refused, file=file)
