"""What the worker looks after by the clock; a second run at the same time finds nothing to do."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from procrastinate import App

from gis.store.engine import Sessions
from hazards.alerts import service as alerts
from hazards.alerts import spreading
from hazards.cap import pulling
from hazards.evidence import weighing
from hazards.judging import proposing
from hazards.judging.live import Judge
from hazards.monitoring import watching as stations
from hazards.tasks import worker as tasks
from qr_codes.findings import alarm
from rescue_app.dispatch import climbing
from rescue_app.evacuation import patrols
from rescue_app.incidents import raising
from rescue_app.loans import service as loans
from rescue_app.review import ringing
from rescue_app.site import watching

CHECK_IN = watching.EVERY
ROUNDS = patrols.EVERY
EACH_MINUTE = "* * * * *"
Look = Callable[..., object]
"""Looks after something of all areas: `look(sessions, now=…)`."""


def add(
    queue: App,
    sessions: Sessions,
    *,
    check_in: timedelta,
    rounds: timedelta = ROUNDS,
    minute: str = EACH_MINUTE,
) -> None:
    """Let the queue make what falls due, and call about what is late, silent or overdue."""
    looks: dict[str, Look] = {
        "make_tasks": tasks.tick,
        "end_alerts": alerts.expire_due,
        "spread_alerts": spreading.keep_up,
        "ask_cap_feeds": pulling.look,
        "call_overdue_findings": alarm.call_overdue,
        "call_late_reports": raising.call_late,
        "call_late_lessons": ringing.call_late,
        "watch_stations": stations.watch,
        "judge_readings": Judge().look,
        "propose_alerts": proposing.look,
        "weigh_records": weighing.look,
        "end_loans": loans.end_due,
        "climb_over_silent": climbing.climb_over,
        "watch_returns": partial(patrols.watch, every=rounds),
        "watch_sites": partial(watching.watch, every=check_in),
    }
    for name, look in looks.items():
        look_after(queue, sessions, name, look, cron=minute)


def look_after(queue: App, sessions: Sessions, name: str, look: Look, *, cron: str) -> None:
    """Let the queue do one thing by the clock, one run at a time."""

    @queue.periodic(cron=cron)
    @queue.task(name=name, queueing_lock=name, lock=name)
    def run(timestamp: int) -> None:
        del timestamp
        look(sessions, now=datetime.now(UTC))
