"""What lies in the database of a test process: the template's rows, and those of one test."""

from collections.abc import Callable
from typing import ClassVar

from sqlalchemy import Connection, create_engine, text

from gis.store.engine import Sessions

# What was emptied takes no room: whatever takes some was written to since. A table in parts (the
# readings) takes none itself; its months are made as they come.
WRITTEN = text("""
SELECT relname, bytes FROM pg_class, LATERAL (
    SELECT CASE relkind WHEN 'r' THEN pg_relation_size(oid)
    ELSE (SELECT sum(pg_relation_size(relid)) FROM pg_partition_tree(oid)) END AS bytes
) AS size
WHERE relname = ANY(:ours) AND relnamespace = 'public'::regnamespace
AND relkind IN ('r', 'p') AND bytes > 0
""")
GROWN_BYTES = 100_000
# As after TRUNCATE: to the planner a table is not small, but not known yet.
UNKNOWN = text("""
WITH parts AS (
    SELECT relid FROM unnest(CAST(:names AS text[])) AS name, pg_partition_tree(name::regclass)
)
UPDATE pg_class SET relpages = 0, reltuples = -1, relallvisible = 0 WHERE oid = ANY(ARRAY(
    SELECT relid FROM parts UNION SELECT indexrelid FROM pg_index JOIN parts ON indrelid = relid
))
""")
# Of what is ours only, for the template's rows have their numbers already.
COUNT_ANEW = text("""
SELECT setval(seqrelid, seqstart, false) FROM pg_sequence
JOIN pg_depend ON objid = seqrelid AND deptype IN ('a', 'i') JOIN pg_class ON oid = refobjid
WHERE relname = ANY(:ours) AND pg_sequence_last_value(seqrelid) IS NOT NULL
""")
TABLES = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
# Copies are laid down as they were: what triggers did is in them; and all goes, whoever refers.
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

    def written(self, connection: Connection) -> dict[str, int]:
        """Give the tables that were written to since they were emptied, with their bytes."""
        return {name: int(size) for name, size in connection.execute(WRITTEN, {"ours": self.ours})}

    def empty(self) -> None:
        """Take away what was written; the next test's rows lie in the order of their writing."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            written = self.written(connection)
            if small := [table for table, size in written.items() if size < GROWN_BYTES]:
                self._sweep(connection, small)
            if left := self.written(connection):
                names = ", ".join(f'"{table}"' for table in left)
                connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))

    def _sweep(self, connection: Connection, tables: list[str]) -> None:
        """Delete the rows and give their room back: new files for all indexes take five times it.

        Whoever still writes is waited for: what he writes late would lie in the next test.
        """
        names = ", ".join(f'"{table}"' for table in tables)
        rows = "; ".join(f'DELETE FROM "{table}"' for table in tables)
        connection.execute(text(f"BEGIN; {UNHEARD}; LOCK TABLE {names}; {rows}; COMMIT"))
        connection.execute(text(f"VACUUM (TRUNCATE, INDEX_CLEANUP ON) {names}"))
        connection.execute(UNKNOWN, {"names": tables})
        connection.execute(COUNT_ANEW, {"ours": self.ours})

    def keep(self, load: Callable[[], None]) -> None:
        """Load into the empty database, keep copies of the rows, and empty it again."""
        load()
        with self.engine.begin() as connection:
            self.kept = list(self.written(connection))
            for table in self.kept:
                connection.execute(text(f'CREATE TABLE kept."{table}" AS TABLE "{table}"'))
        self.empty()

    def lay_down(self) -> bool:
        """Lay down copies of the kept rows; False, and nothing done, if others lie there already.

        Rows of the same file that a test has loaded before are the copies' equals.
        """
        with self.engine.begin() as connection:
            lying = set(self.kept) & self.written(connection).keys()
            others = (f'EXISTS (TABLE "{table}" EXCEPT TABLE kept."{table}")' for table in lying)
            if lying and connection.scalar(text(f"SELECT {' OR '.join(others)}")):
                return False
            connection.execute(UNHEARD)
            for table in self.kept:
                copied = f'INSERT INTO "{table}" TABLE kept."{table}" ON CONFLICT DO NOTHING'
                connection.execute(text(copied))
        return True


def lay_down(sessions: Sessions, load: Callable[[], None]) -> None:
    """Load what ships into the database of these sessions, by copies where it is a test's."""
    known = Contents.of.get(sessions.kw["bind"].url.database)
    if known is None or not known.lay_down():
        load()
