"""What this machine lacks, and the command that mends it."""

import asyncio
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from gis.errors import PlatformError
from gis.store.cluster import Urls
from gis.store.programs import DEBIAN_EXTENSIONS, installed
from rescue_app import database
from rescue_app.settings import PROJECT, Settings

CJK_FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
CHROMIUM = Path("/usr/bin/chromium")
FREE_NEEDED_BYTES = 2_000_000_000
SETUP = "scripts/setup"

console = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `mend` says what to do when it is not well."""

    what: str
    well: bool
    seen: str
    mend: str = ""
    needed: bool = True


def doctor() -> None:
    """Look at everything the platform stands on; exit 1 when something needed is missing."""
    settings = Settings()
    findings = [*machine(settings), *database_of(settings), *broker_of(settings)]
    table = Table.grid(padding=(0, 2))
    for finding in findings:
        mark = "[green]✓[/]" if finding.well else "[red]✗[/]" if finding.needed else "[yellow]–[/]"
        table.add_row(mark, finding.what, finding.seen)
        if not finding.well:
            table.add_row("", "", f"→ {finding.mend}")
    console.print(table)
    if any(finding.needed and not finding.well for finding in findings):
        raise typer.Exit(1)


def machine(settings: Settings) -> Iterator[Finding]:
    """Look at the programs and folders."""
    python = ".".join(map(str, sys.version_info[:3]))
    yield Finding("Python", sys.version_info >= (3, 11), python, "Install Python 3.11 or newer.")
    majors = ", ".join(str(programs.major) for programs in installed())
    needed = settings.database_url is None
    yield Finding("PostgreSQL + PostGIS", bool(majors), majors or "none", SETUP, needed=needed)
    routing = next(DEBIAN_EXTENSIONS.glob("*/extension/pgrouting.control"), None)
    mend = f"{SETUP} (without it ways of crews are straight lines)"
    yield Finding("pgRouting", routing is not None, str(routing), mend, needed=False)
    missing = [name for name in ("fastapi", "geopandas", "procrastinate") if not find_spec(name)]
    yield Finding("Python libraries", not missing, ", ".join(missing) or "all", SETUP)
    pages = PROJECT / "node_modules" / "maplibre-gl"
    yield Finding("Browser libraries", pages.is_dir(), str(pages.parent), SETUP)
    yield Finding("Chinese font for PDFs", CJK_FONT.exists(), str(CJK_FONT), SETUP)
    tests = "scripts/setup tests (only tests and screenshots need it)"
    yield Finding("Chromium", CHROMIUM.exists(), str(CHROMIUM), tests, needed=False)
    place = next(p for p in (settings.home, *settings.home.parents) if p.exists())
    free = shutil.disk_usage(place).free
    gigabytes = f"{free / 1e9:.1f} GB free at {place}"
    yield Finding("Disk", free > FREE_NEEDED_BYTES, gigabytes, "Free 2 GB, or set YITONG_HOME.")


def database_of(settings: Settings) -> Iterator[Finding]:
    """Look at the database without starting or changing it."""
    urls = running_database(settings)
    if urls is None:
        mend = "make run starts it; yitong db up starts it alone"
        yield Finding("Database", well=False, seen="not running", mend=mend, needed=False)
        return
    from rescue_app.condition import condition  # noqa: PLC0415 - SQLAlchemy is slow

    try:
        seen = condition(urls)
    except PlatformError as error:
        mend = "Look at DATABASE_URL, or at the server."
        yield Finding("Database", well=False, seen=str(error), mend=mend)
        return
    yield Finding("Database", well=True, seen=f"PostgreSQL {seen.server}")
    mend = "Install PostGIS on the server, then: create extension postgis"
    yield Finding("PostGIS", bool(seen.postgis), seen.postgis or "missing", mend)
    schema = "today's" if seen.is_current else "not today's"
    yield Finding("Schema", seen.is_current, schema, "yitong db migrate")
    yield Finding("Areas", seen.areas > 0, str(seen.areas), "yitong areas load", needed=False)
    rights = "walks past row-level security" if seen.is_privileged else "held by row-level security"
    mend = "Give YITONG_APP_DATABASE_URL a role that is no superuser."
    yield Finding("Application's role", not seen.is_privileged, rights, mend)


def broker_of(settings: Settings) -> Iterator[Finding]:
    """Look at the broker between machines, where there is one."""
    if settings.nats_url is None:
        return
    from rescue_app.live import broker  # noqa: PLC0415 - few have one

    mend = "Start nats-server with JetStream (-js), or look at YITONG_NATS_URL."
    mend += " Until then pages are told up to a second later."
    try:
        seen, well = asyncio.run(broker.look(settings.nats_url)), True
    except broker.AWAY as error:
        seen, well = type(error).__name__, False
    yield Finding("Broker", well, seen, mend, needed=False)


def running_database(settings: Settings) -> Urls | None:
    """Give the URLs of the database, or None while the private one is down."""
    if settings.database_url is not None:
        return database.given(settings.database_url, settings.app_database_url)
    cluster = database.private(settings)
    return cluster.urls() if cluster.running() else None
