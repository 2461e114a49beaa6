"""`yitong roads`: a road graph from anybody's file, for travel times of crews."""

from pathlib import Path
from typing import Annotated

import numpy as np
import typer
import yaml

from gis import exchange
from gis.areas.incoming import check_columns
from gis.errors import Rejected
from gis.exchange.table import Table
from gis.roads import repository, service
from gis.roads.rules import DEFAULT
from gis.roads.service import Terms
from rescue_app import shipped
from rescue_app.commands.areas import said
from rescue_app.commands.imports import SHOWN_REFUSALS, clock, console, opened, progress

app = typer.Typer()
Column = Annotated[str | None, typer.Option(help="Column of this name.")]
NODE = ("id", "lon", "lat")


@app.command("import")
def bring_in(
    file: Annotated[Path, typer.Argument(help="Lines (GeoJSON, GeoPackage …), or edges (CSV).")],
    nodes: Annotated[Path | None, typer.Option(help="Nodes: columns id, lon, lat.")] = None,
    from_column: Column = None,
    to_column: Column = None,
    kind_column: Column = None,
    oneway_column: Column = None,
    length_column: Column = None,
    speeds: Annotated[Path | None, typer.Option(help="km/h by kind (YAML).")] = None,
    crs: Annotated[str | None, typer.Option(help="EPSG:4524, CGCS2000, GCJ-02 ...")] = None,
    layer: Annotated[str | None, typer.Option(help="Layer, or file in a zip.")] = None,
    source: Annotated[str | None, typer.Option(help="Who says so; else the file's name.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Write; without it only say.")] = False,
) -> None:
    """Let the road graph be what a file says; a dry run unless told to apply."""
    with console.status(f"Opening {file.name} …"):
        table = exchange.read(file, layer=layer, crs=crs)
        places = places_of(exchange.read(nodes)) if nodes else None
    terms = Terms(
        source or table.source,
        speeds_of(speeds or shipped.DATA / "roads" / "speeds.yaml"),
        kind=kind_column,
        oneway=oneway_column,
        length=length_column,
        ends=(from_column or "from", to_column or "to") if nodes else None,
    )
    change(table, terms, places, apply=apply)


@app.command("measure")
def measure(
    goals: Annotated[int, typer.Option(min=1, max=200, help="Places to go to.")] = 40,
    starts: Annotated[int, typer.Option(min=1, max=200, help="Places to come from.")] = 40,
    least_m: Annotated[float, typer.Option(help="Leave nearer pairs out.")] = 1_000,
) -> None:
    """Say how much longer ways are than straight lines here: what YITONG_TERRAIN_FACTOR means."""
    with opened() as session:
        if not repository.routes(session) or repository.graph(session) is None:
            raise Rejected("No ways can be found: bring a road graph in, and install pgRouting.")
        found = repository.detours(session, goals=goals, starts=starts, least_m=least_m)
    if not found:
        raise Rejected("No two of these places are joined by a way.")
    half, most = (float(np.percentile(found, share)) for share in (50, 90))
    console.print(f"{len(found):,} ways: half are longer than {half:.2f} × the straight line,"
                  f" one in ten longer than {most:.2f} ×")  # fmt: skip


def change(
    table: Table, terms: Terms, nodes: dict[str, tuple[float, float]] | None, *, apply: bool
) -> None:
    """Bring a table in and say what became of it."""
    with opened() as session, progress(len(table)) as step:
        report = service.bring_in(
            session, table, terms, nodes=nodes, now=clock(), apply=apply, step=step
        )
        routes = repository.routes(session)
    for note in report.notes:
        console.print(said(note), style="yellow", markup=False)
    for refused in report.refused[:SHOWN_REFUSALS]:
        words = f"{table.unit} {refused.line}: {said(refused.reason)}"
        console.print(words, style="red", markup=False)
    done = "The same graph is there already" if report.same else "Imported"
    console.print(
        f"{done if apply or report.same else 'Dry run, nothing was written'}: {report.nodes:,}"
        f" nodes, {report.edges:,} edges, {report.km:,.0f} km, {len(report.refused):,} refused"
    )
    if not routes:
        console.print(
            "This database has no pgRouting: ways stay straight lines. Install the package"
            " postgresql-pgrouting, then: create extension pgrouting (the private database does"
            " it by itself at its next start)",
            style="yellow",
        )


def places_of(table: Table) -> dict[str, tuple[float, float]]:
    """Give the place of each node by its name."""
    check_columns(table, NODE, shapes=False)
    return {
        str(row["id"]).strip(): (float(row["lon"]), float(row["lat"])) for row in table.records()
    }


def speeds_of(path: Path) -> dict[str, float]:
    """Read the km/h of each kind of road."""
    read = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    fits = isinstance(read, dict) and all(
        isinstance(kmh, int | float) and 0 < kmh <= 150 for kmh in read.values()
    )
    if not fits or DEFAULT not in read:
        raise Rejected("{source} gives no speeds: a line for each kind, km/h, and one `default`.",
                       source=path.name)  # fmt: skip
    return {str(kind): float(kmh) for kind, kmh in read.items()}
