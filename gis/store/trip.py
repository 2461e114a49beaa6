"""Several questions in one trip to the database, each by a plan that the connection keeps.

psycopg's own pipeline wakes the loop six times for two small questions and costs more than they
do. libpq, which it stands on, needs to be woken once for both answers.
"""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from psycopg import AsyncConnection, Error, OperationalError, errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import DiagnosticField, ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult

MOST_KEPT = 100
"""Plans that a connection keeps; the least used makes room."""

KEPT_TEXTS = 1_000
NAMED = re.compile(r"%\((\w+)\)s|%%")

Row = tuple[bytes | None, ...]


class Question(NamedTuple):
    """A query with named values; its answer comes as texts, or as the bytes of the database."""

    text: str
    values: Mapping[str, Any]
    as_bytes: bool = False


class Line(AsyncConnection[tuple[Any, ...]]):
    """A connection that is asked by trips."""

    def __init__(self, *said: Any, **named: Any) -> None:
        super().__init__(*said, **named)
        self._kept: OrderedDict[object, bytes] = OrderedDict()
        self._made = 0
        self._types = Transformer(self)

    async def trip(self, *questions: Question) -> list[Row | None]:
        """Ask all at once; give the first row of each answer, or nothing where it has none.

        A trip that does not come to its end closes the connection: nobody knows which plans it has.
        """
        try:
            return await self._trip(questions)
        except BaseException:
            self.pgconn.finish()
            raise

    async def _trip(self, questions: Sequence[Question]) -> list[Row | None]:
        wire = self.pgconn
        wire.enter_pipeline_mode()
        for question in questions:
            self._send(wire, question)
        wire.pipeline_sync()
        loop, socket = asyncio.get_running_loop(), wire.socket
        while wire.flush():
            await once(loop.add_writer, loop.remove_writer, socket)
        answers = await answered(wire)
        wire.exit_pipeline_mode()
        return answers

    def _send(self, wire: PGconn, question: Question) -> None:
        """Put a question on the wire, the making of its plan before it when there is none."""
        text, names = numbered(question.text)
        values = self._types.dump_sequence(
            [question.values[name] for name in names], [PyFormat.AUTO] * len(names)
        )
        types = self._types.types or ()
        key = question.text, types
        name = self._kept.get(key)
        if name is None:
            self._made += 1
            name = self._kept[key] = b"trip%d" % self._made
            wire.send_prepare(name, text, types)
            if len(self._kept) > MOST_KEPT:
                _, least = self._kept.popitem(last=False)
                wire.send_query_params(b"DEALLOCATE " + least, None)
        else:
            self._kept.move_to_end(key)
        formats = self._types.formats
        wire.send_query_prepared(
            name, values, formats, Format.BINARY if question.as_bytes else Format.TEXT
        )


@lru_cache(KEPT_TEXTS)
def numbered(text: str) -> tuple[bytes, tuple[str, ...]]:
    """Give a query with numbers for its names, as libpq takes it, and the names in that order."""
    names: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        name = found[1]
        return f"${names.setdefault(name, len(names) + 1)}" if name else "%"

    return NAMED.sub(number, text).encode(), tuple(names)


async def answered(wire: PGconn) -> list[Row | None]:
    """Read to the end of the trip; the first error is raised when all is read."""
    rows: list[Row | None] = []
    failed: PGresult | None = None
    loop = asyncio.get_running_loop()
    while True:
        while wire.is_busy():
            await once(loop.add_reader, loop.remove_reader, wire.socket)
            wire.consume_input()
        result = wire.get_result()
        if result is None:  # between two answers
            continue
        if result.status == ExecStatus.PIPELINE_SYNC:
            break
        if result.status == ExecStatus.TUPLES_OK:
            rows.append(first_row(result))
        elif result.status != ExecStatus.COMMAND_OK:
            failed = failed or result
    if failed is not None:
        raise told(failed)
    return rows


def first_row(result: PGresult) -> Row | None:
    """Give the first row of an answer as it came."""
    if not result.ntuples:
        return None
    return tuple(result.get_value(0, column) for column in range(result.nfields))


def told(failed: PGresult) -> Error:
    """Give the error that the database told."""
    state = (failed.error_field(DiagnosticField.SQLSTATE) or b"").decode()
    message = failed.get_error_message()
    try:
        return errors.lookup(state)(message)
    except KeyError:
        return OperationalError(message)


async def once(watch: Callable[..., object], leave: Callable[[int], object], socket: int) -> None:
    """Wait until a socket can be read, or written."""
    ready = asyncio.get_running_loop().create_future()
    watch(socket, arrived, ready)
    try:
        await ready
    finally:
        leave(socket)


def arrived(ready: asyncio.Future[None]) -> None:
    """Wake who waits; the socket may say it twice."""
    if not ready.done():
        ready.set_result(None)
