"""Several questions in one trip: answers in their order, errors as the driver tells them."""

from collections.abc import Awaitable, Callable

import psycopg
import pytest
from sqlalchemy import make_url

from gis.store import trip
from gis.store.trip import Line, Question
from tests.loops import run_apart


@pytest.fixture
def on_a_line(database):
    """Give a way to do something on a line of its own."""
    address = make_url(database.app).set(drivername="postgresql")
    where = address.render_as_string(hide_password=False)

    def do(work: Callable[[Line], Awaitable[None]]) -> None:
        async def connected() -> None:
            line = await Line.connect(where, autocommit=True)
            try:
                await work(line)
            finally:
                await line.close()

        run_apart(connected())

    return do


def test_answers_come_in_the_order_of_the_questions_as_texts_or_as_bytes(on_a_line):
    async def work(line: Line) -> None:
        named = Question("SELECT %(n)s::int + 1, NULL, %(n)s::text || '%%'", {"n": 41})
        shape = Question("SELECT %(b)s::bytea", {"b": b"\0\1"}, as_bytes=True)
        nothing = Question("SELECT 1 WHERE false", {})
        for _ in range(3):  # with and without a plan that is kept
            assert await line.trip(named, shape, nothing) == [
                (b"42", None, b"41%"),
                (b"\0\1",),
                None,
            ]

    on_a_line(work)


def test_a_scope_entered_in_a_trip_holds_for_what_follows_in_it(on_a_line):
    async def work(line: Line) -> None:
        enter = Question("SELECT set_config('yitong.role', %(role)s, false)", {"role": "system"})
        look = Question("SELECT current_setting('yitong.role')", {})
        assert (await line.trip(enter, look))[1] == (b"system",)

    on_a_line(work)


def test_the_plans_a_line_keeps_are_bounded(on_a_line, monkeypatch):
    monkeypatch.setattr(trip, "MOST_KEPT", 3)

    async def work(line: Line) -> None:
        for n in (1, 2, 3, 4, 5, 1, 5):
            assert await line.trip(Question(f"SELECT {n}", {})) == [(str(n).encode(),)]
        kept = Question("SELECT count(*) FROM pg_prepared_statements", {})
        assert await line.trip(kept) == [(b"3",)]

    on_a_line(work)


def test_an_error_is_the_drivers_own_and_ends_the_line(on_a_line):
    async def work(line: Line) -> None:
        with pytest.raises(psycopg.errors.DivisionByZero):
            await line.trip(Question("SELECT 1 / %(n)s::int", {"n": 0}), Question("SELECT 2", {}))
        assert line.closed

    on_a_line(work)


def test_a_line_whose_server_end_is_cut_says_so(on_a_line):
    async def work(line: Line) -> None:
        end = Question("SELECT pg_terminate_backend(pg_backend_pid())", {})
        with pytest.raises(psycopg.OperationalError):
            await line.trip(end)
        assert line.closed

    on_a_line(work)
