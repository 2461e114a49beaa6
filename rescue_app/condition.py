"""The condition of a database, looked at without changing it."""

from dataclasses import dataclass

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from gis.errors import Unavailable
from gis.store.cluster import Urls
from rescue_app import schema

SERVER = text("SELECT current_setting('server_version')")
POSTGIS = text("SELECT extversion FROM pg_extension WHERE extname = 'postgis'")
HAS_AREAS = text("SELECT to_regclass('area') IS NOT NULL")
AREAS = text("SELECT count(*) FROM area")
PRIVILEGED = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")


@dataclass(frozen=True, slots=True)
class Condition:
    """What was seen."""

    server: str
    postgis: str
    is_current: bool
    areas: int
    is_privileged: bool
    """Whether the application would walk past row-level security."""


def condition(urls: Urls) -> Condition:
    """Look at a database as its owner and as the application; Unavailable when it is away."""
    owner, app = create_engine(urls.owner), create_engine(urls.app)
    try:
        with owner.connect() as connection:
            filled = connection.scalar(HAS_AREAS)
            seen = Condition(
                server=str(connection.scalar(SERVER)),
                postgis=connection.scalar(POSTGIS) or "",
                is_current=schema.is_current(urls.owner),
                areas=int(connection.scalar(AREAS) or 0) if filled else 0,
                is_privileged=False,
            )
        if not filled:
            return seen
        with app.connect() as connection:
            privileged = bool(connection.scalar(PRIVILEGED))
    except OperationalError as error:
        raise Unavailable("The database does not answer: {said}", said=error.orig) from error
    finally:
        owner.dispose()
        app.dispose()
    return Condition(seen.server, seen.postgis, seen.is_current, seen.areas, privileged)
