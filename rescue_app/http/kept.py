"""Answers kept in memory by what they were made of, so that a busy map is drawn once for many."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock


class Kept:
    """Byte strings by key, the least used forgotten first. A key names one state for ever."""

    def __init__(self, *, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._size = 0
        self._found: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str, make: Callable[[], bytes]) -> bytes:
        """Give what is kept under a key, or make and keep it."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        made = make()
        with self._lock:
            if key not in self._found:
                self._found[key] = made
                self._size += len(made)
            while self._size > self._limit and len(self._found) > 1:
                self._size -= len(self._found.popitem(last=False)[1])
        return made
