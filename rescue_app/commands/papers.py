"""`yitong papers`: cards and other paper of an area, as the page makes them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn
from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.areas.placing import day_of
from gis.errors import Missing
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from rescue_app import database
from rescue_app.commands.imports import PROGRAM, clock, console
from rescue_app.http.printing import press_of
from rescue_app.papers import notes
from rescue_app.papers.asked import Asked, Paper
from rescue_app.papers.rules import REACH_M
from rescue_app.settings import Settings
from rescue_app.web import paper_making

app = typer.Typer(help="Paper for people's hands.", no_args_is_help=True)
Area = Annotated[str, typer.Option(help="Code of an area: a district or a street.")]
Reach = Annotated[int, typer.Option(help="Households within so many metres of a point.")]
File = Annotated[Path, typer.Argument(help="Where to.")]


@app.callback()
def group() -> None:
    """Keep each paper a command of its own."""


@app.command("cards")
def cards(
    file: File, area: Area, work: Annotated[bool, typer.Option("--work")] = False,
    again: Annotated[bool, typer.Option("--again")] = False, reach_m: Reach = REACH_M,
) -> None:  # fmt: skip
    """Write refuge cards of an area's households, or with --work those of who is in charge.

    With --again only those that say something else than the card that was handed out.
    """
    write(file, Paper.WORK if work else Paper.REFUGE, area, reach_m=reach_m, again=again)
    settings = Settings()
    if settings.public_url is None:
        console.print(
            f"YITONG_PUBLIC_URL is not set: the codes say {settings.label_url}"
            " and open nothing elsewhere. Set it and make them again before handing them out.",
            style="yellow", markup=False,
        )  # fmt: skip


@app.command("map")
def handout(
    file: File, area: Area, private: Annotated[bool, typer.Option("--private")] = False,
    english: Annotated[bool, typer.Option("--english")] = False,
) -> None:  # fmt: skip
    """Write the hand-out map of an area; --private puts households and phones in."""
    write(file, Paper.MAP, area, private=private, locale="en" if english else "zh")


@app.command("atlas")
def atlas(
    file: File, area: Area, a3: Annotated[bool, typer.Option("--a3")] = False,
    private: Annotated[bool, typer.Option("--private")] = False,
    english: Annotated[bool, typer.Option("--english")] = False,
) -> None:  # fmt: skip
    """Write the atlas of an area, on A4 or A3; --private puts phones in."""
    said = {"size": "a3" if a3 else "a4", "private": private}
    write(file, Paper.ATLAS, area, locale="en" if english else "zh", **said)


@app.command("brief")
def brief(
    file: File, area: Area, english: Annotated[bool, typer.Option("--english")] = False
) -> None:  # fmt: skip
    """Write the brief of an area: one page for a meeting."""
    write(file, Paper.BRIEF, area, locale="en" if english else "zh")


def write(file: Path, paper: Paper, area: str, **said: object) -> None:
    """Make a paper with the eyes of the program itself, and tell how far it is."""
    settings, now = Settings(), clock()
    part = file.with_name(f"{file.name}.part")
    press = press_of(settings)
    with database.opened(settings) as sessions:

        @contextmanager
        def unit() -> Iterator[Session]:
            with unit_of_work(sessions, SYSTEM) as session:
                yield session

        with unit() as session:
            found = areas.by_code(session, area, day_of(now))
        if found is None:
            raise Missing("No area has the code {code} today.", code=area)
        asked = Asked(
            paper=paper, under=found.path, public_url=press.public_url, emergency=press.emergency,
            numbers=dict(press.numbers), who=PROGRAM.name, **said,  # type: ignore[arg-type]  # the options' own
        )  # fmt: skip
        with Progress(
            BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
        ) as bar:
            task = bar.add_task("", total=None)
            made = paper_making.made(
                unit, asked, part, now=now,
                step=lambda done, total: bar.update(task, completed=done, total=total),
            )  # fmt: skip
        with unit() as session:
            notes.note_printed(session, made.prints, by_name=PROGRAM.name, now=now)
    file = part.replace(file.with_suffix(f".{made.suffix}"))
    console.print(f"{file} · {file.stat().st_size:,} B", markup=False)
