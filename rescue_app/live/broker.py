"""A stream of NATS JetStream: where committed lines of the log go from machine to machine."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Self

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, Header, StreamConfig
from nats.js.errors import APIError, NotFoundError

from rescue_app.live.carried import Carried, unpacked

SUBJECT = "yitong.live"
WRONG_LAST_SEQUENCE = 10071
KEPT_S = 3600
KEPT_MESSAGES = 10_000
PATIENCE_S = 2
PING_S = 2

AWAY = (Error, OSError, TimeoutError)
"""What a broker that is not there, or no longer, is known by."""


class Overtaken(Exception):
    """Another process wrote to the stream meanwhile: it carries from here on."""


@dataclass
class Stream:
    """The stream of one database at a broker that answers."""

    name: str
    lost: asyncio.Event
    _context: JetStreamContext
    _position: int = 0
    """The number of its last message. A writer who does not know the newest is refused."""

    async def carried(self) -> int:
        """Give the number of the last line that is in it."""
        info = await self._context.stream_info(self.name)
        self._position = info.state.last_seq
        if not info.state.messages:
            return 0
        newest = await self._context.get_msg(self.name, seq=self._position)
        with suppress(ValueError, TypeError):  # a message that is none of ours
            return unpacked(newest.data or b"").last
        return 0

    async def write(self, told: Carried) -> None:
        """Put a message behind the last one that was seen, durably, or be overtaken."""
        behind = {str(Header.EXPECTED_LAST_SEQUENCE.value): str(self._position)}
        try:
            written = await self._context.publish(
                subject(self.name), told.packed(), timeout=PATIENCE_S, headers=behind
            )
        except APIError as error:
            if error.err_code == WRONG_LAST_SEQUENCE:
                raise Overtaken from error
            raise
        self._position = written.seq

    async def hear(self, said: Callable[[Carried], None]) -> None:
        """Be told what is written from now on."""

        async def came(message: Msg) -> None:
            said(unpacked(message.data))

        new = ConsumerConfig(ack_policy=AckPolicy.NONE, deliver_policy=DeliverPolicy.NEW)
        await self._context.subscribe(subject(self.name), stream=self.name, cb=came, config=new)

    @classmethod
    @asynccontextmanager
    async def open(cls, servers: str, name: str) -> AsyncIterator[Self]:
        """Connect, and make the stream where there is none yet."""
        lost = asyncio.Event()
        client = await connected(servers, lost)
        try:
            context = client.jetstream(timeout=PATIENCE_S)
            await ensure(context, name)
            yield cls(name, lost, context)
        finally:
            with suppress(*AWAY):
                await client.close()


async def connected(servers: str, lost: asyncio.Event) -> Client:
    """Reach one of the servers. A lost connection is not mended here but told."""

    async def noted(_: Exception) -> None:
        """The stream is opened anew; what went wrong is in the log then."""

    async def closed() -> None:
        lost.set()

    return await nats.connect(
        servers.split(","),
        name="yitong",
        allow_reconnect=False,
        connect_timeout=PATIENCE_S,
        ping_interval=PING_S,
        error_cb=noted,
        closed_cb=closed,
    )


async def ensure(context: JetStreamContext, name: str) -> None:
    """Make the stream; one that is there keeps the settings that its operator gave it."""
    try:
        await context.stream_info(name)
    except NotFoundError:
        made = StreamConfig(
            name=name, subjects=[subject(name)], max_age=KEPT_S, max_msgs=KEPT_MESSAGES
        )
        with suppress(APIError):  # another process made it in this moment
            await context.add_stream(made)


def subject(name: str) -> str:
    """Give the subject of a stream."""
    return f"{SUBJECT}.{name}"


async def look(servers: str) -> str:
    """Tell which server answers and that it has JetStream, or raise one of `AWAY`."""
    client = await connected(servers, asyncio.Event())
    try:
        await client.jetstream(timeout=PATIENCE_S).account_info()
        version = client.connected_server_version
        return f"NATS {version.major}.{version.minor}.{version.patch}"
    finally:
        await client.close()
