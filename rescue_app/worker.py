"""The process that runs long jobs."""

from threading import Event

import structlog

from rescue_app.settings import Settings


def work(settings: Settings, *, app_url: str) -> None:
    """Run jobs until told to stop."""
    del settings, app_url
    structlog.get_logger().info("worker.started")
    Event().wait()
