"""Where benchmarks run: a server of its own with the real areas, and a ledger of any size."""

import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from shapely.geometry.base import BaseGeometry
from sqlalchemy import make_url, select, text

from gis import exchange
from gis.areas import repository as areas
from gis.areas import service
from gis.areas.models import Area
from gis.areas.rules import AreaLevel
from gis.authority import Actor, Role
from gis.exchange.importing import mapping as mappings
from gis.store.cluster import Cluster, Urls
from gis.store.engine import make_engine, make_sessions, unit_of_work
from gis.store.scope import NO_ONE, SYSTEM
from hazards.points import types
from hazards.points.importing import ledger
from rescue_app import schema, shipped
from tests.benchmarks import rows

BY = Actor(id=NO_ONE, name="bench", role=Role.SYSTEM, area_path="/")
INSET_DEG = 0.002
"""Rows stay this far inside the city: its outline is drawn more coarsely than a row's place."""


class Lab:
    """Gives a benchmark what it stands on; everything is made when first asked for."""

    def __init__(self, *, points: int) -> None:
        self.points = points
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Open."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the server and clear away."""
        self._stack.close()

    @cached_property
    def home(self) -> Path:
        """A folder for this run."""
        made = tempfile.TemporaryDirectory(prefix="yitong-lab-")
        return Path(self._stack.enter_context(made))

    @cached_property
    def cluster(self) -> Cluster:
        """A database server with the settings an installation has."""
        cluster = Cluster(self.home / "postgres")
        cluster.ensure_running()
        self._stack.callback(cluster.stop)
        return cluster

    @cached_property
    def city(self) -> Urls:
        """A database with today's schema, the real areas and no points."""
        urls = self.cluster.create_database("city")
        schema.upgrade(urls.owner)
        engine = make_engine(urls.app)
        with unit_of_work(make_sessions(engine), SYSTEM) as session:
            service.load_seed(session, shipped.AREAS)
            types.load(session, shipped.DATA / "hazard_types.yaml")
        engine.dispose()
        return urls

    @cached_property
    def outline(self) -> BaseGeometry:
        """The city's ground, a little inside its border."""
        engine = make_engine(self.city.app)
        with unit_of_work(make_sessions(engine), SYSTEM) as session:
            query = select(Area.boundary).where(Area.level == AreaLevel.CITY, areas.valid())
            found = session.scalars(query).one()
        engine.dispose()
        assert found is not None
        return found.buffer(-INSET_DEG)

    @cached_property
    def files(self) -> Path:
        """A folder with the same rows as CSV, GeoPackage and GeoJSON, and their mappings."""
        folder = self.home / "rows"
        folder.mkdir()
        rows.write_all(folder, self.outline, self.points)
        return folder

    @cached_property
    def ledger(self) -> Urls:
        """A copy of the city with all points in its ledger."""
        how = mappings.load(self.files / "columns.yaml")
        table = exchange.read(self.files / "rows.csv")
        self.empty(self.city)
        urls = self.cluster.create_database("ledger", template=self.city_at_rest)
        engine = make_engine(urls.app)
        with unit_of_work(make_sessions(engine), SYSTEM) as session:
            ledger.bring_in(
                session, table=table, mapping=how, by=BY, now=datetime.now(UTC), apply=True
            )
        engine.dispose()
        owner = make_engine(urls.owner)
        with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE hazard_point"))
        owner.dispose()
        return urls

    @property
    def city_at_rest(self) -> str:
        """Name the city's database; nothing may be connected to it while it is copied."""
        return make_url(self.city.owner).database or ""

    def empty(self, urls: Urls) -> None:
        """Take all points out again."""
        engine = make_engine(urls.owner)
        with engine.begin() as connection:
            connection.execute(text("TRUNCATE hazard_point, hazard_point_version CASCADE"))
        engine.dispose()


def plain(url: str) -> str:
    """Give a URL as psycopg takes it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def for_ogr(url: str) -> str:
    """Give a URL as GDAL takes it."""
    parts = make_url(url)
    return f"PG:host={parts.query['host']} user={parts.username} dbname={parts.database}"
