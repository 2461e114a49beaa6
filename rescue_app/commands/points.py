"""`yitong points`: bring a ledger in, take one out."""

from pathlib import Path
from typing import Annotated

import typer

from hazards.points.rules import Category, Evidence, Grade, State
from rescue_app.commands.bringing import importing

app = typer.Typer()

app.command("import")(importing("hazards.points.importing.ledger", "Bring a ledger in"))


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
    crs: Annotated[str, typer.Option(help="EPSG:4326, GCJ-02, EPSG:4545 …")] = "EPSG:4326",
) -> None:
    """Write what a filter means into a file."""
    # What writes is not read where a file is only brought in.
    from hazards.points.filters import PointFilter  # noqa: PLC0415 - as above
    from rescue_app.commands import points_out  # noqa: PLC0415 - as above

    asked = PointFilter(
        q=q,
        category=tuple(category or ()),
        evidence=tuple(evidence or ()),
        hazard_type=tuple(hazard_type or ()),
        grade=tuple(grade or ()),
        state=tuple(state or ()),
    )
    points_out.write(file, asked, area=area, crs=crs)
