"""What is carried between machines: lines of the log, and which line each follows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import orjson

from rescue_app.live.events import Event

PIECE_BYTES = 256 * 1024
"""Far below the megabyte that a broker takes; what is larger is read at the database."""


@dataclass(frozen=True, slots=True)
class Carried:
    """Some lines in turn. `after` is the number before the first: a gap shows."""

    after: int
    last: int
    lines: tuple[Event, ...] | None
    """None where they are to be read at the database: too many, too large, or long ago."""

    def follows(self, seq: int) -> bool:
        """Tell whether nothing is missing for who has read up to a number."""
        return self.lines is not None and self.after <= seq

    def packed(self) -> bytes:
        """Write it down for the broker."""
        return orjson.dumps((self.after, self.last, self._written()))

    def _written(self) -> list[tuple[int, str, tuple[str, ...], str]] | None:
        if self.lines is None:
            return None
        return [(e.seq, e.topic, e.area_paths, e.encoded.decode()) for e in self.lines]


def unpacked(told: bytes) -> Carried:
    """Read what the broker brought."""
    after, last, lines = orjson.loads(told)
    if lines is None:
        return Carried(after, last, None)
    events = (Event(seq, topic, tuple(paths), said.encode()) for seq, topic, paths, said in lines)
    return Carried(after, last, tuple(events))


def pieces(events: Sequence[Event], *, after: int) -> Iterator[Carried]:
    """Divide lines into messages that a broker takes."""
    some: list[Event] = []
    size = 0
    for event in events:
        weight = len(event.encoded) + sum(map(len, event.area_paths))
        if some and size + weight > PIECE_BYTES:
            yield Carried(after, some[-1].seq, tuple(some))
            after, some, size = some[-1].seq, [], 0
        if weight > PIECE_BYTES:
            yield Carried(after, event.seq, None)
            after = event.seq
        else:
            some.append(event)
            size += weight
    if some:
        yield Carried(after, some[-1].seq, tuple(some))
