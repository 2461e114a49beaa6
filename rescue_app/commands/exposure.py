"""`yitong exposure`: whom and what a place holds, for a table or a program."""

from typing import Annotated

import typer

from rescue_app.api.exposure import ExposureOut
from rescue_app.api.exposure_query import ExposureQuery
from rescue_app.commands.imports import PROGRAM, clock, opened


def exposure(
    area: Annotated[str | None, typer.Option(help="An area's code or path.")] = None,
    polygon: Annotated[str | None, typer.Option(help="A shape: WKT or GeoJSON.")] = None,
    buffer_m: Annotated[float | None, typer.Option(help="Metres around it.")] = None,
    alert: Annotated[str | None, typer.Option(help="A warning's id.")] = None,
    incident: Annotated[str | None, typer.Option(help="An incident's id.")] = None,
) -> None:
    """Say as JSON how many people, homes, points and assets a place holds."""
    said = {"polygon": polygon, "buffer_m": buffer_m, "alert": alert, "incident": incident}
    given = {name: str(value) for name, value in said.items() if value is not None}
    asked = ExposureQuery.of([*given.items(), *([("area", area)] if area else [])])
    with opened() as session:
        found = asked.exposure(session, PROGRAM, clock())
        typer.echo(ExposureOut.of(found).model_dump_json(indent=2))
