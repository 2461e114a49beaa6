"""Rows out of a query as CSV by COPY: the quickest way, and it never holds them all."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, case, cast, func, literal
from sqlalchemy.orm import Session

from gis.store.together import driver

FORMULA = "^[=+@\t\r\n-]"
NUMBER = r"^[+-]?[0-9]+(\.[0-9]+)?$"


def csv_of(session: Session, query: Select[*tuple[object, ...]]) -> Iterator[bytes]:
    """Give the rows of a query as CSV with a heading, piece by piece, in UTF-8."""
    bind = session.get_bind()
    told = query.compile(dialect=bind.dialect, compile_kwargs={"render_postcompile": True})
    # The text comes from SQLAlchemy; values stay parameters and are bound by psycopg.
    statement = "COPY (" + str(told) + ") TO STDOUT (FORMAT csv, HEADER true)"
    values = {name: told.params[name] for name in told.params}
    with driver(session).cursor() as cursor, cursor.copy(statement.encode(), values) as out:
        yield from (bytes(piece) for piece in out)


def harmless(column: ColumnElement[str]) -> ColumnElement[str]:
    """Give a text column that no spreadsheet takes for a formula."""
    text = cast(column, Text)
    runs = text.regexp_match(FORMULA) & ~text.regexp_match(NUMBER)
    return case((runs, func.concat(literal("'"), text)), else_=text)


def worded(column: ColumnElement[Any], words: Mapping[str, str]) -> ColumnElement[Any]:
    """Give the word for each code of a column; without words the column itself."""
    if not words:
        return column
    said = cast(column, Text)
    return case(*((said == literal(code), literal(word)) for code, word in words.items()),
                else_=said)  # fmt: skip
