"""What an empty installation gets by itself: schema, shipped data, areas, the scenario."""

import os
from datetime import UTC, datetime

from rich.console import Console
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.areas import service as areas
from gis.areas.models import Area
from gis.store.cluster import Urls
from gis.store.engine import Sessions, make_engine, make_sessions, unit_of_work
from gis.store.scope import SYSTEM
from qr_codes.signing import KEY_BYTES
from rescue_app import schema, shipped

POINTS, SEED = 5_000, 20_251_106


def make_ready(urls: Urls, console: Console) -> None:
    """Migrate, load what ships, and fill an empty database; a filled one is left as it is."""
    with console.status("数据表 · Schema …"):
        schema.upgrade(urls.owner)
    engine = make_engine(urls.app)
    sessions = make_sessions(engine)
    with unit_of_work(sessions, SYSTEM) as session:
        shipped.load(session, secret=os.urandom(KEY_BYTES), now=datetime.now(UTC))
        empty = is_empty(session)
    if empty:
        fill(sessions, console)
    engine.dispose()


def is_empty(session: Session) -> bool:
    """Tell a database without areas from one that was filled."""
    return session.scalar(select(Area.id).limit(1)) is None


def fill(sessions: Sessions, console: Console) -> None:
    """Load the real areas and the synthetic scenario, in one piece: all of it, or none."""
    from rescue_app.scenario import service as scenario  # noqa: PLC0415 - slow to load, needed once

    with (
        console.status("区划 · Areas …") as status,
        unit_of_work(sessions, SYSTEM) as session,
    ):
        areas.load_seed(session, shipped.AREAS)
        now = datetime.now(UTC)
        scenario.load(session, points=POINTS, seed=SEED, now=now, say=status.update)
    console.print("区划和演示数据已载入 · Areas and the synthetic scenario are loaded")
