"""A phone's side of the line: what it asks, and its outbox, which tells until it is heard."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from uuid import UUID

LIMIT_S = 25
MARK = "x-night: "
AGAIN_S = (0.1, 0.3, 1.0, 2.0, 4.0)


class Unheard(Exception):
    """No answer came: nobody knows whether it was heard."""


async def ask(
    port: int,
    method: str,
    path: str,
    token: str,
    body: object = None,
    *,
    mark: str,
    headers: Mapping[str, str] = MappingProxyType({}),
) -> Any:
    """Send one request; give its status and its answer. The line knows it by its mark."""
    said = b"" if body is None else json.dumps(body).encode()
    more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = (
        f"{method} {path} HTTP/1.1\r\nhost: yitong\r\ncookie: yitong_session={token}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(said)}\r\n"
        f"sec-fetch-site: same-origin\r\n{MARK}{mark}\r\n{more}connection: close\r\n\r\n"
    )
    try:
        async with asyncio.timeout(LIMIT_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(head.encode() + said)
                answer = await reader.read()
            finally:
                writer.close()
    except (OSError, TimeoutError) as error:
        raise Unheard from error
    return _read(answer)


def _read(answer: bytes) -> tuple[int, Any]:
    head, between, body = answer.partition(b"\r\n\r\n")
    length = next(
        (int(x.partition(b":")[2]) for x in head.lower().split(b"\r\n") if b"content-length:" in x),
        0,
    )
    if not between or len(body) < length:
        raise Unheard
    return int(head.split(b" ", 2)[1]), json.loads(body) if body else None


@dataclass
class Deed:
    """Something said once and sent until it is heard; `status` is what was answered at last."""

    mark: str
    """Its name among all that is said tonight: its number and its fate on the line go by it."""
    id: UUID
    by: UUID
    kind: str
    about: UUID
    path: str
    body: dict[str, Any]
    status: int | None = None
    tries: int = 0

    @property
    def heard(self) -> bool:
        """It was acknowledged: from now on it has to be there."""
        return self.status is not None and self.status < 300


@dataclass
class Notebook:
    """Everything that was said tonight, by its id."""

    deeds: dict[UUID, Deed] = field(default_factory=dict)

    async def tell(self, port: int, token: str, deed: Deed) -> int:
        """Send a deed until somebody takes or refuses it."""
        self.deeds[deed.id] = deed
        while True:
            try:
                mark = f"{deed.mark} try {deed.tries + 1}"
                status, _ = await ask(port, "POST", deed.path, token, deed.body, mark=mark)
            except Unheard:
                status = 503
            deed.tries += 1
            if status < 500:
                deed.status = status
                return status
            await asyncio.sleep(AGAIN_S[min(deed.tries, len(AGAIN_S)) - 1])

    @property
    def waiting(self) -> list[Deed]:
        """What nobody has answered yet."""
        return [deed for deed in self.deeds.values() if deed.status is None]
