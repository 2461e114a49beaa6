"""What a reader is told: ids alone, encoded once for all who may see it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from gis.authority import within

RESET = b"event: reset\ndata: {}\n\n"
"""Sent to a reader who was away longer than the log goes back: load everything anew."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the live log, ready to be written."""

    seq: int
    topic: str
    area_paths: tuple[str, ...]
    encoded: bytes


@dataclass(frozen=True, slots=True)
class View:
    """What a reader may see and wants to see; readers of one view share every byte."""

    area_path: str
    topics: frozenset[str]

    def sees(self, event: Event) -> bool:
        """Tell whether an event is wanted and concerns an area of this view."""
        wanted = not self.topics or event.topic in self.topics
        return wanted and any(within(path, self.area_path) for path in event.area_paths)


def encode(seq: int, topic: str, kind: str, ref: UUID | None, area_paths: list[str]) -> Event:
    """Write an event as the browser's EventSource reads it."""
    told: dict[str, Any] = {"seq": seq, "topic": topic, "kind": kind, "ref": ref}
    line = b"id: %d\ndata: %b\n\n" % (seq, orjson.dumps(told))
    return Event(seq, topic, tuple(area_paths), line)


def mark(seq: int) -> bytes:
    """Move a reader's last event id on without telling anything."""
    return b"id: %d\n\n" % seq
