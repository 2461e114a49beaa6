"""How soon the last of five thousand crews' pages is told, beside brokers that keep nothing.

Web processes and a worker run as in service; with two, each has half of the pages.
"""

import os
from collections.abc import Callable
from contextlib import ExitStack, closing
from http.client import HTTPConnection

import psycopg

from gis.store.base import new_id
from gis.store.notify import CHANNEL
from tests.benchmarks.bench_answers import plain
from tests.benchmarks.bench_live import EVENT, held, open_pages, ours
from tests.benchmarks.bench_orders import Copied, Plain, asked, said, sent, written
from tests.benchmarks.brokers import Broker, Mosquitto, Nchan, SureMosquitto
from tests.benchmarks.crowd import Crowd
from tests.benchmarks.harness import Contest, Spent, benchmark
from tests.benchmarks.lab import Lab
from tests.benchmarks.stage import Stage
from tests.processes import working

NEWS_S = 1.0
"""How long no news is waited for before the worker's list is looked at again."""
RINGING = """
    SELECT FROM calls_due UNION ALL
    SELECT FROM call_rung WHERE queued_at IS NOT NULL AND handed_at IS NULL LIMIT 1
"""
PAGES = int(os.environ.get("BENCH_PAGES", "5000"))
Teller = Callable[[Stage, Crowd], Spent]


def beside(
    kind: type[Broker], *, processes: int, crews: int = 1, tell: Teller = ours, rounds: int = 15
) -> Contest:
    """Set up our pages and a broker's. Where crews get an order, the broker has a plain program
    before it that writes it down; the floor is the broker behind rows that need only be copied.
    """
    with ExitStack() as opened:
        stage = opened.enter_context(Stage(crews=crews, processes=processes))
        opened.enter_context(working(stage.urls, home=stage.home))
        pages = opened.enter_context(closing(open_pages(stage, PAGES)))
        broker = opened.enter_context(kind())
        theirs = Crowd(
            [broker.port], broker.request, count=PAGES, ready=broker.ready, thanks=broker.thanks
        )
        opened.callback(theirs.close)
        owner = opened.enter_context(psycopg.connect(plain(stage.urls.owner), autocommit=True))
        program, copied = (Plain(stage, owner), Copied(stage, owner)) if crews > 1 else (None, None)
        around = opened.pop_all()

    def by_broker(write: Callable[[bytes], None]) -> Spent:
        order = new_id()
        mark, body = str(order).encode(), written(stage, order)

        def say() -> None:
            write(body)
            broker.say(EVENT % mark)

        return Spent(theirs.hear(mark, say))

    def least() -> Spent:
        assert copied is not None
        spent = by_broker(lambda _: copied.write())
        copied.forget()
        return spent

    return Contest(
        ours=lambda: tell(stage, pages),
        floor=least if copied else None,
        peer=lambda: by_broker(program.write if program else bytes),
        rounds=rounds,
        around=held(around),
    )


def ordered(stage: Stage, pages: Crowd) -> Spent:
    """Send an order to all crews and wait for the last page; then see that each has its hop."""
    order, token = new_id(), stage.token("city")
    body, lines = written(stage, order), list[HTTPConnection]()
    seconds = pages.hear(str(order).encode(), lambda: lines.append(sent(stage, token, body)))
    with closing(lines[0]) as line:
        said(line)
        hops = len(asked(line, token, order)["hops"])
    rung_out(stage)
    if hops != len(stage.crews):
        raise RuntimeError(f"{hops} hops")
    return Spent(seconds)


def rung_out(stage: Stage) -> None:
    """Wait until the worker has called everybody: what is measured next has the machine."""
    with closing(psycopg.connect(plain(stage.urls.owner), autocommit=True)) as ear:
        ear.execute(f"LISTEN {CHANNEL}")
        while ear.execute(RINGING).rowcount:
            list(ear.notifies(timeout=NEWS_S, stop_after=1))


@benchmark("fanout/5000-mosquitto", unit="ms", rows=PAGES)
def beside_mosquitto(_: Lab) -> Contest:
    """One event to 5,000 pages from the commit on, one web process and a worker;
    the peer is Mosquitto.
    """
    return beside(Mosquitto, processes=1)


@benchmark("fanout/5000-nchan", unit="ms", rows=PAGES)
def beside_nchan(_: Lab) -> Contest:
    """One event to 5,000 pages, one web process and a worker; the peer is nginx with nchan."""
    return beside(Nchan, processes=1)


@benchmark("fanout/5000x2-mosquitto", unit="ms", rows=PAGES)
def two_beside_mosquitto(_: Lab) -> Contest:
    """One event to 5,000 pages from the commit on, two web processes; peer Mosquitto."""
    return beside(Mosquitto, processes=2)


@benchmark("fanout/5000x2-nchan", unit="ms", rows=PAGES)
def two_beside_nchan(_: Lab) -> Contest:
    """One event to 5,000 pages, two web processes and a worker; the peer is nginx with nchan."""
    return beside(Nchan, processes=2)


@benchmark("reach/5000", unit="ms", rows=PAGES)
def an_order(_: Lab) -> Contest:
    """An order to 5,000 crews from the commander's request to the last of 5,000 pages.

    The peer is a plain program: it hears of the order by a call, knows the crews by heart, checks
    nothing, copies a hop for each into a table with the same indexes, commits, and tells Mosquitto
    (QoS 1, since our pages miss nothing either; they confirm when the time is taken). The floor has
    not even that to do: the hops lie in the database, and are copied within it. Whom the order
    calls is laid out before the next round begins: `order/called`.
    """
    return beside(SureMosquitto, processes=1, crews=PAGES, tell=ordered, rounds=7)


@benchmark("reach/5000x2", unit="ms", rows=PAGES)
def an_order_by_two(_: Lab) -> Contest:
    """The same order with two web processes and a worker; same peer and floor."""
    return beside(SureMosquitto, processes=2, crews=PAGES, tell=ordered, rounds=7)


@benchmark("reach/5000-nchan", unit="ms", rows=PAGES)
def an_order_beside_nchan(_: Lab) -> Contest:
    """The same order with one web process; peer and floor tell nchan."""
    return beside(Nchan, processes=1, crews=PAGES, tell=ordered, rounds=7)


@benchmark("reach/5000x2-nchan", unit="ms", rows=PAGES)
def an_order_by_two_beside_nchan(_: Lab) -> Contest:
    """The same order with two web processes and a worker; peer and floor tell nchan."""
    return beside(Nchan, processes=2, crews=PAGES, tell=ordered, rounds=7)
