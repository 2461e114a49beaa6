"""What a dead worker held in the queue: the next one takes it up, or goes on without it."""

import structlog
from procrastinate import App
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Status
from psycopg.errors import RaiseException

log = structlog.get_logger()


async def take_up_stalled(queue: App, *, after_s: float) -> None:
    """Queue again what is held by workers that gave no sign of life for so long.

    Of a chore the next one may be queued already. The one that died then ends: it held the
    chore's lock, and as long as it did no silent level was climbed over by anybody.
    """
    for job in await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=after_s):
        try:
            await queue.job_manager.retry_job(job)
        except UniqueViolation:
            await queue.job_manager.finish_job(job, Status.FAILED, delete_job=True)
            log.warning("job.ended_for_the_next", queue_id=job.id)
        except ConnectorException as error:
            if not isinstance(error.__cause__, RaiseException):
                raise
            log.info("job.ended_meanwhile", queue_id=job.id)
        else:
            log.warning("job.taken_up_again", queue_id=job.id)
