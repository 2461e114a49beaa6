"""`yitong evidence`: search the disaster records of an area, and list what they propose."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.table import Table

from gis.areas import repository as areas
from gis.areas.placing import day_of
from gis.authority import Actor, Role
from gis.errors import Missing
from gis.store.base import new_id
from gis.store.scope import NO_ONE
from hazards.evidence import repository, searching
from hazards.evidence.rules import Asked, State
from rescue_app.commands.imports import clock, console, opened, progress
from rescue_app.evidence_search import searched_by
from rescue_app.settings import Settings

app = typer.Typer()

FamilyName = Annotated[str, typer.Option(help="geological, flood, fire, seismic, weather, other.")]
Area = Annotated[str, typer.Option(help="Code of the area whose records are searched.")]


@app.callback()
def evidence() -> None:
    """What the disaster records say."""


@app.command("search")
def search(
    area: Area,
    family: FamilyName = "geological",
    within_m: Annotated[int, typer.Option(help="Records lie together within so many m.")] = 1_000,
    fewest: Annotated[int, typer.Option(help="From so many records a place is frequent.")] = 3,
    apart_days: Annotated[int, typer.Option(help="Up to so many days is one occurrence.")] = 3,
    close_days: Annotated[int, typer.Option(help="Up to so many days is close in time.")] = 30,
) -> None:
    """Search an area's records and propose what they speak for; the ledger stays as it is."""
    asked, now = Asked(family, within_m, fewest, apart_days, close_days), clock()
    with searched_by(Settings().dask_url) as way, opened() as session, progress(0) as step:
        found = areas.by_code(session, area, day_of(now))
        if found is None:
            raise Missing("No area has the code {code} today.", code=area)
        by = Actor(id=NO_ONE, name="yitong", role=Role.SYSTEM, area_path=found.path)
        made = searching.search(
            session, id=new_id(), asked=asked, by=by, now=now, way=way,
            told=lambda _done, _all: step(1),
        )  # fmt: skip
        result, vintage = made.result, made.vintage
    tell(result, vintage, within_m)


def tell(result: Mapping[str, Any], vintage: Mapping[str, Any], within_m: int) -> None:
    """Say what a search was made of and what it found."""
    console.print(
        f"{vintage['records']:,} records, {vintage['used']:,} used,"
        f" {vintage['too_vague']:,} known less exactly than {within_m:,} m;"
        f" state of the data {vintage['digest']}"
    )
    if result["vague"]:
        console.print(
            "What is too vague came {occurrences} times over the whole area: once in {every_years}"
            " years, 95 % {every_least_years}–{every_most_years}".format(**result["vague"])
        )
    if result["heat"]:
        console.print(
            "{hot} of {cells} cells of {side_m:,.0f} m are hot spots".format(**result["heat"])
        )
    if result["interaction"]:
        console.print(
            "{both} of {near} pairs near in space are near in time, by chance {expected} (p {p},"
            " {shuffles} shuffles, seed {seed})".format(**result["interaction"])
        )
    console.print(
        "{found} places, {new} new proposals, {outdated} not found any more".format(**result)
    )


@app.command("list")
def listed(
    state: Annotated[State, typer.Option(help="Which proposals.")] = State.OPEN,
    page: Annotated[int, typer.Option(min=1)] = 1,
) -> None:
    """List proposals, the surest first."""
    table = Table()
    for head in (
        "evidence",
        "hazard",
        "records",
        "times",
        "every … years",
        "95 %",
        "place",
        "area",
    ):
        table.add_column(head)
    with opened() as session:
        rows, counts = repository.listing(session, states=[state], page=page)
        for row in rows:
            facts = row.facts
            often = facts.get("every_years")
            between = f"{facts['every_least_years']}–{facts['every_most_years']}" if often else ""
            table.add_row(
                row.evidence,
                row.hazard_type,
                str(facts["records"]),
                str(facts["occurrences"]),
                str(often or ""),
                between,
                f"{row.place.x:.5f}, {row.place.y:.5f}",
                row.area_path,
            )
    console.print(table)
    console.print(f"{counts.get(state, 0):,} {state}", markup=False)
