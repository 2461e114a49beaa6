"""A wall that shows everything, its line cut again and again: it may miss no line of the log."""

import asyncio
import contextlib
import json

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.store.notify import LiveEvent

TOPICS = ("order", "call")
PAUSE_S = 0.2


class Wall:
    """Reads the live stream and comes back with its last number."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.token = port, token
        self.first: int | None = None
        self.last = 0
        self.seen: set[int] = set()
        self.lines = 0

    async def live(self) -> None:
        """Read until cancelled."""
        while True:
            with contextlib.suppress(OSError, EOFError, TimeoutError):
                await self._read()
            await asyncio.sleep(PAUSE_S)

    async def _read(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        back = f"last-event-id: {self.last}\r\n" if self.first is not None else ""
        writer.write(
            f"GET /live?topics={','.join(TOPICS)} HTTP/1.1\r\nhost: yitong\r\n"
            f"cookie: yitong_session={self.token}\r\n{back}\r\n".encode()
        )
        self.lines += 1
        try:
            if b" 200 " not in await reader.readline():
                return
            while line := await reader.readline():
                self._hear(line)
        finally:
            writer.close()

    def _hear(self, line: bytes) -> None:
        name, _, said = line.partition(b": ")
        if not line.endswith(b"\n"):
            return
        if name == b"id":
            self._waits = int(said)
        elif name == b"data":
            self.seen.add(json.loads(said)["seq"])
        elif line == b"\n" and hasattr(self, "_waits"):
            self.last = max(self.last, self._waits)
            self.first = self.last if self.first is None else self.first

    def missed(self, session: Session) -> list[str]:
        """Give the lines of the log that the wall never showed."""
        query = select(LiveEvent.seq).where(
            LiveEvent.topic.in_(TOPICS),
            LiveEvent.seq.between((self.first or 0) + 1, self.last),
        )
        gaps = sorted(set(session.scalars(query)) - self.seen)
        return [f"the wall never heard of lines {gaps}"] if gaps else []

    def behind(self, session: Session) -> bool:
        """Tell whether newer lines are there."""
        newest = session.scalar(select(func.max(LiveEvent.seq)).where(LiveEvent.topic.in_(TOPICS)))
        return self.last < (newest or 0)
