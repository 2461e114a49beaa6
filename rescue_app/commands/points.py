"""`yitong points`: bring a ledger in, take one out, load the hazard types."""

from pathlib import Path
from typing import Annotated

import typer

from gis import crs as systems
from gis.areas import repository as areas
from gis.areas.placing import day_of
from gis.errors import Missing
from gis.exchange.writing import forms
from hazards.points import exporting, repository
from hazards.points.filters import PointFilter
from hazards.points.importing import ledger
from hazards.points.rules import Category, Evidence, Grade, State
from rescue_app.commands.imports import (
    clock,
    console,
    importing,
    opened,
)
from rescue_app.settings import PROJECT

app = typer.Typer()
TYPES = PROJECT / "data" / "hazard_types.yaml"


app.command("import")(importing(ledger.bring_in, "Bring a ledger in"))


@app.command("export")
def take_out(
    file: Annotated[Path, typer.Argument(help="Where to; the end of its name says which kind.")],
    q: Annotated[str, typer.Option(help="Text in name, number or address.")] = "",
    category: Annotated[list[Category] | None, typer.Option()] = None,
    evidence: Annotated[list[Evidence] | None, typer.Option()] = None,
    hazard_type: Annotated[list[str] | None, typer.Option()] = None,
    grade: Annotated[list[Grade] | None, typer.Option()] = None,
    state: Annotated[list[State] | None, typer.Option()] = None,
    area: Annotated[str | None, typer.Option(help="Code of an area.")] = None,
    crs: Annotated[str, typer.Option(help="EPSG:4326, GCJ-02, EPSG:4545 …")] = systems.WGS84,
) -> None:
    """Write what a filter means into a file."""
    form = forms.of_name(file.name)
    with opened() as session:
        found = areas.by_code(session, area, day_of(clock())) if area else None
        if area and found is None:
            raise Missing("No area has the code {code} today.", code=area)
        asked = PointFilter(
            q=q,
            category=tuple(category or ()),
            evidence=tuple(evidence or ()),
            hazard_type=tuple(hazard_type or ()),
            grade=tuple(grade or ()),
            state=tuple(state or ()),
            areas=(found.path,) if found else (),
        )
        with console.status(f"Writing {file.name} …"):
            exporting.write(session, asked, form, file, crs=crs)
        console.print(f"{repository.count(session, asked):,} points in {file}", markup=False)
