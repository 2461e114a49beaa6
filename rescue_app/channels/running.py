"""What the worker does for calls: lays them out, keeps the ladders' time, sends, and forgets."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from procrastinate import App

from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM
from hazards.alerts import spreading
from hazards.calls import worker as calls
from rescue_app.channels import repository, sending
from rescue_app.channels.sending import Post
from rescue_app.channels.ways import EveryWay
from rescue_app.dispatch import laying

__all__ = ["Post", "add", "running"]
KEPT = timedelta(days=30)
"""How long the outbox and the gateways' words are kept; the calls' own log stays for good."""


@contextmanager
def running(sessions: Sessions, post: Post) -> Iterator[None]:
    """Climb, hand out, send and call the many beside the process's other work."""
    with (
        calls.keeping_time(sessions, name="orders", do=laying.lay_out),
        calls.keeping_time(sessions, ways=EveryWay()),
        calls.keeping_time(sessions, name="alerts", do=spreading.go_on),
        sending.sending(sessions, post),
    ):
        yield


def add(queue: App, sessions: Sessions) -> None:
    """Let the queue remove what is long past."""

    @queue.periodic(cron="41 * * * *")
    @queue.task(name="forget_old_messages", queueing_lock="forget_old_messages")
    def forget_messages(timestamp: int) -> None:
        """Remove messages and gateways' words of which nobody asks any more."""
        del timestamp
        with unit_of_work(sessions, SYSTEM) as session:
            repository.forget_old(session, before=datetime.now(UTC) - KEPT)
