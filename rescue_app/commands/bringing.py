"""A file is read while the rest of the program is: each takes half a second, both together one.

So what stands at the top here is only what reading needs; a ledger is named by its module. What
the reader needs comes first and alone: modules are read one after the other, a file beside them.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from gis import exchange
from gis.exchange.importing import mapping as mappings
from rescue_app import memory

FileName = Annotated[Path, typer.Argument(help="CSV, Excel, GeoJSON, GeoPackage, Shapefile, zip.")]
MappingName = Annotated[Path, typer.Option(help="Which column is which field (YAML).")]
Apply = Annotated[bool, typer.Option("--apply", help="Write; without it only say.")]
RefusedName = Annotated[Path | None, typer.Option(help="Write refused rows here (CSV).")]
LayerName = Annotated[str | None, typer.Option(help="Layer or sheet.")]


def importing(ledger: str, about: str) -> Callable[..., None]:
    """Make the command that lets the `bring_in` of a module take a file as its mapping says."""

    def import_by(
        file: FileName,
        mapping: MappingName,
        apply: Apply = False,
        refused: RefusedName = None,
        layer: LayerName = None,
    ) -> None:
        how = mappings.load(mapping)
        with memory.starting():
            exchange.ready(file)
        with ThreadPoolExecutor(1) as reader:
            read = reader.submit(
                exchange.read, file, encoding=how.encoding, layer=layer or how.layer
            )
            with memory.starting():
                imports = import_module("rescue_app.commands.imports")
                bring_in = import_module(ledger).bring_in
            with imports.console.status(f"Opening {file.name} …"):
                table = read.result()
        imports.import_table(bring_in, table, how, apply=apply, refused_to=refused, file=file)

    import_by.__doc__ = f"{about}; a dry run unless told to apply."
    return import_by
