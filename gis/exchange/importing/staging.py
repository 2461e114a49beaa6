"""A temporary table for what a file says: copied in whole, checked and compared as sets."""

import io
from collections.abc import Iterable, Sequence

import pyarrow as pa
from psycopg import sql
from pyarrow import csv
from sqlalchemy.orm import Session

from gis.exchange.importing.fields import SQL, Field
from gis.store.together import driver

# Sets of a quarter of a million rows fit: no sort and no hash of an import goes to disk. A small
# sample tells the planner enough of a table that is read whole each time.
ROOM = sql.SQL("SET LOCAL work_mem = '128MB'; SET LOCAL default_statistics_target = 10")
PLACE_COLUMNS = ("longitude", "latitude", "extent")


def create(session: Session, name: str, fields: Iterable[Field]) -> None:
    """Make the table; it goes with the transaction."""
    typed = [sql.SQL("{} {}").format(sql.Identifier(f.name), sql.SQL(SQL[f.kind])) for f in fields]
    statement = sql.SQL(
        "CREATE TEMP TABLE {} (line integer NOT NULL, {}, longitude double precision NOT NULL,"
        ' latitude double precision NOT NULL, extent text, area_path text COLLATE "C" NOT NULL)'
        " ON COMMIT DROP"
    )
    table = sql.Identifier(name)
    with driver(session).cursor() as cursor:
        cursor.execute(ROOM)
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier("pg_temp", name)))
        cursor.execute(statement.format(table, sql.SQL(", ").join(typed)))


def as_csv(rows: pa.Table) -> memoryview:
    """Write rows as COPY takes them."""
    text = io.BytesIO()
    # Arrow writes null as nothing and an empty text as "": PostgreSQL reads them back so.
    csv.write_csv(rows, text, csv.WriteOptions(include_header=False, quoting_style="needed"))
    return text.getbuffer()


def copy(session: Session, name: str, columns: Sequence[str], rows: memoryview) -> None:
    """Append rows as `as_csv` gives them; the columns are named as the table's."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
        sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with driver(session).cursor() as cursor, cursor.copy(statement) as into:
        into.write(rows)


def empty(session: Session, name: str) -> None:
    """Make room for the next slice."""
    with driver(session).cursor() as cursor:
        cursor.execute(sql.SQL("TRUNCATE {}").format(sql.Identifier(name)))


def analyze(session: Session, name: str) -> None:
    """Let the planner know how many rows there are, once all are in."""
    with driver(session).cursor() as cursor:
        cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(name)))


def drop_lines(session: Session, name: str, lines: Iterable[int]) -> None:
    """Take refused rows out."""
    statement = sql.SQL("DELETE FROM {} WHERE line = ANY (%s)").format(sql.Identifier(name))
    with driver(session).cursor() as cursor:
        cursor.execute(statement, [list(lines)])
