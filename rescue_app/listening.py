"""The process that listens: to a broker's messages, and for files that are laid in a folder.

A message is acknowledged after the commit that keeps it and never before: the broker holds what
we have not confirmed, for as long as it or we or the database are away, and sends it again. What
comes twice is kept once.
"""

import asyncio
import signal
import threading
from collections.abc import Coroutine, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import aiomqtt
import structlog
from paho.mqtt.client import MQTTMessage
from sqlalchemy.exc import SQLAlchemyError

from gis.errors import PlatformError, Rejected
from gis.store.engine import Sessions
from hazards.monitoring import carrying, dropping
from hazards.monitoring.topics import BrokerMapping, Message

PORTS = {"mqtt": 1883, "mqtts": 8883}
MOST_AT_ONCE = 1_000
PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
LOOK_S = 5.0
QOS = 1
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Broker:
    """Where a broker is, and how it is spoken to: `mqtt://name:password@host:1883`, or mqtts."""

    host: str
    port: int
    secure: bool
    user: str | None
    password: str | None

    @classmethod
    def of(cls, url: str) -> "Broker":
        """Read an address."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise Rejected("A broker's address is mqtt://host:1883 or mqtts://host:8883.")
        user, password = (unquote(word) if word else None for word in (parts.username,
                                                                       parts.password))  # fmt: skip
        port = parts.port or PORTS[parts.scheme]
        return cls(parts.hostname, port, parts.scheme == "mqtts", user, password)


def listen(
    sessions: Sessions, *, broker: Broker | None, how: BrokerMapping | None, folder: Path | None
) -> None:
    """Listen until told to stop."""
    stop = threading.Event()
    for order in (signal.SIGINT, signal.SIGTERM):
        signal.signal(order, lambda *_: stop.set())
    looking = threading.Thread(target=_look, args=(sessions, folder, stop))
    looking.start()
    try:
        if broker and how:
            asyncio.run(_until(stop, _hear(sessions, broker, how)))
        stop.wait()
    finally:
        stop.set()
        looking.join()


async def _until(stop: threading.Event, work: Coroutine[None, None, None]) -> None:
    task = asyncio.create_task(work)
    while not stop.is_set() and not task.done():
        await asyncio.wait([task], timeout=PAUSE_S)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def _look(sessions: Sessions, folder: Path | None, stop: threading.Event) -> None:
    """Look for files again and again; a database that is away is asked again."""
    seen: dropping.Seen = {}
    while folder and not stop.is_set():
        try:
            seen = dropping.look(sessions, folder, seen, now=datetime.now(UTC))
        except (SQLAlchemyError, OSError) as error:
            log.warning("files.waiting", error=type(error).__name__)
        stop.wait(LOOK_S)


async def _hear(sessions: Sessions, broker: Broker, how: BrokerMapping) -> None:
    """Be connected for ever; after each failure a little longer pause, up to half a minute."""
    pause_s = PAUSE_S
    while True:
        try:
            async with client_of(broker, how.client) as client:
                pause_s = PAUSE_S
                await _take_from(client, sessions, how)
        except aiomqtt.MqttError as error:
            log.warning("mqtt.away", error=str(error), again_in_s=pause_s)
        await asyncio.sleep(pause_s)
        pause_s = min(2 * pause_s, LONGEST_PAUSE_S)


class Client(aiomqtt.Client):
    """Knows which messages the broker had sent before; aiomqtt's messages do not say it."""

    def __init__(self, *where: Any, **how: Any) -> None:
        """Connect when entered."""
        super().__init__(*where, **how)
        self.again: set[int] = set()

    def _on_message(self, client: Any, userdata: Any, message: MQTTMessage) -> None:
        (self.again.add if message.dup else self.again.discard)(message.mid)
        super()._on_message(client, userdata, message)


def client_of(broker: Broker, name: str) -> Client:
    """Make a client whose messages the broker holds while it is away."""
    client = Client(
        broker.host,
        broker.port,
        identifier=name,
        username=broker.user,
        password=broker.password,
        clean_session=False,
        tls_params=aiomqtt.TLSParameters() if broker.secure else None,
        timeout=10,
    )
    client._client.manual_ack_set(True)  # noqa: SLF001 - aiomqtt would confirm what is not kept yet
    return client


async def _take_from(client: Client, sessions: Sessions, how: BrokerMapping) -> None:
    for topic in dict.fromkeys(one.topic for one in how.topics):
        await client.subscribe(topic, qos=QOS)
    log.info("mqtt.listening", topics=[one.topic for one in how.topics])
    while True:
        come = [await anext(client.messages)]
        while len(client.messages) and len(come) < MOST_AT_ONCE:
            come.append(await anext(client.messages))
        await _keep(client, sessions, come, how)


def _told(message: aiomqtt.Message, again: AbstractSet[int]) -> Message:
    payload = message.payload if isinstance(message.payload, bytes) else b""
    mid = message.mid
    return Message(str(message.topic), payload, datetime.now(UTC), mid, mid in again)


async def _keep(
    client: Client, sessions: Sessions, come: Sequence[aiomqtt.Message], how: BrokerMapping
) -> None:
    """Keep messages and confirm each, however long the database is away or a feed has to wait."""
    waiting = {id(told): (told, one) for one in come if (told := _told(one, client.again))}
    pause_s = PAUSE_S
    while waiting:
        messages = [told for told, _ in waiting.values()]
        asked = partial(carrying.keep, sessions, messages, how, now=datetime.now(UTC))
        try:
            kept = await asyncio.to_thread(asked)
        except (SQLAlchemyError, PlatformError) as error:
            log.warning("mqtt.waiting", error=type(error).__name__, again_in_s=pause_s)
        else:
            for told in kept.done:
                _, one = waiting.pop(id(told))
                client._client.ack(one.mid, one.qos)  # noqa: SLF001 - as above: now it is kept
            log.info("mqtt.kept", kept=kept.taken.kept, same=kept.taken.same, left=len(waiting))
        if waiting:
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
