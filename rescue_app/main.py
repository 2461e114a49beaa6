"""Composition root: the only module that knows every floor. Start it with `--factory`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fastapi import FastAPI

from gis.store.engine import make_engine, make_sessions
from rescue_app import basemap, database, logs, memory
from rescue_app.http import crowding, errors, receiving
from rescue_app.http.answers import Answers
from rescue_app.http.guard import Guard
from rescue_app.http.kept import Kept
from rescue_app.http.looking import Looker
from rescue_app.http.signposts import Doorway, Signposts
from rescue_app.http.watch import Watch
from rescue_app.live.running import running_hub
from rescue_app.routers import AT_THE_DOOR, ROUTES
from rescue_app.settings import PROJECT, Settings
from rescue_app.web.lean import Static
from rescue_app.web.vendor import vendor

STATIC = Path(__file__).parent / "web" / "static"
KEPT_TILES_BYTES = 64_000_000


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Hold what lives as long as the process."""
    hub = running_hub(app.state.engine, nats_url=app.state.settings.nats_url)
    async with hub as app.state.hub, app.state.looker.pool:
        yield
    app.state.engine.dispose()


def create_app(settings: Settings, *, app_url: str) -> FastAPI:
    """Build the application on a database that it reaches as the application's role."""
    app = FastAPI(title="Yitong 一通", lifespan=lifespan, docs_url="/api/docs", redoc_url=None)
    app.state.settings = settings
    app.state.engine = make_engine(app_url)
    app.state.sessions = make_sessions(app.state.engine, files_url=settings.files_place)
    app.state.answers = Answers.gathered(app.state.sessions, settings.session_life)
    app.state.looker = Looker(app_url)
    app.state.tiles = Kept(limit_bytes=KEPT_TILES_BYTES)
    ground = app.state.basemap = basemap.opened(settings)
    routes = app.router.routes
    routes.extend(ROUTES)
    app.mount("/static/vendor", vendor(PROJECT / "node_modules"), name="vendor")
    app.mount("/static", Static(directory=STATIC), name="static")
    routes.insert(0, Signposts(routes))
    errors.install(app)
    app.add_middleware(Doorway, routes=AT_THE_DOOR, handlers=app.exception_handlers)
    app.add_middleware(crowding.Crowd, refuse=errors.on_crowd)
    app.add_middleware(Guard, basemap_origin=ground.origin if ground else "")
    app.add_middleware(Watch)
    return app


def app() -> FastAPI:
    """Build the application from the environment; what uvicorn calls in each process."""
    logs.configure()
    settings = Settings()
    database.wait_until_prepared(settings)
    receiving.tidy(settings.home, before=datetime.now(UTC) - timedelta(days=1))
    made = create_app(settings, app_url=database.ensure(settings).app)
    memory.settle()
    return made
