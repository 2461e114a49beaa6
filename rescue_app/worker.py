"""The process that runs long jobs and the platform's regular chores; PostgreSQL is its queue."""

import asyncio
import time
from datetime import timedelta
from functools import partial
from uuid import UUID

import psycopg
import structlog
from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import ConnectorException, JobAborted
from procrastinate.job_context import AbortReason
from sqlalchemy import make_url

import rescue_app.features  # noqa: F401 - importing it declares every feature's jobs
from gis.store.engine import Sessions, make_engine, make_sessions
from hazards.monitoring.rules import FOR_EVER, Keeping
from rescue_app import chores, logs, minutely
from rescue_app.channels import running as channels
from rescue_app.chores import RHYTHM, Rhythm
from rescue_app.jobs.repository import TASK
from rescue_app.jobs.running import Interrupted, execute

CONCURRENT_JOBS = 2
POOL_SIZE = 2 * CONCURRENT_JOBS
RETRY_S = 1.0
GRACE_S = 5.0
"""How long a job may go on after the worker was told to end; it then goes back to the queue."""
NO_ADDRESS = channels.Post()
log = structlog.get_logger()


def work(
    *,
    app_url: str,
    files_url: str,
    check_in: timedelta = minutely.CHECK_IN,
    rounds: timedelta = minutely.ROUNDS,
    post: channels.Post = NO_ADDRESS,
    rhythm: Rhythm = RHYTHM,
    keeping: Keeping = FOR_EVER,
) -> None:
    """Run jobs until told to stop."""
    logs.configure()
    engine = make_engine(app_url, pool_size=POOL_SIZE)
    sessions = make_sessions(engine, files_url=files_url)
    try:
        with channels.running(sessions, post):
            make = partial(make_queue, app_url, sessions, check_in=check_in, rounds=rounds,
                           rhythm=rhythm, keeping=keeping)  # fmt: skip
            while not _worked(make(), rhythm):
                time.sleep(RETRY_S)
    finally:
        engine.dispose()


def _worked(queue: App, rhythm: Rhythm) -> bool:
    """Run jobs until told to stop (true), or until the database is lost: that is waited for.

    A worker that ended instead was started again and ended again, until whoever watches over it
    gave up on the whole platform: a minute's restart of a database server was enough.
    """
    log.info("worker.started", tasks=sorted(queue.tasks))
    try:
        asyncio.run(_run(queue, rhythm))
    except (ConnectorException, psycopg.OperationalError) as error:
        log.warning("worker.database_lost", error=type(error).__name__)
        return False
    return True


async def _run(queue: App, rhythm: Rhythm) -> None:
    async with queue.open_async():
        await queue.run_worker_async(
            concurrency=CONCURRENT_JOBS,
            delete_jobs="successful",
            shutdown_graceful_timeout=GRACE_S,
            update_heartbeat_interval=rhythm.heartbeat_s,
            stalled_worker_timeout=rhythm.stalled_after_s,
        )


def make_queue(
    app_url: str,
    sessions: Sessions,
    *,
    check_in: timedelta = minutely.CHECK_IN,
    rounds: timedelta = minutely.ROUNDS,
    rhythm: Rhythm = RHYTHM,
    keeping: Keeping = FOR_EVER,
) -> App:
    """Build the queue with all it can do."""
    conninfo = make_url(app_url).set(drivername="postgresql")
    connector = PsycopgConnector(
        conninfo=conninfo.render_as_string(hide_password=False), min_size=1, max_size=POOL_SIZE
    )
    queue = App(connector=connector)
    _add_jobs(queue, sessions)
    chores.add(queue, sessions, rhythm, keeping)
    minutely.add(queue, sessions, check_in=check_in, rounds=rounds, minute=rhythm.minute)
    channels.add(queue, sessions)
    return queue


def is_ending(context: JobContext) -> bool:
    """Tell whether the worker itself was told to end."""
    return context.abort_reason() == AbortReason.SHUTDOWN


def _add_jobs(queue: App, sessions: Sessions) -> None:
    again = RetryStrategy(max_attempts=10, retry_exceptions={JobAborted})

    @queue.task(name=TASK, pass_context=True, retry=again)
    def run_job(context: JobContext, *, job_id: str) -> None:
        try:
            execute(sessions, UUID(job_id), must_stop=lambda: is_ending(context))
        except Interrupted as interruption:
            raise JobAborted from interruption
