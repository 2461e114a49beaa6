"""Write the points that a filter means into a file."""

from dataclasses import replace
from pathlib import Path

from gis.areas import repository as areas
from gis.areas.placing import day_of
from gis.errors import Missing
from gis.exchange.writing import forms
from hazards.points import exporting, repository
from hazards.points.filters import PointFilter
from rescue_app.commands.imports import clock, console, opened


def write(file: Path, asked: PointFilter, *, area: str | None, crs: str) -> None:
    """Write what a filter means, of one area where its code is given."""
    form = forms.of_name(file.name)
    with opened() as session:
        found = areas.by_code(session, area, day_of(clock())) if area else None
        if area and found is None:
            raise Missing("No area has the code {code} today.", code=area)
        asked = replace(asked, areas=(found.path,) if found else ())
        with console.status(f"Writing {file.name} …"):
            exporting.write(session, asked, form, file, crs=crs)
        console.print(f"{repository.count(session, asked):,} points in {file}", markup=False)
