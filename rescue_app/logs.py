"""Logs as JSON lines that machines read, without anything that belongs to a person.

Messages of exceptions are left out on purpose: databases put rows into them ("Key
(phone)=(138…) already exists"). Type, SQL state, constraint and the lines of code remain,
which is what mends a fault.
"""

import logging
import sys
import traceback
from pathlib import Path
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor

PROJECT = Path(__file__).resolve().parent.parent
FRAMES = 12
QUIET = ("procrastinate", "uvicorn.access", "httpx", "asyncio")
BEFORE: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
)


def configure(stream: TextIO = sys.stderr) -> None:
    """Send our own lines and those of the libraries through one form."""
    after: list[Processor] = [
        without_messages,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    structlog.configure(
        processors=[*BEFORE, *after],
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=list(BEFORE),
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *after],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def without_messages(_: Any, __: str, line: EventDict) -> EventDict:
    """Tell an exception by its kind and its place, never by its words."""
    error = line.pop("exc_info", None)
    if isinstance(error, tuple):
        error = error[1]
    elif error and not isinstance(error, BaseException):
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        line["errors"] = [described(each) for each in chain(error)]
    return line


def chain(error: BaseException) -> list[BaseException]:
    """Give an exception and what it came from, the origin last."""
    found: list[BaseException] = []
    here: BaseException | None = error
    while here is not None and here not in found:
        found.append(here)
        here = here.__cause__ or (None if here.__suppress_context__ else here.__context__)
    return found


def described(error: BaseException) -> dict[str, Any]:
    """Describe one exception without its message."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    facts: dict[str, Any] = {
        "type": type(error).__name__,
        "at": [f"{shortened(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames],
    }
    state = getattr(error, "sqlstate", None)
    constraint = getattr(getattr(error, "diag", None), "constraint_name", None)
    return facts | {k: v for k, v in (("sqlstate", state), ("constraint", constraint)) if v}


def shortened(filename: str) -> str:
    """Give a path as one reads it: from the project or from the library's folder."""
    return filename.removeprefix(f"{PROJECT}/").rpartition("/site-packages/")[2]
