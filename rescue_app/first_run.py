"""What an empty installation gets by itself: today's schema, the areas, the scenario."""

from importlib import import_module

from rich.console import Console
from sqlalchemy import create_engine, text

from gis.store.cluster import Urls
from rescue_app import schema

LOADED = {
    "areas": text("SELECT EXISTS (SELECT FROM area)"),
    "scenario": text("SELECT EXISTS (SELECT FROM account)"),
}
"""What is loaded by which command, and how to see that it was: nobody's data is added to."""


def make_ready(urls: Urls, console: Console) -> None:
    """Migrate, and load what an empty database lacks; a filled one is left as it is."""
    with console.status("数据表 · Schema …"):
        schema.upgrade(urls.owner)
    engine = create_engine(urls.owner)
    with engine.connect() as connection:
        lacking = [name for name, question in LOADED.items() if not connection.scalar(question)]
    engine.dispose()
    for name in lacking:
        console.print(f"首次启动,载入 · First start, loading: {name}")
        import_module(f"rescue_app.commands.{name}").load()
