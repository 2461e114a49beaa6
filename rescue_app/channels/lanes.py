"""Each gateway, and each push service, has a lane of its own: one that hangs holds up itself alone.

A lane has one batch on its way. While it is out, the others have theirs, and what they were told
is kept as soon as they are through.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock, Thread
from uuid import UUID

import structlog

from rescue_app.channels.transports import Outcome, Outgoing, Transport

AT_ONCE = 64
"""So many messages of one lane are carried at the same time."""
log = structlog.get_logger()

Load = tuple[str, str, Outgoing]
"""A message, its lane, and how it is carried."""
Keep = Callable[[Mapping[UUID, Outcome]], None]


class Lanes:
    """Carries batches beside each other, and knows which lanes are out."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._out: dict[str, Thread] = {}
        self._lock = Lock()

    @property
    def busy(self) -> Collection[str]:
        """Lanes that have a batch on its way."""
        with self._lock:
            return sorted(self._out)

    def send(self, batch: Sequence[Load], ways: Mapping[str, Transport]) -> None:
        """Set messages out, each in its lane; nobody is waited for."""
        loads: dict[str, list[Load]] = defaultdict(list)
        for one in batch:
            loads[one[0]].append(one)
        for lane, mine in loads.items():
            thread = Thread(target=self._carry, args=(lane, mine, ways), name=lane, daemon=True)
            with self._lock:
                self._out[lane] = thread
            thread.start()

    def wait(self, limit_s: float | None = None) -> None:
        """Wait until what is out now is back."""
        with self._lock:
            out = list(self._out.values())
        for thread in out:
            thread.join(limit_s)

    def _carry(self, lane: str, mine: Sequence[Load], ways: Mapping[str, Transport]) -> None:
        try:
            with ThreadPoolExecutor(max_workers=min(AT_ONCE, len(mine))) as pool:
                said = list(pool.map(lambda one: ways[one[1]].carry(one[2]), mine))
            self._keep({one[2].id: outcome for one, outcome in zip(mine, said, strict=True)})
        except Exception:
            log.exception("channels.lane_failed")  # what was out is anybody's when its lease ends
        finally:
            with self._lock:
                del self._out[lane]
