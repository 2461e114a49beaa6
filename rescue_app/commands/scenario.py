"""`yitong scenario load`: a made-up city on the real ground."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console

from gis.store.engine import make_engine, make_sessions, unit_of_work
from gis.store.scope import SYSTEM
from rescue_app import database, schema
from rescue_app.settings import Settings

app = typer.Typer(help="The synthetic scenario.", no_args_is_help=True)
console = Console(highlight=False)
DEFAULT_POINTS = 5_000
DEFAULT_SEED = 20_251_106


@app.callback()
def group() -> None:
    """Keep `load` a command of its own."""


@app.command()
def load(
    points: Annotated[int, typer.Option(min=500, max=1_000_000)] = DEFAULT_POINTS,
    seed: Annotated[int, typer.Option(min=0)] = DEFAULT_SEED,
) -> None:
    """Load hazard points, assets, units, people and demo sign-ins, all marked synthetic."""
    from rescue_app.scenario import rounds, service  # noqa: PLC0415 - pandas and shapely are slow to load

    settings, now = Settings(), datetime.now(UTC)
    urls = database.ensure(settings)
    sessions = make_sessions(make_engine(urls.app), files_url=settings.files_place)
    with console.status("…") as status:
        with unit_of_work(sessions, SYSTEM) as session:
            loaded = service.load(session, points=points, seed=seed, now=now, say=status.update)
        # Planned as for an empty ledger, the lists of 250,000 points took an hour.
        schema.analyze(urls.owner)
        status.update("清单任务 · lists due")
        with unit_of_work(sessions, SYSTEM) as session:
            rounds.live(session, now=now)
    counts = loaded.points.counts()
    console.print(f"点位 points {counts}")
    console.print(f"设施 assets +{loaded.assets}   单位 units {loaded.units}")
    console.print(f"队伍 crews {loaded.crews}")
