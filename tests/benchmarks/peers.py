"""Python programs that others would pick, each in an environment of its own, made on demand."""

import os
import subprocess
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from sqlalchemy import make_url

from tests.benchmarks.harness import Spent
from tests.processes import READY, free_port

HOME = Path("build/peers")


def python_with(package: str, *others: str) -> Path:
    """Give the interpreter of an environment that has this package, and what runs it."""
    home = HOME / package
    python = home / "bin" / "python"
    if not (home / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", package, *others], check=True)
        (home / "ready").touch()
    return python


def self_timed(python: Path, program: str, *words: str) -> Spent:
    """Run a program that prints its own seconds: its start is not part of the work."""
    done = subprocess.run(
        [python, "-c", program, *words], check=True, capture_output=True, text=True
    )
    return Spent(float(done.stdout))


class Tipg(AbstractContextManager["Tipg"]):
    """tipg on a table of ours, as its owner: it asks nobody who is asking."""

    def __init__(self, owner_url: str, table: str) -> None:
        python = python_with("tipg", "uvicorn[standard]")
        url = make_url(owner_url)
        where = quote(str(url.query["host"]), safe="")
        self.port = free_port()
        settings = {
            # The socket as a host: asyncpg decodes it, and no port is opened for a test.
            "DATABASE_URL": f"postgresql://{url.username}@{where}/{url.database}",
            "TIPG_DB_TABLES": f'["{table}"]',
            "TIPG_CATALOG_TTL": "86400",
        }
        self._process = subprocess.Popen(
            [python, "-m", "uvicorn", "tipg.main:app", "--no-access-log", "--port", str(self.port)],
            env=os.environ | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self._process.stdout is not None
        said = []
        for line in self._process.stdout:
            said.append(line)
            if READY in line:
                return
        raise RuntimeError("tipg did not start:\n" + "".join(said))

    def __enter__(self) -> Self:
        """Give the server, which runs already."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it."""
        self._process.terminate()
        self._process.communicate()
