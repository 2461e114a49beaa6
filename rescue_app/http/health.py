"""How the process is: alive, ready, and in figures. No personal data in any of them."""

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from gis.errors import Unavailable

router = APIRouter(tags=["health"])


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
def figures() -> Response:
    """Give the process's figures in Prometheus' text format."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
