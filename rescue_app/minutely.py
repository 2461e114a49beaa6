"""What the worker looks after every minute; a second run in the same minute finds nothing to do."""

from datetime import UTC, datetime, timedelta

from procrastinate import App

from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM
from hazards.tasks import counts
from hazards.tasks import worker as tasks
from qr_codes.findings import alarm
from rescue_app.dispatch import climbing
from rescue_app.incidents import raising
from rescue_app.review import ringing
from rescue_app.site import watching

CHECK_IN = watching.EVERY


def add(queue: App, sessions: Sessions, *, check_in: timedelta) -> None:
    """Let the queue do it."""
    add_lessons(queue, sessions)

    @queue.periodic(cron="* * * * *")
    @queue.task(name="make_tasks", queueing_lock="make_tasks", lock="make_tasks")
    def make_tasks(timestamp: int) -> None:
        """Make what falls due and call about what is overdue."""
        del timestamp
        tasks.tick(sessions, now=datetime.now(UTC))

    @queue.periodic(cron="* * * * *")
    @queue.task(name="call_overdue_findings", queueing_lock="call_overdue_findings")
    def call_overdue_findings(timestamp: int) -> None:
        """Call about findings whose stage is overdue; once a day each, until they move."""
        del timestamp
        alarm.call_overdue(sessions, now=datetime.now(UTC))

    @queue.periodic(cron="* * * * *")
    @queue.task(name="call_late_reports", queueing_lock="call_late_reports")
    def call_late_reports(timestamp: int) -> None:
        """Call about reports of incidents that are late."""
        del timestamp
        raising.call_late(sessions, now=datetime.now(UTC))

    @queue.periodic(cron="* * * * *")
    @queue.task(name="climb_over_silent", queueing_lock="climb_over_silent")
    def climb_over_silent(timestamp: int) -> None:
        """Give orders past levels where nobody answers."""
        del timestamp
        climbing.climb_over(sessions, now=datetime.now(UTC))

    @queue.periodic(cron="* * * * *")
    @queue.task(name="watch_sites", queueing_lock="watch_sites")
    def watch_sites(timestamp: int) -> None:
        """Ask about crews on site that were not heard of in time."""
        del timestamp
        watching.watch(sessions, now=datetime.now(UTC), every=check_in)


def add_lessons(queue: App, sessions: Sessions) -> None:
    """Let the queue ask about lessons of reviews, too."""

    @queue.periodic(cron="* * * * *")
    @queue.task(name="call_late_lessons", queueing_lock="call_late_lessons")
    def call_late_lessons(timestamp: int) -> None:
        """Call about lessons of reviews that are late; once a day each, until they are done."""
        del timestamp
        ringing.call_late(sessions, now=datetime.now(UTC))


def add_sums(queue: App, sessions: Sessions) -> None:
    """Let the queue keep the sums of lists small."""

    @queue.periodic(cron="*/5 * * * *")
    @queue.task(name="compact_task_counts", queueing_lock="compact_task_counts")
    def compact_task_counts(timestamp: int) -> None:
        """Melt what the board of lists adds up."""
        del timestamp
        with unit_of_work(sessions, SYSTEM) as session:
            counts.compact(session, now=datetime.now(UTC))
