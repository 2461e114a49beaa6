"""What the worker tidies up by the clock, and how often it looks around at all."""

from dataclasses import dataclass
from datetime import UTC, datetime

from procrastinate import App

from gis.store import files
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM
from hazards.points import counts
from qr_codes.tracks import service as tracks
from rescue_app import minutely
from rescue_app.auth import repository as accounts
from rescue_app.jobs.stalled import take_up_stalled


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often the worker looks around, shows that it lives, and takes others for dead."""

    minute: str = minutely.EACH_MINUTE
    heartbeat_s: float = 5.0
    stalled_after_s: float = 20.0


RHYTHM = Rhythm()


def add(queue: App, sessions: Sessions, rhythm: Rhythm) -> None:
    """Let the queue do it."""
    _take_up(queue, rhythm)

    @queue.periodic(cron="7 * * * *")
    @queue.task(name="forget_expired_sign_ins", queueing_lock="forget_expired_sign_ins")
    def forget(timestamp: int) -> None:
        """Remove sign-ins whose life is over."""
        del timestamp
        with unit_of_work(sessions, SYSTEM) as session:
            accounts.purge_expired(session, datetime.now(UTC))

    @queue.periodic(cron="11 * * * *")
    @queue.task(name="forget_old_tracks", queueing_lock="forget_old_tracks")
    def forget_tracks(timestamp: int) -> None:
        """Remove tracks of patrols on the day that was promised."""
        del timestamp
        with unit_of_work(sessions, SYSTEM) as session:
            tracks.forget_old(session, now=datetime.now(UTC))

    @queue.periodic(cron="23 3 * * *")
    @queue.task(name="sweep_files", queueing_lock="sweep_files")
    def sweep(timestamp: int) -> None:
        """Remove files that nobody attached, and bytes that no file has any more."""
        del timestamp
        with unit_of_work(sessions, SYSTEM) as session:
            files.sweep(session, now=datetime.now(UTC))

    @queue.periodic(cron="*/5 * * * *")
    @queue.task(name="compact_point_counts", queueing_lock="compact_point_counts")
    def compact(timestamp: int) -> None:
        """Melt the count pyramid's rows of the same key into one."""
        del timestamp
        with unit_of_work(sessions, SYSTEM) as session:
            counts.compact(session)


def _take_up(queue: App, rhythm: Rhythm) -> None:
    @queue.periodic(cron=rhythm.minute)
    @queue.task(name="take_up_stalled_jobs", queueing_lock="take_up_stalled_jobs")
    async def take_up(timestamp: int) -> None:
        """Queue again what a worker held that was killed."""
        del timestamp
        await take_up_stalled(queue, after_s=rhythm.stalled_after_s)
