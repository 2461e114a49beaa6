"""Start the platform: all of it (`run`), or one process of it (`serve`, `worker`)."""

import signal
import socket
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from threading import Event
from typing import Annotated

import typer
from rich.console import Console

from gis.errors import Conflict, Unavailable
from rescue_app import database
from rescue_app.settings import Settings
from rescue_app.supervisor import Child, Supervisor

READY_LIMIT_S = 90
GRACE_S = 3
"""How long open live connections may hold up the server's end."""

console = Console(highlight=False, soft_wrap=True)


def run() -> None:
    """Start everything, keep it alive, and stop it all on Ctrl-C."""
    settings = Settings()
    stop = Event()
    for order in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(order, lambda *_: stop.set())
    began = time.monotonic()
    refuse_taken_port(settings.host, settings.port)
    supervisor = Supervisor(children(settings), console.print, keep_database(settings))
    try:
        with database.preparing(settings):
            supervisor.start("server")  # it reads its modules while the database comes up
            prepare(settings)
        here = (settings.host, settings.port)
        if supervisor.wait_until(lambda: answers(*here), limit_s=READY_LIMIT_S, stop=stop):
            from rescue_app.welcome import welcome  # noqa: PLC0415 - read while the server starts

            console.print(welcome(settings, seconds=time.monotonic() - began))
            supervisor.start("worker")
            if hears(settings):
                supervisor.start("listener")
            supervisor.watch(stop)
        elif not stop.is_set():
            raise Unavailable("The server did not answer within {limit} s.", limit=READY_LIMIT_S)
    finally:
        console.print("正在停止 · Stopping …")
        supervisor.end()
        if settings.database_url is None:
            database.private(settings).stop()


def prepare(settings: Settings) -> None:
    """Bring the database up, to today's schema, and fill it when it is empty."""
    with console.status("数据库 · Database …"):
        urls = database.ensure(settings)
    from rescue_app import first_run  # noqa: PLC0415 - alembic is slow; the port is checked first

    first_run.make_ready(urls, console)


def children(settings: Settings) -> list[Child]:
    """Name the processes that `run` keeps alive."""
    logs = settings.home / "log"
    logs.mkdir(parents=True, exist_ok=True)
    program = [sys.executable, "-m", "rescue_app.cli"]
    named = [("server", "serve"), ("worker", "worker")]
    named += [("listener", "listen")] if hears(settings) else []
    return [Child(name, [*program, verb], logs / f"{name}.log") for name, verb in named]


def hears(settings: Settings) -> bool:
    """Tell whether a broker or a folder is to be listened to."""
    return settings.mqtt_url is not None or settings.readings_folder is not None


def keep_database(settings: Settings) -> Callable[[], None]:
    """Bring the private database back when it died; a given server is left alone."""
    if settings.database_url is not None:
        return lambda: None
    cluster = database.private(settings)

    def keep() -> None:
        if not cluster.running():
            console.print("The database ended; starting it again")
            cluster.ensure_running()

    return keep


def refuse_taken_port(host: str, port: int) -> None:
    """Say at once, and not in a log, that the port is somebody else's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as taken:
            raise Conflict(
                "The port {port} is taken: Yitong runs already, or another program has it. "
                "Choose another one with YITONG_PORT={other} make run.",
                port=port,
                other=port + 1,
            ) from taken


def answers(host: str, port: int) -> bool:
    """Tell whether the server listens and says that it is well."""
    connection = HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    processes: Annotated[int, typer.Option(help="Server processes.", min=1)] = 1,
) -> None:
    """Run the web server until it is told to stop."""
    import uvicorn  # noqa: PLC0415 - only the server itself needs it

    from rescue_app.http.long_addresses import PROTOCOL  # noqa: PLC0415 - as above

    settings = Settings()
    uvicorn.run(
        "rescue_app.main:app",
        factory=True,
        http=PROTOCOL,
        host=host or settings.host,
        port=port or settings.port,
        workers=processes,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=GRACE_S,
    )


def worker() -> None:
    """Run long jobs until told to stop."""
    from rescue_app.channels.sending import Post  # noqa: PLC0415 - as below
    from rescue_app.worker import work  # noqa: PLC0415 - pulls in every feature with jobs

    settings = Settings()
    database.wait_until_prepared(settings)
    work(
        app_url=database.ensure(settings).app,
        files_url=settings.files_place,
        check_in=timedelta(minutes=settings.check_in_minutes),
        rounds=timedelta(hours=settings.return_patrol_hours),
        post=Post(settings.public_url or "", settings.push_contact),
        keeping=settings.keeping,
    )
