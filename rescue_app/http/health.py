"""How the process is: alive, ready, and in figures. No personal data in any of them."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from gis.errors import Unavailable
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM
from hazards.calls import repository as calls
from rescue_app.channels import repository as channels
from rescue_app.jobs.repository import oldest_waiting

router = APIRouter(tags=["health"])
JOB_LAG = Gauge("yitong_job_lag_seconds", "How long the oldest waiting job waits already")
CALLS_OVERDUE = Gauge("yitong_calls_overdue", "Ladders of calls whose time to climb is past")
DRILLS_OVERDUE = Gauge("yitong_drill_calls_overdue", "The same of drills, which count nowhere else")
GATEWAYS_DOWN = Gauge("yitong_gateways_down", "Gateways that fail at this moment")
MESSAGE_LAG = Gauge("yitong_message_lag_seconds", "How long the oldest due message waits already")
DATABASE_UP = Gauge("yitong_database_up", "1 while the database answers")


@router.get("/healthz", response_class=PlainTextResponse)
def alive() -> str:
    """Answer while the process can answer at all."""
    return "alive\n"


@router.get("/readyz", response_class=PlainTextResponse)
def ready(request: Request) -> str:
    """Answer while requests can be served: the database is there."""
    try:
        with request.app.state.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except OperationalError as error:
        raise Unavailable("The database does not answer. Look at its log, or wait.") from error
    return "ready\n"


@router.get("/metrics")
def figures(request: Request) -> Response:
    """Give the process's figures in Prometheus' text format."""
    note_figures(request.app.state.sessions, datetime.now(UTC))
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def note_figures(sessions: Sessions, now: datetime) -> None:
    """Look at the queue and the ladders; without a database there is a figure that says so."""
    try:
        with unit_of_work(sessions, SYSTEM) as session:
            since = oldest_waiting(session)
            real, drills = calls.overdue(session, now)
            down, oldest = channels.health(session, now)
    except OperationalError:
        DATABASE_UP.set(0)
        return
    DATABASE_UP.set(1)
    CALLS_OVERDUE.set(real)
    DRILLS_OVERDUE.set(drills)
    GATEWAYS_DOWN.set(down)
    MESSAGE_LAG.set((now - oldest).total_seconds() if oldest else 0)
    JOB_LAG.set((now - since).total_seconds() if since else 0)
