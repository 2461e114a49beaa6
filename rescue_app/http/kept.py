"""Answers kept in memory by what they were made of, so that a busy map is drawn once for many."""

from collections import OrderedDict
from threading import Lock


class Kept:
    """Byte strings by key, the least used forgotten first. A key names one state for ever."""

    def __init__(self, *, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._size = 0
        self._found: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def find(self, key: str) -> bytes | None:
        """Give what is kept under a key."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def keep(self, key: str, made: bytes) -> None:
        """Keep what was made; the least used makes room."""
        with self._lock:
            self._size += len(made) - len(self._found.get(key, b""))
            self._found[key] = made
            while self._size > self._limit and len(self._found) > 1:
                self._size -= len(self._found.popitem(last=False)[1])
