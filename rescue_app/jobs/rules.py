"""The life of a job."""

from datetime import datetime, timedelta
from enum import StrEnum

ATTEMPTS_ALLOWED = 3
"""A job whose worker died this often is given up: it may be what kills the worker."""

HEARTBEAT_S = 5.0
STALLED_AFTER_S = 20.0
"""A worker that gave no sign of life for so long is dead; each minute its jobs are taken up."""
SILENT = timedelta(seconds=2 * HEARTBEAT_S + 1)
"""Two signs of life missed: long enough to say so."""
MINUTE = timedelta(minutes=1)


class JobState(StrEnum):
    """Where a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OVER = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


class Cancelled(Exception):
    """Somebody asked to stop the job; raised where the job reports its progress."""


def state_after(failure: BaseException | None) -> JobState:
    """Give how a job ended: by itself, on request, or by an error."""
    if failure is None:
        return JobState.DONE
    return JobState.CANCELLED if isinstance(failure, Cancelled) else JobState.FAILED


def taken_up_by(heard_at: datetime | None, *, now: datetime) -> datetime | None:
    """Give when a running job is taken up again, if nothing is heard of its worker.

    A worker of which nothing is known any more was dead long enough already.
    """
    if heard_at is not None and now - heard_at < SILENT:
        return None
    dead_at = heard_at + timedelta(seconds=STALLED_AFTER_S) if heard_at else now
    return max(dead_at, now).replace(second=0, microsecond=0) + MINUTE
