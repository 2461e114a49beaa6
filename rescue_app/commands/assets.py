"""`yitong assets`: bring a list of assets in, take the registry out."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from gis import crs as systems
from gis.exchange.writing import forms
from qr_codes.assets import exporting, repository
from qr_codes.assets.repository import Wanted
from qr_codes.coverage import repository as coverage
from rescue_app.commands.bringing import importing
from rescue_app.commands.codes import path_of
from rescue_app.commands.imports import console, opened

app = typer.Typer()


app.command("import")(importing("qr_codes.assets.importing.register", "Bring a list of assets in"))


@app.command("export")
def take_out(
    file: Annotated[Path, typer.Argument(help="Where to; the end of its name says which kind.")],
    q: Annotated[str, typer.Option(help="Text in name, street or owner unit.")] = "",
    kind: Annotated[str, typer.Option("--type", help="Kind, such as bridge.")] = "",
    label: Annotated[str, typer.Option(help="none, printed, mounted or damaged.")] = "",
    missed: Annotated[
        bool, typer.Option("--missed", help="Only those not visited in time.")
    ] = False,
    state: Annotated[str, typer.Option(help="in_use, retired or all.")] = repository.IN_USE,
    area: Annotated[str | None, typer.Option(help="Code of an area.")] = None,
    crs: Annotated[str, typer.Option(help="EPSG:4326, GCJ-02, EPSG:4545 …")] = systems.WGS84,
    words: Annotated[bool, typer.Option("--words", help="Headings and words in Chinese.")] = False,
) -> None:
    """Write the assets that a filter means into a file."""
    form = forms.of_name(file.name)
    with opened() as session:
        under = path_of(session, area) if area else ""
        visit = coverage.MISSING if missed else ""
        wanted = Wanted(q, kind, label, under, state, visit=visit)
        wanted = coverage.narrowed(session, wanted, now=datetime.now(UTC))
        with console.status(f"Writing {file.name} …"):
            exporting.write(session, wanted, form, file, crs=crs, in_words=words)
        _, total = repository.listing(session, wanted)
        console.print(f"{total:,} assets in {file}", markup=False)
