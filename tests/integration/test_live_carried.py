"""Two machines and a broker between: each page is told once, whatever ends meanwhile."""

import os
import signal
from contextlib import ExitStack, contextmanager

import pytest
from sqlalchemy import text

from gis.store.engine import unit_of_work
from gis.store.notify import announce
from gis.store.scope import SYSTEM
from rescue_app.live.log import NAME
from tests.listening import Listener
from tests.processes import Server
from tests.world import CITY, WANZHOU


@pytest.fixture
def servers(database, tmp_path, broker):
    """Two web servers, as on two machines."""
    both = [Server(database, home=tmp_path, nats_url=broker.url) for _ in range(2)]
    for server in both:
        server.start()
    yield both
    for server in both:
        server.stop()


@pytest.fixture
def pages(servers, people, cast):
    """The city's page at each of them."""
    with ExitStack() as opened:
        yield [
            opened.enter_context(Listener(server, people.token(cast.accounts["city"])))
            for server in servers
        ]


@pytest.fixture
def say(sessions, owner):
    """`say("one")` commits an event and gives its number."""

    def do(kind):
        with unit_of_work(sessions, SYSTEM) as session:
            announce(session, topic="order", kind=kind, ref=None, area_path=WANZHOU)
        owner.rollback()  # its next look sees what was committed meanwhile
        return owner.scalar(text("SELECT max(seq) FROM live_event"))

    return do


@pytest.fixture
def stored(broker, owner):
    """`stored(3)`: the numbers of the lines that the broker holds, as soon as there are three."""
    return lambda count: broker.lines(owner.scalar(text(NAME)), count=count)


@contextmanager
def frozen(server):
    os.kill(server.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(server.pid, signal.SIGCONT)


def heard(page, count):
    return [page.next()["kind"] for _ in range(count)]


def test_a_page_at_either_machine_is_told_in_the_order_of_the_commits(say, pages):
    told = [str(n) for n in range(40)]
    for kind in told:
        say(kind)
    assert [heard(page, 40) for page in pages] == [told, told]


def test_the_stream_holds_each_committed_line_once_and_nothing_else(say, sessions, pages, stored):
    told = [say("one")]
    with pytest.raises(ZeroDivisionError), unit_of_work(sessions, SYSTEM) as session:
        announce(session, topic="order", kind="never", ref=None, area_path=CITY)
        _ = 1 / 0
    told.append(say("two"))
    assert [heard(page, 2) for page in pages] == [["one", "two"]] * 2
    assert stored(2) == told


def test_while_the_broker_is_gone_pages_are_told_and_nothing_twice_when_it_is_back(
    say, pages, broker
):
    say("before")
    assert [heard(page, 1) for page in pages] == [["before"]] * 2
    broker.kill()
    say("while away")
    assert [heard(page, 1) for page in pages] == [["while away"]] * 2
    broker.start()
    say("back")
    say("after")
    assert [heard(page, 2) for page in pages] == [["back", "after"]] * 2


def test_a_machine_that_stands_still_holds_nobody_up(say, servers, pages, stored):
    told = [say("both")]
    assert [heard(page, 1) for page in pages] == [["both"]] * 2
    for still, other in ((0, 1), (1, 0)):
        with frozen(servers[still]):
            told.append(say("one"))
            assert heard(pages[other], 1) == ["one"]
            assert stored(len(told)) == told, "the other carries on"
        assert heard(pages[still], 1) == ["one"]
    assert stored(3) == told


def test_who_comes_late_or_to_another_machine_misses_nothing(
    say, servers, people, cast, pages, broker, database, tmp_path
):
    say("one")
    first = pages[0]
    assert heard(first, 1) == ["one"]
    token, since = people.token(cast.accounts["city"]), first.last_id
    first.close()
    say("two")
    with Listener(servers[1], token, last_id=since) as elsewhere:
        assert heard(elsewhere, 1) == ["two"]
    late = Server(database, home=tmp_path, nats_url=broker.url)
    late.start()
    with Listener(late, token, last_id=since) as joined:
        say("three")
        assert heard(joined, 2) == ["two", "three"]
    late.stop()
