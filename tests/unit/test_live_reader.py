"""A slow page costs the others nothing, and is let go before it fills the memory."""

import asyncio

from rescue_app.live.reader import WAITING_LIMIT, Reader, body
from tests.loops import run_apart


class Connection:
    """A browser's end that can be slow, as the server's `send` shows it."""

    def __init__(self):
        self.read = []
        self.writable = asyncio.Event()
        self.writable.set()
        self.news = asyncio.Condition()

    async def send(self, message):
        if not self.writable.is_set():
            await self.writable.wait()
        async with self.news:
            self.read.append(message["body"])
            self.news.notify_all()

    async def has_read(self, count):
        async with self.news:
            await self.news.wait_for(lambda: len(self.read) >= count)


def test_a_quick_page_is_written_to_at_once():
    async def scene():
        line = Connection()
        reader = Reader(line.send)
        reader.push(body(b"one"))
        reader.push(body(b"two"))
        assert line.read == [b"one", b"two"]

    run_apart(scene())


def test_a_slow_page_gets_everything_in_order_once_it_reads_again():
    async def scene():
        line = Connection()
        reader = Reader(line.send)
        line.writable.clear()
        for number in range(5):
            reader.push(body(b"%d" % number))
        assert line.read == []
        line.writable.set()
        await line.has_read(5)
        reader.push(body(b"5"))
        await line.has_read(6)
        assert line.read == [b"0", b"1", b"2", b"3", b"4", b"5"]
        assert not reader.gone.is_set()

    run_apart(scene())


def test_a_page_that_does_not_read_is_let_go():
    async def scene():
        line = Connection()
        reader = Reader(line.send)
        line.writable.clear()
        for _ in range(WAITING_LIMIT + 1):
            reader.push(body(b"x"))
        assert not reader.gone.is_set()
        reader.push(body(b"one too many"))
        assert reader.gone.is_set()
        line.writable.set()
        await asyncio.sleep(0)

    run_apart(scene())


def test_a_connection_that_breaks_while_writing_is_let_go():
    async def scene():
        async def broken(_message):
            raise BrokenPipeError

        reader = Reader(broken)
        reader.push(body(b"x"))
        assert reader.gone.is_set()

    run_apart(scene())
