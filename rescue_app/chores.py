"""What the worker tidies up by the clock, and how often it looks around at all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from procrastinate import App
from sqlalchemy.orm import Session

from gis.store import files
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM
from hazards.monitoring import thinning
from hazards.monitoring.rules import Keeping
from hazards.points import counts as points
from hazards.susceptibility import removing
from hazards.tasks import counts as tasks
from qr_codes.tracks import service as tracks
from rescue_app import minutely
from rescue_app.auth import repository as accounts
from rescue_app.jobs.rules import HEARTBEAT_S, STALLED_AFTER_S
from rescue_app.jobs.stalled import take_up_stalled

FIVE_MINUTES = "*/5 * * * *"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often the worker looks around, shows that it lives, and takes others for dead."""

    minute: str = minutely.EACH_MINUTE
    heartbeat_s: float = HEARTBEAT_S
    stalled_after_s: float = STALLED_AFTER_S


RHYTHM = Rhythm()
Chore = Callable[[Session, datetime], object]
"""Tidies up in one transaction, as of a moment."""
CHORES: dict[str, tuple[str, Chore]] = {
    "forget_expired_sign_ins": ("7 * * * *", accounts.purge_expired),
    "forget_old_tracks": ("11 * * * *", lambda session, now: tracks.forget_old(session, now=now)),
    "forget_removed_ground": (
        "17 3 * * *",
        lambda session, now: removing.forget_removed(session, now=now),
    ),
    "sweep_files": ("23 3 * * *", lambda session, now: files.sweep(session, now=now)),
    "compact_point_counts": (FIVE_MINUTES, lambda session, _: points.compact(session)),
    "compact_task_counts": (FIVE_MINUTES, lambda session, now: tasks.compact(session, now=now)),
}


def add(queue: App, sessions: Sessions, rhythm: Rhythm, keeping: Keeping) -> None:
    """Let the queue do it."""
    _take_up(queue, rhythm)
    thin: Chore = lambda session, now: thinning.thin(session, keeping, now=now)  # noqa: E731 - as the others
    for name, (cron, chore) in (CHORES | {"thin_readings": ("41 * * * *", thin)}).items():
        minutely.look_after(queue, sessions, name, partial(_in_one_piece, chore), cron=cron)


def _in_one_piece(chore: Chore, sessions: Sessions, *, now: datetime) -> None:
    with unit_of_work(sessions, SYSTEM) as session:
        chore(session, now)


def _take_up(queue: App, rhythm: Rhythm) -> None:
    @queue.periodic(cron=rhythm.minute)
    @queue.task(name="take_up_stalled_jobs", queueing_lock="take_up_stalled_jobs")
    async def take_up(timestamp: int) -> None:
        """Queue again what a worker held that was killed."""
        del timestamp
        await take_up_stalled(queue, after_s=rhythm.stalled_after_s)
