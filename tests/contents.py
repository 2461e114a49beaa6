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
        """Tables of what ships."""
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

    def keep(self, load: Callable[[], None]) -> None:
        """Load into the empty database, keep copies of the rows, and empty it again."""
        load()
        with self.engine.begin() as connection:
            self.kept = self.written(connection)
            for table in self.kept:
                connection.execute(text(f'CREATE TABLE kept."{table}" AS TABLE "{table}"'))
        self.empty()

    def lay_down(self) -> bool:
        """Lay down copies of the kept rows; False, and nothing done, if some lie there already."""
        with self.engine.begin() as connection:
            if not set(self.kept).isdisjoint(self.written(connection)):
                return False
            connection.execute(UNHEARD)
            for table in self.kept:
                connection.execute(text(f'INSERT INTO "{table}" SELECT * FROM kept."{table}"'))
        return True


def lay_down(sessions: Sessions, load: Callable[[], None]) -> None:
    """Load what ships into the database of these sessions, by copies where it is a test's."""
    known = Contents.of.get(sessions.kw["bind"].url.database)
    if known is None or not known.lay_down():
        load()
