"""`yitong chains`: the chain table in editions, and a chain followed from the command line."""

from pathlib import Path
from typing import Annotated

import orjson
import typer

from rescue_app.api.chains_query import ChainQuery
from rescue_app.chains import editions, service, table
from rescue_app.commands.bringing import Apply
from rescue_app.commands.editions import add_to
from rescue_app.commands.imports import PROGRAM, clock, console, opened

app = typer.Typer()
ChainFile = Annotated[Path, typer.Argument(help="A chain table (YAML), see data/chains.")]


@app.command("import")
def bring_in(file: ChainFile, apply: Apply = False) -> None:
    """Let the chain table be what a file says; a dry run unless told to apply."""
    said = file.read_text(encoding="utf-8-sig", errors="replace")
    found = table.read(said)
    counts = f"{len(found.kinds)} kinds, {len(found.links)} links"
    if not apply:
        console.print(f"Dry run, nothing was written: {counts}")
        console.print("Add --apply to write this.")
        return
    with opened() as session:
        made = editions.bring_in(session, said, by=PROGRAM, now=clock())
        console.print(f"Edition {made.edition} is in force: {counts}")


add_to(app, editions.EDITIONS)


@app.command()
def follow(
    point: Annotated[str | None, typer.Option(help="A point's id.")] = None,
    area: Annotated[str | None, typer.Option(help="An area's code or path.")] = None,
    polygon: Annotated[str | None, typer.Option(help="A shape: WKT or GeoJSON.")] = None,
    buffer_m: Annotated[float | None, typer.Option(help="Metres around it.")] = None,
    alert: Annotated[str | None, typer.Option(help="A warning's id.")] = None,
    incident: Annotated[str | None, typer.Option(help="An incident's id.")] = None,
    begin: Annotated[str | None, typer.Option(help="What happens there: slope, quake.")] = None,
    mm: Annotated[float | None, typer.Option(help="A rain of so many mm …")] = None,
    hours: Annotated[float | None, typer.Option(help="… in so many hours.")] = None,
) -> None:
    """Say as JSON what comes next from a place."""
    said = {
        "point": point, "area": area, "polygon": polygon, "buffer_m": buffer_m, "alert": alert,
        "incident": incident, "begin": begin, "mm": mm, "hours": hours,
    }  # fmt: skip
    asked = ChainQuery.of((name, str(value)) for name, value in said.items() if value is not None)
    with opened() as session:
        now = clock()
        place = asked.asked(session, PROGRAM, now)
        content = service.work_out(session, place, by=PROGRAM, now=now)
        typer.echo(orjson.dumps(content, option=orjson.OPT_INDENT_2).decode())
