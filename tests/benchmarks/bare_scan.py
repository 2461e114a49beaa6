"""The least that a scan over HTTP can cost: a plain ASGI route with one indexed SELECT.

Run as a program it is the server; imported it starts it.
"""

import subprocess
import sys
from types import TracebackType
from typing import Self

import uvicorn
from psycopg_pool import ConnectionPool
from starlette.types import Receive, Scope, Send

from rescue_app.settings import PROJECT
from tests.processes import READY, free_port

LOOK_UP = """
    SELECT asset.name FROM risk_code JOIN asset ON asset.id = risk_code.asset_id
    JOIN asset_type ON asset_type.code = asset.type_code WHERE risk_code.code = %s
"""


class Bare:
    """The application: no framework, no page, no check."""

    def __init__(self, url: str) -> None:
        self.pool = ConnectionPool(url, min_size=1, max_size=1, open=True)

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        """Look a code up and give the asset's name."""
        code = scope["path"].rpartition("/")[2]
        with self.pool.connection() as connection:
            found = connection.execute(LOOK_UP, [code]).fetchone()
        said = str(found[0]).encode() if found else b""
        head = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(said))]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": said})


class BareServer:
    """The floor as a process of its own."""

    def __init__(self, url: str) -> None:
        self.port, self.url = free_port(), url

    def __enter__(self) -> Self:
        """Start it."""
        command = [sys.executable, "-m", "tests.benchmarks.bare_scan", str(self.port), self.url]
        self._process = subprocess.Popen(
            command, cwd=PROJECT, stderr=subprocess.STDOUT, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if READY in line:
                break
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


if __name__ == "__main__":
    port, url = sys.argv[1:]
    uvicorn.run(Bare(url), port=int(port), access_log=False, lifespan="off")
