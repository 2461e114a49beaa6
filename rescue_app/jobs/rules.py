"""The life of a job."""

from enum import StrEnum

ATTEMPTS_ALLOWED = 3
"""A job whose worker died this often is given up: it may be what kills the worker."""


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
