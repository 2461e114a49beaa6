"""The private PostGIS: a database server of our own that needs no administrator.

It listens on a Unix socket in a folder only its account may enter, keeps its data in one
home folder, comes back after kill -9, and never touches another PostgreSQL on the machine.
"""

import fcntl
import hashlib
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from gis.errors import Unavailable
from gis.store import postmaster
from gis.store.programs import Account, Programs, account_for, can_reach, installed, newest

OWNER = "yitong"
APP = "yitong_app"
DATABASE = "yitong"
SHELTER = Path("/var/lib/yitong")
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 107
START_LIMIT_S = 300
STOP_LIMIT_S = 60
PAUSE_S = 0.05
LOG_LIMIT_BYTES = 20_000_000
LACKS_PGROUTING = """
select from pg_available_extensions where name = 'pgrouting' and installed_version is null
"""

SETTINGS = """\
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
port = 5432
max_connections = 100
shared_buffers = '256MB'
work_mem = '16MB'
temp_buffers = '64MB'
maintenance_work_mem = '128MB'
max_wal_size = '2GB'
# Nobody copies this server's log: backups are whole (pg_dump). So a first load writes rows once.
wal_level = minimal
max_wal_senders = 0
wal_compression = lz4
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
# No row of anybody's data in the log: neither statements nor "Key (phone)=(…)" details.
log_min_error_statement = panic
log_error_verbosity = terse
synchronous_commit = on
fsync = {durable}
full_page_writes = {durable}
"""


@dataclass(frozen=True)
class Urls:
    """One database twice: as its owner (migrations) and as the application's role."""

    owner: str
    app: str


