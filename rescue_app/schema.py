"""Bring a database to today's schema, or back."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import NullPool, create_engine, text

MIGRATIONS = Path(__file__).parent / "migrations"


def config(url: str) -> Config:
    """Give alembic's configuration for the owner's URL."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["url"] = url
    return made


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate up as the owner; a database that is up to date is left in one query."""
    if revision == "head" and is_current(url):
        return
    command.upgrade(config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Migrate down as the owner."""
    command.downgrade(config(url), revision)


def analyze(url: str) -> None:
    """Let the database know, as the owner, how much lies in each table now."""
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("ANALYZE"))


def is_current(url: str) -> bool:
    """Tell whether the database has today's schema."""
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        table = connection.scalar(text("SELECT to_regclass('alembic_version')"))
        found = connection.scalar(text("SELECT version_num FROM alembic_version")) if table else ""
    return found == head
