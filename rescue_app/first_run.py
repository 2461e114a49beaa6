"""What an empty installation gets by itself: schema, shipped data, the areas, the scenario."""

import os
from datetime import UTC, datetime
from importlib import import_module

from rich.console import Console
from sqlalchemy import text

from gis.store.cluster import Urls
from gis.store.engine import make_engine, make_sessions, unit_of_work
from gis.store.scope import SYSTEM
from qr_codes.signing import KEY_BYTES
from rescue_app import schema, shipped

LOADED = {
    "areas": text("SELECT EXISTS (SELECT FROM area)"),
    "water": text("SELECT EXISTS (SELECT FROM water)"),
    "scenario": text("SELECT EXISTS (SELECT FROM account)"),
}
"""What is loaded by which command, and how to see that it was: nobody's data is added to."""


def bring_up_to_date(urls: Urls) -> list[str]:
    """Migrate and load what ships; give what an empty database still lacks."""
    schema.upgrade(urls.owner)
    engine = make_engine(urls.app)
    with unit_of_work(make_sessions(engine), SYSTEM) as session:
        shipped.load(session, secret=os.urandom(KEY_BYTES), now=datetime.now(UTC))
        lacking = [name for name, question in LOADED.items() if not session.scalar(question)]
    engine.dispose()
    return lacking


def make_ready(urls: Urls, console: Console) -> None:
    """Bring the database up to date and fill an empty one; a filled one is left alone."""
    with console.status("数据表 · Schema …"):
        lacking = bring_up_to_date(urls)
    for name in lacking:
        console.print(f"首次启动，载入 · First start, loading: {name}")
        import_module(f"rescue_app.commands.{name}").load()