class Cluster:
    """A PostgreSQL server kept in one home folder."""

    def __init__(self, home: Path, *, fast: bool = False) -> None:
        """`fast` survives kill -9 but not a power cut: for tests only."""
        self._asked = home.absolute()
        self._fast = fast

    @cached_property
    def account(self) -> Account:
        """The unprivileged account the server runs as."""
        return account_for(self._asked)

    @cached_property
    def home(self) -> Path:
        """The folder really used: the one asked for, or a reachable one in its stead."""
        if can_reach(self.account, self._asked):
            return self._asked
        return SHELTER / _mark(self._asked)

    @property
    def data(self) -> Path:
        """Where PostgreSQL keeps its files."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """What the server had to say."""
        return self.home / "postgresql.log"

    @property
    def socket(self) -> Path:
        """The folder of the socket; in /tmp where the home's path is too long for one."""
        folder = self.home / "socket"
        if len(bytes(folder / SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
            return folder
        return Path("/tmp") / f"yitong-{_mark(self.home)}"  # noqa: S108  # 0700, owner checked in _folder

    def urls(self, database: str = DATABASE) -> Urls:
        """How SQLAlchemy reaches a database of this server."""
        where = f"/{quote(database)}?host={quote(str(self.socket), safe='')}"
        return Urls(
            owner=f"postgresql+psycopg://{OWNER}@{where}",
            app=f"postgresql+psycopg://{APP}@{where}",
        )

    def running(self) -> bool:
        """Whether the server runs now."""
        return postmaster.living(self.data) is not None

    def ensure_running(self) -> Urls:
        """Make what is missing, start what is down; quick and harmless when all is up."""
        with self._alone():
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            self._start()
            self._furnish()
        return self.urls()

    def stop(self) -> None:
        """Stop the server in good order; open connections are closed."""
        if not self.home.exists():
            return
        with self._alone():
            if not self.running():
                return
            self._control("stop", "-m", "fast", "-w", "-t", str(STOP_LIMIT_S))

    def create_database(self, name: str, template: str | None = None) -> Urls:
        """Make a further database with PostGIS, or a copy of another one."""
        make = sql.SQL("create database {} template {}").format(
            sql.Identifier(name), sql.Identifier(template or "template0")
        )
        with self._connect("postgres") as connection:
            connection.execute(make)
        if template is None:
            self._add_extensions(name)
        return self.urls(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever is connected to it."""
        drop = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
        with self._connect("postgres") as connection:
            connection.execute(drop)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one process at a time start or stop; the lock dies with its holder."""
        self._folder(self.home)
        place = self.home / "lock"
        with place.open("a") as lock:
            self.account.own(place, mode=0o600)
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _folder(self, path: Path) -> None:
        """Make a folder only our account may enter, or refuse one that is somebody else's."""
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.mkdir(mode=0o700)
            self.account.own(path, mode=0o700)
        except FileExistsError:
            found = path.lstat()
            if found.st_uid != self.account.uid or not stat.S_ISDIR(found.st_mode):
                raise Unavailable(
                    "The folder {folder} does not belong to {account}, who runs the database "
                    "here. Run this as the folder's owner, or move the folder away.",
                    folder=path,
                    account=self.account.name,
                ) from None

    def _programs(self) -> Programs:
        """The programs that fit the data: its own major version, never a guess."""
        made = (self.data / "PG_VERSION").read_text().strip()
        fitting = [programs for programs in installed() if str(programs.major) == made]
        if not fitting:
            raise Unavailable(
                "The data in {folder} was made by PostgreSQL {made}, but this machine has "
                "{found}. Install postgresql-{made} with postgresql-{made}-postgis-3 and write "
                "a backup with `yitong db backup`; then move the folder away, and "
                "`yitong db restore` brings the data into the newer version.",
                folder=self.data,
                made=made,
                found=", ".join(str(programs.major) for programs in installed()) or "none",
            )
        return fitting[0]

    def _initialise(self) -> None:
        """Make the data folder beside its place and move it in whole: no half-made one stays."""
        draft = self.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        # Collation C: a path prefix ('/500000/500101/%') is then served by a plain index,
        # and no upgrade of the system's libraries can put an index out of order.
        command = [newest()["initdb"], "--pgdata", str(draft), "--username", OWNER]
        command += ["--encoding=UTF8", "--locale=C.UTF-8", "--lc-collate=C", "--data-checksums"]
        command += ["--auth-local=trust", "--auth-host=reject", "--no-instructions"]
        made = self.account.run(command, folder=self.home)
        if made.returncode != 0:
            raise Unavailable("The database could not be made: {said}", said=made.stdout.strip())
        with (draft / "postgresql.conf").open("a") as settings:
            settings.write("\ninclude_if_exists = 'yitong.conf'\n")
        draft.rename(self.data)

    def _start(self) -> None:
        if self._becomes_ready():
            return
        postmaster.clear_wreck(self.data, self.socket)
        self._folder(self.socket)
        settings = self.data / "yitong.conf"
        place = str(self.socket).replace("'", "''")
        settings.write_text(
            SETTINGS.format(socket=place, durable="off" if self._fast else "on"), encoding="utf-8"
        )
        self.account.own(settings, mode=0o600)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.rename(self.log.with_suffix(".old.log"))
        self._control("start", "-w", "-t", str(START_LIMIT_S), "-l", str(self.log))

    def _becomes_ready(self) -> bool:
        """Wait for a running server that is coming up; False when it went down instead."""
        until = time.monotonic() + START_LIMIT_S
        while self.running():
            try:
                self._connect("postgres").close()
            except psycopg.OperationalError as refusal:
                if time.monotonic() > until:
                    raise Unavailable(
                        "The database server is not ready: {said}", said=refusal
                    ) from refusal
                time.sleep(PAUSE_S)
            else:
                return True
        return False

    def _control(self, *words: str) -> None:
        command = [self._programs()["pg_ctl"], "--pgdata", str(self.data), "--silent", *words]
        done = self.account.run(command, folder=self.home)
        if done.returncode != 0:
            log = self.log.read_text(errors="replace") if self.log.exists() else ""
            raise Unavailable(
                "The database server did not {act}: {said}",
                act=words[0],
                said="\n".join([done.stdout.strip(), *log.splitlines()[-8:]]),
            )

    def _furnish(self) -> None:
        """The application's role and the database; each step may have been done before."""
        with self._connect("postgres") as connection:
            roles = connection.execute("select from pg_roles where rolname = %s", [APP])
            if roles.fetchone() is None:
                connection.execute(sql.SQL("create role {} login").format(sql.Identifier(APP)))
            there = connection.execute("select from pg_database where datname = %s", [DATABASE])
            if there.fetchone() is None:
                self.create_database(DATABASE)
                return
        self._add_extensions(DATABASE)

    def _add_extensions(self, database: str) -> None:
        """PostGIS, and pgRouting where the machine has it: installed later, it is added later."""
        with self._connect(database) as connection:
            there = connection.execute("select from pg_extension where extname = 'postgis'")
            if there.fetchone() is None:
                connection.execute("create extension postgis")
            if connection.execute(LACKS_PGROUTING).fetchone() is not None:
                connection.execute("create extension if not exists pgrouting")

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.socket), user=OWNER, dbname=database, autocommit=True, connect_timeout=30
        )


def _mark(path: Path) -> str:
    """A short name that stays the same for the same path."""
    return hashlib.sha256(bytes(path)).hexdigest()[:16]
