"""Coroutines in a thread of their own: the browser's driver holds a loop in the main one."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Gives = TypeVar("Gives")


def run_apart(work: Coroutine[Any, Any, Gives]) -> Gives:
    """Run a coroutine to its end, whatever loop this thread has."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, work).result()
