"""The process that runs long jobs and the platform's regular chores; PostgreSQL is its queue."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog
from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import ConnectorException, JobAborted
from procrastinate.job_context import AbortReason
from psycopg.errors import RaiseException
from sqlalchemy import make_url

import rescue_app.features  # noqa: F401 - importing it declares every feature's jobs
from gis.store import files
from gis.store.engine import Sessions, make_engine, make_sessions, unit_of_work
from gis.store.scope import SYSTEM
from hazards.points import counts
from qr_codes.tracks import service as tracks
from rescue_app import logs, minutely
from rescue_app.auth import repository as accounts
from rescue_app.channels import running as channels
from rescue_app.jobs.repository import TASK
from rescue_app.jobs.running import Interrupted, execute

CONCURRENT_JOBS = 2
POOL_SIZE = 2 * CONCURRENT_JOBS
GRACE_S = 5.0
"""How long a job may go on after the worker was told to end; it then goes back to the queue."""
HEARTBEAT_S = 5.0
STALLED_AFTER_S = 20.0
NO_ADDRESS = channels.Post()
log = structlog.get_logger()


def work(
    *,
    app_url: str,
    files_url: str,
    check_in: timedelta = minutely.CHECK_IN,
    post: channels.Post = NO_ADDRESS,
) -> None:
    """Run jobs until told to stop."""
    logs.configure()
    engine = make_engine(app_url, pool_size=POOL_SIZE)
    sessions = make_sessions(engine, files_url=files_url)
    queue = make_queue(app_url, sessions, check_in=check_in)
    log.info("worker.started", tasks=sorted(queue.tasks))
    try:
        with channels.running(sessions, post):
            asyncio.run(_run(queue))
    finally:
        engine.dispose()


async def _run(queue: App) -> None:
    async with queue.open_async():
        await queue.run_worker_async(
            concurrency=CONCURRENT_JOBS,
            delete_jobs="successful",
            shutdown_graceful_timeout=GRACE_S,
            update_heartbeat_interval=HEARTBEAT_S,
            stalled_worker_timeout=STALLED_AFTER_S,
        )


def make_queue(app_url: str, sessions: Sessions, *, check_in: timedelta = minutely.CHECK_IN) -> App:
    """Build the queue with all it can do."""
    conninfo = make_url(app_url).set(drivername="postgresql")
    connector = PsycopgConnector(
        conninfo=conninfo.render_as_string(hide_password=False), min_size=1, max_size=POOL_SIZE
    )
    queue = App(connector=connector)
    _add_jobs(queue, sessions)
    _add_chores(queue, sessions)
    minutely.add(queue, sessions, check_in=check_in)
    channels.add(queue, sessions)
    return queue


def is_ending(context: JobContext) -> bool:
    """Tell whether the worker itself was told to end."""
    return context.abort_reason() == AbortReason.SHUTDOWN


async def take_up_stalled(queue: App, *, after_s: float) -> None:
    """Queue again what is held by workers that gave no sign of life for so long."""
    for job in await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=after_s):
        try:
            await queue.job_manager.retry_job(job)
        except ConnectorException as error:
            if not isinstance(error.__cause__, RaiseException):
                raise
            log.info("job.ended_meanwhile", queue_id=job.id)
        else:
            log.warning("job.taken_up_again", queue_id=job.id)


def _add_jobs(queue: App, sessions: Sessions) -> None:
    again = RetryStrategy(max_attempts=10, retry_exceptions={JobAborted})

    @queue.task(name=TASK, pass_context=True, retry=again)
    def run_job(context: JobContext, *, job_id: str) -> None:
        try:
            execute(sessions, UUID(job_id), must_stop=lambda: is_ending(context))
        except Interrupted as interruption:
            raise JobAborted from interruption


def _add_chores(queue: App, sessions: Sessions) -> None:
    @queue.periodic(cron="* * * * *")
    @queue.task(name="take_up_stalled_jobs", queueing_lock="take_up_stalled_jobs")
    async def take_up(timestamp: int) -> None:
        """Queue again what a worker held that was killed."""
        del timestamp
        await take_up_stalled(queue, after_s=STALLED_AFTER_S)

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
