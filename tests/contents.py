"""What lies in the database of a test process: the template's rows, and those of one test."""

from collections.abc import Callable
from typing import ClassVar

from sqlalchemy import Connection, create_engine, text

from gis.store.engine import Sessions

# What was cut off takes no room: whatever takes some was written to since. A table in parts (the
# readings) takes none itself; its months are made as they come.
WRITTEN = text("""
SELECT relname FROM pg_class WHERE relname = ANY(:ours)
AND relnamespace = 'public'::regnamespace AND (
    relkind = 'r' AND pg_relation_size(oid) > 0
    OR relkind = 'p' AND 0 < (SELECT sum(pg_relation_size(relid)) FROM pg_partition_tree(oid))
)
""")
TABLES = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
# Copies are laid down as they were: what triggers did is in them.
UNHEARD = text("SET LOCAL session_replication_role = replica")


class Contents:
    """What the template brings stays; everything else goes after each test."""

    of: ClassVar[dict[str, "Contents"]] = {}
    """By the name of the database."""

    def __init__(self, owner_url: str) -> None:
        self.engine = create_engine(owner_url)
        self.kept: list[str] = []
        """Tables of what ships, once a test has loaded it."""
        with self.engine.begin() as connection:
            self.ours = [
                table
                for table in connection.scalars(TABLES)
                if not connection.scalar(text(f'SELECT EXISTS (SELECT FROM "{table}")'))
            ]
            connection.execute(text("CREATE SCHEMA kept"))
        self.of[str(self.engine.url.database)] = self

    def written(self, connection: Connection) -> list[str]:
        """Name the tables that were written to since they were cut off."""
        return list(connection.scalars(WRITTEN, {"ours": self.ours}))

    def empty(self) -> None:
        """Cut off what was written to: all tables with their indexes would take a second."""
        with self.engine.begin() as connection:
            if written := self.written(connection):
                names = ", ".join(f'"{table}"' for table in written)
                connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))

    def counted(self, connection: Connection) -> dict[str, int]:
        """Count the rows of each table that was written to."""
        asked = {t: text(f'SELECT count(*) FROM "{t}"') for t in self.written(connection)}
        return {table: rows for table in asked if (rows := connection.scalar(asked[table]))}

    def lay_down(self, load: Callable[[], None]) -> None:
        """Do `load` the first time; then lay down copies of the rows that it left."""
        with self.engine.begin() as connection:
            before = self.counted(connection)
            if self.kept and before.keys().isdisjoint(self.kept):
                connection.execute(UNHEARD)
                for table in self.kept:
                    connection.execute(text(f'INSERT INTO "{table}" SELECT * FROM kept."{table}"'))
                return
        load()
        if not self.kept:
            with self.engine.begin() as connection:
                self.keep(connection, before)

    def keep(self, connection: Connection, before: dict[str, int]) -> None:
        """Copy what was loaded, unless it lies among rows that were there before."""
        made = [t for t, rows in self.counted(connection).items() if rows != before.get(t)]
        if before.keys().isdisjoint(made):
            for table in made:
                connection.execute(text(f'CREATE TABLE kept."{table}" AS TABLE "{table}"'))
            self.kept = made


def lay_down(sessions: Sessions, load: Callable[[], None]) -> None:
    """Load what ships into the database of these sessions, by copies where it is a test's."""
    known = Contents.of.get(sessions.kw["bind"].url.database)
    if known is None:
        load()
    else:
        known.lay_down(load)
