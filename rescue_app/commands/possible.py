"""`yitong possible`: bring the ground in, and draw the map of where it may happen."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.areas.placing import day_of
from gis.authority import Actor, Role
from gis.errors import Missing
from gis.store.base import new_id
from gis.store.scope import NO_ONE
from hazards.susceptibility import ground, service
from hazards.susceptibility.rules import Asked, Kind
from rescue_app import susceptibility_map
from rescue_app.commands.imports import clock, console, opened, progress

app = typer.Typer()
Area = Annotated[str, typer.Option(help="Code of the area.")]


@app.callback()
def possible() -> None:
    """Where it may happen: a map from records and the ground."""


@app.command("ground")
def bring_in(
    file: Annotated[Path, typer.Argument(help="A GeoTIFF, or GeoPackage, GeoJSON, Shapefile.")],
    area: Area,
    kind: Annotated[Kind, typer.Option(help="elevation and rain are rasters, others lines.")],
    name: Annotated[str, typer.Option(help="Who made it, and when.")] = "",
    crs: Annotated[str | None, typer.Option(help="GCJ-02, EPSG:4524 ... of lines.")] = None,
) -> None:
    """Bring heights, rain, faults, rivers or roads in; the newest of a kind is used."""
    with opened() as session:
        made = ground.bring_in(
            session, file, id=new_id(), kind=kind, name=name, by=program(session, area),
            now=clock(), system=crs,
        )  # fmt: skip
        console.print(f"{made.kind} {made.name}: {made.about}", markup=False)


@app.command("map")
def draw(
    area: Area,
    family: Annotated[str, typer.Option(help="geological, flood, fire ...")] = "geological",
    side_m: Annotated[int, typer.Option(help="Width of a cell.")] = 500,
    seed: Annotated[int, typer.Option(help="Deals the blocks that are held out.")] = 1,
) -> None:
    """Draw an area's map and propose settlements beside its highest class."""
    now = clock()
    with opened() as session, progress(service.TOTAL) as step:
        by = program(session, area)
        homes = susceptibility_map.settlements(session, of=by.area_path, now=now)
        made = service.draw(
            session, id=new_id(), asked=Asked(family, side_m, seed), by=by, now=now,
            settlements=homes, told=lambda _done, _all: step(1),
        )  # fmt: skip
        result, vintage = made.result, made.vintage
    console.print(
        f"{vintage['records']:,} records, {vintage['used']:,} used, {vintage['too_vague']:,} known"
        f" less exactly than {side_m:,} m; {result['cells']:,} cells; {result['outcome']}"
    )
    for name, trial in result.get("trials", {}).items():
        console.print(f"{name}: AUC {trial['mean']} ± {trial['spread']} on blocks held out")
    for line in result.get("classes", ()):
        console.print(
            "class {class}: {km2:,} km2, {area_share:.1%} of the area, {record_share:.1%} of the"
            " records, {held_share:.1%} when not seen".format(**line)
        )
    console.print("{found} places, {new} new proposals".format(**result))


def program(session: Session, code: str) -> Actor:
    """Give the program as the office of an area."""
    found = areas.by_code(session, code, day_of(clock()))
    if found is None:
        raise Missing("No area has the code {code} today.", code=code)
    return Actor(id=NO_ONE, name="yitong", role=Role.SYSTEM, area_path=found.path)
